"""Points in time, read relative to the exchange that they came with."""

from dataclasses import replace
from math import ceil, floor
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from quart_parity.aspects import ASPECTS
from quart_parity.exchange import Exchange, Headers
from quart_parity.values import MISSING, Moment, moment
from tests.builders import NO_KEYS, answer, found
from tests.wires import at, http_date, on_wire

NOW = 1_800_000_000.0
LATER = NOW + 7_777.0
"""When the other side was asked."""


def expires(made: float, seconds: float, form: str = "{}") -> tuple[str, str]:
    date = form.format(http_date(made + seconds))
    return "Set-Cookie", f"a=1; Expires={date}; Path=/"


def around(made: float) -> tuple[float, float]:
    return made, made + 0.25


@pytest.mark.parametrize("name", ["Expires", "Last-Modified", "Retry-After", "X-Until"])
def test_a_date_in_a_field_is_relative(name: str) -> None:
    """The same time to go is no difference, whenever it was asked for; another time is."""
    ours = at(around(NOW), [(name, http_date(NOW + 60))])
    theirs = at(around(LATER), [(name, http_date(LATER + 60))])
    other = at(around(LATER), [(name, http_date(LATER + 61))])

    assert found(ours, theirs) == {}
    assert found(ours, other).keys() == {f"header.{name.lower()}"}


def test_the_expiry_of_a_cookie_is_relative() -> None:
    """A cookie that lives as long is the same cookie; one second more is found."""
    ours, theirs = at(around(NOW), [expires(NOW, 60)]), at(around(LATER), [expires(LATER, 60)])
    longer = at(around(LATER), [expires(LATER, 61)])

    assert found(ours, theirs) == {}
    assert found(ours, longer).keys() == {"cookie.a.expires"}


def test_while_the_clock_stands_a_date_is_its_text() -> None:
    """Without a window there is one clock for both sides, and it stands still."""
    ours, theirs = answer(headers=[expires(NOW, 60)]), answer(headers=[expires(NOW, 61)])

    assert found(ours, theirs) == {"cookie.a.expires": (http_date(NOW + 60), http_date(NOW + 61))}


def test_the_same_text_is_the_same_whenever_it_was_sent() -> None:
    """A date that does not move is equal to itself."""
    field = [("Last-Modified", "Thu, 29 Feb 2024 12:30:00 GMT")]

    assert found(at(around(NOW), [*field, ("X", "1")]), at(around(LATER), field)).keys() == {
        "header.x"
    }


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("Fri, 15 Jan 2027 08:01:00 GMT", "Fri, 15-Jan-2027 08:01:00 GMT"),
        ("Fri, 15 Jan 2027 08:01:00 GMT", "Friday, 15-Jan-27 08:01:00 GMT"),
        ("Fri, 15 Jan 2027 08:01:00 GMT", "Fri, 15 Jan 2027 08:01:00 UTC"),
        ("Fri, 15 Jan 2027 08:01:00 GMT", "soon"),
    ],
    ids=["dashes", "RFC 850", "another zone", "no date"],
)
def test_a_date_written_in_another_way_is_found(ours: str, theirs: str) -> None:
    """Two formats of one moment are two values, also where they mean the same."""
    one, other = (
        at(around(NOW), [("Set-Cookie", f"a=1; Expires={text}")]) for text in (ours, theirs)
    )

    assert found(one, other).keys() == {"cookie.a.expires"}


def test_a_field_that_is_no_date_as_a_whole_is_text() -> None:
    """Only a value that is one date and nothing else is read as one."""
    values = ["120", f"{http_date(NOW)} or so", "2027-01-15", "Fri, 99 Jan 2027 08:01:00 GMT"]

    for value in values:
        assert ASPECTS["header"](at(around(NOW), [("X", value)]), NO_KEYS[0]) == {"x": value}


def test_a_date_in_another_attribute_is_text() -> None:
    """Of a cookie's attributes only its expiry is a time."""
    one, other = (
        at(around(when), [("Set-Cookie", f"a=1; Since={http_date(when)}")]) for when in (NOW, LATER)
    )

    assert found(one, other) == {"cookie.a.since": (http_date(NOW), http_date(LATER))}


def test_a_server_with_another_clock_is_read_by_its_own() -> None:
    """Where the answer's own date lies outside of the exchange, what is left counts from there."""
    ours = at(around(NOW), [("Date", http_date(NOW)), expires(NOW, 60)])
    elsewhere = LATER - 3_600
    theirs = at(around(LATER), [("Date", http_date(elsewhere)), expires(elsewhere, 60)])
    longer = at(around(LATER), [("Date", http_date(elsewhere)), expires(elsewhere, 90)])

    assert found(ours, theirs) == {}
    assert found(ours, longer).keys() == {"cookie.a.expires"}


