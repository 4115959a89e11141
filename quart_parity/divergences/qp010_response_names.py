"""Names that Quart's response lacks."""

from __future__ import annotations

from typing import Any

import flask
import quart
from flask import Flask
from quart import Quart
from werkzeug.test import create_environ
from werkzeug.wrappers import Response as Foreign

from ..scenario import Request
from .divergence import SERVER_ERROR, Divergence


def legacy(environ: Any, start_response: Any) -> list[bytes]:
    start_response("202 ACCEPTED", [("Content-Type", "text/plain")])
    return [environ["PATH_INFO"].encode()]


def original() -> Flask:
    app = Flask("original")

    @app.get("/described")
    def described() -> Any:
        made = flask.Response(iter("ab"))
        return [made.is_streamed, made.is_sequence, made.direct_passthrough]

    @app.get("/length")
    def length() -> Any:
        return [flask.Response(iter("ab")).calculate_content_length()]

    @app.get("/encoded")
    def encoded() -> Any:
        return [chunk.decode() for chunk in flask.Response(iter("ab")).iter_encoded()]

    @app.get("/passed")
    def passed() -> Any:
        return flask.Response(iter([b"ab"]), direct_passthrough=True)

    @app.get("/written")
    def written() -> Any:
        made = flask.Response("a")
        made.stream.write(str(made.stream.tell()).encode())
        return made

    @app.get("/forced")
    def forced() -> Any:
        return flask.Response.force_type(Foreign("ab", 203))

    @app.get("/called")
    def called() -> Any:
        return flask.Response.from_app(legacy, create_environ("/ab"))

    @app.get("/closed")
    def closed() -> Any:
        told = list[str]()
        with flask.Response("ab") as made:
            made.call_on_close(lambda: told.append("with"))
        made.close()
        return told

    return app


def port() -> Quart:
    app = Quart("port")

    # What is not there has no type either.
    def response(*args: Any, **kwargs: Any) -> Any:
        return quart.Response(*args, **kwargs)

    @app.get("/described")
    async def described() -> Any:
        made = response(iter("ab"))
        return [made.is_streamed, made.is_sequence, made.direct_passthrough]

    @app.get("/length")
    async def length() -> Any:
        return [await response(iter("ab")).calculate_content_length()]

    @app.get("/encoded")
    async def encoded() -> Any:
        return [chunk.decode() async for chunk in response(iter("ab")).iter_encoded()]

    @app.get("/passed")
    async def passed() -> Any:
        return response(iter([b"ab"]), direct_passthrough=True)

    @app.get("/written")
    async def written() -> Any:
        made = response("a")
        made.stream.write(str(made.stream.tell()).encode())
        return made

    @app.get("/forced")
    async def forced() -> Any:
        response_class: Any = quart.Response
        return response_class.force_type(Foreign("ab", 203))

    @app.get("/called")
    async def called() -> Any:
        response_class: Any = quart.Response
        return await response_class.from_app(legacy, create_environ("/ab"))

    @app.get("/closed")
    async def closed() -> Any:
        told = list[str]()
        async with response("ab") as made:
            made.call_on_close(lambda: told.append("with"))
        await made.close()
        return told

    return app


_PATHS = ("described", "length", "encoded", "passed", "written", "forced", "called", "closed")

DIVERGENCE = Divergence(
    code="QP010",
    title="Names of Flask's responses that Quart's lack",
    area="responses",
    severity="crash",
    flask=(
        "Responses have `call_on_close`, `close`, `with`, `is_sequence`, `is_streamed`,"
        " `calculate_content_length`, `iter_encoded`, `stream`, `direct_passthrough`, and their"
        " class has `force_type` and `from_app`."
    ),
    quart="`AttributeError` or `TypeError`, and so a 500.",
    cause="`quart.wrappers.response.Response` does not define them.",
    affects={"quart": ">=0.19"},
    by_hand=(
        "`iter_encode` for `iter_encoded`; `isinstance(response.response, DataBody)` (of"
        " `quart.wrappers.response`) for `is_sequence`; `set_data(await get_data() + more)` for"
        " writing to `stream`. What `call_on_close` did goes into the `finally` of the generator"
        " that streams the body, or into `app.add_background_task`, which begins at once."
    ),
    by_compat=(
        "The response class has them. What has to read, close or run is awaited: `await close()`,"
        " `async with`, `await calculate_content_length()`, `async for` over `iter_encoded()`,"
        " `await from_app(...)`. `force_type` refuses WSGI applications, which can be returned"
        " from the view; `stream` refuses streamed bodies. The names that serve WSGI"
        " (`get_wsgi_response`, `get_app_iter`, calling a response) are left out."
    ),
    original=original,
    port=port,
    requests=tuple(Request(path=f"/{path}") for path in _PATHS),
    shows=SERVER_ERROR,
)
