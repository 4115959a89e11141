"""The report for a person, written in one line."""

from collections.abc import Iterable
from io import BytesIO, TextIOWrapper
from typing import Any

from quart_parity import Report, Result
from quart_parity.masks import Masker
from quart_parity.reporters import REPORTERS, Manner


def shown(made: Report, results: Iterable[Result] = (), **manner: Any) -> str:
    """What is written into a pipe that takes UTF-8 only, after it was told of the *results*."""
    raw = BytesIO()
    file = TextIOWrapper(raw, encoding="utf-8", newline="")
    reporter = REPORTERS["text"](lambda: file, Masker(keys=made.keys), Manner(**manner))
    for result in results:
        reporter.add(result)
    reporter.end(made)
    file.flush()
    return raw.getvalue().decode()
