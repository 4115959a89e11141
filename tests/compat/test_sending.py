"""What goes out: compat sends the headers and bodies that Flask does, and stock Quart does not."""

import asyncio
import gc
import threading
import weakref
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import pytest
from werkzeug.wrappers import Response as WerkzeugResponse

from quart_parity.compat.threads import WORKERS
from tests.compat.sides import COMPAT, FLASK, STOCK, Make, Side, cases, run_asgi

ENTITY = {"Content-Language": "de", "Last-Modified": "x", "ETag": '"a"', "Content-Location": "/ä"}


def failing(error: Exception, *chunks: str) -> Make:
    """A view whose body gives some chunks and then fails."""

    def generate() -> Iterator[str]:
        yield from chunks
        raise error

    return lambda side: generate()


def located(location: str) -> Make:
    """A view that sends the same reference in both fields that hold one."""
    headers = {"Location": location, "Content-Location": location}
    return lambda side: ("x", headers)


def twice_located(side: Side) -> Any:
    """A response with two of a field that Werkzeug keeps the last of."""
    response = side.Response("x", 302, {"Location": "/a", "X-A": "1"})
    response.headers.add("Location", "/b")
    return response


BODILESS: dict[str, Make] = {
    "204": lambda side: ("BODY", 204),
    "204-empty": lambda side: ("", 204),
    "204-json": lambda side: ({"a": 1}, 204),
    "204-generator": lambda side: (iter(["BODY"]), 204),
    "204-with-length": lambda side: ((c for c in "ab"), 204, {"Content-Length": "2"}),
    "304": lambda side: ("BODY", 304, ENTITY),
    "101": lambda side: ("BODY", 101, {"Upgrade": "x"}),
    "100": lambda side: ("", 100),
}

WITH_BODY: dict[str, Make] = {
    "text": lambda side: "BODY",
    "json": lambda side: {"a": 1},
    "generator": lambda side: (c for c in "BODY"),
    "werkzeug": lambda side: WerkzeugResponse("BODY"),
    "missing": lambda side: side.abort(404),
    "redirect": lambda side: side.redirect("/ü"),
}

ENCODED: dict[str, Make] = {
    "path": located("/é b"),
    "host": located("http://é.com/?q=ü#ö"),
    "quoted": located("/a%20b?c=%26"),
    "unsafe": located('/"<>\\^`{|}'),
    "redirect": lambda side: side.redirect("/é b"),
    "twice": twice_located,
    "latin-1": lambda side: ("x", {"X-A": "é"}),
}

FAILING: dict[str, Make] = {
    "at-once": failing(ValueError()),
    "after-nothing": failing(ValueError(), ""),
    "at-once-by-timeout": failing(TimeoutError()),
    "half-way-by-timeout": failing(TimeoutError(), "a", "b"),
    "not-latin-1": lambda side: ("x", {"X-A": "日本"}),
}


@pytest.mark.parametrize("make", cases(BODILESS))
def test_bodiless_status_has_no_body(make: Make) -> None:
    """1xx, 204 and 304 go out without a body and without the fields that describe one."""
    expected = FLASK.get(make)

    assert expected.body == b""
    assert expected.field("content-length") is None
    assert COMPAT.get(make) == expected
    assert STOCK.get(make) != expected


@pytest.mark.parametrize("make", cases(WITH_BODY))
def test_head_has_the_fields_of_get_and_no_body(make: Make) -> None:
    """HEAD is answered with the header fields of GET and nothing after them."""
    expected = FLASK.get(make, method="HEAD")
    answer = COMPAT.get(make, method="HEAD")

    assert answer == expected
    assert answer.body == b""
    assert answer.headers == COMPAT.get(make).headers
    assert STOCK.get(make, method="HEAD") != expected


