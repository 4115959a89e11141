"""Streams that keep their request: compat's do what Flask's do, and stock Quart's do not."""

import io
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from functools import partial
from typing import Any

import pytest

from quart_parity import compat
from tests.compat.sides import COMPAT, FLASK, STOCK, Answer, Make, Side, cases

KEY = {"SECRET_KEY": "a key"}


def told(side: Side) -> list[str]:
    """What a stream sees of its request."""
    return [side.request.path, str(side.session.get("name")), str(side.g.get("user", "lost"))]


def prepared(view: Make) -> Make:
    """A view that stores something in the session and in `g` first."""

    def make(side: Side) -> Any:
        side.session["name"] = "tom"
        side.g.user = "bob"
        return view(side)

    return make


def generator_of(side: Side) -> Callable[[], Iterator[str]]:
    """A generator function that reads the request in every step."""

    def generate() -> Iterator[str]:
        yield told(side)[0]
        yield from told(side)[1:]

    return generate


def called_object(side: Side) -> Any:
    return side.stream_with_context(generator_of(side)())


def called_in_response(side: Side) -> Any:
    return side.Response(side.stream_with_context(generator_of(side)()), 203)


def decorated(side: Side) -> Any:
    return side.stream_with_context(generator_of(side))()


def decorated_with_argument(side: Side) -> Any:
    def generate(greeting: str, *, mark: str) -> Iterator[str]:
        yield greeting + mark
        yield from told(side)

    return side.stream_with_context(generate)("hello", mark="!"), {"X-A": "1"}


def of_iterator(side: Side) -> Any:
    return side.stream_with_context(map(str.upper, told(side)))


def of_file(side: Side) -> Any:
    return side.stream_with_context(io.BytesIO(b"a\nb\n"))


def failing(side: Side) -> Any:
    def generate() -> Iterator[str]:
        yield told(side)[0]
        raise ValueError

    return side.stream_with_context(generate())


def failing_at_once(side: Side) -> Any:
    return side.stream_with_context(str(1 // int(part)) for part in told(side)[0][1:])


STREAMS: dict[str, Make] = {
    "object": called_object,
    "object-in-response": called_in_response,
    "decorated": decorated,
    "decorated-with-argument": decorated_with_argument,
    "iterator": of_iterator,
    "file": of_file,
    "failing": failing,
    "failing-at-once": failing_at_once,
}


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("make", cases(STREAMS))
def test_stream_keeps_its_request(make: Make, method: str) -> None:
    """`request`, `session` and `g` are those of the view while its stream runs."""
    arguments: Any = {"path": "/0", "method": method, "config": KEY}
    expected = FLASK.get(prepared(make), **arguments)

    assert COMPAT.get(prepared(make), **arguments) == expected


@pytest.mark.parametrize("make", cases(STREAMS))
def test_stock_quart_still_needs_the_streams(make: Make) -> None:
    """Without compat only asynchronous generator functions are taken."""
    stock = STOCK.get(prepared(make), "/0", config=KEY)

    assert stock != FLASK.get(prepared(make), "/0", config=KEY)


def test_asynchronous_streams_keep_their_request() -> None:
    """Asynchronous generators and the functions that make them are taken as well."""

    def make(side: Side, *, call_first: bool) -> Any:
        async def generate() -> AsyncIterator[str]:
            for part in told(side):
                yield part

        stream = side.stream_with_context
        return stream(generate()) if call_first else stream(generate)()

    for call_first in (False, True):
        view = prepared(partial(make, call_first=call_first))

        assert COMPAT.get(view, "/p", config=KEY).body == b"/ptombob"
        assert STOCK.get(view, "/p", config=KEY).body != b"/ptombob"


def test_synchronous_view_may_stream_with_context() -> None:
    """A synchronous view, which Quart runs in a thread, can keep its request too."""
    app = COMPAT.app(lambda side: "x")
    app.config.update(KEY)
    app.add_url_rule("/sync", "sync", lambda: prepared(called_object)(COMPAT))

    assert COMPAT.call(app, "/sync").body == b"/synctombob"


def test_teardown_runs_as_in_flask() -> None:
    """Contexts are torn down after the view and after the stream, with one and the same `g`."""

    def events(side: Side) -> list[Any]:
        noted: list[Any] = []
        app = side.app(prepared(called_object), **KEY)
        app.teardown_request(lambda error: noted.append(("request", side.g.user)))
        app.teardown_appcontext(lambda error: noted.append(("application", side.g.user)))
        noted.append(side.call(app).body)
        return noted

    expected = events(FLASK)

    assert len(expected) > 1
    assert events(COMPAT) == expected


def test_hook_can_read_a_stream_with_context() -> None:
    """A hook that reads the body does so inside the request, which stays open for others."""

    def answer(side: Side) -> Answer:
        app = side.app(prepared(called_in_response), **KEY)

        def keep(response: Any, data: bytes) -> Any:
            response.headers["X-Body"] = data.decode() + side.g.user
            return response

        def flask_hook(response: Any) -> Any:
            return keep(response, response.get_data())

        async def quart_hook(response: Any) -> Any:
            return keep(response, await response.get_data())

        app.after_request(flask_hook if side is FLASK else quart_hook)
        return side.call(app)

    expected = answer(FLASK)

    assert expected.field("x-body") == "/tombobbob"
    assert answer(COMPAT) == expected


def test_blocking_generators_run_off_the_event_loop() -> None:
    """A synchronous generator is stepped and closed in worker threads."""
    threads: list[bool] = []

    def make(side: Side) -> Any:
        def generate() -> Iterator[str]:
            threads.append(threading.current_thread() is threading.main_thread())
            yield side.request.path

        return side.stream_with_context(generate())

    assert COMPAT.get(make).body == b"/"
    assert threads == [False]


def test_stream_with_context_needs_a_request() -> None:
    """Outside of a request there is nothing to keep."""
    with pytest.raises(RuntimeError, match="needs a request"):
        compat.stream_with_context(iter("ab"))
