"""The limit of a body: it holds however it is read and received, and views can move it."""

import asyncio
from collections.abc import Iterable
from typing import Any

import pytest
from werkzeug.exceptions import ClientDisconnected, RequestEntityTooLarge

from quart_parity.compat.request_bodies import Body
from tests.compat.sides import COMPAT, FLASK, STOCK, Side, cases, run_asgi, steps
from tests.compat.uploading import (
    END,
    JSON,
    MULTIPART,
    URLENCODED,
    in_pieces,
    part,
    post,
)

LIMIT = {"MAX_CONTENT_LENGTH": 1000}
TEXT = "text/plain"


@steps
def form(side: Side) -> Any:
    return list((yield side.request.form))


@steps
def data(side: Side) -> Any:
    return str(len((yield side.request.get_data())))


@steps
def parsed(side: Side) -> Any:
    return [(yield side.request.get_json())]


async def iterated(side: Side) -> Any:
    return str(sum([len(chunk) async for chunk in side.request.body]))


BODIES: dict[str, Any] = {
    "multipart": (form, MULTIPART, lambda size: part(b"a", b"x" * (size - 56)) + END),
    "urlencoded": (form, URLENCODED, lambda size: b"x" * size),
    "data": (data, [], lambda size: b"x" * size),
    "json": (parsed, JSON, lambda size: b"1" * size),
}
"""By what is read: the view, the fields and the body of so many bytes."""


@pytest.mark.parametrize("declared", [True, False])
@pytest.mark.parametrize("size", [999, 1000, 1001, 3000])
@pytest.mark.parametrize("kind", cases(BODIES))
def test_limit_holds_however_a_body_is_read(kind: Any, size: int, declared: bool) -> None:
    """Over the limit is a 413, and up to it none, in whatever pieces the body comes."""
    view, headers, make = kind
    body = make(size)
    chunks = in_pieces(body, 400)
    answer = post(COMPAT, view, chunks, headers, declared=declared, config=LIMIT)
    flask = post(FLASK, view, chunks, headers, config=LIMIT)

    assert len(body) == size
    assert answer == flask
    assert answer[0] == (413 if size > 1000 else 200)


async def exchanged(app: Any, chunks: Iterable[bytes]) -> int:
    """The status for a body of which each chunk comes when the last has been dealt with."""
    waiting = list(chunks)
    messages: list[Any] = []

    async def slow(scope: Any, receive: Any, send: Any) -> None:
        async def chunk() -> Any:
            for _ in range(50):
                await asyncio.sleep(0)
            if not waiting:
                return await receive()
            return {"type": "http.request", "body": waiting.pop(0), "more_body": True}

        await app({**scope, "headers": [(b"host", b"localhost")]}, chunk, send)

    await run_asgi(slow, "/", "POST", messages)
    return int(messages[0]["status"])


async def test_limit_holds_for_who_iterates() -> None:
    """A view that consumes the body as it comes gets no more than the limit."""
    chunks = [b"x" * 400] * 5
    answers = [await exchanged(side.app(iterated, **LIMIT), chunks) for side in (COMPAT, STOCK)]

    assert answers == [413, 200]


def limiting(limit: int | None, pause: int) -> Any:
    """A view that sets a limit before it reads, after so many turns of the loop."""

    async def asynchronous(side: Side) -> Any:
        for _ in range(pause):
            await asyncio.sleep(0)
        side.request.max_content_length = limit
        return str(len(await side.request.get_data()))

    def synchronous(side: Side) -> Any:
        side.request.max_content_length = limit
        return str(len(side.request.get_data()))

    return lambda side: (synchronous if side is FLASK else asynchronous)(side)


@pytest.mark.parametrize("pause", [0, 20])
@pytest.mark.parametrize("limit", [10, 999, 1999, 2000, 5000, None])
@pytest.mark.parametrize("size", [500, 2000])
def test_limit_can_be_set_by_the_view(limit: int | None, size: int, pause: int) -> None:
    """A lower and a higher limit hold as in Flask, whatever has arrived by then."""
    view = limiting(limit, pause)
    chunks = in_pieces(b"x" * size, 100)

    assert post(COMPAT, view, chunks, config=LIMIT) == post(FLASK, view, chunks, config=LIMIT)


