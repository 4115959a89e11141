"""The run as lines of JSON, each written as soon as it is known; in ASCII."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TextIO

from ..exchange import Exchange
from ..masks import Masker
from ..report import Compared, Difference, Report, Result
from .json import VERSION, by_side, difference_data, failure_data, run_data, where
from .reporter import Manner


@dataclass(frozen=True, slots=True)
class JSONLinesReporter:
    """An object a line, told apart by its ``type``.

    ``exchange`` has the differences of one exchange, also those that are accepted, and is `equal`
    without any; ``difference`` is one that belongs to no exchange, as of the URL maps; ``failure``
    is a scenario that could not be played. ``summary`` is the last: a stream without one was
    broken off. Keys are those of the JSON report.
    """

    file: Callable[[], TextIO]
    masker: Masker
    manner: Manner

    def add(self, result: Result) -> None:
        found: defaultdict[int, list[Difference]] = defaultdict(list)
        for difference in result.differences:
            found[difference.request].append(difference)
        for compared in result.compared:
            self._write(
                "exchange", self._exchange(result, compared, found.pop(compared.request, []))
            )
        for difference in (one for several in found.values() for one in several):
            data = {**where(difference, self.masker), **difference_data(difference, self.masker)}
            self._write("difference", data)
        for failure in result.failures:
            self._write("failure", failure_data(failure, self.masker))

    def end(self, report: Report) -> None:
        self._write("summary", {"version": VERSION, **run_data(report, self.masker)})

    def _exchange(
        self, result: Result, compared: Compared, differences: list[Difference]
    ) -> dict[str, Any]:
        request = compared.reference.request
        return {
            "scenario": self.masker.text(result.scenario),
            "request": compared.request,
            "method": request.method,
            "target": self.masker.target(request.target, compared.route),
            "route": self.masker.text(compared.route),
            "views": by_side(compared.views),
            "status": by_side((_status(compared.reference), _status(compared.candidate))),
            "equal": not differences,
            "differences": [difference_data(one, self.masker) for one in differences],
        }

    def _write(self, type_: str, data: dict[str, Any]) -> None:
        # In one piece, so that who reads along sees no half of a line.
        line = json.dumps({"type": type_, **data}, allow_nan=False, separators=(",", ":"))
        self.file().write(f"{line}\n")


def _status(exchange: Exchange) -> int | None:
    """None where nothing was answered."""
    return exchange.response.status if exchange.response else None
