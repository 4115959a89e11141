"""What causes a mirrored difference: the port is asked the same again, with compat in it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from typing import Any

from ..attribution import Trial, find_causes, recognised
from ..errors import QuartParityError
from ..exchange import Exchange
from ..experiments import why_not
from ..judging import judge
from ..pairing import Known
from ..playing import Played
from ..report import Difference, Result
from ..scenario import Scenario
from ..sides import START
from ..suspects import Place
from ..trials import InProcessTrial
from ..windows import Windows
from ..worker import Watch
from .candidates import Candidate, Origin
from .jars import Jar
from .visits import Journal, Twin, Visit


def explained(
    journal: Journal, judged: dict[Visit, Result], known: Known | None, windows: Windows
) -> dict[Visit, Result]:
    """The results with the causes of their differences, as far as they can be found out."""
    explained: dict[Visit, Result] = {}
    for candidate in {id(one.twin.candidate): one.twin.candidate for one in judged}.values():
        own = {visit: one for visit, one in judged.items() if visit.twin.candidate is candidate}
        causes: dict[Place, tuple[str, ...]] = {}
        if any(result.differences for result in own.values()) and _can_be_repeated(
            journal, candidate
        ):
            try:
                causes = _Repetition(journal, candidate, own, known, windows).causes()
            except QuartParityError as error:
                journal.notes[f"causes were not looked for: {error}"] = None
        for visit, result in own.items():
            explained[visit] = _with(visit, result, causes)
    return explained


def _can_be_repeated(journal: Journal, candidate: Candidate) -> bool:
    """Whether a new port can be in the state in which this one was at the test's beginning."""
    if candidate.served is None or why_not(candidate.side, candidate.served) is not None:
        return False
    has_state = candidate.origin.copies is not None or candidate.restore is not None
    is_new = id(candidate) in journal.born and candidate.side.target.is_factory
    return is_new and has_state


def _with(visit: Visit, result: Result, causes: dict[Place, tuple[str, ...]]) -> Result:
    differences = tuple(
        replace(one, divergences=causes.get(_place(visit, one), recognised(one)))
        for one in result.differences
    )
    return replace(result, differences=differences)


def _place(visit: Visit, difference: Difference) -> Place:
    return visit.order[difference.request], difference.parts


class _Repetition:
    """One test, as one port saw it."""

    def __init__(
        self,
        journal: Journal,
        candidate: Candidate,
        judged: dict[Visit, Result],
        known: Known | None,
        windows: Windows,
    ) -> None:
        self._acts = journal.acts[candidate]
        self._candidate = candidate
        self._judged = judged
        self._known = known
        self._windows = windows
        self._trial = InProcessTrial(candidate.side, own=True)

    def causes(self) -> dict[Place, tuple[str, ...]]:
        differences = [
            replace(one, request=visit.order[one.request])
            for visit, result in self._judged.items()
            for one in result.differences
        ]
        return find_causes(differences, self._statuses(), self._play) or {}

    def _statuses(self) -> tuple[int | None, ...]:
        """The reference's, in the order in which the port was asked."""
        told: dict[int, int | None] = {}
        for visit in self._judged:
            for order, exchange in zip(visit.order, visit.ours.exchanges, strict=True):
                told[order] = exchange.response.status if exchange.response else None
        return tuple(told[order] for order in sorted(told))

    def _play(self, off: Iterable[str]) -> Trial:
        """Do all that the test did to a port with compat but the pieces *off*."""
        origin = self._candidate.origin.again()
        exchanges = self._candidate.work(partial(self._do, origin, off))
        if origin is not self._candidate.origin:
            origin.forget()
        if exchanges is None:
            raise QuartParityError("the port did not answer when it was asked once more")
        places: dict[Place, Any] = {}
        for visit in self._judged:
            for one in self._judge(visit, exchanges).differences:
                places[_place(visit, one)] = one.reference
        asked = tuple(map(frozenset, self._trial.asked))
        return Trial(places, asked, self._statuses())

    def _do(self, origin: Origin, off: Iterable[str], watch: Watch) -> list[Exchange]:
        jars: dict[Twin, Jar] = {visit.twin: Jar(visit.twin.jar.keeps) for visit in self._judged}
        again = replace(self._candidate, thread=watch, origin=origin, served=None)
        watch.begin(START)
        with self._trial.trial(off):
            make = partial(self._trial.target.make, origin.config)
            served = self._trial.noted(self._trial.start(make))
            try:
                again.begin(served)
                done = [act(again, jars) for act in self._acts]
            finally:
                served.driver.close()
        return [exchange for exchange in done if exchange is not None]

    def _judge(self, visit: Visit, exchanges: list[Exchange]) -> Result:
        theirs = Played(visit.theirs.side, known_sessions=visit.theirs.known_sessions)
        for order, ours in zip(visit.order, visit.ours.exchanges, strict=True):
            theirs.keep(replace(exchanges[order], window=ours.window), {})
        scenario = Scenario(self._judged[visit].scenario, visit.standing)
        return judge(scenario, {}, visit.ours, theirs, self._known, None, self._windows)
