"""Calling a WSGI application as strictly as a server does (PEP 3333)."""

import sys
from collections.abc import Iterable, Iterator
from typing import Any

import pytest

from tests.builders import Message, Pairs, raw_request, send_wsgi, wsgi


class Body:
    """An iterable that remembers what is done with it."""

    def __init__(self, *pieces: Any) -> None:
        self.pieces = pieces
        self.done: list[str] = []

    def __iter__(self) -> Iterator[bytes]:
        self.done.append("iterated")
        for piece in self.pieces:
            if isinstance(piece, Exception):
                raise piece
            yield piece

    def close(self) -> None:
        self.done.append("closed")


def test_an_answer_is_read_as_it_was_given() -> None:
    """Status, reason, repeated headers and all pieces are in the exchange."""
    headers = [("X-A", "1"), ("x-a", "é")]
    response = send_wsgi(wsgi("404 Gone Fishing", headers, [b"a", b"", b"b"])).response

    assert response is not None
    assert (response.status, response.reason, response.body) == (404, "Gone Fishing", b"ab")
    assert response.headers == (("X-A", "1"), ("x-a", "é"))


@pytest.mark.parametrize("body", [[b"x"], (b"x",), iter([b"x"]), b"x".splitlines()])
def test_a_body_may_be_any_iterable(body: Iterable[bytes]) -> None:
    """Lists, tuples and iterators are read alike."""
    exchange = send_wsgi(wsgi(body=body))

    assert exchange.response is not None
    assert exchange.response.body == b"x"
    assert exchange.broken is None


VIOLATIONS: dict[str, tuple[dict[str, Any], str]] = {
    "text in the body": ({"body": ["x"]}, "a piece of the body is str, not bytes"),
    "a bytearray in the body": ({"body": [bytearray(b"x")]}, "is bytearray, not bytes"),
    "bytes as the body": ({"body": b"x"}, "a piece of the body is int, not bytes"),
    "a status without a number": ({"status": "OK"}, "status"),
    "a status of two digits": ({"status": "20 OK"}, "status"),
    "a status of four digits": ({"status": "2000 OK"}, "status"),
    "a status without digits": ({"status": " OK"}, "status"),
    "a number as the status": ({"status": 200}, "200"),
    "bytes as the status": ({"status": b"200 OK"}, "b'200 OK'"),
    "a line break in a header": (
        {"headers": [("X", "a\r\nY: b")]},
        r"'a\r\nY: b' holds a line break",
    ),
    "a null in a header": ({"headers": [("X", "\0")]}, "or a null"),
    "a line break in a name": ({"headers": [("X\r\nY", "a")]}, r"'X\r\nY'"),
    "a space in a name": ({"headers": [("X Y", "a")]}, "'X Y'"),
    "an empty name": ({"headers": [("", "a")]}, "''"),
    "a header beyond latin-1": ({"headers": [("X", "☃")]}, "no bytes in latin-1"),
    "a number in a header": ({"headers": [("X", 1)]}, "1"),
    "bytes in a header": ({"headers": [(b"X", b"a")]}, "b'X'"),
    "a header of one": ({"headers": [("X",)]}, "('X',)"),
}


@pytest.mark.parametrize(("given", "why"), VIOLATIONS.values(), ids=VIOLATIONS)
def test_a_violation_breaks_the_exchange(given: dict[str, Any], why: str) -> None:
    """What a server would refuse is told as such, and raises nowhere else."""
    exchange = send_wsgi(wsgi(**given))

    assert why in str(exchange.broken)
    assert exchange.raised is None


def test_an_application_that_never_starts_is_broken() -> None:
    """Returning without start_response is a violation."""
    exchange = send_wsgi(lambda environ, start_response: [])

    assert exchange.broken == "start_response was never called"
    assert exchange.response is None


def test_a_body_before_its_start_is_broken() -> None:
    """The first piece needs the headers before it."""
    exchange = send_wsgi(lambda environ, start_response: [b"x"])

    assert "before start_response" in str(exchange.broken)


