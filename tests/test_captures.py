"""Taking values out of answers, for later requests."""

import pytest

from quart_parity.captures import captured
from quart_parity.exchange import Headers, Response
from quart_parity.scenario import Capture

BODY = '{"a": ["x", {"b/c": 1, "d~e": null}], "": "empty", "é": 1.5}'.encode()
HEADERS = (
    ("Location", "/first"),
    ("location", "/second"),
    ("Set-Cookie", "csrf=1; Path=/"),
    ("Set-Cookie", "csrf=2; Path=/"),
    ("Set-Cookie", "other=3"),
    ("Set-Cookie", "\0"),
)
FOUND: dict[str, tuple[Capture, str | None]] = {
    "the first header": (Capture(header="LOCATION"), "/first"),
    "no header": (Capture(header="ETag"), None),
    "the last cookie": (Capture(cookie="csrf"), "2"),
    "no cookie": (Capture(cookie="CSRF"), None),
    "the first group": (Capture(regex='"(x)", (.)'), "x"),
    "no match": (Capture(regex="(z)"), None),
    "a group that took no part": (Capture(regex="(z)?x"), None),
    "text in JSON": (Capture(json="/a/0"), "x"),
    "a number in JSON": (Capture(json="/é"), "1.5"),
    "a null in JSON": (Capture(json="/a/1/d~0e"), "null"),
    "a slash in a name": (Capture(json="/a/1/b~1c"), "1"),
    "an empty name": (Capture(json="/"), "empty"),
    "a list in JSON": (Capture(json="/a/1"), '{"b/c": 1, "d~e": null}'),
    "beyond a list": (Capture(json="/a/2"), None),
    "below text": (Capture(json="/a/0/0"), None),
    "no such name": (Capture(json="/b"), None),
    "a name in a list": (Capture(json="/a/b"), None),
}


def response(body: bytes = BODY, headers: Headers = HEADERS) -> Response:
    return Response(200, "", headers, body)


@pytest.mark.parametrize(("capture", "value"), FOUND.values(), ids=FOUND)
def test_a_value_is_taken_from_where_it_stands(capture: Capture, value: str | None) -> None:
    """Each way of capturing finds its value as text, or none at all."""
    assert captured(capture, response()) == value


def test_the_whole_of_a_json_body_can_be_taken() -> None:
    """An empty pointer is the whole value."""
    assert captured(Capture(json=""), response(b"[1, 2]")) == "[1, 2]"


@pytest.mark.parametrize(
    "body", [b"", b"{", b"\xff", b"[" * 100_000], ids=["empty", "open", "bytes", "deep"]
)
def test_a_body_that_is_no_json_holds_nothing(body: bytes) -> None:
    """Capturing from a broken body finds nothing, and does not raise."""
    assert captured(Capture(json="/a"), response(body)) is None


def test_nothing_is_captured_where_nothing_was_answered() -> None:
    """Without a response there is no value."""
    assert captured(Capture(regex="(.*)"), None) is None


@pytest.mark.parametrize("pointer", ["/-1", "/01", "/+1", "/ 1"])
def test_a_position_is_a_plain_number(pointer: str) -> None:
    """A list is indexed by digits without a leading zero, and by nothing else (RFC 6901, 4)."""
    assert captured(Capture(json=pointer), Response(200, "", (), b"[1, 2]")) is None
