"""`Response.get_json(silent=…)`."""

from __future__ import annotations

from typing import Any

import flask
import quart
from flask import Flask
from quart import Quart

from ..scenario import Request
from .divergence import SERVER_ERROR, Divergence


def original() -> Flask:
    app = Flask("original")

    @app.get("/silent")
    def silent() -> Any:
        return [flask.Response("{", mimetype="application/json").get_json(silent=True)]

    @app.get("/loud")
    def loud() -> Any:
        return [flask.Response("{", mimetype="application/json").get_json()]

    @app.get("/bytes")
    def undecodable() -> Any:
        return [flask.Response(b"\xff", mimetype="application/json").get_json(silent=True)]

    return app


def port() -> Quart:
    app = Quart("port")

    @app.get("/silent")
    async def silent() -> Any:
        return [await quart.Response("{", mimetype="application/json").get_json(silent=True)]

    @app.get("/loud")
    async def loud() -> Any:
        return [await quart.Response("{", mimetype="application/json").get_json()]

    @app.get("/bytes")
    async def undecodable() -> Any:
        return [await quart.Response(b"\xff", mimetype="application/json").get_json(silent=True)]

    return app


DIVERGENCE = Divergence(
    code="QP012",
    title="`Response.get_json` is silent when it should not be, and not when it should",
    area="responses",
    severity="crash",
    flask=(
        "A response body that is no JSON raises; with `silent=True`, `get_json` returns None."
        " Tests read answers so, and hooks that look into them."
    ),
    quart=(
        "The other way round: it raises with `silent=True` and returns None without. Bytes that"
        " are no UTF-8 raise in any case."
    ),
    cause=(
        "`quart.wrappers.response.Response.get_json` says `if silent: raise`, and decodes the body"
        " before the `try`. (`Request.get_json` is another matter: QP032.)"
    ),
    affects={"quart": ">=0.19"},
    by_hand="`json.loads(await response.get_data())` in a `try` of your own.",
    by_compat="`get_json` raises unless it is to be silent.",
    original=original,
    port=port,
    requests=(Request(path="/silent"), Request(path="/loud"), Request(path="/bytes")),
    shows=SERVER_ERROR,
)
