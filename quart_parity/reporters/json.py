"""The report as JSON, for other programs."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from math import isfinite
from typing import Any, TextIO

from ..coverage import as_data
from ..masks import Masker
from ..report import Difference, Failure, Report, Result
from ..values import MISSING
from .reporter import Manner

VERSION = 1
"""Changes where something is taken away or means something else, not with what is added."""
SIDES = ("reference", "candidate")


@dataclass(frozen=True, slots=True)
class JSONReporter:
    """One object, when the run is over."""

    file: Callable[[], TextIO]
    masker: Masker
    manner: Manner

    def add(self, result: Result) -> None:
        """The report keeps what it needs."""

    def end(self, report: Report) -> None:
        file = self.file()
        # In ASCII, since what applications send need not be text that can be encoded.
        json.dump(_report(report, self.masker), file, indent=2, allow_nan=False)
        file.write("\n")


def _report(report: Report, masker: Masker) -> dict[str, Any]:
    differences = [
        {**where(one, masker), **difference_data(one, masker)} for one in report.differences
    ]
    return {"version": VERSION, **run_data(report, masker), "differences": differences}


def run_data(report: Report, masker: Masker) -> dict[str, Any]:
    """All but the single differences."""
    return {
        "reference": report.reference,
        "candidate": report.candidate,
        "summary": {
            "scenarios": report.scenarios,
            "exchanges": report.exchanges,
            "differences": report.count,
            "accepted": report.accepted,
            "errors": len(report.failures),
            "seconds": round(report.seconds, 3),
        },
        "errors": [failure_data(one, masker) for one in report.failures],
        "causes": report.causes,
        "unexplained": None if report.unexplained is None else masker.text(report.unexplained),
        "corresponding": _places(report.corresponding, masker),
        "noise": _places(report.noise, masker),
        "coverage": as_data(report.coverage) if report.coverage else None,
        "stale": report.stale,
        "notes": [masker.text(note) for note in report.notes],
    }


def _places(counts: dict[str, int], masker: Masker) -> dict[str, int]:
    return {masker.text(place): count for place, count in counts.items()}


def failure_data(failure: Failure, masker: Masker) -> dict[str, Any]:
    return {
        "scenario": masker.text(failure.scenario),
        "request": failure.request,
        "message": masker.text(failure.message),
    }


def where(difference: Difference, masker: Masker) -> dict[str, Any]:
    """The request that showed it."""
    return {
        "scenario": masker.text(difference.scenario),
        "request": difference.request,
        "method": difference.method,
        "target": masker.target(difference.target, difference.route),
        "route": masker.text(difference.route),
        "views": by_side(difference.views),
    }


def by_side(both: tuple[Any, Any]) -> dict[str, Any]:
    """Without the side that has none."""
    return {side: one for side, one in zip(SIDES, both, strict=True) if one is not None}


def difference_data(difference: Difference, masker: Masker) -> dict[str, Any]:
    """What differs, whichever request showed it."""
    values = zip(SIDES, (difference.reference, difference.candidate), strict=True)
    return {
        "path": masker.path(difference.parts),
        **{
            side: plain(masker.value(difference.parts, value))
            for side, value in values
            if value is not MISSING
        },
        "divergences": difference.divergences,
        "accepted": difference.accepted,
        "places": {
            side: masker.text(place)
            for side, place in zip(SIDES, difference.places, strict=False)
            if place is not None
        },
        "logs": {side: masker.text(log) for side, log in by_side(difference.logs).items()},
    }


def plain(value: Any) -> Any:
    """JSON's own values as they are; whatever JSON has no type for, as Python writes it."""
    if type(value) is dict and all(type(key) is str for key in value):
        return {key: plain(inner) for key, inner in value.items()}
    if type(value) is list:
        return [plain(inner) for inner in value]
    if type(value) is float:
        return value if isfinite(value) else repr(value)
    return value if value is None or type(value) in (bool, int, str) else repr(value)
