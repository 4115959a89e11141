"""Many HTTP drivers at once, and what they leave behind."""

import gc
import socket
from concurrent.futures import ThreadPoolExecutor

import pytest

from quart_parity.drivers.http import HTTPDriver
from tests.hostile import CERTIFICATES, PATIENCE, Peer, Script, answering, asking, serving
from tests.hostile_http2 import HTTP2Peer, speaking

CLIENTS, REQUESTS = 64, 50


def echoing(peer: Peer) -> None:
    """Answers with the target that was asked for."""
    while head := peer.head():
        target = head.split(b" ")[1]
        peer.send(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(target) + target)


def echoing_frames(peer: HTTP2Peer) -> None:
    while True:
        request = peer.request()
        peer.head(request.stream)
        peer.data(request.stream, dict(request.fields)[":path"].encode())


@pytest.mark.parametrize(
    ("script", "http2", "requests"),
    [(echoing, False, REQUESTS), (speaking(echoing_frames), True, 5)],
    ids=["http1", "http2"],
)
def test_many_drivers_at_once_do_not_disturb_one_another(
    script: Script, http2: bool, requests: int
) -> None:
    """Every one of 64 clients gets the answers to its own requests."""

    def play(client: int) -> bool:
        driver = HTTPDriver(server.address, PATIENCE)
        targets = [f"/{client}/{number}" for number in range(requests)]
        exchanges = [driver.send(asking(target=target)) for target in targets]
        driver.close()
        bodies = [exchange.response.body for exchange in exchanges if exchange.response]
        return bodies == [target.encode() for target in targets]

    with serving(script, http2=http2) as (_, server), ThreadPoolExecutor(CLIENTS) as pool:
        outcomes = list(pool.map(play, range(CLIENTS)))

    assert all(outcomes)


def open_sockets() -> set[socket.socket]:
    gc.collect()
    return {
        found
        for found in gc.get_objects()
        if isinstance(found, socket.socket) and found.fileno() >= 0
    }


@pytest.fixture
def before() -> set[socket.socket]:
    return open_sockets()


HELLO = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"


@pytest.mark.parametrize(
    ("script", "tls"),
    [
        (answering(HELLO, HELLO), ""),
        (answering(HELLO, HELLO), "server"),
        (answering(HELLO, HELLO), "expired"),
        (answering(b"garbage"), ""),
        (answering(b""), ""),
        (answering(HELLO, b""), ""),
        (answering(HELLO + b"!"), ""),
        (lambda peer: peer.hang(), ""),
        (lambda peer: None, "server"),
    ],
    ids=[
        "sound",
        "tls",
        "expired",
        "garbage",
        "closed",
        "closed-later",
        "surplus",
        "hanging",
        "short-tls",
    ],
)
def test_no_socket_is_left_open(before: set[socket.socket], script: Script, tls: str) -> None:
    """A closed driver holds no socket, whatever its server did to it."""
    with serving(script, tls=tls) as (_, server):
        driver = HTTPDriver(server.address, 0.2, CERTIFICATES / "authority.pem")
        for _ in range(3):
            driver.send(asking())
        driver.close()
        driver.close()

    assert open_sockets() <= before


def test_a_broken_exchange_closes_its_connection(before: set[socket.socket]) -> None:
    """What cannot be used again is not kept until the end."""
    with serving(answering(b"garbage")) as (driver, server):
        driver.send(asking())
        server.close()

        assert open_sockets() <= before