@pytest.mark.parametrize("make", cases(ENCODED))
def test_fields_are_encoded_as_by_flask(make: Make) -> None:
    """References are URIs in ASCII, everything else is Latin-1, as WSGI has it."""
    expected = FLASK.get(make)

    assert expected.raised is None
    assert COMPAT.get(make) == expected


@pytest.mark.parametrize("make", cases({k: v for k, v in ENCODED.items() if k != "quoted"}))
def test_stock_quart_still_needs_the_encoding(make: Make) -> None:
    """Without compat the fields go out as raw UTF-8."""

    assert STOCK.get(make) != FLASK.get(make)


def test_cookies_are_not_encoded_twice() -> None:
    """A cookie outside ASCII goes out in the bytes that Flask sends."""

    def make(side: Side) -> Any:
        response = side.Response("x")
        response.set_cookie("ключ", "é")
        return response

    expected = FLASK.get(make)

    assert COMPAT.get(make) == expected
    assert STOCK.get(make) != expected


@pytest.mark.parametrize("make", cases(FAILING))
def test_failing_body_reaches_the_server(make: Make) -> None:
    """An error of a body escapes; before its first bytes nothing has been sent, so it is a 500."""
    expected = FLASK.get(make)

    assert expected.raised is not None
    assert COMPAT.get(make) == expected
    assert STOCK.get(make) != expected


def test_error_half_way_ends_the_stream() -> None:
    """What a body gave before it failed has been sent."""
    make = failing(ValueError(), "a", "", "b")
    answer = COMPAT.get(make)

    assert (answer.body, answer.raised) == (b"ab", ValueError)
    assert answer == FLASK.get(make)


def test_response_timeout_still_cuts_a_stream() -> None:
    """RESPONSE_TIMEOUT is left as Quart has it: the stream ends there, and nothing is raised."""

    async def endless() -> AsyncIterator[str]:
        yield "a"
        await asyncio.Event().wait()

    answer = COMPAT.get(lambda side: endless(), config={"RESPONSE_TIMEOUT": 0.01})

    assert (answer.body, answer.raised) == (b"a", None)


class Source:
    """A body that notes what is done to it."""

    def __init__(self, *chunks: str) -> None:
        self.chunks = iter(chunks)
        self.events: list[str] = []

    def __iter__(self) -> "Source":
        self.events.append("iter")
        return self

    def __next__(self) -> str:
        chunk = next(self.chunks)
        if chunk == "fail":
            raise ValueError
        return chunk

    def close(self) -> None:
        self.events.append("close")


HOW_ENDED = {
    "read": (["a", "b"], 200, "GET"),
    "failed": (["a", "fail"], 200, "GET"),
    "failed-at-once": (["fail"], 200, "GET"),
    "head": (["a"], 200, "HEAD"),
    "no-content": (["a"], 204, "GET"),
}


@pytest.mark.parametrize(("chunks", "status", "method"), HOW_ENDED.values(), ids=HOW_ENDED)
def test_bodies_are_closed_once(chunks: list[str], status: int, method: str) -> None:
    """A body is closed after use, then what was registered runs; unread ones are not started."""

    def events(side: Side) -> list[str]:
        source = Source(*chunks)

        def make(side: Side) -> Any:
            response = side.Response(source, status)
            response.call_on_close(lambda: source.events.append("called"))
            return response

        side.get(make, method=method)
        return source.events

    expected = events(FLASK)

    assert expected[-2:] == ["close", "called"]
    assert events(COMPAT) == expected


def test_stream_is_free_once_it_is_sent() -> None:
    """What was streamed needs no garbage collector to go, which may come late."""
    sources: list[Any] = []

    def make(side: Side) -> Any:
        source = Source("a", "b")
        sources.append(weakref.ref(source))
        return side.Response(source)

    gc.disable()
    try:
        COMPAT.get(make)
        for worker in list(WORKERS._alive):
            # A thread may still be about to let go of what it did last.
            worker.submit(int).result(10)
        left = [source() for source in sources]
    finally:
        gc.enable()

    assert left == [None]


