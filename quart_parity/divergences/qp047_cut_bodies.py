"""A body without a length that is over the limit."""

from __future__ import annotations

from typing import Any

from flask import Flask, request
from quart import Quart
from quart import request as quart_request

from ..scenario import Request
from .divergence import Divergence


def original() -> Flask:
    app = Flask("original")
    app.config["MAX_CONTENT_LENGTH"] = 4

    @app.post("/")
    def sent() -> Any:
        return request.get_data()

    return app


def port() -> Quart:
    app = Quart("port")
    app.config["MAX_CONTENT_LENGTH"] = 4

    @app.post("/")
    async def sent() -> Any:
        return await quart_request.get_data()

    return app


DIVERGENCE = Divergence(
    code="QP047",
    title="A chunked body over the limit is refused, not cut",
    area="requests",
    severity="data loss",
    flask=(
        "What is read at once (`get_data`, `get_json`, an urlencoded `form`) of a body without a"
        " `Content-Length` is cut at `MAX_CONTENT_LENGTH`, and taken for whole."
    ),
    quart="413, as it is with a `Content-Length`.",
    cause=(
        "`werkzeug.wsgi.LimitedStream.readall` stops at the limit without asking whether there is"
        " more; `quart.wrappers.request.Body.append` counts."
    ),
    affects={"quart": ">=0.19", "werkzeug": ">=2.3"},
    by_hand="Nothing is to be done.",
    by_compat="It leaves that alone.",
    intended="Quart is right: half a body is worse than none.",
    original=original,
    port=port,
    requests=(Request(path="/", method="POST", chunks=["123", "456"]),),
    shows=("status", "body", "header.content-length"),
)
