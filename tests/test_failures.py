"""Two applications that fail while they answer: what their servers then do is not compared."""

from dataclasses import replace

import pytest

from quart_parity.exchange import BROKE_OFF, Exchange, Raised
from tests.builders import answer, found
from tests.wires import on_wire

CUT = f"{BROKE_OFF}: the connection ended after 5 bytes of a body in chunks"
RAISED = Raised("ValueError", "midway", None)


def cut(
    text: str = CUT, body: bytes = b"xxxxx", raised: Raised | None = RAISED, status: int = 200
) -> Exchange:
    """An answer that breaks off as its application fails."""
    made = on_wire(answer(status, [("X", "1")], body, broken=text))
    return replace(made, raised=raised)


@pytest.mark.parametrize(
    "other",
    [
        cut(),
        cut(f"{BROKE_OFF}: the connection ended after 5 of 20 bytes"),
        cut(f"{BROKE_OFF}: the server reset the stream (INTERNAL_ERROR)"),
    ],
    ids=["alike", "with a length", "over HTTP/2"],
)
def test_two_answers_that_break_off_as_their_applications_fail_are_equal(other: Exchange) -> None:
    """The exception explains the break, however the framing tells of it."""
    assert found(cut(), other) == {}


def test_two_exceptions_differ() -> None:
    """What was raised counts as it does in process."""
    assert found(cut(), cut(raised=Raised("OSError", "midway", None))) == {
        "raised.type": ("ValueError", "OSError")
    }


def test_how_much_came_through_before_the_break_is_the_servers() -> None:
    """A server may lose what the application sent last, but not change what it sent."""
    shorter, other = cut(body=b"xxx"), cut(body=b"xyx")

    assert found(cut(), shorter) == {}
    assert found(shorter, cut()) == {}
    assert found(cut(), other) == {"body": ("xxxxx", "xyx")}


def test_the_head_of_an_answer_that_breaks_off_is_compared() -> None:
    """The status came whole, and is the application's."""
    assert found(cut(), cut(status=201)) == {"status": (200, 201)}


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (cut(raised=None), cut(raised=None)),
        (cut("no answer within 1 s"), cut("no answer within 1 s")),
        (cut("5 bytes follow a response that has no body"),) * 2,
        (cut(), replace(cut(), broken=None)),
    ],
    ids=["unexplained", "no end", "surplus", "one whole"],
)
def test_any_other_broken_answer_is_a_difference(ours: Exchange, theirs: Exchange) -> None:
    """Two that break alike, and nobody knows why, have not been seen to answer."""
    assert found(ours, theirs).keys() == {"broken"}


def test_the_break_of_one_side_is_a_difference() -> None:
    """One application that fails is not explained by nothing on the other side."""
    assert found(cut(), cut(raised=None)).keys() == {"broken", "raised"}
