"""What the clients of one test do, on both sides."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from operator import itemgetter
from typing import Any

from flask import Flask

from ..comparison import are_same
from ..exchange import Exchange
from ..judging import judge
from ..pairing import Known
from ..playing import Played
from ..report import Result
from ..scenario import Request, Scenario
from ..sessions import Sessions, sessions_of
from ..windows import Windows
from .candidates import Candidate
from .jars import Jar
from .places import Place

_ANY = Request(path="/")


@dataclass(eq=False, slots=True)
class Twin:
    """The port's part of one test client, as long as that lasts."""

    candidate: Candidate
    jar: Jar


Act = Callable[[Candidate, dict[Twin, Jar], dict[str, str]], Exchange | None]
"""One thing that a test did, to be done again to another port, with other jars and with what that
port has made up in the place of the reference's values."""


@dataclass(frozen=True, slots=True)
class Judged:
    """How one client's requests were answered."""

    visit: Visit
    result: Result


@dataclass(eq=False, slots=True)
class Visit:
    """What one client does in one test."""

    twin: Twin
    reference: Flask
    ours: Played
    theirs: Played
    places: list[Place | None] = field(default_factory=list)
    """Of each exchange."""
    order: list[int] = field(default_factory=list)
    """The position of each exchange among all that the port had in this test."""

    _opened: dict[frozenset[str], dict[str, Any]] = field(default_factory=dict)
    _learned: int = 0
    """Exchanges that were looked through for made-up values."""

    def is_news(self) -> bool:
        """Whether answers have come that differ in their bytes, since this was last asked."""
        pairs = zip(self.ours.exchanges, self.theirs.exchanges, strict=True)
        news = [pair for at, pair in enumerate(pairs) if at >= self._learned]
        self._learned += len(news)
        return not all(are_same(*pair) for pair in news)

    @property
    def is_same(self) -> bool:
        """Whether all answers have the same bytes."""
        return all(map(are_same, self.ours.exchanges, self.theirs.exchanges))

    def keep(self, ours: Exchange, theirs: Exchange, place: Place | None, order: int) -> None:
        self.ours.keep(ours, {})
        self.theirs.keep(theirs, {})
        self.places.append(place)
        self.order.append(order)

    def _remembered(self, sessions: Sessions) -> Sessions:
        """The same, opening each cookie once for all the times that the visit is judged."""
        opened = self._opened.setdefault(sessions.keys, {})

        def open_once(value: str) -> Any:
            if value not in opened:
                opened[value] = sessions.open(value)
            return opened[value]

        return replace(sessions, open=open_once)

    @property
    def standing(self) -> list[Request]:
        """A scenario's requests, in the place of those that were sent."""
        return [_ANY] * len(self.places)

    def judged(
        self, name: str, accept: dict[str, str], known: Known | None, windows: Windows
    ) -> Result:
        self.ours.known_sessions = self._remembered(sessions_of(self.reference))
        self.theirs.known_sessions = self._remembered(self.twin.candidate.sessions())
        scenario = Scenario(name, self.standing)
        return judge(scenario, accept, self.ours, self.theirs, known, None, windows)


@dataclass(eq=False, slots=True)
class Journal:
    """All that one test does, in order."""

    name: str
    visits: dict[Twin, Visit] = field(default_factory=dict)
    acts: dict[Candidate, list[Act]] = field(default_factory=dict)
    born: set[int] = field(default_factory=set)
    """The ports that were made for this test, by their identity."""
    notes: dict[str, None] = field(default_factory=dict)
    """What a reader of its differences must know."""
    failures: dict[str, None] = field(default_factory=dict)
    """Why the port could not be asked."""
    forward: dict[str, str] = field(default_factory=dict)
    """From what the reference made up to what the port did in its place."""

    def visit(self, twin: Twin, reference: Flask) -> Visit:
        if twin not in self.visits:
            side: Any = twin.candidate.side
            self.visits[twin] = Visit(twin, reference, Played(side), Played(side))
        return self.visits[twin]

    def did(self, candidate: Candidate, act: Act) -> None:
        self.acts.setdefault(candidate, []).append(act)

    def sent(self, candidate: Candidate) -> int:
        """How many requests the port had in this test."""
        visits = (one for one in self.visits.values() if one.twin.candidate is candidate)
        return sum(len(visit.places) for visit in visits)

    def windows(self, past: Windows) -> Windows:
        """Of the tests before, and of all that any client has sent in this one."""
        every = [
            (ours.window or (0.0, 0.0), ours, theirs)
            for visit in self.visits.values()
            for ours, theirs in zip(visit.ours.exchanges, visit.theirs.exchanges, strict=True)
        ]
        every.sort(key=itemgetter(0))
        return past.and_of([ours for _, ours, _ in every], [theirs for *_, theirs in every])

    @property
    def is_empty(self) -> bool:
        return not (self.visits or self.failures)

    @property
    def exchanges(self) -> int:
        return sum(len(visit.places) for visit in self.visits.values())
