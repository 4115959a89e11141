"""A client that leaves: what is made for it is made to its end, what is sent to it is stopped."""

import asyncio
import gc
import weakref
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any

import pytest
from quart.asgi import ASGIHTTPConnection
from werkzeug.exceptions import ClientDisconnected

from quart_parity.compat.sessions import SecureCookieSessionInterface
from tests.compat.sides import COMPAT, STOCK, CompatQuart, Side, cases, run_asgi

OFF = {"FLASK_COMPAT": {"QP039": False}}


class Client:
    """A client that leaves when the application says so."""

    def __init__(self) -> None:
        self.leaves = asyncio.Event()
        self.messages: list[Any] = []

    async def leave(self) -> None:
        """Called by the application: returns once the server has told of the disconnect."""
        self.leaves.set()
        for _ in range(10):
            await asyncio.sleep(0)

    async def ask(self, app: Any, method: str = "GET") -> None:
        await run_asgi(app, "/", method, self.messages, leaves=self.leaves)


def noting_app(side: Side, client: Client, events: list[str], **config: Any) -> Any:
    """An application that notes how far it gets with a client that leaves it."""

    async def view(side: Side) -> Any:
        events.append("begun")
        await client.leave()
        side.session["a"] = 1
        events.append("ended")
        return "x"

    app = side.app(view, SECRET_KEY="key", **config)

    async def after(response: Any) -> Any:
        events.append("after")
        return response

    async def teardown(error: BaseException | None) -> None:
        events.append(f"teardown {error!r}")

    app.after_request(after)
    app.teardown_request(teardown)
    return app


async def test_view_and_hooks_run_to_their_end() -> None:
    """A client that leaves has its request handled, and is sent nothing."""
    client, events = Client(), list[str]()

    await client.ask(noting_app(COMPAT, client, events))

    assert events == ["begun", "ended", "after", "teardown None"]
    assert client.messages == []


@pytest.mark.parametrize(("side", "config"), [(COMPAT, OFF), (STOCK, {})], ids=["off", "stock"])
async def test_stock_quart_cancels_the_view(side: Side, config: dict[str, Any]) -> None:
    """Without compat, or without this piece of it, the view ends where it awaits."""
    client, events = Client(), list[str]()

    await client.ask(noting_app(side, client, events, **config))

    assert "begun" in events
    assert not {"ended", "after"} & set(events)


async def test_session_is_saved_for_a_client_that_left() -> None:
    """Saving the session, which a store on the server needs, is not left out."""
    client, saved = Client(), list[dict[str, Any]]()
    app = noting_app(COMPAT, client, [])

    class Interface(SecureCookieSessionInterface):
        """A store on the server, that notes what it is given."""

        async def save_session(self, app: Any, session: Any, response: Any) -> None:
            saved.append(dict(session))

    app.session_interface = Interface()
    await client.ask(app)

    assert saved == [{"a": 1}]


async def test_error_after_the_client_left_is_handled() -> None:
    """Error handlers see what a view raises for a client that has left."""
    client, seen = Client(), list[str]()

    async def view(side: Side) -> Any:
        await client.leave()
        raise KeyError("a")

    app = COMPAT.app(view)

    async def handle(error: KeyError) -> str:
        seen.append(repr(error))
        return "handled"

    app.register_error_handler(KeyError, handle)
    await client.ask(app)

    assert (seen, client.messages) == (["KeyError('a')"], [])


async def test_response_to_nobody_is_closed_unread() -> None:
    """A stream that was made for a client that has left is not started, but closed."""
    client, events = Client(), list[str]()

    class Source:
        def __iter__(self) -> Iterator[str]:
            events.append("read")
            return iter("ab")

        def close(self) -> None:
            events.append("closed")

    async def view(side: Side) -> Any:
        await client.leave()
        response = side.Response(Source())
        response.call_on_close(lambda: events.append("called"))
        return response

    await client.ask(COMPAT.app(view))

    assert (events, client.messages) == (["closed", "called"], [])


