"""What a run found: data, counted in full and kept in bounded number."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, Literal

from .coverage import Coverage
from .exchange import Exchange
from .paths import Path, format_path
from .places import place
from .scenario import Scenario
from .values import around_parting

LISTED = 1_000
"""Differences that a report keeps at most; all are counted."""
PLACES = 1_000
"""Places that a report names at most, of each kind."""
PORT = "port"
"""What causes a difference that no known divergence does."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One value that the two sides do not share."""

    scenario: str
    request: int
    """Position in the scenario."""
    method: str
    target: str
    parts: Path
    reference: Any
    """`MISSING` where the side has none."""
    candidate: Any
    divergences: tuple[str, ...] | None = None
    """Codes of the known divergences that cause it, worst first where several do together; empty
    where the cause is the port's own, None where it could not be found out."""
    accepted: str | None = None
    """The reason why someone lives with it."""
    places: tuple[str | None, ...] = ()
    """``file:line`` where each side's application raised, for differences in ``raised``."""
    logs: tuple[str | None, str | None] = (None, None)
    """What each side's server logged during the exchange, where that holds a traceback; with one
    difference of an exchange."""
    is_noise: bool = False
    """Whether it is accepted because the reference differs from itself there."""
    route: str = ""
    """The rule of the reference's URL map that its request matched; where none is known, the path
    with an ellipsis for each number and id."""
    views: tuple[str | None, str | None] = (None, None)
    """``file:line`` of each side's view, where that is known."""

    @property
    def path(self) -> str:
        return format_path(self.parts)

    @property
    def place(self) -> str:
        """Where it stands, whatever the positions, numbers and ids in its path and target."""
        return place(self.parts, self.method, self.target)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two values that the sides issued at the same place."""

    place: str
    reference: str
    candidate: str


Keep = Literal["none", "differing", "all"]
"""Which exchanges a result holds whole."""


@dataclass(frozen=True, slots=True)
class Compared:
    """One exchange on both sides, whole, for reports that show it; its differences are those of
    its result whose ``request`` is the same."""

    request: int
    """Position in the scenario."""
    reference: Exchange
    candidate: Exchange
    sessions: tuple[Any, Any]
    """What `aspects.sessions.read_session` reads off each: data by the label of its cookie."""
    route: str = ""
    """As `Difference.route`."""
    views: tuple[str | None, str | None] = (None, None)


@dataclass(frozen=True, slots=True)
class Failure:
    """A scenario that could not be played as it was meant, on either side."""

    scenario: str
    """Empty where the run itself could not go on."""
    request: int
    message: str


@dataclass(frozen=True, slots=True)
class Result:
    """What one scenario gave."""

    scenario: str
    exchanges: int
    """Compared pairs."""
    differences: tuple[Difference, ...] = ()
    failures: tuple[Failure, ...] = ()
    used: frozenset[tuple[str, str]] = frozenset()
    """The accept entries, pattern and reason, that covered a difference."""
    notes: tuple[str, ...] = ()
    """What a reader must know of how the comparison was made."""
    keys: frozenset[str] = frozenset()
    """The applications' own, which no output may show."""
    pairs: tuple[Pair, ...] = ()
    """The values that each side made up for itself, and that correspond."""
    compared: tuple[Compared, ...] = ()
    """Those exchanges that were to be kept, in their order."""
    played: Scenario | None = None
    """The scenario itself, where any exchange is kept."""


