"""What a test's requests came to: judged, counted, and told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from ..divergences import DIVERGENCES
from ..masks import Masker
from ..report import Difference, Report, Result
from ..reporters.text import difference_lines, visible
from .mirror import Mirror
from .visits import Journal, Visit

_MOST = 20
"""Differences of one test that are told; all are counted."""


@dataclass(slots=True)
class Verdict:
    """Of one test."""

    journal: Journal
    results: dict[Visit, Result]
    failures: list[str]
    masker: Masker

    @property
    def differences(self) -> list[tuple[Visit, Difference]]:
        """Those that nobody has accepted, in the order of their requests."""
        found = [
            (visit, one)
            for visit, result in self.results.items()
            for one in result.differences
            if one.accepted is None
        ]
        return sorted(found, key=lambda one: one[0].order[one[1].request])

    @property
    def ok(self) -> bool:
        return not (self.differences or self.failures)

    def text(self) -> str:
        """What failed, for whoever wrote the test."""
        return "\n".join(visible(line) for line in self._lines())

    def _lines(self) -> Iterator[str]:
        found = self.differences
        if found:
            requests = {(id(visit), one.request) for visit, one in found}
            count = self.journal.exchanges
            yield (
                f"parity: the port answers otherwise: {_number(len(found), 'difference')}"
                f" in {len(requests)} of {_number(count, 'request')}"
            )
        last: tuple[Visit, int] | None = None
        for visit, one in found[:_MOST]:
            if last != (visit, one.request):
                yield from self._request(visit, one)
            last = visit, one.request
            yield from self._difference(one)
        if len(found) > _MOST:
            yield f"… and {len(found) - _MOST} more differences"
        for failure in self.failures:
            yield f"parity: {self.masker.text(failure)}"
        if found:
            for note in self.journal.notes:
                yield f"note: {self.masker.text(note)}"

    def _request(self, visit: Visit, one: Difference) -> Iterator[str]:
        yield ""
        place = visit.places[one.request]
        if place is not None:
            yield f"{place}: {place.source}"
            if place.helper is not None:
                yield f"  sent at {place.helper}"
        yield f"  {one.method} {self.masker.text(one.target)}"

    def _difference(self, one: Difference) -> Iterator[str]:
        for line in difference_lines(one, self.masker):
            yield "  " + "".join(text for text, _ in line)
        for code in one.divergences or ():
            entry = DIVERGENCES[code]
            yield f"      {code}       {entry.title}"
            yield f"      mend       {_mend(code)}"


def _mend(code: str) -> str:
    entry = DIVERGENCES[code]
    by_compat = "" if entry.intended and not entry.opt_in else "quart_parity.compat, or "
    return f"{by_compat}by hand: quart-parity explain {code}"


@dataclass(slots=True)
class Judge:
    """Judges tests one after the other, by what those before have taught."""

    mirror: Mirror
    accept: dict[str, str]
    causes: bool
    show_secrets: bool
    report: Report
    used: set[tuple[str, str]] = field(default_factory=set)
    given: dict[tuple[str, str], None] = field(default_factory=dict)

    def verdict(self, journal: Journal, accept: dict[str, str]) -> Verdict:
        """Of a test that is over; *accept* are its own entries."""
        patterns = self.accept | accept
        self.given |= dict.fromkeys(patterns.items())
        known, windows = self.mirror.known, self.mirror.windows
        results = {
            visit: visit.judged(journal.name, patterns, known, windows)
            for visit in journal.visits.values()
            if visit.places
        }
        if self.causes and any(_is_open(result) for result in results.values()):
            from .causes import explained

            results = explained(journal, results, known, windows)
        keys: set[str] = set()
        for visit, result in results.items():
            self._count(visit, result)
            keys |= result.keys
        return Verdict(journal, results, list(journal.failures), Masker(self.show_secrets, keys))

    def _count(self, visit: Visit, result: Result) -> None:
        self.report.add(replace(result, notes=()), is_scenario=False)
        self.used |= result.used
        self.mirror.windows.add(visit.ours.exchanges, visit.theirs.exchanges)
        if self.mirror.known is not None:
            self.mirror.known.add(result.pairs)

    @property
    def stale(self) -> list[str]:
        """Patterns that covered nothing."""
        return [pattern for pattern, reason in self.given if (pattern, reason) not in self.used]


def _is_open(result: Result) -> bool:
    return any(one.accepted is None for one in result.differences)


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