def test_a_generator_may_start_with_its_first_piece() -> None:
    """An application may call start_response when it is first iterated."""

    def app(environ: Message, start_response: Any) -> Iterator[bytes]:
        start_response("201 Created", [])
        yield b"late"

    response = send_wsgi(app).response

    assert response is not None
    assert (response.status, response.body) == (201, b"late")


def test_what_is_written_comes_before_what_is_returned() -> None:
    """The old write() sends at once, and is as strict as the iteration."""

    def app(environ: Message, start_response: Any) -> list[bytes]:
        write = start_response("200 OK", [])
        write(b"first ")
        return [b"second"]

    response = send_wsgi(app).response

    assert response is not None
    assert response.body == b"first second"


def test_writing_text_is_a_violation() -> None:
    """write() takes bytes only."""

    def app(environ: Message, start_response: Any) -> list[bytes]:
        start_response("200 OK", [])("text")
        return []

    assert "str, not bytes" in str(send_wsgi(app).broken)


def twice(first: bytes, exc_info: bool) -> Any:
    """An application that fails after *first*, and answers anew."""

    def app(environ: Message, start_response: Any) -> list[bytes]:
        write = start_response("200 OK", [("X", "first")])
        if first:
            write(first)
        try:
            raise LookupError("gone")
        except LookupError:
            start_response("500 Sorry", [("X", "second")], sys.exc_info() if exc_info else None)
        return [b"sorry"]

    return app


def test_with_exc_info_an_answer_that_was_not_begun_is_replaced() -> None:
    """Before the first byte, the headers of an error take the place of the old ones."""
    response = send_wsgi(twice(b"", True)).response

    assert response is not None
    assert (response.status, response.headers, response.body) == (500, (("X", "second"),), b"sorry")


def test_with_exc_info_an_answer_that_was_begun_raises() -> None:
    """After the first byte, start_response raises the exception again, and the body breaks off."""
    exchange = send_wsgi(twice(b"begun", True))

    assert exchange.raised is not None
    assert (exchange.raised.type, exchange.raised.text) == ("LookupError", "gone")
    assert exchange.response is not None
    assert (exchange.response.status, exchange.response.body) == (200, b"begun")


def test_starting_twice_without_exc_info_fails() -> None:
    """A second start_response is an error in the application."""
    raised = send_wsgi(twice(b"", False)).raised

    assert raised is not None
    assert raised.type == "AssertionError"


def test_a_body_is_closed_when_it_is_read() -> None:
    """close() is called once, after the iteration."""
    body = Body(b"a", b"b")
    send_wsgi(wsgi(body=body))

    assert body.done == ["iterated", "closed"]


@pytest.mark.parametrize("piece", [LookupError("broke"), "text"], ids=["raising", "violating"])
def test_a_body_is_closed_when_it_breaks(piece: Any) -> None:
    """close() is called also where reading ends early."""
    body = Body(b"a", piece)
    send_wsgi(wsgi(body=body))

    assert body.done == ["iterated", "closed"]


def test_the_body_is_read_from_the_input() -> None:
    """All pieces are there to be read, to the end that the server marks."""

    def app(environ: Message, start_response: Any) -> list[bytes]:
        headers: Pairs = [("X-Terminated", str(environ.get("wsgi.input_terminated")))]
        start_response("200 OK", headers)
        return [environ["wsgi.input"].read()]

    request = raw_request("POST", headers=[("Transfer-Encoding", "chunked")], chunks=[b"ab", b"c"])
    response = send_wsgi(app, request).response

    assert response is not None
    assert (response.body, response.headers) == (b"abc", (("X-Terminated", "True"),))


def test_an_error_in_close_does_not_take_the_answer_back() -> None:
    """Once an empty body has ended a server has sent its headers, whatever closing raises."""

    class Closing(Body):
        def close(self) -> None:
            raise LookupError("closing")

    exchange = send_wsgi(wsgi("204 NO CONTENT", body=Closing()))

    assert exchange.response is not None
    assert exchange.response.status == 204
    assert exchange.raised is not None
    assert exchange.raised.type == "LookupError"
