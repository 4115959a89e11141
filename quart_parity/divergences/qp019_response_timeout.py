"""Responses that take longer than a minute."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Any

from flask import Flask
from quart import Quart

from .calls import call, call_asgi
from .divergence import Divergence


def original() -> Flask:
    app = Flask("original")

    @app.get("/")
    def stream() -> Any:
        def generate() -> Iterator[str]:
            yield "first"
            app.extensions["minutes"](2)
            yield "last"

        return generate()

    return app


def port() -> Quart:
    app = Quart("port")

    @app.get("/")
    async def stream() -> Any:
        async def generate() -> AsyncIterator[str]:
            yield "first"
            await app.extensions["minutes"](2)
            yield "last"

        return generate()

    return app


def observe(app: Any) -> Any:
    """The body, where two minutes pass in its middle."""
    if isinstance(app, Flask):
        app.extensions["minutes"] = lambda count: None
        return call(app)
    return asyncio.run(_observe(app))


async def _observe(app: Any) -> bytes:
    loop = asyncio.get_running_loop()
    clock, ahead = loop.time, 0

    async def minutes(count: int) -> None:
        nonlocal ahead
        ahead += 60 * count
        # Steps for timers to go off, and for what these cancel to end.
        for _ in range(10):
            await asyncio.sleep(0)

    app.extensions["minutes"] = minutes
    loop.time = lambda: clock() + ahead  # type: ignore[method-assign]  # asyncio's timers ask it.
    return await call_asgi(app)


DIVERGENCE = Divergence(
    code="QP019",
    title="A response is cut after 60 seconds",
    area="responses",
    severity="data loss",
    flask="A response takes as long as it takes; limits are the server's.",
    quart=(
        "What has not been sent after RESPONSE_TIMEOUT, 60 seconds if it is not set, is left out."
        " The client sees a response cut short, and nothing is logged."
    ),
    cause=(
        "`quart.asgi.ASGIHTTPConnection.handle_request` limits sending by"
        ' `app.config["RESPONSE_TIMEOUT"]` or `response.timeout`.'
    ),
    affects={"quart": ">=0.19"},
    by_hand=(
        '`app.config["RESPONSE_TIMEOUT"] = None`, or `response.timeout = None` on the responses'
        " that are long."
    ),
    by_compat=(
        "Where it is switched on, a RESPONSE_TIMEOUT of Quart's default is taken for `None`;"
        " any other value, and `response.timeout`, stay."
    ),
    original=original,
    port=port,
    observe=observe,
    intended="The limit keeps clients that read slowly from holding a response open for ever.",
    opt_in=True,
)
