"""What views return: compat converts it as Flask does, and stock Quart does not."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from http import HTTPStatus
from typing import Any

import pytest
import quart
from werkzeug.datastructures import Headers
from werkzeug.exceptions import Gone, HTTPException, NotFound
from werkzeug.wrappers import Response as WerkzeugResponse

from quart_parity import compat
from tests.compat.sides import (
    COMPAT,
    FLASK,
    STOCK,
    Answer,
    CompatQuart,
    Make,
    Side,
    cases,
    run_asgi,
    steps,
)

COOKIES = [("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")]


class Named(HTTPException):
    """An error that reads the environ, as Flask's may."""

    code = 418

    def get_body(self, environ: Any = None, scope: Any = None) -> str:
        return "{REQUEST_METHOD} {PATH_INFO}".format(**environ)


def echo(environ: Any, start_response: Any) -> Any:
    """A WSGI application that tells what it was called with."""
    names = ["REQUEST_METHOD", "PATH_INFO", "QUERY_STRING", "HTTP_X_A", "HTTP_HOST"]
    start_response("202 Taken", [("Content-Type", "text/x"), *COOKIES])
    yield repr([environ.get(name) for name in names]).encode()
    yield environ["wsgi.input"].read()


def untyped(environ: Any, start_response: Any) -> list[bytes]:
    """A WSGI application that names no content type."""
    start_response("200 OK", [])
    return [b"a", b"b"]


def writing(environ: Any, start_response: Any) -> list[bytes]:
    """A WSGI application that uses the callable that start_response returns."""
    start_response("200 OK", [("Content-Type", "text/plain")])(b"written ")
    return [b"returned"]


def raised(error: Exception) -> Any:
    """Raise the error where a view returns."""
    raise error


def in_place(side: Side) -> Any:
    """A response that comes with a status and headers which the tuple overrides."""
    response = side.Response("x", 404, {"X-A": "1", "X-B": "1"})
    return response, "299 FINE", {"X-A": "2"}


CLOSED: dict[str, Make] = {
    "status-text": lambda side: ("x", "201 CREATED"),
    "iterator": lambda side: iter(["a", "b"]),
    "iterator-of-bytes": lambda side: (map(str.encode, ["a", "b"]), 203),
    "headers-tuple-of-pairs": lambda side: ("x", (("X-A", "1"),)),
    "headers-tuple-of-pairs-and-status": lambda side: ("x", 202, (("X-A", "1"), ("X-A", "2"))),
    "headers-repeated-in-list": lambda side: ("x", 200, COOKIES),
    "headers-repeated-after-generator": lambda side: ((c for c in "ab"), COOKIES),
    "response-with-status-text": in_place,
    "wsgi-application": lambda side: echo,
    "wsgi-application-with-status-and-headers": lambda side: (echo, 299, {"Content-Type": "a/b"}),
    "wsgi-application-without-type": lambda side: untyped,
    "wsgi-application-that-writes": lambda side: writing,
    "error-that-reads-the-environ": lambda side: raised(Named()),
    "no-body-at-all": lambda side: side.Response(),
    "list-of-chunks": lambda side: side.Response(["a", b"b"]),
    "tuple-of-chunks": lambda side: side.Response(("ä", "b"), 201),
}

SHARED: dict[str, Make] = {
    "text": lambda side: "x",
    "empty-text": lambda side: "",
    "bytes": lambda side: b"x",
    "generator": lambda side: (c for c in "abc"),
    "dict": lambda side: {"b": 1, "a": [None, "ä"]},
    "list": lambda side: [1, {"a": 2}],
    "dict-with-status-and-headers": lambda side: ({"a": 1}, 201, {"X-A": "1"}),
    "status-number": lambda side: ("x", 201),
    "status-text-without-phrase": lambda side: ("x", "201 "),
    "status-enum": lambda side: ("x", HTTPStatus.CREATED),
    "status-unknown": lambda side: ("x", 299),
    "status-none": lambda side: ("x", None, {"X-A": "1"}),
    "headers-dict": lambda side: ("x", {"X-A": "1", "Content-Type": "text/plain"}),
    "headers-dict-of-lists": lambda side: ("x", {"X-A": ["1", "2"]}),
    "headers-object": lambda side: ("x", Headers(COOKIES)),
    "headers-empty": lambda side: ("x", 200, {}),
    "response-of-werkzeug": lambda side: WerkzeugResponse("x", 203, {"X-A": "1"}),
    "response-of-werkzeug-streamed": lambda side: WerkzeugResponse(iter(["a", "b"])),
    "response-with-headers": lambda side: (side.Response("x", 201), {"Content-Type": "a/b"}),
    "error-raised": lambda side: side.abort(404),
    "error-returned": lambda side: NotFound(),
    "error-returned-with-status": lambda side: (Gone("gone"), 404, {"X-A": "1"}),
    "error-with-a-response": lambda side: side.abort(side.Response("x", 409)),
    "redirect": lambda side: side.redirect("/there", 307),
    "make-response": steps(lambda side: (yield side.make_response("x", 201))),
    "make-response-of-nothing": steps(lambda side: (yield side.make_response())),
    "jsonify": lambda side: side.jsonify(a=1),
}

