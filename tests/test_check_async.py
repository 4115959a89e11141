"""Whoever calls the library may be in plain or in async code."""

import asyncio
import threading
from typing import Any

import pytest

from quart_parity import UsageError, check, check_async
from tests.builders import Message, asgi, piece, start
from tests.shops import flask_shop, quart_shop, walk


async def test_a_run_within_a_running_loop_calls_flask_outside_of_it() -> None:
    """Async views of Flask, which run a loop of their own, work whoever calls."""
    loops: list[object] = []

    def app(environ: Message, start_response: Any) -> list[bytes]:
        async def view() -> None:
            loops.append(asyncio.get_running_loop())

        asyncio.run(view())
        start_response("200 OK", [])
        return [b"x"]

    report = check(app, asgi(start(), piece(b"x")), [walk("/")])

    assert report.ok
    assert loops[0] is not asyncio.get_running_loop()


async def test_async_code_is_not_blocked_by_a_run() -> None:
    """While a run waits for its caller's loop, the loop goes on."""
    loop = asyncio.get_running_loop()

    def app(environ: Message, start_response: Any) -> list[bytes]:
        done = threading.Event()
        loop.call_soon_threadsafe(done.set)
        start_response("200 OK" if done.wait(10) else "500 Blocked", [])
        return []

    report = await check_async(app, asgi(start(), piece()), [walk("/")])

    assert report.ok


async def test_check_async_takes_the_same_options() -> None:
    """Options are passed on, and errors are raised where it is awaited."""
    report = await check_async(flask_shop, quart_shop, [walk("/other")], accept={"body.**": "why"})

    assert report.accepted == 1
    with pytest.raises(UsageError):
        await check_async(flask_shop, quart_shop, [walk("/same")], timeout=0)
