"""What was played on both sides, compared."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from quart_parity import Capture, Report, Request, Result
from quart_parity.exchange import Exchange, Raised
from quart_parity.judging import judge
from quart_parity.playing import Played
from quart_parity.values import LONGEST
from tests.builders import answer, no_answer
from tests.shops import walk
from tests.wires import HANDLED, on_wire

OTHER = HANDLED.replace("midway", "elsewhere")
LATER = "a server's clock cannot be moved"


def side(*exchanges: Exchange, failure: str | None = None) -> Played:
    """One side's part, in which nothing was captured."""
    nothing: Any = None
    played = Played(nothing, failure=failure)
    for exchange in exchanges:
        played.keep(exchange, {})
    return played


def judged(reference: Played, candidate: Played, accept: Mapping[str, str] | None = None) -> Result:
    paths = ["/"] * (max(len(reference.exchanges), len(candidate.exchanges)) + 1)
    return judge(walk(*paths), accept or {}, reference, candidate)


def report_of(*results: Result) -> Report:
    report = Report("a", "b")
    for result in results:
        report.add(result)
    return report


def refused(status: int = 400) -> Exchange:
    """What a server answers by itself."""
    return replace(on_wire(answer(status, body=b"no")), is_servers=True)


@pytest.mark.parametrize(
    ("ours", "theirs", "who"),
    [
        (refused(), on_wire(answer()), "the reference's server answered 400 by itself"),
        (on_wire(answer()), refused(501), "the candidate's server answered 501 by itself"),
        (
            refused(),
            refused(501),
            "the reference's server answered 400 by itself, and the candidate's server answered"
            " 501 by itself",
        ),
    ],
    ids=["reference", "candidate", "both"],
)
def test_what_a_server_answers_by_itself_is_not_compared(
    ours: Exchange, theirs: Exchange, who: str
) -> None:
    """It says nothing of its application; the request and whose answer it was are noted."""
    result = judged(side(answer(), ours), side(answer(), theirs))

    assert result.differences == ()
    assert result.exchanges == 1
    assert result.notes == (
        f"GET / (walk, request 1) is not compared: {who}, without asking the application.",
    )


def test_other_requests_of_the_scenario_are_compared() -> None:
    """One refusal hides no difference before or after it."""
    ours = side(answer(), refused(), answer())
    theirs = side(answer(404), answer(), answer(500))
    result = judged(ours, theirs)

    assert [(one.request, one.path) for one in result.differences] == [(0, "status"), (2, "status")]
    assert result.exchanges == 2


def test_a_refusal_captures_nothing() -> None:
    """What a request wants of an answer that is nobody's is not missed."""
    scenario = walk(Request(path="/", capture={"token": Capture(header="X")}))
    ours, theirs = side(), side()
    ours.keep(refused(), {"token": None})
    theirs.keep(answer(), {"token": "x"})
    result = judge(scenario, {}, ours, theirs)

    assert (result.differences, result.failures) == ((), ())


def test_nothing_compared_is_no_parity() -> None:
    """A run of which every exchange was refused has shown nothing: 2, with the reason."""
    report = report_of(judged(side(refused()), side(answer())))

    assert (report.exchanges, report.count, report.failures) == (0, 0, [])
    assert not report.ok
    assert report.exit_status() == 2
    assert len(report.notes) == 1


def test_one_exchange_that_was_compared_is_enough() -> None:
    """A refusal beside it is a note and no failure."""
    report = report_of(judged(side(refused(), answer()), side(answer(), answer())))

    assert report.ok
    assert report.exit_status() == 0


def test_what_neither_side_can_do_is_one_failure() -> None:
    """The same reason at the same request is told once, and others are all told."""
    same = judged(side(answer(), failure=LATER), side(answer(), failure=LATER))
    reasons = judged(side(failure="no config"), side(failure="no fresh one"))
    places = judged(side(answer(), failure=LATER), side(failure=LATER))

    assert [(one.request, one.message) for one in same.failures] == [(1, LATER)]
    assert [one.message for one in reasons.failures] == ["no config", "no fresh one"]
    assert [one.request for one in places.failures] == [1, 0]


def logs(ours: Exchange, theirs: Exchange) -> dict[str, tuple[str | None, str | None]]:
    """The logs that each difference carries."""
    found = judged(side(ours), side(theirs)).differences
    return {one.path: one.logs for one in found if one.logs != (None, None)}


def failed(log: str | None, status: int = 500, body: bytes = b"") -> Exchange:
    return on_wire(answer(status, body=body), log=log)


def test_a_log_stands_with_the_difference_that_it_explains() -> None:
    """Where statuses differ it is there, once, for both sides."""
    other = failed(HANDLED, body=b"sorry")

    assert logs(failed(None, 200, b"fine"), other) == {"status": (None, HANDLED)}
    assert logs(failed(OTHER, 200, b"fine"), other) == {"status": (OTHER, HANDLED)}


def test_a_log_stands_with_what_broke() -> None:
    """An answer that did not come is explained first."""
    died = on_wire(no_answer(broken="closed early"), log=HANDLED)

    assert logs(failed(None, 200), died) == {"broken": (None, HANDLED)}


def test_a_log_stands_with_the_first_difference_of_two_errors() -> None:
    """Two answers of 500 that differ are explained by what was raised."""
    found = logs(failed(HANDLED, body=b"one"), failed(OTHER, body=b"two"))

    assert found == {"body": (HANDLED, OTHER)}


def test_a_log_is_not_shown_with_what_it_does_not_explain() -> None:
    """An exception that was caught and answered is nobody's difference."""
    assert logs(failed(HANDLED, 200, b"one"), failed(None, 200, b"two")) == {}
    assert logs(failed(HANDLED), failed(None)) == {}


def test_what_was_raised_carries_the_log_too() -> None:
    """A difference in the exception is the best place to see both."""
    ours = replace(failed(HANDLED), raised=Raised("KeyError", "a", "shop.py:1"))
    theirs = replace(failed(OTHER), raised=Raised("KeyError", "b", "port.py:2"))

    assert logs(ours, theirs) == {"raised.text": (HANDLED, OTHER)}


def test_a_report_keeps_of_long_texts_what_surrounds_their_parting() -> None:
    """A result has both whole, for what looks at them; a thousand of them would be too much."""
    ours = b"x" * LONGEST * 2
    result = judged(side(answer(body=ours)), side(answer(body=ours + b"y")))
    kept = report_of(result).differences[0]

    assert len(result.differences[0].reference) == len(ours)
    assert len(kept.reference) < len(ours)
