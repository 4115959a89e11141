"""What teardown functions are told."""

from __future__ import annotations

from typing import Any

from flask import Flask
from quart import Quart

from ..scenario import Request
from .divergence import Divergence


def told(error: BaseException | None) -> str:
    return "commit" if error is None else f"rollback: {error}"


def original() -> Flask:
    app = Flask("original")
    log: list[str] = []

    @app.teardown_request
    def end_request(error: BaseException | None = None) -> None:
        log.append(f"request, {told(error)}")

    @app.teardown_appcontext
    def end_context(error: BaseException | None = None) -> None:
        log.append(f"context, {told(error)}")

    @app.get("/fail")
    def fail() -> Any:
        log.clear()
        raise ValueError("half done")

    @app.get("/log")
    def show() -> Any:
        return list(log)

    return app


def port() -> Quart:
    app = Quart("port")
    log: list[str] = []

    @app.teardown_request
    async def end_request(error: BaseException | None = None) -> None:
        log.append(f"request, {told(error)}")

    @app.teardown_appcontext
    async def end_context(error: BaseException | None = None) -> None:
        log.append(f"context, {told(error)}")

    @app.get("/fail")
    async def fail() -> Any:
        log.clear()
        raise ValueError("half done")

    @app.get("/log")
    async def show() -> Any:
        return list(log)

    return app


DIVERGENCE = Divergence(
    code="QP038",
    title="Teardown functions are not told of the error",
    area="hooks",
    severity="data loss",
    flask="""The functions of `teardown_request` and `teardown_appcontext` get the exception that \
the view raised and no handler of its type took, so that they can roll back.""",
    quart="""They get None, so that what commits where there is no error commits half of a \
transaction. Only where the exception is propagated (`TESTING`, `DEBUG`), which hides this from \
tests, do they get it.""",
    cause="""`quart.app.Quart.handle_request` turns the exception into a response within its \
`async with`, so that `quart.ctx.RequestContext.auto_pop` gets none.""",
    affects={"quart": ">=0.19"},
    by_hand="""Commit in the view. Or note the error on `g` in a receiver of \
`got_request_exception`, which is asynchronous, and look there when tearing down.""",
    by_compat="Its request context keeps what the dispatching raised, and pops itself with that.",
    original=original,
    port=port,
    requests=(Request(path="/fail"), Request(path="/log")),
    shows=("body.**", "header.content-length"),
)
