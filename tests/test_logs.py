"""What a server logged goes with the difference that it explains."""

from typing import Any, cast

import pytest

from quart_parity import Difference, Request, Scenario
from quart_parity.exchange import Exchange
from quart_parity.judging import judge
from quart_parity.playing import Played
from tests.builders import answer
from tests.wires import HANDLED, on_wire

SCENARIO = Scenario("walk", [Request("/")])


def judged(reference: Exchange, candidate: Exchange) -> tuple[Difference, ...]:
    """The differences of a scenario that was played with these answers."""
    no_side = cast(Any, None)
    ours, theirs = (
        Played(no_side, exchanges=[exchange], captures=[{}]) for exchange in (reference, candidate)
    )
    return judge(SCENARIO, {}, ours, theirs).differences


def served(status: int, body: bytes = b"", log: str | None = None, **fields: Any) -> Exchange:
    return on_wire(answer(status, [("X", str(status))], body, **fields), log=log)


def with_logs(differences: tuple[Difference, ...]) -> dict[str, tuple[str | None, str | None]]:
    return {one.path: one.logs for one in differences if one.logs != (None, None)}


CASES: dict[str, tuple[Exchange, Exchange, dict[str, tuple[str | None, str | None]]]] = {
    "another status": (
        served(200),
        served(500, log=HANDLED),
        {"status": (None, HANDLED)},
    ),
    "broken": (
        served(200),
        served(404, broken="half", log=HANDLED),
        {"broken": (None, HANDLED)},
    ),
    "an error that both answer, each in its way": (
        served(500, b"a", HANDLED),
        served(500, b"b", "other"),
        {"body": (HANDLED, "other")},
    ),
    "an answer that is other for no error": (
        served(200, b"a", HANDLED),
        served(200, b"b", HANDLED),
        {},
    ),
    "nothing logged": (served(200), served(500), {}),
    "no difference": (served(500, log=HANDLED), served(500, log=HANDLED), {}),
}


@pytest.mark.parametrize(("ours", "theirs", "logs"), CASES.values(), ids=CASES)
def test_a_log_goes_with_what_it_explains(
    ours: Exchange, theirs: Exchange, logs: dict[str, tuple[str | None, str | None]]
) -> None:
    """Once an exchange: with its other status or broken answer, else with what else is other."""
    assert with_logs(judged(ours, theirs)) == logs
    assert with_logs(judged(theirs, ours)) == {path: (b, a) for path, (a, b) in logs.items()}
