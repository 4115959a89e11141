"""Headers that the response class is not given, but updated with."""

from __future__ import annotations

from typing import Any

import flask
import quart
from flask import Flask
from quart import Quart

from ..scenario import Request
from .divergence import Divergence

COOKIES = [("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")]


def original() -> Flask:
    app = Flask("original")

    class Response(flask.Response):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            self.headers["X-Made-With"] = self.status

    app.response_class = Response

    @app.get("/")
    def cookies() -> Any:
        return "two cookies", 200, COOKIES

    @app.get("/length")
    def length() -> Any:
        return "text", {"Content-Length": "2"}

    @app.get("/status")
    def status() -> Any:
        return "gone", 410

    return app


def port() -> Quart:
    app = Quart("port")

    class Response(quart.Response):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            self.headers["X-Made-With"] = self.status

    app.response_class = Response

    @app.get("/")
    async def cookies() -> Any:
        return "two cookies", 200, COOKIES

    @app.get("/length")
    async def length() -> Any:
        return "text", {"Content-Length": "2"}

    @app.get("/status")
    async def status() -> Any:
        return "gone", 410

    return app


DIVERGENCE = Divergence(
    code="QP004",
    title="A header that a view returns more than once keeps its last value: a cookie is lost",
    area="responses",
    severity="data loss",
    flask=(
        'Sends each: `return body, 200, [("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")]` sets two'
        " cookies. The response class is constructed with status and headers, and then sets the"
        " length of the body, whatever the headers say."
    ),
    quart=(
        "Sends the last of one name. A wrong `Content-Length` among the headers is sent, too, and"
        " a constructor of the application's own sees neither status nor headers. Repeated names"
        " in a `Headers` object, or with a list of values in a dict, are kept."
    ),
    cause=(
        "`quart.app.Quart.make_response` constructs the response of the body alone, and then calls"
        " `headers.update`, which replaces."
    ),
    affects={"quart": ">=0.19"},
    by_hand=(
        "Return `Headers([...])` of `werkzeug.datastructures` in place of the list, or make the"
        " response: `return Response(body, 200, Headers([...]))`."
    ),
    by_compat=(
        "`make_response` constructs text, bytes and streams with status and headers. Flask's"
        " response keeps a `Headers` object that it is given and adds its cookies to it, even if"
        " that is a constant; compat copies it, as Quart does."
    ),
    original=original,
    port=port,
    requests=(Request(path="/"), Request(path="/length"), Request(path="/status")),
    shows=(
        "cookie.a",
        "header.content-length",
        "header.x-made-with",
    ),
)
