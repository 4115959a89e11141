"""Which known divergence causes a difference: found out by experiment, at most three a scenario.

The scenario is played again with all of compat in the candidate. What is gone then, Quart causes;
what is left, the port. Two more runs leave the suspected pieces out, each in the first, in the
second or in both, so that the runs in which a difference comes back tell its piece.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from .divergences import DIVERGENCES
from .errors import QuartParityError
from .judging import judge
from .paths import Path, matches, parse_pattern
from .report import Difference, Result
from .scenario import Scenario
from .sides import Side
from .stage import Both, Stage
from .trials import TrialSide, can_be_mended

Place = tuple[int, Path]
"""Where a difference stands in its scenario: the request's position and the path."""
Runs = tuple[bool, bool]
"""In which of the two runs a piece is left out, or a difference comes back."""

_FIRST, _SECOND, _BOTH, _NEITHER = (True, False), (False, True), (True, True), (False, False)


@dataclass(frozen=True, slots=True)
class Trial:
    """A scenario played once more."""

    places: frozenset[Place]
    """Where it differs."""
    asked: tuple[frozenset[str], ...]
    """The pieces of compat that each exchange asked for."""
    statuses: tuple[int | None, ...]
    """The reference's, which tell whether it is still the same scenario."""


Play = Callable[[Iterable[str]], Trial]
"""Plays the scenario with all of compat but the given pieces."""


class Attribution:
    """Plays scenarios again, in applications of its own where the targets are factories."""

    def __init__(self, stage: Stage) -> None:
        reference = stage.reference
        if reference.target.is_factory:
            reference = Side(reference.target, reference.timeout)
        self._candidate = TrialSide(stage.candidate)
        self._stage = replace(stage, reference=reference, candidate=self._candidate, hung=False)
        self.failure: str | None = None
        """Why the experiments came to an end, where they did."""

    @property
    def hung(self) -> bool:
        return self._stage.hung

    def explain(self, scenario: Scenario, both: Both, result: Result) -> Result:
        """The result with the causes of its differences."""
        served = both[1].served
        experiment = self.failure is None and served is not None and can_be_mended(served.app)
        causes: dict[Place, tuple[str, ...]] = {}
        if experiment:
            try:
                statuses = _statuses(both)
                causes = find_causes(
                    result.differences, statuses, lambda o: self._play(scenario, o)
                )
            except QuartParityError as error:
                self.failure = str(error)
        differences = tuple(
            replace(one, divergences=causes.get(_place(one), recognised(one)))
            for one in result.differences
        )
        return replace(result, differences=differences)

    def _play(self, scenario: Scenario, off: Iterable[str]) -> Trial:
        with self._candidate.trial(off):
            [(_, both)] = self._stage.play(iter([scenario]))
            found = judge(scenario, {}, *both)
        asked = self._candidate.pieces.asked[1:]
        places = frozenset(map(_place, found.differences))
        return Trial(places, tuple(map(frozenset, asked)), _statuses(both))

    def close(self) -> None:
        """End the applications that were built for the experiments."""
        self._stage.close()


def _place(difference: Difference) -> Place:
    return difference.request, difference.parts


def _statuses(both: Both) -> tuple[int | None, ...]:
    responses = [exchange.response for exchange in both[0].exchanges]
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
) -> dict[Place, tuple[str, ...]]:
    """The causes by place; a place is left out where no experiment could tell.

    Plays at most three times.
    """
    mended = play(())
    if mended.statuses != statuses:
        return {}
    places = list(map(_place, differences))
    own: dict[Place, tuple[str, ...]] = {one: () for one in places if one in mended.places}
    known = [one for one in places if one not in mended.places]
    suspects = {place: _suspects(place, mended.asked) for place in known}
    runs = assign(suspects.values())
    came_back: list[frozenset[Place]] = []
    for run in (0, 1):
        off = [code for code, left_out in runs.items() if left_out[run]]
        trial = play(off) if off else None
        repeated = trial is not None and trial.statuses == statuses
        came_back.append(trial.places if trial is not None and repeated else frozenset())
    found = {
        place: _decide((place in came_back[0], place in came_back[1]), suspects[place], runs)
        for place in known
    }
    return own | {place: codes for place, codes in found.items() if codes}


def _suspects(place: Place, asked: tuple[frozenset[str], ...]) -> tuple[str, ...]:
    """The pieces that the exchange asked for and that show at such a path, else any before it."""
    position, path = place
    here = [code for code in sorted(asked[position]) if _shows(code, path)]
    before = sorted(set().union(*asked[: position + 1]))
    return tuple(here or [code for code in before if code in DIVERGENCES])


def _shows(code: str, path: Path) -> bool:
    entry = DIVERGENCES.get(code)
    return entry is not None and any(matches(parse_pattern(one), path) for one in entry.shows)


def assign(groups: Iterable[tuple[str, ...]]) -> dict[str, Runs]:
    """In which runs to leave each piece out, so that those of one group are told apart.

    A group of more than four cannot be; then some of its pieces share their runs.
    """
    groups = sorted(set(groups), key=len)
    runs: dict[str, Runs] = {}
    for code in dict.fromkeys(code for group in groups for code in group):
        rivals = {other for group in groups if code in group for other in group}
        taken = [runs[other] for other in rivals & runs.keys()]
        used = list(runs.values())

        def rank(one: Runs, taken: list[Runs] = taken, used: list[Runs] = used) -> tuple[int, ...]:
            return taken.count(one), one == _NEITHER, used.count(one)

        runs[code] = min((_FIRST, _SECOND, _BOTH, _NEITHER), key=rank)
    return runs


def _decide(came_back: Runs, suspects: tuple[str, ...], runs: dict[str, Runs]) -> tuple[str, ...]:
    """The pieces that were left out just when the difference came back."""
    fitting = [code for code in suspects if runs[code] == came_back]
    if not fitting and came_back == _BOTH:
        # Two pieces, each of which is necessary.
        fitting = [code for code in suspects if runs[code] != _NEITHER]
    if not fitting and came_back != _NEITHER:
        # It follows from another difference, of which this one has no sign.
        fitting = [code for code in runs if runs[code] == came_back]
    return tuple(fitting) or suspects
