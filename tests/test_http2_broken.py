"""What the HTTP driver says of an answer in HTTP/2 that breaks off or breaks its rules."""

from collections.abc import Callable
from time import perf_counter

import pytest
from hpack import Encoder
from hyperframe.frame import (
    ContinuationFrame,
    DataFrame,
    Frame,
    GoAwayFrame,
    HeadersFrame,
    PingFrame,
    RstStreamFrame,
)

from quart_parity.drivers import answers
from quart_parity.errors import StartError
from quart_parity.exchange import Exchange
from tests.hostile import Peer, Script, answering, asking, serving
from tests.hostile_http2 import HTTP2Peer, speaking


def fields_frame(stream: int, *fields: tuple[str, str], end: bool = False) -> HeadersFrame:
    """A frame of fields that h2 itself might not send."""
    flags = ["END_HEADERS", "END_STREAM"] if end else ["END_HEADERS"]
    return HeadersFrame(stream, Encoder().encode(fields), flags=flags)


def data_frame(stream: int, data: bytes, end: bool = True) -> DataFrame:
    return DataFrame(stream, data, flags=["END_STREAM"] if end else [])


def frames(*make: Callable[[int], Frame]) -> Script:
    """Answers with these frames, made for the stream that asks, then waits or closes."""

    def script(peer: HTTP2Peer) -> None:
        stream = peer.request().stream
        for each in make:
            peer.frame(each(stream))

    return speaking(script)


def answer_to(script: Script, method: str = "GET", timeout: float = 10.0) -> Exchange:
    with serving(script, http2=True, timeout=timeout) as (driver, _):
        return driver.send(asking(method))


def body_of(exchange: Exchange) -> bytes | None:
    return exchange.response.body if exchange.response else None


def ok(*fields: tuple[str, str], end: bool = False) -> Callable[[int], Frame]:
    return lambda stream: fields_frame(stream, (":status", "200"), *fields, end=end)


LENGTH = ("content-length", "10")
HELLO = b"hello"
VIOLATION = "the answer violates HTTP/2 (PROTOCOL_ERROR)"


def goaway(code: int, last: int | None = None) -> Callable[[int], Frame]:
    return lambda stream: GoAwayFrame(0, stream if last is None else last, code)


BROKEN = {
    "closed-before-an-answer": ((), "the connection was closed before an answer", None),
    "closed-after-interim": (
        (lambda stream: fields_frame(stream, (":status", "103")),),
        "the connection was closed after interim responses only",
        None,
    ),
    "closed-in-the-body": (
        (ok(LENGTH), lambda stream: data_frame(stream, HELLO, end=False)),
        "the answer broke off: the connection ended after 5 bytes of the body",
        HELLO,
    ),
    "reset-before-an-answer": (
        (lambda stream: RstStreamFrame(stream, error_code=2),),
        "the server reset the stream (INTERNAL_ERROR)",
        None,
    ),
    "reset-in-the-body": (
        (
            ok(),
            lambda stream: data_frame(stream, HELLO, end=False),
            lambda stream: RstStreamFrame(stream, error_code=0),
        ),
        "the answer broke off: the server reset the stream (NO_ERROR)",
        HELLO,
    ),
    "reset-for-a-reason-of-its-own": (
        (lambda stream: RstStreamFrame(stream, error_code=99),),
        "the server reset the stream (error 99)",
        None,
    ),
    "turned-away": (
        (goaway(0, last=0),),
        "the server turned the request away (GOAWAY: NO_ERROR)",
        None,
    ),
    "gone-away-before-an-answer": (
        (goaway(2),),
        "the connection was closed before an answer (GOAWAY: INTERNAL_ERROR)",
        None,
    ),
    "gone-away-in-the-body": (
        (ok(), lambda stream: data_frame(stream, HELLO, end=False), goaway(11)),
        "the answer broke off: the connection ended after 5 bytes of the body"
        " (GOAWAY: ENHANCE_YOUR_CALM)",
        HELLO,
    ),
    "too-short": (
        (ok(LENGTH), lambda stream: data_frame(stream, HELLO)),
        "the body ended after 5 of 10 bytes",
        b"",
    ),
    "too-long": (
        (ok(LENGTH), lambda stream: data_frame(stream, HELLO * 3)),
        "the body has more than the 10 bytes that Content-Length tells",
        b"",
    ),
    "two-lengths": ((ok(LENGTH, ("content-length", "9")),), VIOLATION, None),
    "no-status": ((lambda stream: fields_frame(stream, ("x", "y")),), VIOLATION, None),
    "a-status-in-words": (
        (lambda stream: fields_frame(stream, (":status", "ok")),),
        "the status is 'ok'",
        None,
    ),
    "upper-case": ((ok(("X-Upper", "1")),), VIOLATION, None),
    "a-field-of-the-connection": ((ok(("transfer-encoding", "chunked")),), VIOLATION, None),
    "a-line-break": ((ok(("x", "a\nb")),), VIOLATION, None),
    "data-first": ((lambda stream: data_frame(stream, HELLO),), VIOLATION, None),
    "a-broken-block": (
        (lambda stream: HeadersFrame(stream, b"\xff\xff\xff", flags=["END_HEADERS"]),),
        VIOLATION,
        None,
    ),
    "a-frame-too-large": (
        (ok(), lambda stream: data_frame(stream, b"x" * 20_000)),
        "the answer violates HTTP/2 (FRAME_SIZE_ERROR)",
        b"",
    ),
    "a-ping-too-small": (
        (ok(), lambda stream: _Short(0, b"x")),
        "the answer violates HTTP/2 (FRAME_SIZE_ERROR)",
        b"",
    ),
}


