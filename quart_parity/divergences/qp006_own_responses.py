"""Responses that the framework makes itself."""

from __future__ import annotations

from typing import Any

import flask
import quart
from flask import Flask
from quart import Quart
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as Foreign

from ..scenario import Request
from .divergence import Divergence


class Teapot(HTTPException):
    code = 418

    def get_body(self, environ: Any = None, scope: Any = None) -> str:
        return f"no coffee at {environ['PATH_INFO']}" if environ else "no coffee"


def original() -> Flask:
    app = Flask("original")

    class Response(flask.Response):
        def mark(self) -> None:
            self.headers["X-Marked"] = "1"

    app.response_class = Response

    @app.after_request
    def look(response: Any) -> Any:
        if "mark" in flask.request.args:
            response.mark()
        if "read" in flask.request.args:
            response.headers["X-Size"] = str(len(response.get_data()))
        return response

    @app.get("/folder/")
    def folder() -> Any:
        return "folder"

    @app.get("/forbidden")
    def forbidden() -> Any:
        return flask.abort(403)

    @app.get("/coffee")
    def coffee() -> Any:
        raise Teapot

    @app.get("/foreign")
    def foreign() -> Any:
        return Foreign("of another class", 203)

    return app


def port() -> Quart:
    app = Quart("port")

    class Response(quart.Response):
        def mark(self) -> None:
            self.headers["X-Marked"] = "1"

    app.response_class = Response

    @app.after_request
    async def look(response: Any) -> Any:
        if "mark" in quart.request.args:
            response.mark()
        if "read" in quart.request.args:
            response.headers["X-Size"] = str(len(await response.get_data()))
        return response

    @app.get("/folder/")
    async def folder() -> Any:
        return "folder"

    @app.get("/forbidden")
    async def forbidden() -> Any:
        return quart.abort(403)

    @app.get("/coffee")
    async def coffee() -> Any:
        raise Teapot

    @app.get("/foreign")
    async def foreign() -> Any:
        return Foreign("of another class", 203)

    return app


DIVERGENCE = Divergence(
    code="QP006",
    title="What `abort`, a missing page and a slash redirect answer is no `response_class`",
    area="responses",
    severity="crash",
    flask=(
        "Every response that `after_request` gets is one of `app.response_class`, and errors are"
        " given the environ to make their body of."
    ),
    quart=(
        "Errors, redirects to the URL with a slash and responses of Werkzeug's class or of another"
        " than the application's stay what they are. A hook that awaits `response.get_data()` turns"
        " a 404 into a 500 (`TypeError`: Werkzeug's returns bytes), methods of the application's"
        " class are missing, and `get_body` of an error gets None for the environ."
    ),
    cause=(
        "`quart.app.Quart.make_response` takes `HTTPException.get_response()` and what is a"
        " response of any class as it is, without `force_type`."
    ),
    affects={"quart": ">=0.19"},
    by_hand=(
        "In hooks: `data = response.get_data()`, then `if isawaitable(data): data = await data`."
        " In errors, read `quart.request` in place of the environ. Or register an error handler"
        " for `HTTPException` that builds the response itself."
    ),
    by_compat=(
        "`make_response` converts all responses to `response_class`, without running its"
        " constructor again (nor does Flask), and errors are given an environ."
    ),
    original=original,
    port=port,
    requests=(
        Request(path="/missing", query="read"),
        Request(path="/folder", query="mark"),
        Request(path="/forbidden", query="mark"),
        Request(path="/foreign", query="read"),
        Request(path="/coffee"),
    ),
    shows=(
        "status",
        "raised",
        "body",
        "header.content-length",
        "header.content-type",
        "header.x-size",
        "header.x-marked",
        "header.location",
    ),
)
