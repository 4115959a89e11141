"""Differences that someone lives with, and those that someone lives with in vain."""

import pytest

from quart_parity import UsageError
from tests.shops import played, walk


def test_an_accepted_difference_is_counted_apart() -> None:
    """A difference that someone lives with has its reason, and is no failure."""
    report = played(walk("/other", accept={"body.items[*].price": "rounding"}))

    assert (report.count, report.accepted, report.ok) == (0, 1, True)
    assert report.differences[0].accepted == "rounding"
    assert report.stale == []


def test_an_accept_that_covers_nothing_is_stale() -> None:
    """Patterns of the call and of scenarios are told where they are not needed any more."""
    accept = {"header.server": "call", "body.**": "call"}
    report = played(
        walk("/other", accept={"header.date": "scenario"}), walk("/same", name="b"), accept=accept
    )

    assert sorted(report.stale) == ["header.date", "header.server"]
    assert report.accepted == 1


def test_an_accept_of_one_scenario_is_not_another_ones() -> None:
    """A scenario's accepts end with it."""
    report = played(walk("/other", accept={"body.**": "why"}), walk("/other", name="b"))

    assert (report.count, report.accepted) == (1, 1)


@pytest.mark.parametrize("accept", [{"": "why"}, {"a..b": "why"}, {"a": " "}])
def test_an_accept_that_is_none_is_refused_at_once(accept: dict[str, str]) -> None:
    """A wrong pattern and a missing reason are errors in the call."""
    with pytest.raises(UsageError):
        played(walk("/same"), accept=accept)
