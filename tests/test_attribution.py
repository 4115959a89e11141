"""Which piece of compat is to blame, told from where a scenario differs without it; pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import SimpleNamespace
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quart_parity import Difference, attribution, suspects
from quart_parity.attribution import Trial, find_causes, recognised
from quart_parity.paths import Path
from quart_parity.suspects import BOTH, FIRST, NEITHER, Place, assign, decide

STATUSES = (200, 200, 200)
VARY: Place = (0, ("header", "vary"))
COOKIE: Place = (0, ("cookie", "a"))
STATUS: Place = (1, ("status",))
BODY: Place = (2, ("body",))
SHOWS = {
    "QP101": ("header.vary",),
    "QP102": ("cookie.**",),
    "QP103": ("**",),
    "QP104": ("**",),
    "QP105": ("**",),
    "QP106": ("**",),
}
SEVERITY = {"QP104": "security"}


@pytest.fixture(autouse=True)
def _catalogue() -> Iterator[None]:
    entries = {
        code: SimpleNamespace(
            code=code, shows=shows, observe=None, severity=SEVERITY.get(code, "visible")
        )
        for code, shows in SHOWS.items()
    }
    with patch.object(suspects, "DIVERGENCES", entries):
        yield


class Sides:
    """A scenario whose differences need pieces of compat to be gone."""

    def __init__(self, needs: Mapping[Place, set[str]], *asked: set[str]) -> None:
        self.needs = needs
        self.asked = [*asked, *[set[str]()] * (3 - len(asked))]
        self.plays: list[set[str]] = []
        self.answer = 1

    def play(self, off: Iterable[str]) -> Trial:
        self.plays.append(set(off))
        places = (p for p, needs in self.needs.items() if "" in needs or needs & set(off))
        return Trial(
            dict.fromkeys(places, self.answer), tuple(map(frozenset, self.asked)), STATUSES
        )

    def causes(self) -> dict[Place, tuple[str, ...]]:
        found = find_causes([difference(*place) for place in self.needs], STATUSES, self.play)
        return found or {}


def difference(position: int, path: Path) -> Difference:
    return Difference("s", position, "GET", "/", path, 1, 2)


def test_the_only_piece_in_question_is_the_cause() -> None:
    """A difference that compat closes, and comes back without one piece, is of that piece."""
    sides = Sides({VARY: {"QP101"}}, {"QP101"}, {"QP102"})

    assert sides.causes() == {VARY: ("QP101",)}
    assert sides.plays == [set(), {"QP101"}]


def test_what_compat_does_not_close_is_the_ports_own() -> None:
    """Where all of compat changes nothing there is no cause, and one run tells."""
    sides = Sides({VARY: {""}}, {"QP101"})

    assert sides.causes() == {VARY: ()}
    assert sides.plays == [set()]


def test_four_pieces_in_one_exchange_are_told_apart() -> None:
    """Two runs are enough for four suspects of the same difference."""
    pieces = ["QP103", "QP104", "QP105", "QP106"]
    causes = [Sides({STATUS: {piece}}, set(), set(pieces)).causes()[STATUS] for piece in pieces]

    assert causes == [(piece,) for piece in pieces]


def test_two_necessary_pieces_are_both_named() -> None:
    """A difference that comes back without either of two pieces is of both, the worse first."""
    sides = Sides({STATUS: {"QP103", "QP104"}}, set(), {"QP103", "QP104"})

    assert sides.causes() == {STATUS: ("QP104", "QP103")}


def test_what_follows_from_another_difference_has_its_cause() -> None:
    """A cookie lost in one exchange is why a later body differs, though no sign says so."""
    sides = Sides({COOKIE: {"QP102"}, BODY: {"QP102"}}, {"QP102"}, set(), {"QP101"})

    assert sides.causes() == {COOKIE: ("QP102",), BODY: ("QP102",)}


def test_differences_of_one_scenario_have_causes_of_their_own() -> None:
    """Several pieces left out in one run do not blur whose difference is whose."""
    needs = {VARY: {"QP101"}, COOKIE: {"QP102"}, STATUS: {""}, BODY: {"QP103"}}
    sides = Sides(needs, {"QP101", "QP102"}, {"QP104"}, {"QP103", "QP104"})
    causes = sides.causes()

    assert causes == {VARY: ("QP101",), COOKIE: ("QP102",), STATUS: (), BODY: ("QP103",)}


def test_a_scenario_that_cannot_be_repeated_tells_nothing() -> None:
    """Where the reference itself answers otherwise this time, no cause is claimed."""
    sides = Sides({VARY: {"QP101"}}, {"QP101"})

    assert find_causes([difference(*VARY)], (200, 409, 200), sides.play) is None


def test_a_part_of_the_scenario_is_not_the_scenario() -> None:
    """Where compat ends a scenario early, what it did not come to is not taken for closed."""
    trial = Trial({}, (frozenset({"QP101"}),), STATUSES[:1])

    assert find_causes([difference(*BODY)], STATUSES, lambda off: trial) is None


def test_a_scenario_that_comes_further_is_the_same() -> None:
    """Where compat lets a scenario go on, what both runs have is compared."""
    sides = Sides({VARY: {"QP101"}}, {"QP101"})

    assert find_causes([difference(*VARY)], STATUSES[:1], sides.play) == {VARY: ("QP101",)}


LATER_BODY: Place = (1, ("body",))


@pytest.mark.parametrize(("answer", "cause"), [(1, ()), (3, None)])
def test_what_answers_anew_each_time_tells_nothing_behind_a_status(
    answer: int, cause: tuple[str, ...] | None
) -> None:
    """Once the status is mended, a random token is not the port's error, and another text is."""
    sides = Sides({STATUS: {"QP103"}, LATER_BODY: {""}}, set(), {"QP103"})
    sides.answer = answer
    causes = sides.causes()

    assert causes[STATUS] == ("QP103",)
    assert causes.get(LATER_BODY) == cause