class _Short(PingFrame):
    def serialize_body(self) -> bytes:
        return b"short"


@pytest.mark.parametrize("name", BROKEN)
def test_an_answer_that_breaks_its_rules_is_told(name: str) -> None:
    """The sentence names what happened, and the response holds what had come."""
    made, broken, body = BROKEN[name]
    exchange = answer_to(frames(*made))

    assert (exchange.broken, body_of(exchange)) == (broken, body)


@pytest.mark.parametrize(("method", "status"), [("HEAD", "200"), ("GET", "204"), ("GET", "304")])
def test_a_body_where_none_may_be_is_broken(method: str, status: str) -> None:
    """The sentence is the one of HTTP/1.1, and the response has no body."""
    script = frames(
        lambda stream: fields_frame(stream, (":status", status)),
        lambda stream: data_frame(stream, HELLO),
    )
    exchange = answer_to(script, method)

    assert exchange.broken == "5 bytes follow a response that has no body"
    assert body_of(exchange) == b""


def with_long_field(size: int) -> Script:
    """Answers with a field of *size* bytes, in as many frames as it takes."""

    def script(peer: HTTP2Peer) -> None:
        stream = peer.request().stream
        block = Encoder().encode([(":status", "200"), ("x-long", "x" * size)], huffman=False)
        pieces = [block[start : start + 16_000] for start in range(0, len(block), 16_000)]
        peer.frame(HeadersFrame(stream, pieces[0], flags=["END_STREAM"]))
        for piece in pieces[1:]:
            flags = ["END_HEADERS"] if piece is pieces[-1] else []
            peer.frame(ContinuationFrame(stream, piece, flags=flags))
        peer.receive()

    return speaking(script)


@pytest.mark.parametrize("size", [300_000, 1_000_000])
def test_a_head_over_the_limit_is_broken(size: int) -> None:
    """A header of 1 MB is not taken in."""
    assert answer_to(with_long_field(size)).broken == "the head is longer than 256 KiB"


def test_a_header_of_200_kb_is_an_ordinary_answer() -> None:
    """What is within the limit comes whole, though it takes many frames."""
    exchange = answer_to(with_long_field(200_000))

    assert exchange.broken is None
    assert exchange.response is not None
    assert exchange.response.headers == (("x-long", "x" * 200_000),)


def test_too_many_interim_responses_are_broken() -> None:
    """No server keeps the driver with what is no answer."""

    def script(peer: HTTP2Peer) -> None:
        stream = peer.request().stream
        for _ in range(70):
            peer.head(stream, status=103)

    assert answer_to(speaking(script)).broken == "more than 64 interim responses came"


def hanging(*made: Callable[[int], Frame]) -> Script:
    def script(peer: HTTP2Peer) -> None:
        stream = peer.request().stream
        for each in made:
            peer.frame(each(stream))
        while peer.receive():
            pass

    return speaking(script)


def pinging(peer: HTTP2Peer) -> None:
    peer.request()
    peer.peer.flood(PingFrame(0, b"12345678").serialize())


@pytest.mark.parametrize(
    ("script", "body"),
    [
        (hanging(), None),
        (hanging(ok(), lambda stream: data_frame(stream, HELLO, end=False)), HELLO),
        (speaking(pinging), None),
    ],
)
def test_a_server_that_takes_too_long_is_left(script: Script, body: bytes | None) -> None:
    """The exchange ends with its time limit, whatever else the server has to say."""
    began = perf_counter()
    exchange = answer_to(script, timeout=0.2)
    seconds = perf_counter() - began

    assert (exchange.broken, body_of(exchange)) == ("no answer within 0.2 s", body)
    assert seconds < 5


