"""What the HTTP driver sends and reads in HTTP/2."""

from collections.abc import Callable

import pytest
from h2.settings import SettingCodes
from hyperframe.frame import RstStreamFrame

from quart_parity.exchange import Exchange, RawRequest, parse_base
from tests.hostile import asking, serving
from tests.hostile_http2 import HTTP2Peer, Request, speaking


def answered(
    script: Callable[[HTTP2Peer, int], object], request: RawRequest | None = None
) -> Exchange:
    """What the driver makes of the answer that *script* gives on the stream that it gets."""

    def answer(peer: HTTP2Peer) -> None:
        script(peer, peer.request().stream)
        while peer.receive():
            pass

    with serving(speaking(answer), http2=True) as (driver, _):
        exchange = driver.send(request or asking())
    assert exchange.broken is None
    assert exchange.response is not None
    return exchange


def received(request: RawRequest) -> Request:
    """What a server gets of *request*."""
    requests = []

    def script(peer: HTTP2Peer) -> None:
        requests.append(peer.request())
        peer.head(requests[0].stream, end=True)
        peer.receive()

    with serving(speaking(script), http2=True) as (driver, _):
        exchange = driver.send(request)
    assert exchange.broken is None
    return requests[0]


def body_of(exchange: Exchange) -> bytes:
    return exchange.response.body if exchange.response else b""


def test_a_request_has_its_pseudo_fields() -> None:
    """Scheme and authority are the scenario's, names are in lower case, order and repeats stay."""
    base = parse_base("https://shop.example")
    headers = (("X-B", "é"), ("Host", "a.example"), ("Cookie", "a=1"), ("Cookie", "b=2"))
    request = received(RawRequest("DELETE", "/a%20b?c=d", headers, (), base))

    assert request.fields == [
        (":method", "DELETE"),
        (":scheme", "https"),
        (":authority", "a.example"),
        (":path", "/a%20b?c=d"),
        ("x-b", "é"),
        ("cookie", "a=1"),
        ("cookie", "b=2"),
    ]


def test_fields_of_the_connection_are_left_out() -> None:
    """HTTP/2 has none of them, nor what Connection names (RFC 9113, 8.2.2)."""
    headers = (
        ("Connection", "keep-alive, X-Hop"),
        ("Keep-Alive", "5"),
        ("X-Hop", "1"),
        ("Transfer-Encoding", "chunked"),
        ("Upgrade", "x"),
        ("Accept", "*/*"),
    )
    request = received(asking("POST", headers=headers, chunks=(b"he", b"llo")))

    assert request.fields[4:] == [("accept", "*/*")]
    assert request.body == b"hello"


def test_a_request_without_host_has_no_authority() -> None:
    """Nothing is made up for a request that lacks what it should have."""
    base = parse_base("http://shop.example")

    assert received(RawRequest("GET", "/", (), (), base)).fields == [
        (":method", "GET"),
        (":scheme", "http"),
        (":path", "/"),
    ]


def test_an_answer_is_read_with_its_fields() -> None:
    """Values keep their bytes, repeats stay, and there is no reason phrase."""
    fields = [("set-cookie", "a=1"), ("x-b", "é"), ("set-cookie", "b=2"), ("cookie", "x")]

    def script(peer: HTTP2Peer, stream: int) -> None:
        peer.head(stream, *fields, ("cookie", "y"), status=299)
        peer.data(stream, b"hello")

    exchange = answered(script)

    assert exchange.response is not None
    assert exchange.response.status == 299
    assert exchange.response.reason == ""
    assert exchange.response.headers == (*fields, ("cookie", "y"))
    assert exchange.response.body == b"hello"
    assert exchange.wire is not None
    assert exchange.wire.version == "2"


def test_interim_responses_and_trailers_are_kept_apart() -> None:
    """What comes before and after the response is told beside it."""

    def script(peer: HTTP2Peer, stream: int) -> None:
        peer.head(stream, ("link", "</a>"), status=103)
        peer.head(stream)
        peer.data(stream, b"hello", end=False)
        peer.head(stream, ("x-sum", "5"), status=0, end=True)

    wire = answered(script).wire

    assert wire is not None
    assert wire.interim == ((103, (("link", "</a>"),)),)
    assert wire.trailers == (("x-sum", "5"),)


@pytest.mark.parametrize(("method", "status"), [("HEAD", 200), ("GET", 204), ("GET", 200)])
def test_a_head_can_end_its_stream(method: str, status: int) -> None:
    """Where the head ends the stream there is no body, whatever length it tells."""
    length = [("content-length", "5")] if method == "HEAD" else []
    exchange = answered(
        lambda peer, stream: peer.head(stream, *length, status=status, end=True), asking(method)
    )

    assert body_of(exchange) == b""


def test_padding_is_no_body() -> None:
    """What a server pads its frames with is taken off."""

    def script(peer: HTTP2Peer, stream: int) -> None:
        peer.head(stream, ("content-length", "5"))
        peer.data(stream, b"he", end=False, padding=200)
        peer.data(stream, b"llo", padding=0)

    assert body_of(answered(script)) == b"hello"


