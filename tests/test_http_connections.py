"""When the HTTP driver keeps a connection, and what it sends over it."""

import socket
from time import perf_counter

import pytest

from quart_parity.addresses import Address
from quart_parity.drivers import http1
from quart_parity.drivers.http import HTTPDriver
from quart_parity.errors import StartError
from quart_parity.exchange import Headers
from tests.hostile import PATIENCE, Peer, answering, asking, serving

OK = b"HTTP/1.1 200 OK\r\n"
HELLO = OK + b"Content-Length: 5\r\n\r\nhello"
LARGE = 50_000_000


def connections(answer: bytes, method: str = "GET", headers: Headers = ()) -> int:
    """How many connections two requests take to a server that would keep each."""

    def script(peer: Peer) -> None:
        while peer.head():
            peer.send(answer)
            if b"Content-Length" not in answer:
                return

    with serving(script) as (driver, server):
        exchanges = [driver.send(asking(method, headers=headers)) for _ in range(2)]

    assert [exchange.broken for exchange in exchanges] == [None, None]
    return server.connections


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (HELLO, 1),
        (OK + b"Connection: close\r\nContent-Length: 2\r\n\r\nhi", 2),
        (OK + b"Connection: x, Close\r\nContent-Length: 2\r\n\r\nhi", 2),
        (b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nhi", 2),
        (b"HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\nContent-Length: 2\r\n\r\nhi", 1),
        (OK + b"\r\nto the end", 2),
    ],
)
def test_a_connection_is_kept_where_http_allows_it(answer: bytes, expected: int) -> None:
    """The answer's version, framing and Connection field decide (RFC 9112, 9.3)."""
    assert connections(answer) == expected


def test_a_request_can_ask_for_the_end_of_its_connection() -> None:
    """After a request with Connection: close nothing more is sent."""
    assert connections(HELLO, headers=(("Connection", "close"),)) == 2


def test_head_keeps_the_connection() -> None:
    """The length that HEAD tells is not waited for."""
    assert connections(OK + b"Content-Length: 5\r\n\r\n", "HEAD") == 1


