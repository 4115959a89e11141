"""A `bytearray` as a body."""

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

    @app.after_request
    def end_line(response: Any) -> Any:
        response.set_data(response.get_data() + b"\n")
        return response

    @app.get("/")
    def returned() -> Any:
        return bytearray(b"x")

    @app.get("/length")
    def length() -> Any:
        body: Any = bytearray(b"abc")
        return str(flask.Response(body).content_length)

    return app


def port() -> Quart:
    app = Quart("port")

    @app.after_request
    async def end_line(response: Any) -> Any:
        response.set_data(await response.get_data() + b"\n")
        return response

    @app.get("/")
    async def returned() -> Any:
        return bytearray(b"x")

    @app.get("/length")
    async def length() -> Any:
        body: Any = bytearray(b"abc")
        return str(quart.Response(body).content_length)

    return app


DIVERGENCE = Divergence(
    code="QP007",
    title="A `bytearray` is sent as so many zero bytes",
    area="responses",
    severity="data loss",
    flask=(
        "The body is these bytes, with their length. To be sent it has to become `bytes` in some"
        " hook: WSGI servers refuse a `bytearray`."
    ),
    quart=(
        'Each byte is a chunk, and a number: `bytearray(b"x")` goes to the server as `120`, and'
        " `bytes(120)` are 120 zeros. Reading it with `get_data` is a `TypeError`; it has no"
        " length."
    ),
    cause=(
        "`quart.wrappers.response.Response.__init__` knows `str` and `bytes`, and iterates over all"
        " else."
    ),
    affects={"quart": ">=0.19"},
    by_hand="`return bytes(data)`.",
    by_compat="The response class takes a `bytearray` for these bytes, and sends them.",
    original=original,
    port=port,
    requests=(Request(path="/"), Request(path="/length")),
    shows=(
        "status",
        "raised",
        "body",
        "header.content-length",
    ),
)
