"""Times in bodies, where both sides have clocks that pass and one is asked after the other."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from quart_parity.exchange import Exchange
from quart_parity.windows import Windows
from tests.issuing import judged, page, value

START = 1_800_000_000
"""Fri, 15 Jan 2027 08:00:00 GMT."""
LATER = 40
"""Seconds by which the candidate is asked later."""


def at(exchange: Exchange, second: float) -> Exchange:
    """The exchange as it was played so long after the start."""
    return replace(exchange, window=(START + second, START + second + 0.2))


def iso(seconds: float, separator: str = "T") -> str:
    return datetime.fromtimestamp(START + seconds, UTC).isoformat(separator, "seconds")


def left(ours: Any, theirs: Any, make: Any = value) -> list[str]:
    """The paths at which one answer differs, of which each side gives its own."""
    one, other = at(make(ours), 0.1), at(make(theirs), LATER + 0.1)
    return [found.path for found in judged([one], [other]).differences]


FORMS = {
    "RFC 3339": lambda seconds: iso(seconds),
    "a Z": lambda seconds: iso(seconds).replace("+00:00", "Z"),
    "a space": lambda seconds: iso(seconds, " "),
    "fractions": lambda seconds: iso(seconds).replace("+", ".123456+"),
    "no zone": lambda seconds: iso(seconds).removesuffix("+00:00"),
    "an HTTP date": lambda seconds: datetime.fromtimestamp(START + seconds, UTC).strftime(
        "%a, %d %b %Y %H:%M:%S GMT"
    ),
    "seconds since the epoch": lambda seconds: START + seconds,
    "a float of them": lambda seconds: START + seconds + 0.5,
}


@pytest.mark.parametrize("write", FORMS.values(), ids=FORMS)
def test_now_is_now_on_both_sides(write: Any) -> None:
    """However it is written; what is as far away from now is the same as well."""
    assert left({"at": write(0)}, {"at": write(LATER)}) == []
    assert left({"at": write(3600)}, {"at": write(LATER + 3600)}) == []


@pytest.mark.parametrize("write", FORMS.values(), ids=FORMS)
@pytest.mark.parametrize("off", [-3600, -2, 2, 86_400])
def test_another_time_is_another(write: Any, off: int) -> None:
    """A clock that is wrong, a lifetime of its own, a zone that was forgotten."""
    assert left({"at": write(0)}, {"at": write(LATER + off)}) == ["body.at"]


def test_one_moment_in_two_forms_differs() -> None:
    """Whoever reads it may know one of them only."""
    assert left({"at": iso(0)}, {"at": iso(LATER, " ")}) == ["body.at"]


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("2027-01-15T08:00:00+00:00", "2027-01-15 08:00:40+00:00"),
        ("2027-01-15T08:00:00.123456+00:00", "2027-01-15T08:00:40+00:00"),
        ("2027-01-15T08:00:00Z", "2027-01-15T08:00:40+00:00"),
        ("2027-01-15T08:00:00+00:00", "2027-01-15T09:00:40+01:00"),
        ("2027-01-15T08:00:00", "2027-01-15T08:00:40Z"),
    ],
)
def test_a_time_that_is_written_otherwise_differs(ours: str, theirs: str) -> None:
    """Also one that an earlier scenario made."""
    windows = Windows()
    windows.add([at(value({}), 0.1)], [at(value({}), LATER + 0.1)])
    now = [at(value({}), 1000)], [at(value({}), 1000 + LATER)]

    assert left({"at": ours}, {"at": theirs}) == ["body.at"]
    assert windows.timely([(("body",), ours, theirs)], *now) != []


def test_floats_have_as_many_digits_as_they_need() -> None:
    """How many says nothing of how they are written."""
    assert left({"at": START + 0.5}, {"at": START + LATER + 0.123}) == []
    assert left({"at": (START + 0.1) * 1000 // 1}, {"at": START + LATER}) == ["body.at"]
    assert left({"at": START * 1000 + 1}, {"at": (START + LATER) * 1000 + 99}) == []


def test_the_same_text_is_no_difference_whatever_it_means() -> None:
    """A date that was stored does not move with the clock."""
    assert left({"at": iso(-99_999)}, {"at": iso(-99_999)}) == []


def test_times_in_a_text_are_compared_one_by_one() -> None:
    """The rest of the page is compared as ever, and shown with the reference's times."""
    ours = f"<p>made {iso(0)}, ends {iso(60)}</p>"

    assert left(ours, f"<p>made {iso(LATER)}, ends {iso(LATER + 60)}</p>", page) == []
    assert left(ours, f"<p>made {iso(LATER)}, ends {iso(LATER + 61)}</p>", page) == ["body"]
    assert left(ours, f"<b>made {iso(LATER)}, ends {iso(LATER + 60)}</b>", page) == ["body"]


def test_what_an_earlier_request_made_is_as_old() -> None:
    """An order says when it was placed, not when it is looked at."""
    ours = [at(value({}), 0.1), at(value({"placed": iso(0)}), 9)]
    theirs = [at(value({}), LATER + 0.1), at(value({"placed": iso(LATER)}), LATER + 20)]
    wrong = [at(value({}), LATER + 0.1), at(value({"placed": iso(LATER + 20)}), LATER + 20)]

    assert judged(ours, theirs).differences == ()
    assert [one.path for one in judged(ours, wrong).differences] == ["body.placed"]


def test_what_an_earlier_scenario_made_is_as_old() -> None:
    """Only in the midst of an exchange of it, of the same on both sides."""
    windows = Windows()
    before = [at(value({}), second) for second in (0.1, 5.1, 7.1)]
    windows.add(before, [at(value({}), LATER + second) for second in (0.1, 6.1, 9.1)])

    def differs(ours: float, theirs: float) -> bool:
        one = [at(value({"placed": iso(ours)}), 1000)]
        other = [at(value({"placed": iso(theirs)}), 1000 + LATER)]
        found = windows.timely([(("body",), iso(ours), iso(theirs))], one, other)
        return bool(found)

    assert not differs(5, LATER + 6)
    assert differs(5, LATER + 9)
    assert differs(7, LATER + 6)
    assert differs(3, LATER + 4)


def test_where_the_clock_stands_still_nothing_is_relative() -> None:
    """In process both sides have the same time, to the byte."""
    result = judged([value({"at": iso(0)})], [value({"at": iso(1)})])

    assert [one.path for one in result.differences] == ["body.at"]