def test_a_server_that_pings_without_end_is_left() -> None:
    """What a server sends between two requests wins no time either."""

    def script(peer: HTTP2Peer) -> None:
        peer.head(peer.request().stream, end=True)
        peer.peer.flood(PingFrame(0, b"12345678").serialize() * 100)

    with serving(speaking(script), http2=True, timeout=0.2) as (driver, _):
        first = driver.send(asking())
        began = perf_counter()
        second = driver.send(asking())
        seconds = perf_counter() - began

    assert (first.broken, second.broken) == (None, "no answer within 0.2 s")
    assert seconds < 5


def test_an_endless_stream_ends_at_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """A body without an end is kept up to the limit, to the byte."""
    monkeypatch.setattr(answers, "BODY_LIMIT", 3 * 1024 * 1024)

    def script(peer: HTTP2Peer) -> None:
        stream = peer.request().stream
        peer.head(stream)
        while True:
            peer.data(stream, b"x" * 1_000_003, end=False)

    exchange = answer_to(speaking(script))

    assert exchange.broken == "the body is longer than 3 MiB"
    assert len(body_of(exchange) or b"") == 3 * 1024 * 1024


def reached(script: Script, tls: str = "") -> str:
    """Why a server of HTTP/2 cannot be reached."""
    with serving(script, http2=True, tls=tls) as (driver, server):
        exchange = driver.send(asking())
        with pytest.raises(StartError) as error:
            driver.reach()
    assert str(error.value) == f"{server.address} cannot be reached: {exchange.broken}"
    return exchange.broken or ""


def refusing(peer: Peer) -> None:
    peer.head()
    peer.send(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")


def test_a_server_of_http_1_is_told() -> None:
    """What does not begin with settings is no HTTP/2 (RFC 9113, 3.4)."""
    assert reached(refusing) == "what came is no answer in HTTP/2"


def test_a_server_that_leaves_at_once_is_told() -> None:
    """The end instead of settings is told as such."""
    assert reached(lambda peer: peer.head()) == "the connection was closed before HTTP/2 began"


def test_a_server_of_http_1_over_tls_is_told() -> None:
    """A server that does not agree on HTTP/2 in the handshake is not spoken to."""

    with serving(answering(), http2=True, tls="server") as (driver, server):
        assert server.context is not None
        server.context.set_alpn_protocols(["http/1.1"])
        exchange = driver.send(asking())

    assert exchange.broken == "it does not offer HTTP/2"


def once(*after: Callable[[int], Frame]) -> Script:
    """Answers one request, then sends these frames; the next one is not answered."""

    def script(peer: HTTP2Peer) -> None:
        stream = peer.request().stream
        peer.head(stream, end=True)
        for each in after:
            peer.frame(each(stream))
        while peer.receive():
            pass

    return speaking(script)


def always(peer: HTTP2Peer) -> None:
    while True:
        peer.head(peer.request().stream, end=True)


def test_after_goaway_comes_a_new_connection() -> None:
    """A connection whose end was announced takes no further request, not even a POST."""
    with serving(once(goaway(0)), speaking(always), http2=True) as (driver, server):
        exchanges = [driver.send(asking("POST")) for _ in range(3)]

    assert [exchange.broken for exchange in exchanges] == [None] * 3
    assert server.connections == 2


def test_a_request_that_was_turned_away_is_sent_again() -> None:
    """A kept connection may end while the request is under way (RFC 9113, 6.8)."""

    def script(peer: HTTP2Peer) -> None:
        first = peer.request().stream
        peer.head(first, end=True)
        peer.request()
        peer.frame(GoAwayFrame(0, first))

    with serving(speaking(script), speaking(always), http2=True) as (driver, server):
        exchanges = [driver.send(asking("POST")) for _ in range(2)]

    assert [exchange.broken for exchange in exchanges] == [None] * 2
    assert server.connections == 2


def test_an_answer_after_goaway_is_read() -> None:
    """The streams that the server names are still answered."""
    made = (goaway(0), ok(), lambda stream: data_frame(stream, HELLO))
    exchange = answer_to(frames(*made))

    assert (exchange.broken, body_of(exchange)) == (None, HELLO)


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_connection_that_was_closed_is_replaced(method: str) -> None:
    """A server that closes between two requests breaks nothing."""

    def script(peer: HTTP2Peer) -> None:
        peer.head(peer.request().stream, end=True)

    with serving(speaking(script), speaking(always), http2=True) as (driver, server):
        first = driver.send(asking(method))
        server.join()
        second = driver.send(asking(method))

    assert (first.broken, second.broken) == (None, None)
    assert server.connections == 2
