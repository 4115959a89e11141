"""The order of teardown functions."""

from __future__ import annotations

from typing import Any

from flask import Flask
from quart import Quart

from ..scenario import Request
from .divergence import Divergence


def original() -> Flask:
    app = Flask("original")
    log: list[str] = []

    @app.teardown_appcontext
    def end_pool(error: BaseException | None = None) -> None:
        log.append("pool")

    @app.teardown_appcontext
    def end_transaction(error: BaseException | None = None) -> None:
        log.append("transaction")

    @app.get("/")
    def clear() -> Any:
        log.clear()
        return "cleared"

    @app.get("/log")
    def show() -> Any:
        return list(log)

    return app


def port() -> Quart:
    app = Quart("port")
    log: list[str] = []

    @app.teardown_appcontext
    async def end_pool(error: BaseException | None = None) -> None:
        log.append("pool")

    @app.teardown_appcontext
    async def end_transaction(error: BaseException | None = None) -> None:
        log.append("transaction")

    @app.get("/")
    async def clear() -> Any:
        log.clear()
        return "cleared"

    @app.get("/log")
    async def show() -> Any:
        return list(log)

    return app


DIVERGENCE = Divergence(
    code="QP040",
    title="Functions of `teardown_appcontext` run in the wrong order",
    area="hooks",
    severity="visible",
    flask="They run in reverse: what was registered last, and may use the others, ends first.",
    quart="They run as registered: the pool is closed before the transaction that uses it ends.",
    cause="`quart.app.Quart.do_teardown_appcontext` lacks the `reversed` of its siblings.",
    affects={"quart": ">=0.19"},
    by_hand="Register one function that ends everything in its order.",
    by_compat="`do_teardown_appcontext` calls them in reverse.",
    original=original,
    port=port,
    requests=(Request(path="/"), Request(path="/log")),
    shows=("body.**",),
)