@pytest.mark.parametrize("pause", [0, 20])
def test_raised_limit_loses_nothing_of_a_chunked_body(pause: int) -> None:
    """What came while the limit was too low is there once it is raised."""
    chunks = in_pieces(b"x" * 2000, 100)
    answer = post(COMPAT, limiting(5000, pause), chunks, declared=False, config=LIMIT)

    assert answer == (200, b"2000")


def test_refused_body_can_be_read_after_all() -> None:
    """A view that catches the error and raises the limit reads the body, as in Flask."""

    async def asynchronous(side: Side) -> Any:
        with pytest.raises(RequestEntityTooLarge):
            await side.request.get_data()
        side.request.max_content_length = 5000
        return str(len(await side.request.get_data()))

    def synchronous(side: Side) -> Any:
        with pytest.raises(RequestEntityTooLarge):
            side.request.get_data()
        side.request.max_content_length = 5000
        return str(len(side.request.get_data()))

    def view(side: Side) -> Any:
        return (synchronous if side is FLASK else asynchronous)(side)

    chunks = in_pieces(b"x" * 2000, 100)
    answers = [post(side, view, chunks, config=LIMIT) for side in (COMPAT, FLASK)]

    assert answers == [(200, b"2000")] * 2


async def test_no_more_is_received_than_the_limit() -> None:
    """A body over the limit is left in the server while a view may raise it, and later dropped."""
    app = COMPAT.app(lambda side: waiting(), MAX_CONTENT_LENGTH=1000)
    received, seen = list[int](), list[int]()

    async def waiting() -> Any:
        for _ in range(50):
            await asyncio.sleep(0)
        seen.append(sum(received))
        return "done"

    async def receive() -> Any:
        await asyncio.sleep(0)
        received.append(400)
        return {"type": "http.request", "body": b"x" * 400, "more_body": True}

    async def sent(message: Any) -> None:
        for _ in range(10):
            await asyncio.sleep(0)

    async def through(scope: Any, _: Any, send: Any) -> None:
        scope["headers"] = [(b"host", b"localhost")]
        await app(scope, receive, sent)

    await run_asgi(through, "/", "POST", [])

    assert seen == [1200]
    assert sum(received) > 1200


@pytest.mark.parametrize("declared", [11, None])
async def test_settled_limit_is_not_raised(declared: int | None) -> None:
    """What was dropped is not taken for a whole body after the limit has been raised."""
    body = Body(declared, 10)
    body.settle()
    body.set_result(b"x" * 11)
    body.set_limit(100, declared)

    assert not body._data
    with pytest.raises(RequestEntityTooLarge):
        await body


async def test_limit_is_noticed_while_waiting() -> None:
    """Who waits for the next chunk when the limit is passed gets the error, not the end."""
    body = Body(None, 10)
    body.append(b"x" * 6)
    chunks = [await anext(body)]
    waiting = asyncio.ensure_future(anext(body))
    await asyncio.sleep(0)
    body.append(b"x" * 6)

    assert chunks == [b"x" * 6]
    with pytest.raises(RequestEntityTooLarge):
        await waiting


async def test_rest_that_never_comes_is_no_end() -> None:
    """Iterating a body whose client has left raises, where Quart's ends."""

    async def view(side: Side) -> Any:
        leaves.set()
        try:
            return [chunk async for chunk in side.request.body]
        except ClientDisconnected as error:
            raised.append(type(error))
            return "left"

    raised: list[Any] = []
    leaves = asyncio.Event()
    app = COMPAT.app(view)

    async def through(scope: Any, receive: Any, send: Any) -> None:
        async def unended() -> Any:
            return {**await receive(), "more_body": True}

        await app(scope, unended, send)

    await run_asgi(through, "/", "POST", [], body=b"x", leaves=leaves)

    assert raised == [ClientDisconnected]
