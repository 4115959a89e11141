"""Teardown functions at the start and the end of serving."""

from __future__ import annotations

from typing import Any

from flask import Flask
from quart import Quart

from .divergence import Divergence


def original() -> Flask:
    app = Flask("original")
    torn: list[str] = []

    @app.get("/")
    def count() -> Any:
        return str(len(torn))

    @app.teardown_appcontext
    def teardown(error: BaseException | None) -> None:
        torn.append("context")

    return app


def port() -> Quart:
    app = Quart("port")
    torn: list[str] = []

    @app.get("/")
    async def count() -> Any:
        return str(len(torn))

    @app.teardown_appcontext
    async def teardown(error: BaseException | None) -> None:
        torn.append("context")

    return app


DIVERGENCE = Divergence(
    code="QP050",
    title="Functions for the teardown of contexts are called when serving starts and ends",
    area="hooks",
    severity="crash",
    flask="A `teardown_appcontext` function runs after a request, or where the application itself"
    " has pushed a context.",
    quart="It runs when serving starts and when it ends as well, and `appcontext_tearing_down` is"
    " sent. One that closes what a `before_request` function has opened (`g.db.close()`) raises an"
    " `AttributeError` there, and the server does not start.",
    cause="`quart.app.Quart.startup` and `shutdown` push an application context each, though there"
    " is no function to run in it.",
    affects={"quart": ">=0.19"},
    by_hand="Let the function do nothing where nothing was set up: `db = g.pop('db', None)`.",
    by_compat="`do_teardown_appcontext` does nothing while serving starts or ends in an"
    " application without `before_serving`, `while_serving` or `after_serving` functions. The"
    " contexts themselves, and so `appcontext_pushed` and `appcontext_popped`, stay.",
    original=original,
    port=port,
    shows=("body",),
)
