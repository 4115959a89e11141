"""What reporters write of results that come one by one, as a run hands them over."""

from collections.abc import Iterable
from io import StringIO
from typing import Any

from quart_parity import Difference, Failure, Report, Result
from quart_parity.masks import Masker
from quart_parity.reporters import REPORTERS, Manner


def result(
    *differences: Difference, scenario: str = "walk", failures: tuple[Failure, ...] = (), **of: Any
) -> Result:
    return Result(scenario, 3, differences, failures, **of)


def run_of(*results: Result) -> Report:
    report = Report("shop_flask", "shop_quart")
    for one in results:
        report.add(one)
    report.seconds = 1.5
    return report


def written(
    format_: str,
    *results: Result,
    report: Report | None = None,
    manner: Manner | None = None,
    keys: Iterable[str] = (),
) -> str:
    file = StringIO(newline="")
    reporter = REPORTERS[format_](lambda: file, Masker(keys=keys), manner or Manner())
    for one in results:
        reporter.add(one)
    reporter.end(report or run_of(*results))
    return file.getvalue()
