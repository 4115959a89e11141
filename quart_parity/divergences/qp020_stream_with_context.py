"""Streams that keep their request."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any

import flask
import quart
from flask import Flask
from flask import stream_with_context as flask_stream_with_context
from quart import Quart, Response, stream_with_context

from ..scenario import Request
from .divergence import Divergence


def original() -> Flask:
    app = Flask("original")

    @app.before_request
    def login() -> None:
        flask.g.user = "bob"

    def generate() -> Iterator[str]:
        yield flask.request.path
        yield flask.g.get("user", "nobody")

    @app.get("/decorated")
    def decorated() -> Any:
        stream: Any = flask_stream_with_context(generate)
        return stream()

    @app.get("/called")
    def called() -> Any:
        return flask.Response(flask_stream_with_context(generate()))

    @app.get("/plain")
    def plain() -> Any:
        stream: Any = flask_stream_with_context(generate)
        return stream()

    return app


def port() -> Quart:
    app = Quart("port")

    @app.before_request
    async def login() -> None:
        quart.g.user = "bob"

    async def generate() -> AsyncIterator[str]:
        yield quart.request.path
        yield quart.g.get("user", "nobody")

    def generate_plainly() -> Iterator[str]:
        yield quart.request.path
        yield quart.g.get("user", "nobody")

    @app.get("/decorated")
    async def decorated() -> Any:
        return stream_with_context(generate)()

    @app.get("/called")
    async def called() -> Any:
        generator: Any = generate()
        stream: Any = stream_with_context(generator)
        return Response(stream)

    @app.get("/plain")
    async def plain() -> Any:
        return stream_with_context(generate_plainly)()

    return app


DIVERGENCE = Divergence(
    code="QP020",
    title="`stream_with_context` loses `g`, and takes one kind of function only",
    area="hooks",
    severity="data loss",
    flask=(
        "The stream runs in the contexts of its request, `g` with what hooks put there included."
        " Generators are taken as well as the functions that make them."
    ),
    quart=(
        "The stream has a new `g`, so that the user whom a hook stored there is missing. A"
        " generator object is a 500; a plain generator function is a 200 that breaks off."
    ),
    cause=(
        "`quart.helpers.stream_with_context` copies the request's context alone, which pushes a"
        " new application context, and iterates the function's result with `async for`."
    ),
    affects={"quart": ">=0.19"},
    by_hand=(
        "Read what is needed in the view and hand it to an asynchronous generator function as"
        " arguments, decorated with `stream_with_context` where it needs `request`, too."
    ),
    by_compat=(
        "`stream_with_context` of `quart_parity.compat` enters both contexts again, and takes"
        " iterators and generator functions, asynchronous or not."
    ),
    original=original,
    port=port,
    requests=tuple(Request(path=path) for path in ("/decorated", "/called", "/plain")),
    shows=("status", "header.content-length", "body", "raised"),
)
