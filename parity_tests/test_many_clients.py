"""Many clients at once, each with its own session, on every server."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from threading import Barrier

import pytest

from quart_parity import Request
from quart_parity.addresses import Address
from quart_parity.client import Client
from quart_parity.drivers.http import HTTPDriver
from quart_parity.encoding import encode
from quart_parity.exchange import parse_base
from quart_parity.serving.servers import find_server
from quart_parity.serving.starting import HOST, StartedServer

pytestmark = pytest.mark.matrix

ROOT = Path(__file__).resolve().parent.parent
CLIENTS = 64
ROUNDS = 25
"""Of two requests each."""
TIMEOUT = 60.0
BASE = parse_base("http://localhost")


@dataclass(frozen=True, slots=True)
class Place:
    """An application on a server."""

    target: str
    server: str
    http2: bool = False

    def __str__(self) -> str:
        return f"{self.target}-{self.server}{'-http2' * self.http2}"


PLACES = [
    *(Place("flask_app", server) for server in ("flask", "gunicorn", "waitress", "hypercorn")),
    *(Place("quart_app", server) for server in ("hypercorn", "uvicorn", "granian")),
    *(Place(target, "hypercorn", http2=True) for target in ("flask_app", "quart_app")),
]


@pytest.fixture(params=PLACES, ids=str)
def address(request: pytest.FixtureRequest) -> Iterator[Address]:
    """Where the application listens."""
    place: Place = request.param
    found = find_server(place.server, place.http2)
    server = StartedServer(place.target, found, {}, ROOT, place.http2)
    try:
        server.wait(TIMEOUT)
        yield Address("http", HOST, server.port, http2=place.http2)
    finally:
        server.terminate()
        server.end()


def visit(address: Address, name: str, together: Barrier) -> list[str]:
    """Set this client's own session and read it, over and over; what was read."""
    driver = HTTPDriver(address, TIMEOUT)
    client = Client(driver)
    seen = []
    try:
        together.wait(TIMEOUT)
        for number in range(ROUNDS):
            ask(client, Request("/setsession", query={"name": f"{name}.{number}"}))
            seen.append(ask(client, Request("/checksession")))
    finally:
        driver.close()
    return seen


def ask(client: Client, request: Request) -> str:
    """The text of the answer."""
    exchange = client.send(encode(request, BASE))
    assert exchange.broken is None, exchange.broken
    assert exchange.response is not None
    return exchange.response.body.decode()


def test_every_client_sees_its_own_session_only(address: Address) -> None:
    """With 64 clients at once, of 50 requests each, no answer is another client's."""
    together = Barrier(CLIENTS)
    names = [f"client {number}" for number in range(CLIENTS)]
    with ThreadPoolExecutor(CLIENTS) as pool:
        seen = list(pool.map(lambda name: visit(address, name, together), names))

    assert seen == [
        [f"session['name'] exists: {name}.{number}" for number in range(ROUNDS)] for name in names
    ]
