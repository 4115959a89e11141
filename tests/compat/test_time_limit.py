"""RESPONSE_TIMEOUT: it stays as Quart has it, and is told from errors of the application's own."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from quart import Quart

from tests.compat.sides import COMPAT, STOCK, Answer, Side, call_asgi, cases, run_asgi

DEFAULT = Quart.default_config["RESPONSE_TIMEOUT"]
LIFTED = {"FLASK_COMPAT": {"QP019": True}}


async def answer(side: Side, seconds: float, timeout: Any = ..., **config: Any) -> Answer:
    """The answer to a stream in the middle of which so many seconds pass for the event loop."""
    loop = asyncio.get_running_loop()
    begun = loop.time()
    ahead = 0.0
    clock = loop.time
    loop.time = lambda: clock() + ahead  # type: ignore[method-assign]  # asyncio's timers ask it.

    async def generate() -> AsyncIterator[str]:
        nonlocal ahead
        yield "a"
        ahead += seconds
        for _ in range(10):
            await asyncio.sleep(0)
        yield "b"

    def view(side: Side) -> Any:
        response = side.Response(generate())
        response.timeout = timeout
        return response

    result = await call_asgi(side.app(view, **config), "/", "GET")
    assert loop.time() >= begun + seconds
    return result


CUT: dict[str, dict[str, Any]] = {
    "by-default": {"seconds": DEFAULT + 1},
    "by-configuration": {"seconds": 8, "RESPONSE_TIMEOUT": 7},
    "by-response": {"seconds": 8, "timeout": 7, "RESPONSE_TIMEOUT": None},
    "by-configuration-though-lifted": {"seconds": 8, "RESPONSE_TIMEOUT": 7, **LIFTED},
    "by-response-though-lifted": {"seconds": DEFAULT + 1, "timeout": DEFAULT, **LIFTED},
}

WHOLE: dict[str, dict[str, Any]] = {
    "in-time": {"seconds": DEFAULT - 10},
    "not-limited": {"seconds": 1e5, "RESPONSE_TIMEOUT": None},
    "not-limited-by-response": {"seconds": 1e5, "timeout": None},
    "limited-further-by-response": {"seconds": 99, "timeout": 100},
}


@pytest.mark.parametrize("arguments", cases(CUT))
@pytest.mark.parametrize("side", [COMPAT, STOCK], ids=["compat", "stock"])
async def test_limit_ends_a_stream_in_silence(side: Side, arguments: dict[str, Any]) -> None:
    """What has not been sent in time is not sent, with compat as without."""
    cut = await answer(side, **arguments)

    assert (cut.status, cut.body, cut.raised) == (200, b"a", None)


@pytest.mark.parametrize("arguments", cases(WHOLE))
@pytest.mark.parametrize("side", [COMPAT, STOCK], ids=["compat", "stock"])
async def test_limit_leaves_what_is_in_time(side: Side, arguments: dict[str, Any]) -> None:
    """A response that takes less than its limit, or has none, is sent whole."""
    whole = await answer(side, **arguments)

    assert (whole.status, whole.body, whole.raised) == (200, b"ab", None)


async def test_default_limit_is_lifted_where_asked_for() -> None:
    """With its piece switched on, Quart's default is no limit."""
    whole = await answer(COMPAT, DEFAULT + 1, **LIFTED)

    assert whole.body == b"ab"


async def test_limit_holds_for_a_body_in_memory() -> None:
    """A client that does not take its response does not hold it for ever."""
    released: list[str] = []

    def make(side: Side) -> Any:
        response = side.Response("x")
        response.call_on_close(lambda: released.append("x"))
        return response

    app = COMPAT.app(make, RESPONSE_TIMEOUT=0.01)

    async def stuck(scope: Any, receive: Any, send: Any) -> None:
        async def wait(message: Any) -> None:
            await asyncio.Event().wait()

        await app(scope, receive, wait)

    await run_asgi(stuck, "/", "GET", [])

    assert released == ["x"]


async def test_client_that_leaves_as_the_limit_ends_is_gone() -> None:
    """Where limit and disconnect come together the response is stopped and closed, once."""
    closed: list[str] = []
    leaves = asyncio.Event()

    async def generate() -> AsyncIterator[str]:
        try:
            yield "a"
            await asyncio.Event().wait()
        finally:
            leaves.set()
            for _ in range(10):
                await asyncio.sleep(0)
            closed.append("x")

    app = COMPAT.app(lambda side: generate(), RESPONSE_TIMEOUT=0.01)
    await run_asgi(app, "/", "GET", [], leaves=leaves)

    assert closed == ["x"]
