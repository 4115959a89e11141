"""The HTTP driver against a real server, with and without TLS, in HTTP/1.1 and HTTP/2."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from tempfile import TemporaryDirectory
from threading import Thread
from typing import Any

import pytest
from hypercorn.asyncio import serve
from hypercorn.config import Config
from quart import Quart, Response, request

from quart_parity.addresses import Address
from quart_parity.drivers import http2
from quart_parity.drivers.http import HTTPDriver
from quart_parity.exchange import Exchange
from tests.hostile import CERTIFICATES, PATIENCE, asking

pytestmark = pytest.mark.wire

app = Quart(__name__)
app.config["MAX_CONTENT_LENGTH"] = None


@app.route("/echo", methods=["GET", "POST"])
async def echo() -> Response:
    """What arrived of a request."""
    response = Response(await request.get_data(as_text=False))
    response.headers["X-Seen"] = f"{request.scheme} {request.host} {request.http_version}"
    response.headers.add("Set-Cookie", "a=1")
    response.headers.add("Set-Cookie", "b=2")
    return response


@app.route("/large")
async def large() -> Response:
    return Response(b"x" * 20_000_000)


@app.route("/nothing")
async def nothing() -> tuple[str, int]:
    return "", 204


class Running:
    """Hypercorn with `app`, on a thread with an event loop of its own."""

    def __init__(self, bind: str, tls: bool) -> None:
        self._config = Config()
        self._config.bind = [bind]
        self._config.errorlog = None
        self._config.alpn_protocols = ["h2", "http/1.1"]
        if tls:
            self._config.certfile = str(CERTIFICATES / "server.pem")
            self._config.keyfile = str(CERTIFICATES / "server.pem")
        self._loop = asyncio.new_event_loop()
        self._stop = asyncio.Event()
        self._thread = Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        application: Any = app
        try:
            self._loop.run_until_complete(
                serve(application, self._config, shutdown_trigger=self._stop.wait)
            )
        finally:
            self._loop.close()

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(PATIENCE)
        assert not self._thread.is_alive()


@contextmanager
def hypercorn(scheme: str, unix: bool) -> Iterator[Address]:
    """Where the application is served for as long as this lasts."""
    with TemporaryDirectory(prefix="qp") as folder:
        listener = socket.socket(socket.AF_UNIX if unix else socket.AF_INET)
        listener.bind(f"{folder}/s" if unix else ("127.0.0.1", 0))
        listener.listen()
        if unix:
            address = Address(scheme, "", 0, f"{folder}/s")
        else:
            address = Address(scheme, *listener.getsockname())
        # The server takes the file descriptor over, and closes it.
        running = Running(f"fd://{listener.detach()}", scheme == "https")
        try:
            yield address
        finally:
            running.close()


@pytest.fixture(
    scope="module",
    params=[("http", False), ("https", False), ("http", True), ("https", True)],
    ids=["http", "https", "http+unix", "https+unix"],
)
def address(request: pytest.FixtureRequest) -> Iterator[Address]:
    with hypercorn(*request.param) as address:
        yield address


@pytest.fixture(params=["1.1", "2"])
def driver(address: Address, request: pytest.FixtureRequest) -> Iterator[HTTPDriver]:
    """A driver that was reached, for each version of HTTP."""
    address = replace(address, http2=request.param == "2")
    driver = HTTPDriver(address, 30.0, CERTIFICATES / "authority.pem")
    driver.reach()
    yield driver
    driver.close()


def body_of(exchange: Exchange) -> bytes:
    assert exchange.broken is None
    assert exchange.response is not None
    return exchange.response.body


def test_a_request_and_its_answer_come_whole(driver: HTTPDriver) -> None:
    """Both versions carry the same fields and the same body, each in its own way."""
    headers = (("Content-Length", "5"), ("X-Given", "1"))
    exchange = driver.send(asking("POST", "/echo", headers, (b"he", b"llo")))

    assert body_of(exchange) == b"hello"
    assert exchange.response is not None
    fields = [(name.lower(), value) for name, value in exchange.response.headers]
    version = "2" if driver.address.http2 else "1.1"
    assert ("x-seen", f"{driver.address.scheme} example.com {version}") in fields
    assert [value for name, value in fields if name == "set-cookie"] == ["a=1", "b=2"]
    assert exchange.wire is not None
    assert exchange.wire.version == version


def test_a_chunked_request_arrives(driver: HTTPDriver) -> None:
    """A body of unknown length is sent in chunks, or in frames."""
    headers = (("Transfer-Encoding", "chunked"),)

    assert body_of(driver.send(asking("POST", "/echo", headers, (b"he", b"llo")))) == b"hello"


def test_a_body_that_waits_arrives(driver: HTTPDriver, monkeypatch: pytest.MonkeyPatch) -> None:
    """Expect: 100-continue works with a server that answers it, and with one that does not."""
    monkeypatch.setattr(http2, "EXPECT_SECONDS", 0.05)
    headers = (("Content-Length", "5"), ("Expect", "100-continue"))

    assert body_of(driver.send(asking("POST", "/echo", headers, (b"hello",)))) == b"hello"


def test_large_bodies_come_whole(driver: HTTPDriver) -> None:
    """4 MB go there and come back, and 20 MB come."""
    body = bytes(range(250)) * 16_000
    headers = (("Content-Length", str(len(body))),)

    assert body_of(driver.send(asking("POST", "/echo", headers, (body,)))) == body
    assert len(body_of(driver.send(asking("GET", "/large")))) == 20_000_000


def test_what_has_no_body_has_none(driver: HTTPDriver) -> None:
    """HEAD and 204 are followed by nothing, and the connection goes on."""
    exchanges = [
        driver.send(asking("HEAD", "/echo")),
        driver.send(asking("GET", "/nothing")),
        driver.send(asking("GET", "/echo")),
    ]

    assert [body_of(exchange) for exchange in exchanges] == [b""] * 3