def test_an_idle_connection_is_not_used_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Servers close what waits for long, so it is left first."""
    with serving(answering(HELLO, HELLO)) as (driver, server):
        driver.send(asking())
        monkeypatch.setattr(http1, "perf_counter", lambda: perf_counter() + 2)
        driver.send(asking())

    assert server.connections == 2


def test_what_reach_opened_takes_the_first_request() -> None:
    """The connection that showed the server to be there is not thrown away."""
    with serving(answering(HELLO)) as (driver, server):
        driver.reach()
        driver.reach()
        exchange = driver.send(asking())

    assert exchange.broken is None
    assert server.connections == 1


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_connection_that_was_closed_is_replaced(method: str) -> None:
    """A server that closes after its answer without a word breaks nothing."""
    with serving(answering(HELLO)) as (driver, server):
        first = driver.send(asking(method))
        server.join()
        second = driver.send(asking(method))

    assert (first.broken, second.broken) == (None, None)
    assert server.connections == 2


def closing_on_the_second(peer: Peer) -> None:
    """Answers one request and closes when it has read another, whatever that asks."""
    peer.head()
    peer.send(HELLO)
    peer.head()


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"])
def test_an_unanswered_request_is_sent_again_where_that_is_safe(method: str) -> None:
    """A kept connection may have been closing already (RFC 9112, 9.3.1)."""
    with serving(closing_on_the_second, answering(OK + b"Content-Length: 0\r\n\r\n")) as (
        driver,
        server,
    ):
        driver.send(asking())
        exchange = driver.send(asking(method))

    assert exchange.broken is None
    assert server.connections == 2


def test_a_request_on_a_new_connection_is_not_sent_again() -> None:
    """A server that closes a connection made for the request has seen it."""
    with serving(lambda peer: peer.head(), answering(HELLO)) as (driver, server):
        exchange = driver.send(asking())

    assert exchange.broken == "the connection was closed before an answer"
    assert server.connections == 1


def test_an_unanswered_post_is_not_sent_again() -> None:
    """What may have been done must not be done twice."""
    with serving(closing_on_the_second, answering(HELLO)) as (driver, server):
        driver.send(asking())
        exchange = driver.send(asking("POST"))

    assert exchange.broken == "the connection was closed before an answer"
    assert server.connections == 1


def test_a_request_is_sent_again_once_only() -> None:
    """A server that closes new connections too gives no answer."""
    with serving(closing_on_the_second, lambda peer: peer.head()) as (driver, server):
        driver.send(asking())
        exchange = driver.send(asking())

    assert exchange.broken == "the connection was closed before an answer"
    assert server.connections == 2


def test_an_answer_that_began_is_not_asked_for_again() -> None:
    """Half an answer is an answer."""

    def script(peer: Peer) -> None:
        peer.head()
        peer.send(HELLO)
        peer.head()
        peer.send(b"HTTP/1.1 2")

    with serving(script, answering(HELLO)) as (driver, server):
        driver.send(asking())
        exchange = driver.send(asking())

    assert exchange.broken == "the connection was closed in the middle of the head"
    assert server.connections == 1


def test_bytes_that_nobody_asked_for_are_told_with_the_next_request() -> None:
    """What comes late after an answer would be taken for the next one; that is read elsewhere."""

    def script(peer: Peer) -> None:
        peer.head()
        peer.send(HELLO)
        peer.wait(0.05)
        peer.send(b"HTTP/1.1 408 Request Timeout\r\n\r\n")

    with serving(script, answering(OK + b"Content-Length: 3\r\n\r\nnew")) as (driver, server):
        first = driver.send(asking())
        server.join()
        second = driver.send(asking())

    assert first.broken is None
    assert second.broken == "32 bytes came before the request was sent"
    assert second.response is not None
    assert second.response.body == b"new"


def test_a_refused_connection_is_told() -> None:
    """A server that is down breaks each exchange, and is an error to reach."""
    with serving(answering()) as (driver, server):
        server.close()
        exchange = driver.send(asking())
        with pytest.raises(StartError) as error:
            driver.reach()

    assert (exchange.broken, exchange.response, exchange.wire) == (
        "the connection was refused",
        None,
        None,
    )
    assert str(error.value) == f"{server.address} cannot be reached: the connection was refused"


def test_a_name_without_an_address_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """A host that does not resolve is said to be the reason."""

    def fail(*args: object, **kwargs: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    driver = HTTPDriver(Address("http", "nowhere.invalid", 80), PATIENCE)

    assert driver.send(asking()).broken == "the connection failed: its name has no address"


def test_a_name_that_cannot_be_one_is_told() -> None:
    """What the resolver does not even take breaks the exchange, and raises nothing."""
    driver = HTTPDriver(Address("http", "x" * 70 + ".example", 80), PATIENCE)

    assert driver.send(asking()).broken == "the connection failed: its name has no address"


@pytest.mark.parametrize("status", [b"413 Content Too Large", b"200 OK"])
def test_an_answer_before_the_end_of_the_body_is_read(status: bytes) -> None:
    """A server that answers early and closes loses nothing of what it says."""

    def script(peer: Peer) -> None:
        peer.head()
        peer.send(b"HTTP/1.1 " + status + b"\r\nConnection: close\r\nContent-Length: 3\r\n\r\nno!")

    headers = (("Content-Length", str(LARGE)),)
    with serving(script) as (driver, _):
        exchange = driver.send(asking("POST", headers=headers, chunks=(b"x" * LARGE,)))

    assert exchange.broken is None
    assert exchange.response is not None
    assert exchange.response.body == b"no!"


@pytest.mark.parametrize("size", [100_000, LARGE])
def test_an_early_answer_without_a_length_is_read(size: int) -> None:
    """The reset with which a server leaves an unread body ends its answer."""

    def script(peer: Peer) -> None:
        peer.socket.recv(100)
        peer.send(OK + b"\r\nno!")

    headers = (("Content-Length", str(size)),)
    with serving(script) as (driver, _):
        exchange = driver.send(asking("POST", headers=headers, chunks=(b"x" * size,)))

    assert exchange.broken is None
    assert exchange.response is not None
    assert exchange.response.body == b"no!"


def test_a_connection_with_an_unsent_body_is_not_kept() -> None:
    """The rest of a body would be read as the next request."""

    def script(peer: Peer) -> None:
        peer.head()
        peer.send(HELLO)
        peer.wait()

    headers = (("Content-Length", str(LARGE)),)
    with serving(script, answering(HELLO)) as (driver, server):
        first = driver.send(asking("POST", headers=headers, chunks=(b"x" * LARGE,)))
        second = driver.send(asking())

    assert (first.broken, second.broken) == (None, None)
    assert server.connections == 2