async def test_endless_stream_is_stopped() -> None:
    """A response that is being sent ends with its client, also where it never sends."""
    client, events = Client(), list[str]()

    async def generate() -> AsyncIterator[str]:
        try:
            yield ""
            client.leaves.set()
            await asyncio.Event().wait()
        finally:
            events.append("closed")

    await client.ask(COMPAT.app(lambda side: generate()))

    assert (events, client.messages) == (["closed"], [])


async def test_stream_that_never_waits_is_stopped() -> None:
    """A body that is always ready does not keep the disconnect from being noticed."""
    client, given = Client(), list[int]()

    async def generate() -> AsyncIterator[str]:
        for number in range(1000):
            client.leaves.set()
            given.append(number)
            yield "x"

    await client.ask(COMPAT.app(lambda side: generate()))

    assert len(given) < 20


async def get_data(request: Any) -> object:
    return await request.get_data()


async def get_form(request: Any) -> object:
    return await request.form


async def iterate(request: Any) -> object:
    return [chunk async for chunk in request.body]


READERS = {"data": get_data, "form": get_form, "chunks": iterate}


@pytest.mark.parametrize("reader", cases(READERS))
async def test_body_that_will_not_come_raises(reader: Callable[[Any], Awaitable[object]]) -> None:
    """Reading the rest of a body whose client has left is Werkzeug's `ClientDisconnected`."""
    raised: list[type[Exception]] = []

    async def view(side: Side) -> Any:
        try:
            await reader(side.request)
        except Exception as error:
            raised.append(type(error))
        return "x"

    body = b"a=1&b"
    messages = [
        {"type": "http.request", "body": body, "more_body": True},
        {"type": "http.disconnect"},
    ]
    await COMPAT.app(view)(scope_with_form(), receiving(messages), discard)

    assert raised == [ClientDisconnected]


async def test_body_that_came_stays_readable() -> None:
    """A body that was there before its client left is read as ever."""
    client, read = Client(), list[bytes]()

    async def view(side: Side) -> Any:
        await client.leave()
        read.append(await side.request.get_data())
        return "x"

    await run_asgi(
        COMPAT.app(view), "/", "POST", client.messages, body=b"whole", leaves=client.leaves
    )

    assert read == [b"whole"]


async def test_error_of_the_server_ends_the_request() -> None:
    """What `receive` raises reaches the server, and the view is cancelled."""
    cancelled: list[str] = []

    async def view(side: Side) -> Any:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            cancelled.append("x")
            raise

    async def receive() -> Any:
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        await COMPAT.app(view)(scope_with_form(), receive, discard)

    assert cancelled == ["x"]


async def test_nothing_is_pushed_to_a_client_that_left() -> None:
    """Push promises are dropped with the rest; before the client leaves they are sent."""
    client = Client()

    async def view(side: Side) -> Any:
        await side.request.send_push_promise("/before")
        await client.leave()
        await side.request.send_push_promise("/after")
        return "x"

    messages: list[Any] = []

    async def send(message: Any) -> None:
        messages.append(message)

    async def receive() -> Any:
        await client.leaves.wait()
        return {"type": "http.disconnect"}

    scope = {**scope_with_form(), "http_version": "2", "extensions": {"http.response.push": {}}}
    await COMPAT.app(view)(scope, receive, send)

    assert [message.get("path") for message in messages] == ["/before"]


async def test_other_clients_are_not_concerned() -> None:
    """Requests at the same time are each stopped by their own client only."""
    leaving, staying = Client(), Client()

    async def view(side: Side) -> Any:
        async def generate() -> AsyncIterator[str]:
            yield "a"
            await leaving.leave()
            yield "b"

        return generate()

    app = COMPAT.app(view)
    await asyncio.gather(leaving.ask(app), staying.ask(app))

    assert leaving.messages[-1].get("more_body") is True
    assert [message.get("body") for message in staying.messages] == [None, b"a", b"b", b""]


