"""Each piece of the conversion by itself: off, results are Quart's; on, it is asked if needed."""

from http import HTTPStatus
from typing import Any

import pytest
import quart
from werkzeug.datastructures import Headers
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as WerkzeugResponse

from quart_parity.compat.switches import override
from quart_parity.trials import Pieces
from tests.compat.sides import COMPAT, FLASK, STOCK, Make, Side, cases, steps

OURS = {f"QP{number:03}" for number in (1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 13)}
COOKIES = [("Set-Cookie", "a=1"), ("set-cookie", "b=2")]


class Named(HTTPException):
    """An error that tells whether it got an environ."""

    code = 418

    def get_body(self, environ: Any = None, scope: Any = None) -> str:
        return str(environ is not None)


def application(environ: Any, start_response: Any) -> list[bytes]:
    """A WSGI application."""
    start_response("202 Taken", [("Content-Type", "text/plain"), *COOKIES])
    return [b"called"]


def teapot(side: Side) -> Any:
    raise Named


@steps
def tagged(side: Side) -> Any:
    response = side.Response("x")
    yield response.add_etag()
    return response


@steps
def frozen(side: Side) -> Any:
    response = side.Response(iter("ab"))
    yield response.freeze()
    return response


@steps
def parsed(side: Side) -> Any:
    return [(yield side.Response("{", mimetype="application/json").get_json())]


@steps
def measured(side: Side) -> Any:
    return [(yield side.Response("ab").calculate_content_length())]


def registered(side: Side) -> Any:
    response = side.Response("ab")
    response.call_on_close(list)
    return response


PIECES: dict[str, tuple[str, Make]] = {
    "status-text": ("QP001", lambda side: ("x", "201 CREATED")),
    "status-text-for-json": ("QP001", lambda side: ({}, "201 CREATED")),
    "status-text-for-response": ("QP001", lambda side: (side.Response("x"), "201 CREATED")),
    "iterator": ("QP002", lambda side: iter("ab")),
    "iterator-with-status": ("QP002", lambda side: (iter("ab"), 201, COOKIES)),
    "tuple-of-pairs": ("QP003", lambda side: ("x", (("X-A", "1"),))),
    "tuple-of-pairs-for-json": ("QP003", lambda side: ({}, (("X-A", "1"),))),
    "repeated": ("QP004", lambda side: ("x", COOKIES)),
    "repeated-in-an-iterator": ("QP004", lambda side: ("x", 200, iter(COOKIES))),
    "repeated-for-generator": ("QP004", lambda side: ((c for c in "ab"), 201, COOKIES)),
    "repeated-in-a-dict": ("QP004", lambda side: ("x", {"X-A": "1", "x-a": "2"})),
    "length": ("QP004", lambda side: ("text", 201, {"Content-Length": "1"})),
    "length-in-an-object": ("QP004", lambda side: ("text", Headers({"content-length": "1"}))),
    "application": ("QP005", lambda side: application),
    "application-with-status": ("QP005", lambda side: (application, 201)),
    "error": ("QP006", teapot),
    "list": ("QP008", lambda side: side.Response(["a", "b"])),
    "tuple": ("QP008", lambda side: side.Response(("a", "b"))),
    "nothing": ("QP008", lambda side: side.Response()),
    "name": ("QP010", measured),
    "name-of-a-hook": ("QP010", registered),
    "argument": ("QP010", lambda side: side.Response("x", direct_passthrough=True)),
    "class-method": ("QP010", lambda side: side.Response.force_type(WerkzeugResponse("x"))),
    "json": ("QP012", parsed),
    "etag": ("QP013", tagged),
    "frozen": ("QP013", frozen),
}
PLAIN: dict[str, Make] = {
    "text": lambda side: "x",
    "bytes": lambda side: b"x",
    "generator": lambda side: (c for c in "ab"),
    "dict": lambda side: {"a": 1},
    "list": lambda side: [1],
    "status": lambda side: ("x", 201),
    "status-enum": lambda side: ("x", HTTPStatus.CREATED),
    "headers": lambda side: ("x", 201, {"X-A": "1"}),
    "headers-of-lists": lambda side: ("x", {"X-A": ["1", "2"]}),
    "headers-pairs": lambda side: ("x", [("X-A", "1"), ("X-B", "1")]),
    "headers-object": lambda side: ("x", Headers(COOKIES)),
    "response": lambda side: side.Response("x", 203),
    "response-of-stock-quart": lambda side: (quart.Response("x"), 203, {"X-A": "1"}),
    "redirect": lambda side: side.redirect("/"),
    "rendered": lambda side: side.jsonify(a=1),
}


@pytest.mark.parametrize(
    ("code", "make"), [pytest.param(*value, id=name) for name, value in PIECES.items()]
)
def test_piece_that_is_off_leaves_the_result_to_quart(code: str, make: Make) -> None:
    """Without its piece, and with all others, a result has stock Quart's answer."""
    off = {"FLASK_COMPAT": {code: False}}
    expected = STOCK.get(make)

    assert expected != FLASK.get(make)
    assert COMPAT.get(make, config=off) == expected
    assert COMPAT.get(make) == FLASK.get(make)


class Own(quart.Response):
    """A response class with a constructor of its own."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)


def asked(make: Make, **changes: Any) -> set[str]:
    """Which of the pieces of results one request asks for."""
    app = COMPAT.app(make)
    vars(app).update(changes)
    pieces = Pieces.but()
    override(app, pieces)
    COMPAT.call(app)
    return OURS & pieces.asked[-1]


@pytest.mark.parametrize("make", cases(PLAIN))
def test_what_quart_converts_alike_asks_for_no_piece(make: Make) -> None:
    """Only results that a piece makes a difference to ask for it."""

    assert asked(make) == set()


@pytest.mark.parametrize(
    ("code", "make"), [pytest.param(*value, id=name) for name, value in PIECES.items()]
)
def test_what_quart_converts_otherwise_asks_for_its_piece(code: str, make: Make) -> None:
    """A result that a piece makes a difference to asks for it, so that it can be told."""

    assert code in asked(make)


def test_constructor_of_the_application_asks_only_where_there_is_something_to_see() -> None:
    """Text without status and headers is converted alike, whatever the class."""

    assert asked(lambda side: "x", response_class=Own) == set()
    assert asked(lambda side: ("x", 201), response_class=Own) == {"QP004"}
