"""How long a request, or another context, has its thread."""

import asyncio
import threading
from collections.abc import Iterator

import pytest
import quart
from quart import request

from quart_parity.compat.threads import WORKERS
from tests.compat.plain import VARIABLE, fetch, threads_of, workers
from tests.compat.sides import CompatQuart


@pytest.fixture(autouse=True)
def _unused_workers() -> Iterator[None]:
    WORKERS.forget()
    yield
    WORKERS.forget()


def test_threads_are_used_again() -> None:
    """Requests one after another have one thread, though their teardown functions fail."""
    app, threads = CompatQuart(__name__), []

    @app.get("/")
    def view() -> str:
        threads.append(threading.get_ident())
        return ""

    @app.teardown_request
    def fail(error: object) -> None:
        raise KeyError

    @app.teardown_appcontext
    async def fail_again(error: object) -> None:
        raise LookupError

    async def ask() -> None:
        for _ in range(3):
            with pytest.raises(LookupError):
                await app.test_client().get("/")

    asyncio.run(ask())

    assert len(set(threads)) == 1
    assert workers() == (1, 1)


def test_asynchronous_applications_use_no_thread() -> None:
    """Where all functions are asynchronous no thread is started."""
    app = CompatQuart(__name__)

    @app.before_request
    async def hook() -> None:
        VARIABLE.set("set")

    @app.get("/")
    async def view() -> str:
        return VARIABLE.get()

    assert fetch(app, "/") == ["set"]
    assert workers() == (0, 0)


def test_contexts_without_a_request_have_a_thread() -> None:
    """In an application context, and in a test's request context, there is one thread."""
    app, torn = CompatQuart(__name__), []
    app.teardown_appcontext(lambda error: torn.append(threading.get_ident()))

    async def run() -> list[set[int]]:
        async with app.app_context():
            first = await threads_of(app)
        async with app.test_request_context("/"):
            second = await threads_of(app)
        return [first, second]

    used = asyncio.run(run())

    assert used == [{thread} for thread in torn]
    assert workers() == (1, 1)


def test_requests_in_one_application_context_have_threads_of_their_own() -> None:
    """Requests that a test sends inside one application context share no thread."""
    app, together = CompatQuart(__name__), threading.Barrier(2, timeout=10)

    @app.get("/")
    def view() -> str:
        together.wait()
        return str(threading.get_ident())

    async def ask() -> set[str]:
        async with app.app_context():
            client = app.test_client()
            responses = await asyncio.gather(client.get("/"), client.get("/"))
            return {await response.get_data(as_text=True) for response in responses}

    assert len(asyncio.run(ask())) == 2
    assert workers() == (2, 2)


def test_copies_of_the_context_have_a_thread_of_their_own() -> None:
    """What runs beside the request in a copy of its context does not take its thread away."""
    app = CompatQuart(__name__)

    @app.get("/")
    async def view() -> str:
        copied = quart.copy_current_request_context(lambda: (threading.get_ident(), request.path))
        mine = await threads_of(app)
        theirs, path = await asyncio.create_task(copied())
        still = await threads_of(app)
        return f"{mine == still} {theirs in mine} {path}"

    assert fetch(app, "/") == ["True False /"]
    assert workers() == (2, 2)


def test_outside_contexts_functions_run_as_on_quart() -> None:
    """Without a context there is no thread to keep; a StopIteration is an error all the same."""
    app = CompatQuart(__name__)

    async def run() -> None:
        await threads_of(app)
        with pytest.raises(RuntimeError, match="StopIteration"):
            await app.ensure_async(next)(iter([]))

    asyncio.run(run())

    assert workers() == (0, 0)


def test_websockets_hold_no_thread() -> None:
    """A WebSocket may last for days: its functions run as on stock Quart."""
    app = CompatQuart(__name__)

    @app.websocket("/")
    async def endpoint() -> None:
        await threads_of(app)
        await quart.websocket.send(str(workers()))

    async def ask() -> object:
        async with app.test_client().websocket("/") as connection:
            return await connection.receive()

    assert asyncio.run(ask()) == "(0, 0)"


def test_background_tasks_are_torn_down_on_their_thread() -> None:
    """A plain background task and the teardown functions of its context share a thread."""
    app, threads = CompatQuart(__name__), []
    app.teardown_appcontext(lambda error: threads.append(threading.get_ident()))

    async def run() -> None:
        app.add_background_task(lambda: threads.append(threading.get_ident()))
        await asyncio.gather(*app.background_tasks)

    asyncio.run(run())

    assert len(threads) == 2
    assert len(set(threads)) == 1