async def test_upload_is_free_once_it_is_answered() -> None:
    """A body needs no garbage collector to go, which may come late."""
    bodies: list[Any] = []

    async def view(side: Side) -> Any:
        bodies.append(weakref.ref(side.request.body))
        return "x"

    gc.disable()
    try:
        await run_asgi(COMPAT.app(view), "/", "POST", [], body=b"whole")
        left = [body() for body in bodies]
    finally:
        gc.enable()

    assert left == [None]


async def test_request_ends_with_the_task_of_the_server() -> None:
    """A server that cancels a request, for taking too long or to shut down, leaves none of it."""
    events: list[str] = []
    begun = asyncio.Event()

    async def view(side: Side) -> Any:
        try:
            begun.set()
            await asyncio.Event().wait()
        finally:
            events.append("ended")

    before = asyncio.all_tasks()
    task = asyncio.ensure_future(run_asgi(COMPAT.app(view), "/", "GET", []))
    await begun.wait()
    task.cancel()
    await asyncio.wait([task])
    for _ in range(10):
        await asyncio.sleep(0)

    assert task.cancelled()
    assert events == ["ended"]
    assert asyncio.all_tasks() == before


async def test_connection_of_the_application_is_kept() -> None:
    """An `asgi_http_class` of the application's own has its methods called, and ours by `super`."""
    events: list[str] = []

    class Connection(ASGIHTTPConnection):
        """Somebody's connection."""

        async def handle_request(self, request: Any, send: Any) -> None:
            events.append("begun")
            await super().handle_request(request, send)
            events.append("ended")

        async def _send_response(self, send: Any, response: Any) -> None:
            events.append("sending")
            await super()._send_response(send, response)

    class App(CompatQuart):
        asgi_http_class = Connection

    app = App(__name__)
    app.add_url_rule("/", "root", lambda: ("", 204))
    messages: list[Any] = []
    await run_asgi(app, "/", "GET", messages)

    assert events == ["begun", "sending", "ended"]
    assert [name for name, _ in messages[0]["headers"]] == [b"content-type"]


def scope_with_form() -> dict[str, Any]:
    """The scope of a form of 100 bytes."""
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": "/",
        "query_string": b"",
        "headers": [
            (b"host", b"localhost"),
            (b"content-type", b"application/x-www-form-urlencoded"),
            (b"content-length", b"100"),
        ],
    }


def receiving(messages: list[Any]) -> Callable[[], Awaitable[Any]]:
    async def receive() -> Any:
        await asyncio.sleep(0)
        return messages.pop(0)

    return receive


async def discard(message: Any) -> None:
    """Send nowhere."""


OVER_THE_LIMIT = {
    "declared": ([(b"content-length", b"100")], []),
    "received": ([], [b"x" * 100]),
    "later": ([], [b"x" * 10, b"x" * 100]),
}


@pytest.mark.parametrize("case", cases(OVER_THE_LIMIT))
async def test_refused_body_does_not_hide_that_the_client_leaves(case: Any) -> None:
    """A stream ends with its client, also if that has sent more than it may, which is dropped."""
    fields, chunks = case
    started, closed = asyncio.Event(), list[int]()

    async def view(side: Side) -> Any:
        body = side.request.body

        async def generate() -> AsyncIterator[str]:
            try:
                yield "a"
                started.set()
                await asyncio.Event().wait()
            finally:
                closed.append(len(body._data))

        return generate()

    async def client() -> AsyncIterator[Any]:
        for chunk in [*chunks, *[b"x" * 100] * 5]:
            yield {"type": "http.request", "body": chunk, "more_body": True}
        await started.wait()
        yield {"type": "http.disconnect"}

    scope = {**scope_with_form(), "headers": [(b"host", b"localhost"), *fields]}
    app = COMPAT.app(view, MAX_CONTENT_LENGTH=50)
    async with asyncio.timeout(5):
        await app(scope, client().__anext__, discard)

    assert len(closed) == 1
    assert closed[0] <= 110
