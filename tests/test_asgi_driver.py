"""Calling an ASGI application as strictly as a server does (ASGI 3.0)."""

import asyncio
from collections.abc import Awaitable, Callable
from threading import Event
from typing import Any

import pytest
from quart import Quart

from quart_parity.drivers.asgi import ASGIDriver
from tests.builders import (
    Message,
    Receive,
    Send,
    asgi,
    piece,
    raw_request,
    send_asgi,
    start,
)

App = Callable[[Message, Receive, Send], Awaitable[None]]
SHORT = 0.05
"""Seconds for an answer that never comes."""


def test_an_answer_is_read_as_it_was_sent() -> None:
    """Status, repeated headers and all pieces are in the exchange."""
    app = asgi(
        start(404, [(b"x-a", b"1"), (b"x-a", b"\xe9")]),
        piece(b"a", True),
        piece(),
    )
    exchange = send_asgi(app)

    assert exchange.response is not None
    assert (exchange.response.status, exchange.response.body) == (404, b"a")
    assert exchange.response.headers == (("x-a", "1"), ("x-a", "\xe9"))
    assert (exchange.broken, exchange.raised) == (None, None)


VIOLATIONS: dict[str, tuple[list[Message], str]] = {
    "nothing": ([], "without a response"),
    "no body": ([start()], "before its response was complete"),
    "no last piece": ([start(), piece(b"a", True)], "before its response was complete"),
    "a body first": ([piece(b"a"), start()], "a body came first"),
    "two starts": ([start(), start()], "started twice"),
    "a body after its end": ([start(), piece(), piece()], "after its end"),
    "an unknown message": ([{"type": "websocket.accept"}], "'websocket.accept' was sent"),
    "trailers that nobody asked for": (
        [start(), piece(), {"type": "http.response.trailers", "headers": []}],
        "'http.response.trailers' was sent",
    ),
    "a line break in a header": ([start(200, [(b"x", b"a\r\ny: b")]), piece()], "line break"),
    "a null in a header": ([start(200, [(b"x", b"\0")]), piece()], "or a null"),
    "a line break in a name": ([start(200, [(b"x\r\ny", b"a")]), piece()], "token"),
    "text in a header": ([start() | {"headers": [("x", "a")]}, piece()], "not in bytes"),
    "text as the status": ([start() | {"status": "200"}, piece()], "the status is '200'"),
    "a status of two digits": ([start(99), piece()], "the status is 99"),
    "a status of four digits": ([start(1000), piece()], "the status is 1000"),
}


@pytest.mark.parametrize(("messages", "why"), VIOLATIONS.values(), ids=VIOLATIONS)
def test_a_violation_breaks_the_exchange(messages: list[Message], why: str) -> None:
    """What a server would refuse is told as such."""
    exchange = send_asgi(asgi(*messages))

    assert why in str(exchange.broken)
    assert exchange.raised is None


def raising(error: BaseException, *messages: Message) -> App:
    """An application that sends the messages and raises."""

    async def app(scope: Message, receive: Receive, send: Send) -> None:
        await asgi(*messages)(scope, receive, send)
        raise error

    return app


def test_an_exception_before_the_answer_leaves_none() -> None:
    """A server has sent nothing yet, and answers itself."""
    exchange = send_asgi(raising(LookupError("gone")))

    assert (exchange.response, exchange.broken) == (None, None)
    assert exchange.raised is not None
    assert (exchange.raised.type, exchange.raised.text) == ("LookupError", "gone")


def test_an_exception_in_the_answer_leaves_what_was_sent() -> None:
    """What came before the exception is in the exchange with it."""
    exchange = send_asgi(raising(LookupError("gone"), start(), piece(b"half", True)))

    assert exchange.raised is not None
    assert exchange.response is not None
    assert exchange.response.body == b"half"


@pytest.mark.parametrize(
    "error", [SystemExit(3), asyncio.CancelledError(), TimeoutError()], ids=repr
)
def test_whatever_is_raised_ends_the_exchange_and_not_the_run(error: BaseException) -> None:
    """Exceptions beyond `Exception`, and a time-out of the application's own, are its doing."""
    exchange = send_asgi(raising(error))

    assert exchange.raised is not None
    assert exchange.raised.type == type(error).__qualname__
    assert exchange.broken is None