def test_stock_quart_closes_nothing() -> None:
    """Without compat a body with `close` is left open."""
    source = Source("a")

    STOCK.get(lambda side: side.Response(source))

    assert "close" not in source.events


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_responses_of_werkzeug_are_closed(method: str) -> None:
    """What Werkzeug's `call_on_close` registered runs for a response that a view returns."""
    called: list[str] = []

    def make(side: Side) -> Any:
        response = WerkzeugResponse(iter("ab"))
        response.call_on_close(lambda: called.append(side.module.__name__))
        return response

    FLASK.get(make, method=method)
    COMPAT.get(make, method=method)
    STOCK.get(make, method=method)

    assert called == ["flask", "quart"]


@pytest.mark.parametrize("asynchronous", [False, True])
def test_head_never_starts_a_generator(asynchronous: bool) -> None:
    """The body of a HEAD request is not begun; stock Quart runs it to its end."""
    steps: list[str] = []

    def generate() -> Iterator[str]:
        steps.append("step")
        yield "x"

    async def generate_async() -> AsyncIterator[str]:
        steps.append("step")
        yield "x"

    def make(side: Side) -> Any:
        return generate_async() if asynchronous else generate()

    COMPAT.get(make, method="HEAD")
    assert steps == []
    STOCK.get(make, method="HEAD")
    assert steps == ["step"]


def test_functions_on_close_may_be_asynchronous() -> None:
    """`call_on_close` takes coroutine functions, and returns what it was given."""
    called: list[str] = []

    def make(side: Side) -> Any:
        response = side.Response("x")

        async def note() -> None:
            called.append("x")

        assert response.call_on_close(note) is note
        return response

    COMPAT.get(make)

    assert called == ["x"]


async def test_closing_outlives_the_disconnect_that_follows_the_end() -> None:
    """What closes a response runs to its end, though the server tells of a disconnect before."""
    ended, proceed, closed = asyncio.Event(), asyncio.Event(), asyncio.Event()

    def make(side: Side) -> Any:
        response = side.Response("x")

        async def close() -> None:
            ended.set()
            await proceed.wait()
            closed.set()

        response.call_on_close(close)
        return response

    task = asyncio.ensure_future(run_asgi(COMPAT.app(make), "/", "GET", [], leaves=ended))
    await ended.wait()
    for _ in range(20):
        await asyncio.sleep(0)
    proceed.set()
    await task

    assert closed.is_set()


async def test_cancelled_stream_is_closed_after_its_step() -> None:
    """A client that leaves during a blocking step has the generator closed once the step ends."""
    loop = asyncio.get_running_loop()
    stepping, closed = asyncio.Event(), threading.Event()
    proceed = threading.Event()

    def generate() -> Iterator[str]:
        try:
            yield "a"
            loop.call_soon_threadsafe(stepping.set)
            proceed.wait(10)
            yield "b"
        finally:
            closed.set()

    app = COMPAT.app(lambda side: generate())
    leaves, messages = asyncio.Event(), list[Any]()
    task = asyncio.ensure_future(run_asgi(app, "/", "GET", messages, leaves=leaves))
    await stepping.wait()
    leaves.set()
    for _ in range(20):
        await asyncio.sleep(0)

    assert not closed.is_set()
    proceed.set()
    await task
    assert closed.is_set()
    assert [message.get("body") for message in messages] == [None, b"a"]


def test_response_in_memory_is_sent_in_two_messages() -> None:
    """A body in memory is one message, marked as the last; a stream is one a chunk."""

    def messages(make: Callable[[Side], Any]) -> list[Any]:
        sent: list[Any] = []
        asyncio.run(run_asgi(COMPAT.app(make), "/", "GET", sent))
        return [message["more_body"] for message in sent[1:]]

    assert messages(lambda side: "x") == [False]
    assert messages(lambda side: iter("ab")) == [True, True, False]
