"""What outlives its request: streams, and functions nobody waits for any more."""

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from quart_parity.compat import Response, stream_with_context
from quart_parity.compat.threads import WORKERS
from tests.compat.plain import VARIABLE, fetch, workers
from tests.compat.sides import STOCK, CompatQuart


@pytest.fixture(autouse=True)
def _unused_workers() -> Iterator[None]:
    WORKERS.forget()
    yield
    WORKERS.forget()


async def cancelled_in_view(app: Any, running: asyncio.Event) -> None:
    """Cancel a request while its view runs."""
    task = asyncio.create_task(app.handle_request(app.test_request_context("/").request))
    await running.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


def test_teardown_waits_for_the_view_of_a_cancelled_request() -> None:
    """Teardown functions run after the plain view, on its thread, also when nobody waits."""
    app, events = CompatQuart(__name__), []
    ended = threading.Event()

    def note(name: str) -> None:
        events.append((name, threading.get_ident()))

    @app.teardown_appcontext
    def teardown(error: object) -> None:
        note("teardown")

    @app.teardown_request
    async def end(error: object) -> None:
        note("asynchronous teardown")

    async def ask() -> None:
        loop, running = asyncio.get_running_loop(), asyncio.Event()

        @app.get("/")
        def view() -> str:
            loop.call_soon_threadsafe(running.set)
            loop.call_soon_threadsafe(loop.call_later, 0, ended.set)
            ended.wait(10)
            note("view")
            return ""

        await cancelled_in_view(app, running)

    asyncio.run(ask())

    assert [name for name, _ in events] == ["view", "asynchronous teardown", "teardown"]
    assert events[0][1] == events[2][1]


def test_threads_with_work_left_go_to_no_other_request() -> None:
    """A thread whose function outlives the request ends with it, with all that it remembers."""
    app, threads = CompatQuart(__name__), []
    ended = threading.Event()

    def late() -> None:
        threads.append(threading.get_ident())
        ended.wait(10)

    @app.get("/late")
    async def impatient() -> str:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(app.ensure_async(late)(), 0.01)
        return "late"

    @app.get("/")
    def view() -> str:
        threads.append(threading.get_ident())
        return "next"

    try:
        answers = fetch(app, "/late") + fetch(app, "/")
    finally:
        ended.set()

    assert answers == ["late", "next"]
    assert len(set(threads)) == 2


def test_streams_stay_on_the_thread() -> None:
    """A generator of a plain view can use what is bound to the thread, such as SQLite's."""
    app, closed = CompatQuart(__name__), []

    def rows(connection: sqlite3.Connection) -> Iterator[str]:
        try:
            for (number,) in connection.execute("SELECT 1 UNION SELECT 2 UNION SELECT 3"):
                yield f"{number} {VARIABLE.get()} "
                VARIABLE.set("again")
        finally:
            connection.close()
            closed.append(True)

    @app.get("/returned")
    def returned() -> Iterator[str]:
        return rows(sqlite3.connect(":memory:"))

    @app.get("/response")
    def response() -> Response:
        return Response(rows(sqlite3.connect(":memory:")))

    @app.get("/context")
    def context() -> Any:
        return stream_with_context(rows(sqlite3.connect(":memory:")))

    answers = fetch(app, "/returned", "/response", "/context")

    assert answers == ["1 unset 2 again 3 again "] * 3
    assert closed == [True] * 3
    assert workers()[0] == workers()[1]


def test_plain_generators_come_back_as_asynchronous_ones() -> None:
    """`ensure_async` of a generator function gives an asynchronous iterator, as on stock Quart."""

    def count() -> Iterator[int]:
        yield from range(3)

    async def counted(app: Any) -> list[int]:
        async with app.test_request_context("/"):
            steps: AsyncIterator[int] = await app.ensure_async(count)()
            return [step async for step in steps]

    assert asyncio.run(counted(CompatQuart(__name__))) == [0, 1, 2]
    assert asyncio.run(counted(STOCK.app_class(__name__))) == [0, 1, 2]
