"""A view that returns a WSGI application."""

from __future__ import annotations

from typing import Any

from flask import Flask
from quart import Quart

from ..scenario import Request
from .divergence import SERVER_ERROR, Divergence


def legacy(environ: Any, start_response: Any) -> list[bytes]:
    start_response("202 ACCEPTED", [("Content-Type", "text/plain")])
    return [environ["REQUEST_METHOD"].encode(), b" ", environ["wsgi.input"].read()]


def original() -> Flask:
    app = Flask("original")

    @app.post("/")
    def delegate() -> Any:
        return legacy

    return app


def port() -> Quart:
    app = Quart("port")

    @app.post("/")
    async def delegate() -> Any:
        return legacy

    return app


DIVERGENCE = Divergence(
    code="QP005",
    title="A view that returns a WSGI application is a 500",
    area="responses",
    severity="crash",
    flask="Calls the application with the request's environ and sends its answer.",
    quart="`TypeError`, and so a 500.",
    cause=(
        "`quart.app.Quart.make_response` calls nothing, where Flask's goes by way of"
        " `Response.force_type`."
    ),
    affects={"quart": ">=0.19"},
    by_hand=(
        "Call it yourself: `await run_sync(run_wsgi_app)(application, environ)` gives body, status"
        " and headers (`run_sync` of `quart.utils`, `run_wsgi_app` of `werkzeug.test`); the environ"
        " has to be built of the request. Or mount it beside Quart with `DispatcherMiddleware` and"
        " `AsyncioWSGIMiddleware` of `hypercorn.middleware`."
    ),
    by_compat=(
        "`make_response` calls it in a worker thread, with the request's body read into memory,"
        " and streams its answer."
    ),
    original=original,
    port=port,
    requests=(Request(path="/", method="POST", body="sent"),),
    shows=SERVER_ERROR,
)
