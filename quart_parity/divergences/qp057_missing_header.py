"""A field that the request does not have."""

from __future__ import annotations

from typing import Any

from flask import Flask, request
from quart import Quart
from quart import request as quart_request

from .divergence import Divergence


def original() -> Flask:
    app = Flask("original")

    @app.get("/")
    def version() -> Any:
        return request.headers["X-Version"]

    return app


def port() -> Quart:
    app = Quart("port")

    @app.get("/")
    async def version() -> Any:
        return quart_request.headers["X-Version"]

    return app


DIVERGENCE = Divergence(
    code="QP057",
    title="A header that a view takes for granted is a 400 where it is missing",
    area="requests",
    severity="visible",
    flask='`request.headers["X-Version"]` raises `KeyError`, which is a 500.',
    quart="It raises `BadRequestKeyError`, which is a 400. A handler for `KeyError` gets both.",
    cause="Flask's requests have Werkzeug's `EnvironHeaders`, whose `_get_key` is a dictionary's;"
    " Quart's have its `Headers`, whose own raises what `request.form` and `request.args` raise.",
    affects={"quart": ">=0.19"},
    by_hand='Say what is to happen: `request.headers.get("X-Version")`, and `abort(400)`.',
    by_compat="It leaves that alone.",
    intended="Quart is the better one: what the client has left out is no fault of the server.",
    original=original,
    port=port,
    shows=("status", "raised", "body", "header.content-length"),
)