def test_a_server_that_dates_by_another_clock_than_its_application_is_read_by_the_clients() -> None:
    """A clock that was moved for the application alone does not make its dates wrong."""
    ours = at(around(NOW), [("Date", http_date(NOW)), expires(NOW, 60)])
    theirs = at(around(LATER), [("Date", http_date(LATER - 3_600)), expires(LATER, 60)])

    assert found(ours, theirs) == {}


def test_a_date_within_the_exchange_makes_nothing_looser() -> None:
    """A clock that agrees leaves the comparison exact to the second."""
    ours = at(around(NOW), [("Date", http_date(NOW)), expires(NOW, 60)])
    theirs = at(around(LATER), [("Date", http_date(LATER)), expires(LATER, 61)])

    assert found(ours, theirs).keys() == {"cookie.a.expires"}


MADE: st.SearchStrategy[tuple[float, tuple[float, float]]] = st.tuples(
    st.floats(0, 4e9), st.floats(0, 5), st.floats(0, 5)
).map(lambda drawn: (drawn[0] + 10, (drawn[0] + 10 - drawn[1], drawn[0] + 10 + drawn[2])))
"""A time with a window around it."""
LIFETIMES = st.integers(-(10**9), 10**9)


def lasting(seconds: int, made: tuple[float, tuple[float, float]]) -> Moment:
    when, window = made
    until = floor(when) + seconds
    return moment(f"{until + 10**10:012}", until, window)


@given(LIFETIMES, MADE, MADE)
def test_a_lifetime_is_equal_whenever_it_began(lifetime: int, one: Any, other: Any) -> None:
    """The same whole seconds, at any times within any exchanges, are equal."""
    ours, theirs = lasting(lifetime, one), lasting(lifetime, other)

    assert ours == theirs
    assert theirs == ours


@given(LIFETIMES, MADE, MADE, st.integers(1, 10**6))
def test_lifetimes_further_apart_than_the_exchanges_were_long_differ(
    lifetime: int, one: Any, other: Any, more: int
) -> None:
    """Nothing is forgiven but a second's boundary for each second that an exchange took."""
    (_, ours), (_, theirs) = one, other
    apart = sum(ceil(ended - began) for began, ended in (ours, theirs)) + more
    first, second = lasting(lifetime, one), lasting(lifetime + apart, other)

    assert first != second or first.text == second.text


@given(LIFETIMES, st.integers(0, 2**31), st.floats(0.0, 0.99), st.integers(1, 1000))
def test_an_exchange_within_one_second_is_exact(
    lifetime: int, second: int, fraction: float, more: int
) -> None:
    """Where no second ended meanwhile one second more is one too many."""
    one = float(second), (float(second), second + fraction)
    other = LATER, (LATER, LATER)
    longer = lasting(lifetime + more, other)

    assert lasting(lifetime, one) == lasting(lifetime, other)
    assert lasting(lifetime, one) != longer or lasting(lifetime, one).text == longer.text


def test_a_moment_shows_its_text_and_what_was_left() -> None:
    """A reader sees what was sent, and what it meant then."""
    exact = moment("then", 160, (100.2, 100.4))
    between = moment("then", 160, (100.2, 101.4))

    assert repr(exact) == "then (60 s from then)"
    assert repr(between) == "then (59 to 60 s from then)"
    assert repr(moment("then", 160, (100.2, 100.4), (50.0, 50.0))) == (
        "then (60 or 110 s from then)"
    )
    assert exact != "then"


def test_an_interim_response_and_a_trailer_have_dates_too() -> None:
    """Whatever field a date stands in, it is relative."""

    def made(when: float) -> Exchange:
        fields: Headers = (("Expires", http_date(when + 60)),)
        return replace(on_wire(answer(), [(103, fields)], fields), window=around(when))

    assert found(made(NOW), made(LATER)) == {}


def test_a_date_that_is_missing_is_found() -> None:
    """A moment and nothing are not alike."""
    differences = found(
        at(around(NOW), [expires(NOW, 60)]), at(around(NOW), [("Set-Cookie", "a=1; Path=/")])
    )

    assert differences["cookie.a.expires"][1] is MISSING


def test_flasks_own_dates_are_read() -> None:
    """What Flask writes as a cookie's expiry is a moment."""
    app = Flask("shop")
    response = app.make_response("x")
    response.set_cookie("a", "1", expires=NOW + 60)
    field = ("Set-Cookie", response.headers["Set-Cookie"])
    (read,) = ASPECTS["cookie"](at(around(NOW), [field]), NO_KEYS[0])["a"].values()

    assert read["expires"].spans == ((60, 60),)
