"""Bodies that are a list, a tuple or nothing."""

from __future__ import annotations

from typing import Any

import flask
import quart
from flask import Flask
from quart import Quart

from ..scenario import Request
from .divergence import Divergence


def original() -> Flask:
    app = Flask("original")

    @app.get("/")
    def nothing() -> Any:
        return flask.Response(status=201)

    @app.get("/list")
    def listed() -> Any:
        return flask.Response(["a", "b"])

    @app.get("/tuple")
    def tupled() -> Any:
        return flask.Response(("a", "b"))

    return app


def port() -> Quart:
    app = Quart("port")

    @app.get("/")
    async def nothing() -> Any:
        return quart.Response(status=201)

    @app.get("/list")
    async def listed() -> Any:
        return quart.Response(["a", "b"])

    @app.get("/tuple")
    async def tupled() -> Any:
        return quart.Response(("a", "b"))

    return app


DIVERGENCE = Divergence(
    code="QP008",
    title="A response of nothing, a list or a tuple has no length",
    area="responses",
    severity="visible",
    flask='`Response()` has `Content-Length: 0`, and `Response(["a", "b"])` has 2.',
    quart=(
        "Neither has one: the server sends both in chunks or, on HTTP/1.0, closes the connection."
    ),
    cause=(
        "`quart.wrappers.response.Response.__init__` makes a stream (`IterableBody`) of None and of"
        " every iterable."
    ),
    affects={"quart": ">=0.19"},
    by_hand='`Response("")` and `Response("".join(chunks))`.',
    by_compat="The response class joins lists and tuples, and takes None for no bytes.",
    original=original,
    port=port,
    requests=(Request(path="/"), Request(path="/list"), Request(path="/tuple")),
    shows=("header.content-length",),
)
