"""A `TimeoutError` of the application's own."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any

from flask import Flask
from quart import Quart

from .divergence import Divergence


def original() -> Flask:
    app = Flask("original")

    @app.get("/")
    def stream() -> Any:
        def generate() -> Iterator[str]:
            yield "first"
            raise TimeoutError("the database is slow")

        return generate()

    return app


def port() -> Quart:
    app = Quart("port")

    @app.get("/")
    async def stream() -> Any:
        async def generate() -> AsyncIterator[str]:
            yield "first"
            raise TimeoutError("the database is slow")

        return generate()

    return app


DIVERGENCE = Divergence(
    code="QP018",
    title="A `TimeoutError` of a stream is swallowed",
    area="responses",
    severity="data loss",
    flask="It reaches the server, which logs it and closes the connection.",
    quart=(
        "The response stops and nothing is logged, as if RESPONSE_TIMEOUT had passed: what a"
        " database or a socket raises mid-stream is lost."
    ),
    cause=(
        "`quart.asgi.ASGIHTTPConnection.handle_request` passes over every `TimeoutError` that"
        " sending raises, whoever raised it."
    ),
    affects={"quart": ">=0.19"},
    by_hand=(
        "Turn it into another error in the generator:"
        " `except TimeoutError as error: raise RuntimeError(...) from error`."
    ),
    by_compat="Only the end of RESPONSE_TIMEOUT is passed over.",
    original=original,
    port=port,
    shows=("raised", "broken"),
)