@dataclass(slots=True)
class Report:
    """A whole run; grows as results come in."""

    reference: str
    candidate: str
    scenarios: int = 0
    exchanges: int = 0
    count: int = 0
    """Differences that are not accepted."""
    accepted: int = 0
    seconds: float = 0.0
    failures: list[Failure] = field(default_factory=list)
    stale: list[str] = field(default_factory=list)
    """Accept patterns that covered nothing."""
    aspects: dict[str, int] = field(default_factory=dict)
    """Differences that are not accepted, by the first part of their path."""
    causes: dict[str, int] = field(default_factory=dict)
    """The same by the code of each divergence that causes them; the port's own by `PORT`."""
    unknown: int = 0
    """The same without a cause that anybody found out."""
    unexplained: str | None = None
    """Why the causes were not found out, where that failed."""
    unmet: list[str] = field(default_factory=list)
    """What else was demanded of the run, and does not hold."""
    notes: list[str] = field(default_factory=list)
    """What a reader must know of how the comparison was made."""
    keys: set[str] = field(default_factory=set)
    """The applications' own, which no output may show."""
    corresponding: dict[str, int] = field(default_factory=dict)
    """By the place where they were met, how many values each side had its own of."""
    noise: dict[str, int] = field(default_factory=dict)
    """By its place, how often something differed that does so on the reference itself."""
    coverage: Coverage | None = None
    """What of the reference's URL map was compared, where that is known."""
    is_coverage_whole: bool = False
    """Whether all of it is shown, and not only what needs attention."""
    _open: list[Difference] = field(default_factory=list)
    _accepted: list[Difference] = field(default_factory=list)
    _listed: dict[tuple[str, ...] | None, int] = field(default_factory=dict)
    """How many of `_open` each cause has."""

    def add(self, result: Result, is_scenario: bool = True) -> None:
        self.scenarios += is_scenario
        self.keys |= result.keys
        self.exchanges += result.exchanges
        self.failures += result.failures[: LISTED - len(self.failures)]
        self.notes += result.notes[: LISTED - len(self.notes)]
        for pair in result.pairs:
            _tally(self.corresponding, pair.place)
        for difference in result.differences:
            self._count(difference)

    def _count(self, difference: Difference) -> None:
        if difference.accepted is None:
            aspect = str(difference.parts[0])
            self.aspects[aspect] = self.aspects.get(aspect, 0) + 1
            causes = () if difference.divergences is None else difference.divergences or (PORT,)
            for code in causes:
                self.causes[code] = self.causes.get(code, 0) + 1
            self.count += 1
            self.unknown += difference.divergences is None
            if len(self._open) < LISTED or self._gives_way(difference):
                self._listed[difference.divergences] = self._share(difference) + 1
                self._open.append(_bounded(difference))
        else:
            self.accepted += 1
            if difference.is_noise:
                _tally(self.noise, difference.place)
            if len(self._accepted) < LISTED:
                self._accepted.append(_bounded(difference))

    def _share(self, difference: Difference) -> int:
        """How many are kept that have the same cause."""
        return self._listed.get(difference.divergences, 0)

    def _gives_way(self, difference: Difference) -> bool:
        """Whether the last one of the most frequent cause has made room for one of a rarer cause:
        what everybody knows by then must not hide what nobody does."""
        frequent = max(self._listed, key=lambda cause: self._listed[cause])
        if self._share(difference) + 1 >= self._listed[frequent]:
            return False
        causes = [one.divergences for one in self._open]
        del self._open[len(causes) - 1 - causes[::-1].index(frequent)]
        self._listed[frequent] -= 1
        return True

    @property
    def differences(self) -> list[Difference]:
        """Those not accepted first, `LISTED` at most."""
        return [*self._open, *self._accepted][:LISTED]

    @property
    def ok(self) -> bool:
        """Whether the port behaves as the original, as far as it was asked."""
        return self.exchanges > 0 and not (self.count or self.failures or self.unmet)

    @property
    def unlisted(self) -> int:
        """Differences that are counted, and not among `differences`."""
        return self.count + self.accepted - len(self.differences)

    def lacking(self, strict: bool, covered: bool) -> list[str]:
        """What does not hold: of stale accepts if *strict*, of routes that were not answered well
        if all must be *covered*."""
        stale = [f"accept {pattern!r} covers nothing any more" for pattern in self.stale]
        is_covered = not covered or (self.coverage and self.coverage.is_complete)
        open_routes = [] if is_covered else ["not every route was answered below 400"]
        return [*(stale if strict else []), *open_routes]

    def exit_status(self, strict: bool = False, covered: bool = False) -> int:
        """0 parity; 1 differences, or something `lacking`; 2 scenarios that do not work, or nothing
        that could be compared."""
        if self.failures or not self.exchanges:
            return 2
        return int(bool(self.count or self.unmet or self.lacking(strict, covered)))


def _bounded(difference: Difference) -> Difference:
    ours, theirs = around_parting(difference.reference, difference.candidate)
    return replace(difference, reference=ours, candidate=theirs)


def _tally(counts: dict[str, int], name: str) -> None:
    if name in counts or len(counts) < PLACES:
        counts[name] = counts.get(name, 0) + 1
