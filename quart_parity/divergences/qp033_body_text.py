"""The text of a body that is no UTF-8."""

from __future__ import annotations

from typing import Any

from flask import Flask, request
from quart import Quart
from quart import request as quart_request

from ..scenario import Request
from .divergence import Divergence


def original() -> Flask:
    app = Flask("original")

    @app.post("/")
    def sent() -> Any:
        return request.get_data(as_text=True)

    return app


def port() -> Quart:
    app = Quart("port")

    @app.post("/")
    async def sent() -> Any:
        return await quart_request.get_data(as_text=True)

    return app


DIVERGENCE = Divergence(
    code="QP033",
    title="get_data(as_text=True) fails for bytes that are no UTF-8",
    area="requests",
    severity="crash",
    flask="They become U+FFFD.",
    quart="`UnicodeDecodeError`, and so a 500 that every client can cause.",
    cause="`quart.wrappers.request.Request.get_data` decodes strictly.",
    affects={"quart": ">=0.19"},
    by_hand='`(await request.get_data()).decode(errors="replace")`.',
    by_compat="`get_data` replaces them.",
    original=original,
    port=port,
    requests=(Request(path="/", method="POST", body_base64="Y2Fm6Q=="),),
    shows=("status", "raised", "body", "header.content-length"),
)
