"""What a test's requests came to: judged, counted, and told."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from ..masks import Masker
from ..report import Report, Result
from .account import Account, Found
from .mirror import Mirror
from .visits import Journal, Visit

MakeMasker = Callable[[Iterable[str]], Masker]
"""From the applications' keys."""


@dataclass(slots=True)
class Verdict:
    """Of one test."""

    journal: Journal
    results: dict[Visit, Result]
    failures: list[str]
    """Why the port could not be asked."""
    keys: set[str]
    """The applications' own."""
    make_masker: MakeMasker

    @property
    def differences(self) -> list[Found]:
        """Those that nobody has accepted, in the order of their requests."""
        found = [
            (visit, one)
            for visit, result in self.results.items()
            for one in result.differences
            if one.accepted is None
        ]
        return sorted(found, key=_sent)

    @property
    def ok(self) -> bool:
        return not (self.differences or self.failures)

    def text(self) -> str:
        """What failed, for whoever wrote the test."""
        masker = self.make_masker(self.keys)
        account = Account(self.journal, masker, Masker(True, self.keys))
        return "\n".join(account.lines(self.differences, self.failures))


@dataclass(slots=True)
class Judge:
    """Judges tests one after the other, by what those before have taught."""

    mirror: Mirror
    accept: dict[str, str]
    causes: bool
    make_masker: MakeMasker
    report: Report
    used: set[tuple[str, str]] = field(default_factory=set)
    given: dict[tuple[str, str], None] = field(default_factory=dict)

    def verdict(self, journal: Journal, accept: dict[str, str]) -> Verdict:
        """Of a test that is over; *accept* are its own entries."""
        patterns = self.accept | accept
        self.given |= dict.fromkeys(patterns.items())
        known, windows = self.mirror.known, journal.windows(self.mirror.windows)
        results = {
            visit: _of_asked(visit, visit.judged(journal.name, patterns, known, windows))
            for visit in journal.visits.values()
            if visit.places
        }
        if self.causes and any(_is_open(result) for result in results.values()):
            from .causes import explained

            results = explained(journal, results, known, self.mirror.windows)
        for visit, result in results.items():
            self._count(visit, result)
        keys = {key for result in results.values() for key in result.keys}
        return Verdict(journal, results, list(journal.failures), keys, self.make_masker)

    def _count(self, visit: Visit, result: Result) -> None:
        self.report.add(replace(result, notes=()), is_scenario=False)
        self.used |= result.used
        self.mirror.windows.add(visit.ours.exchanges, visit.theirs.exchanges)
        if self.mirror.known is not None:
            self.mirror.known.add(result.pairs)


def _sent(found: Found) -> tuple[float, float]:
    visit, one = found
    return visit.ours.exchanges[one.request].window or (0.0, 0.0)


def _of_asked(visit: Visit, result: Result) -> Result:
    """Without the requests that the port could not be asked: that is one failure."""
    failure = visit.twin.candidate.failure
    if failure is None:
        return result
    asked = [exchange.broken != failure for exchange in visit.theirs.exchanges]
    differences = tuple(one for one in result.differences if asked[one.request])
    return replace(result, exchanges=sum(asked), differences=differences)


def _is_open(result: Result) -> bool:
    return any(one.accepted is None for one in result.differences)