REFUSED: dict[str, Make] = {
    "none": lambda side: None,
    "none-with-status": lambda side: (None, 200),
    "number": lambda side: 5,
    "set": lambda side: {"x"},
    "tuple-of-one": lambda side: ("x",),
    "tuple-of-four": lambda side: ("x", 200, {}, {}),
    "tuple-of-none": lambda side: (),
    "callable-that-is-no-application": lambda side: lambda: "x",
    "line-break-in-a-header": lambda side: ("x", {"X-A": "1\r\nX-B: 2"}),
    "line-break-in-a-header-of-json": lambda side: ({}, {"X-A": "1\n2"}),
    "status-empty": lambda side: ("x", " "),
    "status-bytes": lambda side: ("x", b"201 CREATED"),
    "status-object": lambda side: ("x", object()),
    "status-object-for-json": lambda side: ({}, object()),
    "headers-no-pairs": lambda side: ("x", 200, "abc"),
    "json-of-a-set": lambda side: {"a": {1}},
}


@pytest.mark.parametrize("make", cases(CLOSED | SHARED))
def test_result_is_converted_as_by_flask(make: Make) -> None:
    """The answer to whatever a view may return is Flask's."""
    arguments: Any = {"method": "POST", "body": b"sent", "headers": [("X-A", "é")], "query": "q=1"}
    expected = FLASK.get(make, "/p é", **arguments)

    assert expected.raised is None
    assert expected.status != 500
    assert COMPAT.get(make, "/p é", **arguments) == expected


@pytest.mark.parametrize("make", cases(CLOSED))
def test_stock_quart_still_needs_the_conversion(make: Make) -> None:
    """Without compat the answer is another; when this fails, Quart has come round."""

    assert STOCK.get(make, "/p") != FLASK.get(make, "/p")


@pytest.mark.parametrize("make", cases(REFUSED))
def test_result_is_refused_as_by_flask(make: Make) -> None:
    """What Flask refuses is refused with an exception of the same type."""
    config = {"PROPAGATE_EXCEPTIONS": True}
    expected = FLASK.get(make, config=config)

    assert expected.raised is not None
    assert COMPAT.get(make, config=config) == expected


@pytest.mark.parametrize("make", cases(REFUSED))
def test_refused_result_is_a_500(make: Make) -> None:
    """A result that cannot be converted is answered with Flask's 500 page."""
    expected = FLASK.get(make)

    assert expected.status == 500
    assert COMPAT.get(make) == expected


def test_error_names_the_view_and_what_it_returned(caplog: pytest.LogCaptureFixture) -> None:
    """The log says which view returned what, for None above all."""
    for name in ("none", "number", "tuple-of-one"):
        COMPAT.get(REFUSED[name])
    told = [str(record.exc_info[1]) for record in caplog.records if record.exc_info]

    assert all("'root'" in message for message in told)
    assert ["returned None" in told[0], "type int" in told[1], "tuple of 1" in told[2]] == [
        True
    ] * 3


def test_bytearray_is_a_body_of_its_bytes() -> None:
    """A bytearray is sent as it is, not as zeros: Flask hands its server what that refuses."""
    answer = COMPAT.get(lambda side: bytearray(b"x\x05"))

    assert (answer.body, answer.field("content-length")) == (b"x\x05", "2")


def test_stock_quart_sends_the_numbers_of_a_bytearray() -> None:
    """Without compat a server is handed numbers, of which it makes as many zeros."""
    messages: list[Any] = []

    asyncio.run(run_asgi(STOCK.app(lambda side: bytearray(b"x\x05")), "/", "GET", messages))

    assert [message["body"] for message in messages[1:]] == [120, 5, b""]


def test_asynchronous_iterators_are_streamed() -> None:
    """Asynchronous generators and other asynchronous iterators are bodies."""

    async def generate() -> AsyncIterator[str]:
        yield "a"
        yield "b"

    class Letters:
        def __init__(self) -> None:
            self.letters = iter("ab")

        def __aiter__(self) -> "Letters":
            return self

        async def __anext__(self) -> str:
            for letter in self.letters:
                return letter
            raise StopAsyncIteration

    assert COMPAT.get(lambda side: generate()).body == b"ab"
    assert COMPAT.get(lambda side: (Letters(), 201)).body == b"ab"
    assert STOCK.get(lambda side: Letters()).status == 500


