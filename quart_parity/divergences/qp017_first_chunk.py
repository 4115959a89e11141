"""Streams that fail at once."""

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
        rows = dict[str, str]()

        def generate() -> Iterator[str]:
            yield rows["first"]

        return generate()

    return app


def port() -> Quart:
    app = Quart("port")

    @app.get("/")
    async def stream() -> Any:
        rows = dict[str, str]()

        async def generate() -> AsyncIterator[str]:
            yield rows["first"]

        return generate()

    return app


DIVERGENCE = Divergence(
    code="QP017",
    title="A stream that fails before its first chunk is a 200 cut short",
    area="responses",
    severity="crash",
    flask=(
        "The server holds the header fields back until there are bytes to send (PEP 3333), so an"
        " error before is its 500."
    ),
    quart=(
        "Status and header fields are sent first; then the response breaks off, which a client may"
        " take for an empty page."
    ),
    cause=(
        "`quart.asgi.ASGIHTTPConnection._send_response` sends `http.response.start` before it asks"
        " the body for anything."
    ),
    affects={"quart": ">=0.19"},
    by_hand=(
        "Do what may fail in the view, before the generator is made; or take the first chunk there:"
        " `first = await anext(chunks)`."
    ),
    by_compat=(
        "The response starts with the first chunk that is not empty. So a client that waits for"
        " events sees the header fields with the first one, as it does from Flask."
    ),
    original=original,
    port=port,
    shows=("status",),
)
