"""What the HTTP driver sends, to the byte."""

import pytest

from quart_parity.drivers import http1
from quart_parity.exchange import Exchange, Headers, RawRequest
from tests.hostile import BASE, Peer, asking, serving

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


def sent(request: RawRequest) -> bytes:
    """All that a server receives until the client is content with its answer and goes."""
    received = []

    def script(peer: Peer) -> None:
        received.append(peer.head())
        peer.send(OK)
        received.append(peer.body(1 << 30))

    with serving(script) as (driver, server):
        driver.send(request)
        driver.close()
        server.join()
    return b"".join(received)


def test_the_request_is_what_is_given() -> None:
    """Fields go out in order, with their case and bytes, and nothing is added."""
    headers = (("X-b", "1"), ("host", "a.example"), ("Cookie", "a=1"), ("Cookie", "b=é"))
    request = RawRequest("DELETE", "/a%20b?c=d&c=%C3%A9", headers, (), BASE)

    assert sent(request) == (
        b"DELETE /a%20b?c=d&c=%C3%A9 HTTP/1.1\r\n"
        b"X-b: 1\r\nhost: a.example\r\nCookie: a=1\r\nCookie: b=\xe9\r\n\r\n"
    )


def test_a_request_without_fields_is_sent_as_it_is() -> None:
    """Not even Host is added: what a server says to its absence can be asked."""
    assert sent(RawRequest("GET", "*", (), (), BASE)) == b"GET * HTTP/1.1\r\n\r\n"


def test_a_body_with_a_length_is_sent_as_it_is() -> None:
    """The pieces of a body with Content-Length follow one another."""
    request = asking("POST", headers=(("Content-Length", "5"),), chunks=(b"he", b"llo"))

    assert sent(request).endswith(b"Content-Length: 5\r\n\r\nhello")


def test_a_chunked_body_keeps_its_chunks() -> None:
    """Each piece is one chunk (RFC 9112, 7.1)."""
    headers = (("transfer-encoding", "chunked"),)
    request = asking("POST", headers=headers, chunks=(b"he", b"l" * 17))

    assert sent(request).endswith(b"\r\n\r\n2\r\nhe\r\n11\r\n" + b"l" * 17 + b"\r\n0\r\n\r\n")


def test_a_chunked_body_can_be_empty() -> None:
    """No piece is the last chunk alone."""
    request = asking("POST", headers=(("Transfer-Encoding", "chunked"),))

    assert sent(request).endswith(b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n")


def test_a_large_body_arrives_whole() -> None:
    """A body larger than all buffers goes out while the server reads."""
    size, received = 20_000_000, []

    def script(peer: Peer) -> None:
        peer.head()
        received.append(peer.body(size))
        peer.send(OK)

    request = asking(
        "PUT", headers=(("Content-Length", str(size)),), chunks=(b"0123456789" * 2_000_000,)
    )
    with serving(script) as (driver, _):
        exchange = driver.send(request)

    assert exchange.broken is None
    assert received == list(request.chunks)


EXPECTING: Headers = (("Content-Length", "5"), ("Expect", "100-Continue"))


def expecting(first: bytes, timeout: float = 10.0) -> tuple[Exchange, bytes]:
    """Sends *first* before the body can have come; what came of it, and the body."""
    received = []

    def script(peer: Peer) -> None:
        peer.head()
        peer.send(first)
        received.append(peer.body(5))
        peer.send(OK)

    with serving(script, timeout=timeout) as (driver, server):
        exchange = driver.send(asking("POST", headers=EXPECTING, chunks=(b"hello",)))
        driver.close()
        server.join()
    return exchange, received[0]


def test_a_body_waits_for_its_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """With Expect: 100-continue nothing of the body goes out before the server asks for it."""
    early = []

    def script(peer: Peer) -> None:
        peer.head()
        peer.socket.settimeout(0.05)
        try:
            early.append(peer.socket.recv(1))
        except TimeoutError:
            peer.socket.settimeout(10)
            peer.send(b"HTTP/1.1 103 Early Hints\r\n\r\n" + CONTINUE)
            peer.body(5)
            peer.send(OK)

    # Or it would send the body after a while, whatever it was told.
    monkeypatch.setattr(http1, "EXPECT_SECONDS", 60.0)
    with serving(script) as (driver, _):
        exchange = driver.send(asking("POST", headers=EXPECTING, chunks=(b"hello",)))

    assert early == []
    assert exchange.broken is None
    assert exchange.wire is not None
    assert [status for status, _ in exchange.wire.interim] == [103, 100]


def test_a_body_is_sent_when_the_server_asks() -> None:
    """100 Continue lets the body go."""
    exchange, body = expecting(CONTINUE)

    assert (exchange.broken, body) == (None, b"hello")


def test_a_body_is_sent_where_the_server_says_nothing() -> None:
    """A server that does not know Expect gets the body after a while (RFC 9110, 10.1.1)."""
    exchange, body = expecting(b"", timeout=0.4)

    assert (exchange.broken, body) == (None, b"hello")


def test_a_body_that_is_refused_is_not_sent() -> None:
    """A final answer instead of 100 Continue is the answer, and the connection is left."""
    refusal = b"HTTP/1.1 417 Expectation Failed\r\nContent-Length: 2\r\n\r\nno"
    exchange, body = expecting(refusal)

    assert (exchange.broken, body) == (None, b"")
    assert exchange.response is not None
    assert (exchange.response.status, exchange.response.body) == (417, b"no")
