"""What closing a response raises: it reaches the server, once, as it does from Flask."""

import asyncio
import gc
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import pytest

from tests.compat.sides import COMPAT, FLASK, Make, Side, cases, run_asgi


class ClosingError(Exception):
    """What the functions of these tests raise."""


class Source:
    """A body that fails while it is closed and, after the chunk "fail", while it is read."""

    def __init__(self, *chunks: str) -> None:
        self.chunks = iter(chunks)
        self.closed = 0

    def __iter__(self) -> "Source":
        return self

    def __next__(self) -> str:
        chunk = next(self.chunks)
        if chunk == "fail":
            raise KeyError
        return chunk

    def close(self) -> None:
        self.closed += 1
        raise OSError


def fail() -> None:
    raise ClosingError


def closed_by(function: Callable[[], object], make: Make) -> Make:
    """A view whose response calls a function after it has been sent."""

    def view(side: Side) -> Any:
        response = make(side)
        response.call_on_close(function)
        return response

    return view


def failing_generator(side: Side) -> Any:
    return side.Response(str(1 // int(digit)) for digit in "10")


RESPONSES: dict[str, Make] = {
    "no-content": lambda side: side.Response("", 204),
    "not-modified": lambda side: side.Response(iter("ab"), 304),
    "text": lambda side: side.Response("text"),
    "empty": lambda side: side.Response(""),
    "redirect": lambda side: side.Response("moved", 302, {"Location": "/a"}),
    "stream": lambda side: side.Response(iter("ab")),
    "empty-stream": lambda side: side.Response(iter(())),
    "generator": lambda side: side.Response(letter for letter in "ab"),
    "failing-generator": failing_generator,
}

SOURCES: dict[str, list[str]] = {
    "read": ["a", "b"],
    "empty": [],
    "failed": ["a", "fail"],
    "failed-at-once": ["fail"],
}


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("make", cases(RESPONSES))
def test_error_of_a_function_on_close_reaches_the_server(make: Make, method: str) -> None:
    """What `call_on_close` registered fails after the whole answer has been sent."""
    view = closed_by(fail, make)
    expected = FLASK.get(view, method=method)

    assert expected.raised is ClosingError
    assert COMPAT.get(view, method=method) == expected


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("chunks", cases(SOURCES))
def test_error_of_a_closing_body_reaches_the_server(chunks: list[str], method: str) -> None:
    """A body that cannot be closed is tried once, and what follows its closing is left out."""

    def told(side: Side) -> Any:
        source, called = Source(*chunks), list[str]()
        view = closed_by(lambda: called.append("x"), lambda side: side.Response(source))
        return side.get(view, method=method), source.closed, called

    expected = told(FLASK)

    assert (expected[0].raised, *expected[1:]) == (OSError, 1, [])
    assert told(COMPAT) == expected


class Server:
    """Serves one response to a client that leaves, and notes all errors there are."""

    def __init__(self) -> None:
        self.leaves = asyncio.Event()
        self.proceed = threading.Event()
        """Set some steps of the event loop after the client has left."""
        self.messages: list[Any] = []
        self.errors: list[BaseException] = []
        self.lost: list[Any] = []
        """What the event loop logs, such as exceptions that nobody retrieved."""
        self._loop = asyncio.get_running_loop()
        self._loop.set_exception_handler(lambda loop, context: self.lost.append(context))

    def wait(self) -> None:
        """Have the client leave; called from a worker thread, by what then goes on to fail."""
        self._loop.call_soon_threadsafe(self.leaves.set)
        self.proceed.wait(10)

    async def serve(self, make: Make, **config: Any) -> None:
        task = asyncio.ensure_future(self._run(COMPAT.app(make, **config)))
        await self.leaves.wait()
        for _ in range(20):
            await asyncio.sleep(0)
        self.proceed.set()
        await task
        gc.collect()

    async def _run(self, app: Any) -> None:
        try:
            await run_asgi(app, "/", "GET", self.messages, leaves=self.leaves)
        except Exception as error:
            self.errors.append(error)

    @property
    def complete(self) -> bool:
        return self.messages[-1].get("more_body") is False


@pytest.mark.parametrize("make", cases(RESPONSES))
async def test_error_outlives_the_disconnect_that_follows_the_end(make: Make) -> None:
    """A function that fails after the server told of a disconnect fails to the server still."""
    server = Server()

    def close() -> None:
        server.wait()
        raise ClosingError

    await server.serve(closed_by(close, make))

    assert [type(error) for error in server.errors] == [ClosingError]
    assert server.lost == []


async def test_error_of_a_slow_source_outlives_the_disconnect() -> None:
    """A body is closed after the last message, once, and its error is not cancelled."""
    server = Server()

    class Slow(Source):
        def close(self) -> None:
            server.wait()
            super().close()

    source = Slow("a", "b")
    await server.serve(lambda side: side.Response(source))

    assert server.complete
    assert [type(error) for error in server.errors] == [OSError]
    assert (source.closed, server.lost) == (1, [])


async def test_error_of_a_body_outlives_the_disconnect() -> None:
    """What a body raised is not lost when the client leaves while the response is closed."""
    server = Server()

    await server.serve(closed_by(server.wait, failing_generator))

    assert [type(error) for error in server.errors] == [ZeroDivisionError]
    assert (server.complete, server.lost) == (False, [])


async def test_error_of_the_step_under_way_outlives_the_disconnect() -> None:
    """A blocking body that fails after its client has left fails to the server, then is closed."""
    server, called = Server(), list[str]()

    def generate() -> Iterator[str]:
        yield "a"
        server.wait()
        raise ClosingError

    await server.serve(closed_by(lambda: called.append("x"), lambda s: s.Response(generate())))

    assert [type(error) for error in server.errors] == [ClosingError]
    assert (called, server.lost) == (["x"], [])


@pytest.mark.parametrize("config", [{}, {"RESPONSE_TIMEOUT": None}], ids=["limited", "unlimited"])
async def test_cancelled_body_may_fail(config: dict[str, Any]) -> None:
    """An asynchronous body that fails when its client leaves fails to the server."""
    server = Server()

    async def generate() -> AsyncIterator[str]:
        try:
            yield "a"
            server.leaves.set()
            await asyncio.Event().wait()
        finally:
            raise ClosingError

    await server.serve(lambda side: side.Response(generate()), **config)

    assert [type(error) for error in server.errors] == [ClosingError]
    assert (server.complete, server.lost) == (False, [])


async def test_asynchronous_source_is_closed_to_its_end() -> None:
    """Closing what is neither blocking nor a generator outlives the disconnect, too."""
    server, events = Server(), list[str]()

    class Slow:
        def __aiter__(self) -> "Slow":
            return self

        async def __anext__(self) -> str:
            raise StopAsyncIteration

        async def aclose(self) -> None:
            events.append("begun")
            server.leaves.set()
            while not server.proceed.is_set():
                await asyncio.sleep(0)
            events.append("ended")

    await server.serve(lambda side: side.Response(Slow()))

    assert events == ["begun", "ended"]
    assert (server.complete, server.errors, server.lost) == (True, [], [])


def test_closing_after_the_response_timeout_may_fail() -> None:
    """RESPONSE_TIMEOUT ends a stream in silence, and the error of closing it is not its own."""

    async def endless() -> AsyncIterator[str]:
        yield "a"
        await asyncio.Event().wait()

    view = closed_by(fail, lambda side: side.Response(endless()))
    answer = COMPAT.get(view, config={"RESPONSE_TIMEOUT": 0.01})

    assert (answer.body, answer.raised) == (b"a", ClosingError)


def test_timeout_error_of_closing_is_an_error_like_any() -> None:
    """A `TimeoutError` that a function on close raises is not taken for RESPONSE_TIMEOUT's."""

    def fail() -> None:
        raise TimeoutError

    view = closed_by(fail, lambda side: side.Response("x"))

    assert COMPAT.get(view) == FLASK.get(view)
    assert COMPAT.get(view).raised is TimeoutError
