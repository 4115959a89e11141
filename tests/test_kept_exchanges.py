"""Whole exchanges in results, for reports that show them."""

import pytest

from quart_parity.report import Keep, Result
from quart_parity.runner import Runner
from quart_parity.scenario import Scenario
from tests.shops import flask_shop, quart_shop, walk


def results(keep: Keep, *scenarios: Scenario) -> list[Result]:
    return list(Runner(flask_shop, quart_shop, causes=False, keep=keep).run(scenarios))


@pytest.mark.parametrize(
    ("keep", "positions"),
    [("none", []), ("differing", [1, 3]), ("all", [0, 1, 2, 3])],
)
def test_a_result_keeps_what_was_asked_for(keep: Keep, positions: list[int]) -> None:
    """Nothing, the exchanges that differ, or all of them, each with its position."""
    (result,) = results(keep, walk("/same", "/other", "/same", "/cookie"))

    assert [one.request for one in result.compared] == positions
    assert {one.request for one in result.differences} == {1, 3}
    assert (result.played is not None) is bool(positions)


def test_a_kept_exchange_is_whole() -> None:
    """Both answers as they came, and the scenario that they came in."""
    scenario = walk("/same", "/other")
    (result,) = results("all", scenario)
    same, other = result.compared
    ours, theirs = other.reference.response, other.candidate.response

    assert result.played == scenario
    assert same.reference.request.target == "/same"
    assert ours is not None
    assert theirs is not None
    assert (b'"price":2' in ours.body, b'"price":3' in theirs.body) == (True, True)


def test_a_session_is_kept_decoded() -> None:
    """What each answer leaves in the client's session is there to be read; or nothing is."""
    (result,) = results("all", walk("/same", "/login"))
    nothing, login = result.compared

    assert login.sessions == ({"path=/": {"a": 2, "b": 1}},) * 2
    assert nothing.sessions == ({}, {})


def test_the_keys_of_what_is_kept_are_told() -> None:
    """Whoever shows an exchange without difference must mask the applications' keys in it, too."""
    assert [bool(one.keys) for one in results("all", walk("/same"))] == [True]
    assert [bool(one.keys) for one in results("differing", walk("/same"))] == [False]
