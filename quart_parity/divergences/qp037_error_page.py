"""The page on which Quart shows an exception."""

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
    app.testing = True

    @app.get("/")
    def search() -> Any:
        raise ValueError(flask.request.args["q"])

    return app


def port() -> Quart:
    app = Quart("port")
    app.testing = True

    @app.get("/")
    async def search() -> Any:
        raise ValueError(quart.request.args["q"])

    return app


DIVERGENCE = Divergence(
    code="QP037",
    title="Under TESTING or DEBUG an error is a page with local variables, unescaped",
    area="hooks",
    severity="security",
    flask=(
        "The exception goes on to the server, or to the test; what a client gets is the server's"
        " own 500. `flask run --debug` has Werkzeug's debugger, escaped and behind a PIN."
    ),
    quart=(
        "The client gets a 500 with the exception's text, the source and the local variables of"
        " every frame. Nothing is escaped: text of a request in an exception's message is markup"
        " in the page. Tests that expect the exception do not get it."
    ),
    cause=(
        "`quart.asgi._handle_exception` answers with `quart.debug.traceback_response`, whose"
        " `jinja2.Template` has no autoescape."
    ),
    affects={"quart": ">=0.22"},
    by_hand=(
        "Leave DEBUG off wherever others can reach the application. In tests set"
        " `PROPAGATE_EXCEPTIONS` and leave TESTING off."
    ),
    by_compat="The exception goes on to the server, which logs it; there is no page.",
    original=original,
    port=port,
    requests=(Request(path="/", query={"q": "<script>alert(1)</script>"}),),
    shows=("status",),
)