def test_what_compat_breaks_off_tells_nothing() -> None:
    """An answer that ends early with compat only does not show what the port answers."""
    broken: Place = (1, ("broken",))
    trial = Trial({STATUS: 1, broken: 1}, (frozenset(),) * 3, STATUSES)

    assert find_causes([difference(*STATUS)], STATUSES, lambda off: trial) == {}


def test_little_suspicion_is_no_proof_by_elimination() -> None:
    """A piece that was never left out is named only where much else speaks for it."""
    runs = {"QP101": NEITHER, "QP102": FIRST}

    assert decide(NEITHER, {"QP101": 3, "QP102": 5}, runs) == ()
    assert decide(NEITHER, {"QP101": 4, "QP102": 5}, runs) == ("QP101",)


def test_little_suspicion_does_not_outdo_much() -> None:
    """A piece of an earlier exchange is not named before one that shows there, and may be it."""
    runs = {"QP101": FIRST, "QP102": BOTH}

    assert decide(FIRST, {"QP101": 3, "QP102": 5}, runs) == ()
    assert decide(FIRST, {"QP101": 4, "QP102": 5}, runs) == ("QP101",)


PLACES = st.sampled_from([VARY, COOKIE, STATUS, BODY])
CODES = st.sampled_from(sorted(SHOWS))


@given(
    st.dictionaries(PLACES, st.sets(CODES, min_size=1, max_size=2), min_size=1),
    st.lists(st.sets(CODES), min_size=3, max_size=3),
)
def test_never_more_than_three_runs(needs: dict[Place, set[str]], asked: list[set[str]]) -> None:
    """However many pieces are in question, the scenario is played three times at most."""
    sides = Sides(needs, *asked)
    causes = sides.causes()

    assert len(sides.plays) <= 3
    assert all(set(codes) <= set().union(*asked) for codes in causes.values())


@given(st.sets(CODES, min_size=1, max_size=4))
def test_four_that_are_suspected_together_get_runs_of_their_own(codes: set[str]) -> None:
    """No two pieces that are suspected at the same place are left out in the same runs."""
    runs = assign([dict.fromkeys(codes, 5)])

    assert len(set(runs.values())) == len(codes)


def test_a_sign_that_fits_one_entry_only_names_it() -> None:
    """Without an experiment a difference is named where exactly one entry recognises it."""
    entries = {
        code: SimpleNamespace(code=code, recognise=lambda one, shows=shows: one.path in shows)
        for code, shows in {"QP101": ["header.vary", "status"], "QP102": ["status"]}.items()
    }
    with patch.object(attribution, "DIVERGENCES", entries):
        found = [recognised(difference(*place)) for place in (VARY, STATUS, BODY)]

    assert found == [("QP101",), None, None]