def test_a_body_of_100_mb_is_an_ordinary_answer() -> None:
    """A large body comes whole, as the windows are opened again."""
    body = b"0123456789" * 10_000_000

    def script(peer: HTTP2Peer, stream: int) -> None:
        peer.head(stream)
        peer.data(stream, body)

    assert body_of(answered(script)) == body


def test_a_large_body_is_sent_as_the_server_has_room() -> None:
    """The server's windows are kept to, also where it begins with a small one."""
    body = b"0123456789" * 50_000
    bodies = []

    def script(peer: HTTP2Peer) -> None:
        request = peer.request()
        bodies.append(request.body)
        peer.head(request.stream, end=True)
        peer.receive()

    request = asking("POST", headers=(("Content-Length", str(len(body))),), chunks=(body,))
    with serving(speaking(script, window=1000), http2=True) as (driver, _):
        exchange = driver.send(request)

    assert exchange.broken is None
    assert bodies == [body]


def test_pings_and_settings_are_answered_meanwhile() -> None:
    """A server that waits for its ping before it answers is not waited for in vain."""

    def script(peer: HTTP2Peer, stream: int) -> None:
        peer.h2.ping(b"12345678")
        peer.h2.update_settings({SettingCodes.MAX_CONCURRENT_STREAMS: 7})
        peer.flush()
        while not peer.pings:
            peer.receive()
        peer.head(stream, end=True)

    assert answered(script).response


def test_streams_follow_one_another_on_one_connection() -> None:
    """The connection is kept as long as the server keeps it."""

    def script(peer: HTTP2Peer) -> None:
        for _ in range(3):
            stream = peer.request().stream
            peer.head(stream)
            peer.data(stream, b"%d" % stream)

    with serving(speaking(script), http2=True) as (driver, server):
        driver.reach()
        bodies = [body_of(driver.send(asking())) for _ in range(3)]

    assert bodies == [b"1", b"3", b"5"]
    assert server.connections == 1


def test_http_2_over_tls_is_agreed_on() -> None:
    """Over TLS the protocol is chosen in the handshake (RFC 9113, 3.2)."""

    def script(peer: HTTP2Peer) -> None:
        for _ in range(2):
            stream = peer.request().stream
            peer.head(stream)
            peer.data(stream, b"hello")

    with serving(speaking(script), http2=True, tls="server") as (driver, server):
        exchanges = [driver.send(asking()) for _ in range(2)]

    assert [exchange.broken for exchange in exchanges] == [None, None]
    assert [body_of(exchange) for exchange in exchanges] == [b"hello", b"hello"]
    assert server.connections == 1


def test_a_body_waits_for_its_server() -> None:
    """With Expect: 100-continue the body follows what the server says."""
    early = []

    def script(peer: HTTP2Peer) -> None:
        request = peer.request(complete=False)
        early.append(bytes(request.body))
        peer.head(request.stream, status=100)
        while not request.complete:
            peer.receive()
        peer.head(request.stream)
        peer.data(request.stream, bytes(request.body))
        peer.receive()

    headers = (("Content-Length", "5"), ("Expect", "100-continue"))
    with serving(speaking(script), http2=True) as (driver, _):
        exchange = driver.send(asking("POST", headers=headers, chunks=(b"hello",)))

    assert early == [b""]
    assert exchange.broken is None
    assert body_of(exchange) == b"hello"


def test_an_answer_before_the_end_of_the_body_is_read() -> None:
    """A server may answer, and say that it wants no more, before it has all (RFC 9113, 8.1)."""

    def script(peer: HTTP2Peer) -> None:
        stream = peer.request(complete=False).stream
        peer.head(stream, status=413)
        peer.data(stream, b"no!")
        peer.frame(RstStreamFrame(stream, error_code=0))

    large = b"x" * 10_000_000
    headers = (("Content-Length", str(len(large))),)
    with serving(speaking(script), http2=True) as (driver, server):
        exchange = driver.send(asking("POST", headers=headers, chunks=(large,)))
        driver.send(asking())

    assert exchange.broken is None
    assert body_of(exchange) == b"no!"
    assert server.connections == 2


def test_a_connection_with_an_unsent_body_is_not_kept() -> None:
    """What is left of a body would still be waited for on its stream."""

    def early(peer: HTTP2Peer) -> None:
        peer.head(peer.request(complete=False).stream, status=413, end=True)
        while peer.receive():
            pass

    def script(peer: HTTP2Peer) -> None:
        peer.head(peer.request().stream, end=True)

    large = b"x" * 1_000_000
    headers = (("Content-Length", str(len(large))),)
    with serving(speaking(early, window=1000), speaking(script), http2=True) as (driver, server):
        first = driver.send(asking("POST", headers=headers, chunks=(large,)))
        second = driver.send(asking())

    assert (first.broken, second.broken) == (None, None)
    assert server.connections == 2
