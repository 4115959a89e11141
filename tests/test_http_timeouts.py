"""The HTTP driver never waits longer than it may, whatever a server does."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from time import perf_counter

import pytest

from quart_parity.addresses import Address
from quart_parity.drivers.http import HTTPDriver
from quart_parity.errors import StartError
from quart_parity.exchange import Exchange, RawRequest
from tests.hostile import CERTIFICATES, Peer, Script, asking, serving

TIMEOUT = 0.2
NO_ANSWER = "no answer within 0.2 s"
OK = b"HTTP/1.1 200 OK\r\n"


def timed(script: Script, request: RawRequest | None = None) -> tuple[Exchange, float]:
    with serving(script, timeout=TIMEOUT) as (driver, _):
        began = perf_counter()
        exchange = driver.send(request or asking())
        return exchange, perf_counter() - began


def after(sent: bytes) -> Script:
    def script(peer: Peer) -> None:
        peer.head()
        peer.send(sent)
        peer.hang()

    return script


def dripping(sent: bytes) -> Script:
    def script(peer: Peer) -> None:
        peer.head()
        peer.drip(sent)

    return script


def flooding(first: bytes, data: bytes) -> Script:
    def script(peer: Peer) -> None:
        peer.head()
        peer.send(first)
        peer.flood(data)

    return script


SLOW = {
    "hangs-at-once": (after(b""), None),
    "hangs-in-the-head": (after(OK + b"Server: x\r\n"), None),
    "hangs-after-interim": (after(b"HTTP/1.1 100 Continue\r\n\r\n"), None),
    "hangs-in-the-body": (after(OK + b"Content-Length: 10\r\n\r\nhello"), b"hello"),
    "hangs-in-a-chunk": (after(OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhe"), b"he"),
    "hangs-before-the-last-chunk": (
        after(OK + b"Transfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n"),
        b"he",
    ),
    "hangs-in-the-trailers": (after(OK + b"Transfer-Encoding: chunked\r\n\r\n0\r\nX: y\r\n"), b""),
    "never-ends": (after(OK + b"\r\nhello"), b"hello"),
    "drips-a-head": (dripping(OK + b"X: " + b"y" * 1000), None),
    "drips-interim": (dripping(b"HTTP/1.1 103 Hints\r\n\r\n" * 60), None),
    "drips-chunk-lines": (
        dripping(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;" + b"x" * 1000),
        None,
    ),
}


@pytest.mark.parametrize("name", SLOW)
def test_a_server_that_takes_too_long_is_left(name: str) -> None:
    """The exchange ends with its time limit, and holds what of the body had come."""
    script, body = SLOW[name]
    exchange, seconds = timed(script)

    assert exchange.broken == NO_ANSWER
    assert TIMEOUT - 0.01 < seconds < TIMEOUT + 5
    if body is not None:
        assert exchange.response is not None
        assert exchange.response.body == body


def test_a_body_that_drips_is_kept_as_far_as_it_came() -> None:
    """One byte after the other does not win more time."""
    exchange, seconds = timed(dripping(OK + b"\r\n" + b"x" * 1000))

    assert exchange.broken == NO_ANSWER
    assert TIMEOUT - 0.01 < seconds < TIMEOUT + 5
    assert exchange.response is None or 0 < len(exchange.response.body) < 100


def test_chunks_of_one_byte_do_not_win_time() -> None:
    """A flood of tiny chunks ends with the time limit, or earlier at the limit of the body."""
    first = OK + b"Transfer-Encoding: chunked\r\n\r\n"
    exchange, seconds = timed(flooding(first, b"1\r\nx\r\n" * 10_000))

    assert exchange.broken == NO_ANSWER
    assert seconds < TIMEOUT + 5


def unread(peer: Peer) -> None:
    peer.head()
    peer.wait()


def test_a_request_that_nobody_reads_is_left() -> None:
    """A server that takes nothing of a large body gets no more time than another."""
    request = asking("POST", headers=(("Content-Length", "50000000"),), chunks=(b"x" * 50_000_000,))
    exchange, seconds = timed(unread, request)

    assert exchange.broken == NO_ANSWER
    assert TIMEOUT - 0.01 < seconds < TIMEOUT + 5


def test_a_server_that_sends_and_never_reads_is_left() -> None:
    """An endless answer while the request is still under way ends with the time limit."""

    def script(peer: Peer) -> None:
        peer.head()
        peer.send(OK + b"\r\n")
        peer.drip(b"x" * 1000)

    request = asking("POST", headers=(("Content-Length", "50000000"),), chunks=(b"x" * 50_000_000,))
    exchange, seconds = timed(script, request)

    assert exchange.broken == NO_ANSWER
    assert TIMEOUT - 0.01 < seconds < TIMEOUT + 5


@pytest.fixture
def silent() -> Iterator[HTTPDriver]:
    """A driver that waits for a handshake in TLS which never comes."""
    with serving(lambda peer: peer.hang()) as (_, server):
        address = replace(server.address, scheme="https")
        driver = HTTPDriver(address, TIMEOUT, CERTIFICATES / "authority.pem")
        yield driver
        driver.close()


def test_a_handshake_that_hangs_is_left(silent: HTTPDriver) -> None:
    """The handshake is part of the time that an answer has."""
    assert silent.send(asking()).broken == NO_ANSWER


def test_reach_says_that_nothing_answered_in_time(silent: HTTPDriver) -> None:
    """A server that never shakes hands is an error with its address and the time."""
    with pytest.raises(StartError) as error:
        silent.reach()

    assert str(error.value) == f"{silent.address} cannot be reached: {NO_ANSWER}"


def test_a_connection_that_is_never_taken_is_left() -> None:
    """Connecting is part of the time that an answer has."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listener, ExitStack() as waiting:
        for _ in range(4):
            other = waiting.enter_context(socket.socket())
            other.setblocking(False)
            other.connect_ex(listener.getsockname())
        driver = HTTPDriver(Address("http", "127.0.0.1", listener.getsockname()[1]), TIMEOUT)
        began = perf_counter()
        exchange = driver.send(asking())
        seconds = perf_counter() - began

    assert exchange.broken == NO_ANSWER
    assert TIMEOUT - 0.01 < seconds < TIMEOUT + 5


def test_the_next_request_has_a_time_of_its_own() -> None:
    """A request after one that timed out goes over a new connection, with all of its time."""

    def answer(peer: Peer) -> None:
        peer.head()
        peer.send(OK + b"Content-Length: 2\r\n\r\nhi")

    with serving(after(b""), answer, timeout=TIMEOUT) as (driver, server):
        first, second = driver.send(asking()), driver.send(asking())

    assert (first.broken, second.broken) == (NO_ANSWER, None)
    assert server.connections == 2
