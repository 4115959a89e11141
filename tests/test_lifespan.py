"""The start-up and shut-down of an ASGI application (lifespan 2.0)."""

import asyncio

import pytest
from quart import Quart

from quart_parity import StartError
from tests.builders import Message, Receive, Send, asgi, piece, send_asgi, start

SHORT = 0.05
"""Seconds for an answer that never comes."""


class Lifespan:
    """An application that answers the lifespan protocol as it is told to."""

    def __init__(self, startup: Message | None, shutdown: Message | None = None) -> None:
        self.startup = startup
        self.shutdown = shutdown
        self.events: list[str] = []
        self.loops: set[int] = set()

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        self.loops.add(id(asyncio.get_running_loop()))
        if scope["type"] == "lifespan":
            for answer in (self.startup, self.shutdown):
                self.events.append((await receive())["type"])
                await (send(answer) if answer else asyncio.get_running_loop().create_future())
        else:
            self.events.append("request")
            await asgi(start(), piece())(scope, receive, send)


STARTED = {"type": "lifespan.startup.complete"}
STOPPED = {"type": "lifespan.shutdown.complete"}


def test_the_lifespan_goes_around_the_requests() -> None:
    """Start-up comes first, shut-down last, all on one loop."""
    app = Lifespan(STARTED, STOPPED)
    send_asgi(app)

    assert app.events == ["lifespan.startup", "request", "lifespan.shutdown"]
    assert len(app.loops) == 1


def test_a_start_up_that_fails_is_told() -> None:
    """The application's own message is in the error."""
    app = Lifespan({"type": "lifespan.startup.failed", "message": "no database"})

    with pytest.raises(StartError, match="start-up failed: no database"):
        send_asgi(app)


def test_a_start_up_that_hangs_is_told() -> None:
    """An application that never says it is started does not start."""
    with pytest.raises(StartError, match=r"lifespan\.startup gave no answer within 0\.05 s"):
        send_asgi(Lifespan(None), timeout=SHORT)


def test_an_application_without_lifespan_is_served() -> None:
    """Raising at the lifespan scope is the protocol's way to say that there is none."""
    exchange = send_asgi(asgi(start(), piece(b"x")))

    assert exchange.response is not None
    assert exchange.response.body == b"x"


def test_a_lifespan_that_returns_at_once_is_served() -> None:
    """An application that ignores its lifespan is served without."""

    async def app(scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await asgi(start(), piece(b"x"))(scope, receive, send)

    assert send_asgi(app).broken is None


def test_exiting_at_start_up_is_no_start() -> None:
    """`sys.exit` in a start-up function ends nothing but the start."""
    app = Quart("shop")

    @app.before_serving
    async def leave() -> None:
        raise SystemExit(0)

    with pytest.raises(StartError, match="SystemExit: 0"):
        send_asgi(app)


def test_quart_runs_its_start_and_stop_functions() -> None:
    """before_serving and after_serving run once each, around the requests."""
    app = Quart("shop")
    events: list[str] = []

    @app.before_serving
    async def begin() -> None:
        events.append("begin")

    @app.after_serving
    async def end() -> None:
        events.append("end")

    @app.get("/")
    async def index() -> str:
        events.append("index")
        return ""

    send_asgi(app)

    assert events == ["begin", "index", "end"]


def test_what_the_application_leaves_running_is_cancelled() -> None:
    """Tasks that outlive their request end with the application."""
    ended: list[str] = []

    async def background() -> None:
        try:
            await asyncio.get_running_loop().create_future()
        finally:
            ended.append("cancelled")

    async def app(scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            raise NotImplementedError
        task = asyncio.ensure_future(background())
        await asyncio.wait([task], timeout=0)
        await asgi(start(), piece())(scope, receive, send)

    send_asgi(app)

    assert ended == ["cancelled"]
