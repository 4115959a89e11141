"""The report as JSON, for other programs; `version` changes with its shape."""

from __future__ import annotations

import json
from math import isfinite
from typing import Any, TextIO

from ..coverage import as_data
from ..masks import Masker
from ..report import Difference, Report
from ..values import MISSING


def write_json(report: Report, file: TextIO, masker: Masker) -> None:
    # In ASCII, since what applications send need not be text that can be encoded.
    json.dump(_report(report, masker), file, indent=2, allow_nan=False)
    file.write("\n")


def _report(report: Report, masker: Masker) -> dict[str, Any]:
    return {
        "version": 1,
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
        "differences": [_difference(one, masker) for one in report.differences],
        "errors": [
            {"scenario": one.scenario, "request": one.request, "message": masker.text(one.message)}
            for one in report.failures
        ],
        "causes": report.causes,
        "unexplained": report.unexplained,
        "corresponding": _places(report.corresponding, masker),
        "noise": _places(report.noise, masker),
        "coverage": as_data(report.coverage) if report.coverage else None,
        "stale": report.stale,
        "notes": [masker.text(note) for note in report.notes],
    }


def _places(counts: dict[str, int], masker: Masker) -> dict[str, int]:
    return {masker.text(place): count for place, count in counts.items()}


def _difference(difference: Difference, masker: Masker) -> dict[str, Any]:
    sides = {"reference": difference.reference, "candidate": difference.candidate}
    return {
        "scenario": difference.scenario,
        "request": difference.request,
        "method": difference.method,
        "target": masker.text(difference.target),
        "path": difference.path,
        **{
            side: plain(masker.value(difference.parts, value))
            for side, value in sides.items()
            if value is not MISSING
        },
        "divergences": difference.divergences,
        "accepted": difference.accepted,
        "logs": {
            side: masker.text(log)
            for side, log in zip(sides, difference.logs, strict=True)
            if log is not None
        },
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
