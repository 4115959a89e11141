"""What the page says without its script: the whole run at a glance."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, NamedTuple

from ...aspects import ASPECTS, ON_THE_WIRE
from ...coverage import as_lines
from ...masks import Masker
from ...report import Failure, Report
from .causes import Cause, cause
from .data import short
from .details import UNKNOWN
from .outcomes import LISTED, Caused, Outcomes

NAMES = {"port": "The port's own", UNKNOWN: "Cause unknown"}
_SIGNS = (("differs", "≠"), ("accepted", "≈"), ("same", "="))
_ROUTES = 20
"""Routes named with one cause."""
_AT_ONCE = 12
"""Routes whose outcomes are seen without unfolding the others."""


class Verdict(NamedTuple):
    """Whether the port behaves as the original."""

    kind: str
    sign: str
    title: str
    text: str


class Told(NamedTuple):
    """One cause with what it does in this run."""

    cause: Cause
    often: str
    routes: list[str]
    more: int
    """Routes that are not named."""


def summary(report: Report, outcomes: Outcomes, masker: Masker) -> dict[str, Any]:
    """The names that the template knows."""
    routes = outcomes.routes
    for outcome in routes:
        outcome.route = short(masker.text(outcome.route))
    return {
        "reference": masker.text(report.reference),
        "candidate": masker.text(report.candidate),
        "verdict": verdict(report),
        "played": f"{_many(report.scenarios, 'scenario')}, {_many(report.exchanges, 'exchange')}",
        "ran": datetime.now(UTC),
        "seconds": report.seconds,
        "failures": [_failure(one, masker) for one in report.failures],
        "groups": [_told(*pair, masker) for pair in outcomes.worst_causes],
        "names": NAMES,
        "aspects": list(_aspects(report, masker)),
        "routes": routes[:LISTED],
        "shown": _AT_ONCE,
        "more_routes": len(routes[LISTED:]),
        "elsewhere": outcomes.elsewhere,
        "signs": _SIGNS,
        "notes": [masker.text(note) for note in report.notes],
        "stale": [masker.text(pattern) for pattern in report.stale],
        "unexplained": masker.text(report.unexplained or ""),
        "corresponding": _often(report.corresponding, masker),
        "noise": _often(report.noise, masker),
        "coverage": _coverage(report, masker),
    }


def verdict(report: Report) -> Verdict:
    """A run that could not be played as it was meant proves nothing, whatever was the same."""
    accepted = f", and {report.accepted} accepted" if report.accepted else ""
    told = f"{_many(report.count, 'difference')}{accepted}"
    if report.failures and not report.exchanges:
        return Verdict("bad", "!", "Not compared", "The comparison could not be made.")
    if report.failures:
        errors = _many(len(report.failures), "error")
        return Verdict("bad", "!", "Not all compared", f"{errors}, {told}")
    if report.count:
        return Verdict("bad", "≠", "No parity", told)
    if not report.exchanges:
        return Verdict("warn", "?", "Nothing compared", "No exchange was compared.")
    if report.unmet:
        return Verdict("bad", "!", "Not all that was asked for", "; ".join(report.unmet))
    same = "Both sides answered the same"
    text = f"{same}, but for {report.accepted} accepted." if report.accepted else f"{same}."
    return Verdict("good", "=", "Parity", text)


def _many(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _failure(failure: Failure, masker: Masker) -> tuple[str, str]:
    where = f"{failure.scenario}, request {failure.request}:" if failure.scenario else ""
    return masker.text(where), masker.text(failure.message)


def _told(code: str, caused: Caused, masker: Masker) -> Told:
    routes = [short(masker.text(route)) for route in caused.routes]
    least = "at least " if caused.more_routes else ""
    return Told(
        cause(code),
        f"{_many(caused.differences, 'difference')} in {least}{_many(len(routes), 'route')}",
        routes[:_ROUTES],
        len(routes[_ROUTES:]),
    )


def _aspects(report: Report, masker: Masker) -> Iterator[tuple[str, int]]:
    """Nothing is claimed of what only a wire carries, nor of a run in which nothing was played."""
    if report.exchanges:
        usual = [aspect for aspect in ASPECTS if aspect not in ON_THE_WIRE]
        for aspect in dict.fromkeys([*usual, *report.aspects]):
            yield masker.text(aspect), report.aspects.get(aspect, 0)


def _often(counts: dict[str, int], masker: Masker) -> list[tuple[str, int]]:
    return [(masker.text(name), counts[name]) for name in sorted(counts, key=lambda n: -counts[n])]


def _coverage(report: Report, masker: Masker) -> list[str]:
    if report.coverage is None:
        return []
    return [masker.text(line) for line in as_lines(report.coverage, report.is_coverage_whole)]
