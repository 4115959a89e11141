"""Which known divergence causes a difference: found out by experiment, at most three a scenario.

The scenario is played again with all of compat in the candidate. What is gone then, Quart causes;
what is left, the port. Two more runs leave the suspected pieces out, each in the first, in the
second or in both, so that the runs in which a difference comes back tell its piece.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import permutations

from .divergences import DIVERGENCES, Divergence
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

Suspects = Mapping[str, int]
"""How much speaks for each piece: 5 where its entry shows at that very path, 1 where it was only
asked for in an earlier exchange."""

_FIRST, _SECOND, _BOTH, _NEITHER = (True, False), (False, True), (True, True), (False, False)
_STATUS: Path = ("status",)


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
    causes: dict[Place, tuple[str, ...]] = {one: () for one in places if one in mended.places}
    suspicions = weigh([one for one in places if one not in causes], mended.asked)
    runs = assign(suspicions.values())
    first, second = (_leave_out(runs, run, statuses, play) for run in (0, 1))
    came_back = {place: (place in first, place in second) for place in suspicions}
    # With another status all else is another answer's, so its cause is found first.
    for place in sorted(suspicions, key=lambda one: one[1] != _STATUS):
        status = place[0], _STATUS
        if status in causes and _follows(came_back[place], came_back.get(status, _NEITHER)):
            codes = causes[status]
        else:
            codes = decide(came_back[place], suspicions[place], runs)
        if codes:
            causes[place] = codes
    return causes


def _follows(came_back: Runs, status: Runs) -> bool:
    """Whether something came back whenever the exchange's other status did."""
    if status == _NEITHER:
        return came_back == _NEITHER
    return all(one or not other for one, other in zip(came_back, status, strict=True))


def _leave_out(
    runs: Mapping[str, Runs], run: int, statuses: tuple[int | None, ...], play: Play
) -> frozenset[Place]:
    """The places at which the scenario differs without the pieces of this run."""
    off = [code for code, left_out in runs.items() if left_out[run]]
    if not off:
        return frozenset()
    trial = play(off)
    return trial.places if trial.statuses == statuses else frozenset()


def weigh(places: list[Place], asked: tuple[frozenset[str], ...]) -> dict[Place, Suspects]:
    """How much speaks for each piece that was asked for up to the exchange of each place."""
    return {
        place: {
            code: _weight(code, place, code in asked[place[0]])
            for code in sorted(set().union(*asked[: place[0] + 1]))
            if code in DIVERGENCES
        }
        for place in places
    }


def _weight(code: str, place: Place, asked_here: bool) -> int:
    entry, path = DIVERGENCES[code], place[1]
    if entry.observe is not None:
        return 2 if asked_here else 1
    if not asked_here:
        return 3 if _shows(entry, ("cookie",), 1) or _shows(entry, ("session",), 1) else 1
    if any(matches(parse_pattern(one), path) for one in entry.shows):
        return 5
    return 4 if _shows(entry, path, 2 if path[0] == "header" else 1) else 2


def _shows(entry: Divergence, path: Path, parts: int) -> bool:
    """Whether the entry shows at a path that begins so."""
    patterns = [parse_pattern(one)[:parts] for one in entry.shows]
    return any(matches(pattern, path[:parts]) for pattern in patterns)


def assign(suspicions: Iterable[Suspects]) -> dict[str, Runs]:
    """In which runs to leave each piece out, so that those suspected together are told apart.

    More than four cannot all be; then those share their runs of which little is suspected.
    """
    total: Counter[str] = Counter()
    rivalry: Counter[tuple[str, str]] = Counter()
    for suspects in suspicions:
        total.update(suspects)
        for one, other in permutations(suspects, 2):
            rivalry[one, other] += min(suspects[one], suspects[other]) ** 3
    runs: dict[str, Runs] = {}
    for code, _ in total.most_common():
        shared = {
            way: sum(rivalry[code, other] for other, taken in runs.items() if taken == way)
            for way in (_FIRST, _SECOND, _BOTH, _NEITHER)
        }
        runs[code] = min(shared, key=lambda way: shared[way])
    return runs


def decide(came_back: Runs, suspects: Suspects, runs: Mapping[str, Runs]) -> tuple[str, ...]:
    """The pieces that were left out just when the difference came back."""
    fitting = _most(suspects, [code for code in suspects if runs[code] == came_back])
    if came_back == _BOTH and _least(suspects, fitting) < 4:
        # Two pieces, each of which is necessary.
        pair = [
            _most(suspects, [code for code in suspects if runs[code] == way])
            for way in (_FIRST, _SECOND)
        ]
        if all(_least(suspects, codes) >= 4 for codes in pair):
            return tuple(sorted(pair[0] + pair[1]))
    return tuple(fitting)


def _most(suspects: Suspects, codes: list[str]) -> list[str]:
    """Those of the codes for which most speaks."""
    most = max((suspects[code] for code in codes), default=0)
    return [code for code in codes if suspects[code] == most]


def _least(suspects: Suspects, codes: list[str]) -> int:
    return min((suspects[code] for code in codes), default=0)
