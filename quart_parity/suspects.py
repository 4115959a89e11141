"""Which pieces of compat to suspect of a difference, and how two runs tell them apart; pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import permutations

from .divergences import DIVERGENCES, SEVERITIES, Divergence
from .paths import Path, matches, parse_pattern

Place = tuple[int, Path]
"""Where a difference stands in its scenario: the request's position and the path."""
Runs = tuple[bool, bool]
"""In which of the two runs a piece is left out, or a difference comes back."""

Suspects = Mapping[str, int]
"""How much speaks for each piece: 5 where its entry shows at that very path, 4 close to it, less
where it was asked for and shows elsewhere, 1 where that was in an earlier exchange."""

FIRST, SECOND, BOTH, NEITHER = (True, False), (False, True), (True, True), (False, False)


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
            for way in (FIRST, SECOND, BOTH, NEITHER)
        }
        runs[code] = min(shared, key=lambda way: shared[way])
    return runs


def decide(came_back: Runs, suspects: Suspects, runs: Mapping[str, Runs]) -> tuple[str, ...]:
    """The pieces that were left out just when the difference came back."""
    fitting = _most(suspects, [code for code in suspects if runs[code] == came_back])
    weak = _least(suspects, fitting) < 4
    if weak and came_back == NEITHER:
        # Not to be left out is no evidence by itself.
        return ()
    if weak and came_back != BOTH and any(suspects[c] >= 4 and runs[c] == BOTH for c in suspects):
        # As likely one that shows here, as long as something else is left out as well.
        return ()
    if weak and came_back == BOTH:
        # Two pieces, each of which is necessary.
        pair = [
            _most(suspects, [code for code in suspects if runs[code] == way])
            for way in (FIRST, SECOND)
        ]
        if all(_least(suspects, codes) >= 4 for codes in pair):
            fitting = pair[0] + pair[1]
    return tuple(sorted(fitting, key=_badness))


def _badness(code: str) -> tuple[int, str]:
    return SEVERITIES.index(DIVERGENCES[code].severity), code


def _most(suspects: Suspects, codes: list[str]) -> list[str]:
    """Those of the codes for which most speaks."""
    most = max((suspects[code] for code in codes), default=0)
    return [code for code in codes if suspects[code] == most]


def _least(suspects: Suspects, codes: list[str]) -> int:
    return min((suspects[code] for code in codes), default=0)
