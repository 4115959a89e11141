"""What causes a mirrored difference: the port is asked the same again, with compat in it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from time import time
from typing import Any

from ..attribution import Trial, find_causes, recognised
from ..comparison import are_same
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
from .candidates import Candidate
from .jars import Jar
from .origins import Origin
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
    copies = candidate.origin.copies
    is_new = id(candidate) in journal.born and candidate.side.target.is_factory
    # What both sides share, the experiments would change for all that come after.
    return is_new and copies is not None and not copies.shares


def _with(visit: Visit, result: Result, causes: dict[Place, tuple[str, ...]]) -> Result:
    differences = tuple(
        replace(one, divergences=causes.get(_place(visit, one), recognised(one)))
        for one in result.differences
    )
    return replace(result, differences=differences)


def _place(visit: Visit, difference: Difference) -> Place:
    return visit.order[difference.request], difference.parts


class _Jars(dict[Twin, Jar]):
    """New ones, for each client when it first does something."""

    def __missing__(self, twin: Twin) -> Jar:
        self[twin] = jar = Jar(twin.jar.keeps)
        return jar


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
        self._sent = {
            order: (visit, ours)
            for visit in judged
            for order, ours in zip(visit.order, visit.ours.exchanges, strict=True)
        }

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
        # Where it hangs, that is not the end of the port that the tests go on with.
        apart = replace(self._candidate, served=None)
        try:
            exchanges = apart.work(partial(self._do, origin, off))
        except QuartParityError:
            raise
        except Exception as error:
            raise QuartParityError(
                f"what the test did could not be done again: {type(error).__name__}: {error}"
            ) from error
        finally:
            if origin is not self._candidate.origin:
                origin.forget()
        if exchanges is None:
            raise QuartParityError("the port did not answer when it was asked once more")
        places: dict[Place, Any] = {}
        ours = [self._sent[order][1] for order in range(len(exchanges))]
        windows = self._windows.and_of(ours, exchanges)
        for visit in self._judged:
            for one in self._judge(visit, exchanges, windows).differences:
                places[_place(visit, one)] = one.reference
        asked = tuple(map(frozenset, self._trial.asked))
        return Trial(places, asked, self._statuses())

    def _do(self, origin: Origin, off: Iterable[str], watch: Watch) -> list[Exchange]:
        jars = _Jars()
        again = Candidate(self._candidate.side, watch, origin, self._candidate.restore)
        watch.begin(START)
        with self._trial.trial(off):
            make = partial(self._trial.target.make, origin.of_port(origin.config))
            served = self._trial.noted(self._trial.start(make))
            try:
                again.begin(served)
                return self._acted(again, jars)
            finally:
                served.driver.close()

    def _acted(self, again: Candidate, jars: dict[Twin, Jar]) -> list[Exchange]:
        """What the new port answers; it is sent the values that it has made up itself."""
        exchanges: list[Exchange] = []
        forward: dict[str, str] = {}
        for act in self._acts:
            sent = time()
            exchange = act(again, jars, forward)
            if exchange is None:
                continue
            visit, ours = self._sent[len(exchanges)]
            exchanges.append(replace(exchange, window=(sent, time())))
            if not are_same(ours, exchange):
                pairs = self._judge(visit, exchanges, self._windows).pairs
                forward |= {pair.reference: pair.candidate for pair in pairs}
        if left := again.settle():
            # Where it was kept when the test was over.
            last = next(iter(self._judged)).order[-1]
            kept = exchanges[last]
            exchanges[last] = replace(kept, unawaited=kept.unawaited + left)
        return exchanges

    def _judge(self, visit: Visit, exchanges: list[Exchange], windows: Windows) -> Result:
        """One client's part, as far as it goes."""
        ours, theirs = (
            Played(one.side, known_sessions=one.known_sessions)
            for one in (visit.ours, visit.theirs)
        )
        for order, exchange in zip(visit.order, visit.ours.exchanges, strict=True):
            if order < len(exchanges):
                ours.keep(exchange, {})
                theirs.keep(exchanges[order], {})
        scenario = Scenario(self._judged[visit].scenario, visit.standing)
        return judge(scenario, {}, ours, theirs, self._known, None, windows)