def test_an_exception_that_quart_answers_is_in_the_exchange() -> None:
    """What reaches the framework is read with its text and the place of the application's code."""
    app = Quart("shop")

    @app.get("/")
    async def index() -> str:
        raise LookupError("gone")

    app.logger.disabled = True
    exchange = send_asgi(app)

    assert exchange.response is not None
    assert exchange.response.status == 500
    assert exchange.raised is not None
    assert (exchange.raised.type, exchange.raised.text) == ("LookupError", "gone")
    assert "test_asgi_driver.py:" in str(exchange.raised.place)


async def receiving(scope: Message, receive: Receive, send: Send) -> None:
    """Echo the messages that the application gets, up to the last piece of the body."""
    if scope["type"] != "http":
        raise NotImplementedError
    got: list[Message] = []
    while not got or got[-1]["more_body"]:
        got.append(await receive())
    await send(start())
    await send(piece(repr([(m["body"], m["more_body"]) for m in got]).encode()))


@pytest.mark.parametrize(
    ("chunks", "got"),
    [
        ([], [(b"", False)]),
        ([b"ab"], [(b"ab", False)]),
        ([b"ab", b"c"], [(b"ab", True), (b"c", False)]),
    ],
    ids=["none", "one", "two"],
)
def test_a_body_is_received_in_its_pieces(
    chunks: list[bytes], got: list[tuple[bytes, bool]]
) -> None:
    """Each chunk is a message of its own, and the last one says that it is."""
    response = send_asgi(receiving, raw_request("POST", chunks=chunks)).response

    assert response is not None
    assert response.body.decode() == repr(got)


def test_the_client_stays_until_the_answer_is_complete() -> None:
    """Who waits for a disconnect hears of it after the last piece, and not before."""
    heard: list[Any] = []

    async def app(scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            raise NotImplementedError
        await receive()
        waiting = asyncio.ensure_future(receive())
        await send(start())
        await asyncio.wait([waiting], timeout=0)
        heard.append(waiting.done())
        await send(piece())
        heard.append((await waiting)["type"])

    send_asgi(app)

    assert heard == [False, "http.disconnect"]


async def hang(scope: Message, receive: Receive, send: Send) -> None:
    """Wait for what never comes."""
    if scope["type"] != "http":
        raise NotImplementedError
    await send(start())
    await send(piece(b"half", True))
    await asyncio.get_running_loop().create_future()


def test_an_answer_that_takes_too_long_is_broken_off() -> None:
    """After the time limit the exchange holds what came, and says so."""
    exchange = send_asgi(hang, timeout=SHORT)

    assert exchange.broken == "no answer within 0.05 s"
    assert exchange.response is not None
    assert exchange.response.body == b"half"


def test_after_a_time_out_the_next_request_is_answered() -> None:
    """One hung request leaves the application usable."""

    async def app(scope: Message, receive: Receive, send: Send) -> None:
        await (hang if scope["path"] == "/hang" else asgi(start(), piece()))(scope, receive, send)

    async def served(scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            raise NotImplementedError
        await app(scope, receive, send)

    driver = ASGIDriver(served, SHORT)
    first, second = (driver.send(raw_request(target=target)) for target in ("/hang", "/"))
    driver.close()

    assert first.broken is not None
    assert second.broken is None


def test_what_another_application_raises_meanwhile_is_not_this_ones() -> None:
    """Quart's signal is sent for every application in the process, on whatever thread."""
    failing = Quart("failing")

    @failing.get("/")
    async def fail() -> str:
        raise LookupError("gone")

    called: Any = failing
    other = ASGIDriver(called, 10)
    app = Quart("quiet")

    @app.get("/")
    async def ask() -> str:
        exchange = await asyncio.to_thread(other.send, raw_request())
        return str(exchange.raised and exchange.raised.text)

    exchange = send_asgi(app)
    other.close()

    assert exchange.response is not None
    assert (exchange.response.body, exchange.raised) == (b"gone", None)


def test_resting_waits_for_what_the_threads_still_do() -> None:
    """Once a driver has rested, its loop's threads are done, and new ones take what comes."""
    go, done = Event(), list[int]()

    def count() -> None:
        go.wait()
        done.append(sum(range(100_000)))

    async def app(scope: Message, receive: Receive, send: Send) -> None:
        for _ in range(50 if scope["type"] == "http" else 0):
            asyncio.get_running_loop().run_in_executor(None, count)
        await send(start())
        await send(piece())

    driver = ASGIDriver(app, SHORT)
    try:
        first = driver.send(raw_request())
        go.set()
        driver.rest()
        rested = len(done)
        again = driver.send(raw_request())
    finally:
        driver.close()

    assert first.response is not None
    assert (rested, len(done)) == (50, 100)
    assert again.response is not None
