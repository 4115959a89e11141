"""Methods of the application that a subclass overrides."""

from __future__ import annotations

from typing import Any

from flask import Flask
from quart import Quart

from .divergence import Divergence


def original() -> Flask:
    class App(Flask):
        def dispatch_request(self) -> Any:
            return super().dispatch_request()

    app = App("original")

    @app.get("/")
    def index() -> Any:
        return "index"

    return app


def port() -> Quart:
    class App(Quart):
        async def dispatch_request(self) -> Any:  # type: ignore[override]  # as in Flask
            return await super().dispatch_request()

    app = App("port")

    @app.get("/")
    async def index() -> Any:
        return "index"

    return app


DIVERGENCE = Divergence(
    code="QP049",
    title="Methods of an application's own class are called with one argument more",
    area="hooks",
    severity="crash",
    flask="`full_dispatch_request(self)`, `preprocess_request(self)`, `dispatch_request(self)` and"
    " `process_response(self, response)` can be overridden; so can `finalize_request(self, rv,"
    " from_error_handler=False)`.",
    quart="With these signatures each is a `TypeError`, and so a 500 for every request.",
    cause="`quart.app.Quart.handle_request` hands the request context on to"
    " `full_dispatch_request`, and that to the others; in `finalize_request` it comes before"
    " `from_error_handler`.",
    affects={"quart": ">=0.19"},
    by_hand="Take the context and hand it on: `async def dispatch_request(self,"
    " request_context=None)`.",
    by_compat="It leaves that alone.",
    intended="Quart's signatures are what overrides in Quart applications are written for, and the"
    " first request shows the mistake.",
    original=original,
    port=port,
    shows=("status", "raised", "body", "header.content-length"),
)