def test_synchronous_views_are_converted_alike() -> None:
    """A synchronous view of a Quart application may return what an asynchronous one may."""
    app = CompatQuart(__name__)
    app.add_url_rule("/iterator", "iterator", lambda: (iter("ab"), "201 CREATED", COOKIES))
    app.add_url_rule("/application", "application", lambda: echo)

    assert COMPAT.call(app, "/iterator") == FLASK.get(lambda side: (iter("ab"), 201, COOKIES))
    assert COMPAT.call(app, "/application").status == 202


def test_wsgi_application_runs_off_the_event_loop() -> None:
    """A WSGI application is called, iterated and closed in a thread without an event loop."""
    loops: list[bool] = []

    class Body:
        def __iter__(self) -> Iterator[bytes]:
            loops.append(in_loop())
            yield b"x"

        def close(self) -> None:
            loops.append(in_loop())

    def application(environ: Any, start_response: Any) -> Body:
        loops.append(in_loop())
        start_response("200 OK", [("Content-Type", "text/plain")])
        return Body()

    assert COMPAT.get(lambda side: application).body == b"x"
    assert loops == [False, False, False]


def in_loop() -> bool:
    """Whether an event loop runs in this thread."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


def test_wsgi_application_sees_no_underscored_fields() -> None:
    """A field `X_A` cannot pass for `X-A` in the environ."""

    answer = COMPAT.get(lambda side: echo, headers=[("X_A", "forged"), ("X-A", "1"), ("X-A", "2")])

    assert b"forged" not in answer.body
    assert b"'1,2'" in answer.body


class Marked(quart.Response):
    """A response class of the application's own, of stock Quart's."""

    def mark(self) -> None:
        self.headers["X-Marked"] = type(self).__name__


class MarkedCompat(compat.Response):
    """The same, of compat's."""

    def mark(self) -> None:
        self.headers["X-Marked"] = type(self).__name__


RESULTS: dict[str, Make] = {
    "text": lambda side: "x",
    "iterator": lambda side: iter("ab"),
    "application": lambda side: untyped,
    "missing": lambda side: side.abort(404),
    "redirect": lambda side: side.redirect("/"),
    "werkzeug": lambda side: WerkzeugResponse("x", 203),
    "stock": lambda side: quart.Response("x"),
    "dict": lambda side: {"a": 1},
}


@pytest.mark.parametrize("response_class", [Marked, MarkedCompat])
@pytest.mark.parametrize("make", cases(RESULTS))
def test_hooks_see_the_response_class_of_the_application(
    make: Make, response_class: type[Marked | MarkedCompat]
) -> None:
    """`after_request` gets one of `response_class`, whatever the view made, and can await it."""
    app = COMPAT.app(make)
    app.response_class = response_class
    bodies = []

    async def mark(response: Any) -> Any:
        response.mark()
        bodies.append(await response.get_data())
        return response

    app.after_request(mark)
    answer = COMPAT.call(app)

    assert answer.field("x-marked") == response_class.__name__
    assert answer.body == bodies[0] != b""


def test_stock_quart_leaves_routing_errors_unconverted() -> None:
    """Without compat a hook that awaits the body turns a 404 into a 500."""

    def answer(side: Side) -> Answer:
        app = side.app_class(__name__)

        async def look(response: Any) -> Any:
            await response.get_data()
            return response

        app.after_request(look)
        return side.call(app, "/missing")

    assert answer(COMPAT).status == 404
    assert answer(STOCK).status == 500


def test_hooks_handlers_and_nested_blueprints_return_what_views_may() -> None:
    """Results of `before_request` and of error handlers are converted, blueprints' included."""

    def answers(side: Side) -> list[Answer]:
        app, outer, inner = (
            side.app_class(__name__),
            side.Blueprint("outer", __name__, url_prefix="/o"),
            side.Blueprint("inner", __name__, url_prefix="/i"),
        )
        inner.before_request(side.function(lambda side: (iter("ab"), "203 HOOK", COOKIES)))
        inner.add_url_rule("/hook", "hook", side.function(lambda side: "unreached"))
        outer.add_url_rule("/fail", "fail", side.function(lambda side: 1 // 0))
        outer.register_error_handler(
            ZeroDivisionError, side.function(lambda side: ("caught", "418 POT", (("X-A", "1"),)))
        )
        outer.register_blueprint(inner)
        app.register_blueprint(outer)
        app.register_error_handler(404, side.function(lambda side: (echo, "404 GONE")))
        return [side.call(app, path) for path in ("/o/i/hook", "/o/fail", "/missing", "/o/i/hook/")]

    expected = answers(FLASK)

    assert [answer.status for answer in expected] == [203, 418, 404, 404]
    assert answers(COMPAT) == expected
    assert answers(STOCK) != expected
