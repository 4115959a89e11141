"""Which known divergence causes a difference: found out by experiment, at most three a scenario.

The scenario is played again with all of compat in the candidate. What is gone then, Quart causes;
what is left, the port. Two more runs leave the suspected pieces out, each in the first, in the
second or in both, so that the runs in which a difference comes back tell its piece.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from .divergences import DIVERGENCES
from .errors import QuartParityError
from .experiments import TrialSide, can_be_anew, is_wsgi, sides_for_trials, why_not
from .judging import judge
from .pairing import Known
from .paths import Path
from .report import Difference, Result
from .scenario import Scenario
from .stage import Both, Stage
from .suspects import NEITHER, Place, Runs, assign, decide, weigh
from .trials import SameApplicationError

_STATUS: Path = ("status",)
_BROKEN: Path = ("broken",)


@dataclass(frozen=True, slots=True)
class Trial:
    """A scenario played once more."""

    places: Mapping[Place, Any]
    """Where it differs, with what the reference has there."""
    asked: tuple[frozenset[str], ...]
    """The pieces of compat that each exchange asked for."""
    statuses: tuple[int | None, ...]
    """The reference's, as far as both sides came; they tell whether it is still the same."""

    def repeats(self, statuses: tuple[int | None, ...]) -> bool:
        return self.statuses[: len(statuses)] == statuses


Play = Callable[[Iterable[str]], Trial]
"""Plays the scenario with all of compat but the given pieces."""


class Attribution:
    """Plays scenarios again, in applications of its own where both targets are factories.

    Else in the very same: one that has seen requests and one that has not are not alike.
    """

    def __init__(self, stage: Stage, known: Known | None = None) -> None:
        """*known* are the pairs of the run so far; without, no values correspond."""
        self._main = stage
        self._known = known
        self.hung = False
        self.unexplained: str | None = None
        """Why causes were not found out, where some were not."""
        self._ended = False
        self._own = can_be_anew(stage.reference) and can_be_anew(stage.candidate)
        self._trials: tuple[Stage, TrialSide] | None = None

    def _for_trials(self) -> tuple[Stage, TrialSide]:
        if self._trials is None:
            main = self._main
            reference, candidate = sides_for_trials(main.reference, main.candidate, self._own)
            stage = replace(main, reference=reference, candidate=candidate, hung=False)
            self._trials = stage, candidate
        return self._trials

    def explain(self, scenario: Scenario, both: Both, result: Result) -> Result:
        """The result with the causes of its differences."""
        served = both[1].served
        if served is not None and (reason := why_not(self._main.candidate, served)):
            self._end(reason)
            if is_wsgi(self._main.candidate, served):
                return result
        causes: Mapping[Place, tuple[str, ...]] = {}
        if served is not None and not self._ended:
            try:
                causes = self._find(scenario, both, result)
            except QuartParityError as error:
                self._end(str(error))
        differences = tuple(
            replace(one, divergences=causes.get(_place(one), recognised(one)))
            for one in result.differences
        )
        return replace(result, differences=differences)

    def _end(self, reason: str) -> None:
        self._ended = True
        self.unexplained = reason

    def _find(
        self, scenario: Scenario, both: Both, result: Result
    ) -> Mapping[Place, tuple[str, ...]]:
        def play(off: Iterable[str]) -> Trial:
            return self._play(scenario, off)

        try:
            causes = find_causes(result.differences, _statuses(both), play)
        except SameApplicationError:
            self.close()
            self._own = False
            causes = find_causes(result.differences, _statuses(both), play)
        if causes is None and self.unexplained is None:
            self.unexplained = f"scenario {scenario.name!r} answers otherwise when played again"
        return causes or {}

    def _play(self, scenario: Scenario, off: Iterable[str]) -> Trial:
        stage, candidate = self._for_trials()
        with candidate.trial(off):
            [(_, both)] = stage.play(iter([scenario]))
            found = judge(scenario, {}, *both, self._known)
        places = {_place(one): one.reference for one in found.differences}
        return Trial(places, tuple(map(frozenset, candidate.asked)), _statuses(both))

    def close(self) -> None:
        """End the applications that were built for the experiments."""
        if self._trials is not None:
            stage, _ = self._trials
            if self._own:
                stage.close()
            self.hung |= stage.hung
            self._trials = None

    def kill(self) -> None:
        """End what would outlive this process, from any thread."""
        if self._trials is not None:
            self._trials[0].kill()


def _place(difference: Difference) -> Place:
    return difference.request, difference.parts


def _statuses(both: Both) -> tuple[int | None, ...]:
    pairs = zip(both[0].exchanges, both[1].exchanges, strict=False)
    responses = [exchange.response for exchange, _ in pairs]
    return tuple(response.status if response else None for response in responses)


def recognised(difference: Difference) -> tuple[str, ...] | None:
    """The divergence that a single difference can only be, else None."""
    codes = [
        entry.code
        for entry in DIVERGENCES.values()
        if entry.recognise is not None and entry.recognise(difference)
    ]
    return tuple(codes) if len(codes) == 1 else None


def find_causes(
    differences: Iterable[Difference], statuses: tuple[int | None, ...], play: Play
) -> dict[Place, tuple[str, ...]] | None:
    """The causes by place; a place is left out where no experiment could tell.

    None where the scenario cannot be repeated. Plays at most three times.
    """
    mended = play(())
    if not mended.repeats(statuses):
        return None
    known = {_place(one): one.reference for one in differences}
    causes: dict[Place, tuple[str, ...]] = {
        place: () for place in known if place in mended.places and _is_told(place, known, mended)
    }
    suspicions = weigh([one for one in known if one not in mended.places], mended.asked)
    runs = assign(suspicions.values())
    first, second = (_leave_out(runs, run, statuses, play) for run in (0, 1))
    came_back = {place: (place in first, place in second) for place in suspicions}
    # With another status all else is another answer's, so its cause is found first.
    for place in sorted(suspicions, key=lambda one: one[1] != _STATUS):
        status = place[0], _STATUS
        if status in causes and _follows(came_back[place], came_back.get(status, NEITHER)):
            codes = causes[status]
        else:
            codes = decide(came_back[place], suspicions[place], runs)
        if codes:
            causes[place] = codes
    return causes


def _is_told(place: Place, known: Mapping[Place, Any], mended: Trial) -> bool:
    """Whether what compat leaves was there before, and not only another status's.

    Where it was not, what the reference itself answers anew each time tells nothing; nor does
    an answer that compat breaks off.
    """
    status, broken = (place[0], _STATUS), (place[0], _BROKEN)
    if broken in mended.places and broken not in known:
        return False
    return status not in known or bool(mended.places[place] == known[place])


def _follows(came_back: Runs, status: Runs) -> bool:
    """Whether something came back whenever the exchange's other status did."""
    if status == NEITHER:
        return came_back == NEITHER
    return all(one or not other for one, other in zip(came_back, status, strict=True))


def _leave_out(
    runs: Mapping[str, Runs], run: int, statuses: tuple[int | None, ...], play: Play
) -> frozenset[Place]:
    """The places at which the scenario differs without the pieces of this run."""
    off = [code for code, left_out in runs.items() if left_out[run]]
    if not off:
        return frozenset()
    trial = play(off)
    return frozenset(trial.places) if trial.repeats(statuses) else frozenset()
