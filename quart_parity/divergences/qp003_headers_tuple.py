"""Headers as a tuple of pairs."""

from __future__ import annotations

from typing import Any

from flask import Flask
from quart import Quart

from ..scenario import Request
from .divergence import Divergence


def original() -> Flask:
    app = Flask("original")

    @app.get("/")
    def text() -> Any:
        return "text", (("X-Kind", "text"),)

    @app.get("/json")
    def data() -> Any:
        return {"a": 1}, (("X-Kind", "json"),)

    return app


def port() -> Quart:
    app = Quart("port")

    @app.get("/")
    async def text() -> Any:
        return "text", (("X-Kind", "text"),)

    @app.get("/json")
    async def data() -> Any:
        return {"a": 1}, (("X-Kind", "json"),)

    return app


DIVERGENCE = Divergence(
    code="QP003",
    title="Headers as a tuple of pairs are a 500",
    area="responses",
    severity="crash",
    flask='`return body, (("X-Kind", "text"),)` sends the header.',
    quart=(
        "`TypeError`, and so a 500: the tuple is taken for the status. In third place,"
        " `return body, 200, pairs`, it is headers."
    ),
    cause=(
        "`quart.app.Quart.make_response` knows `Headers`, `dict` and `list` in second place, and"
        " no `tuple`."
    ),
    affects={"quart": ">=0.19"},
    by_hand="Return a list of pairs or a dict.",
    by_compat="`make_response` takes a tuple in second place for headers.",
    original=original,
    port=port,
    requests=(Request(path="/"), Request(path="/json")),
    shows=(
        "status",
        "raised",
        "body",
        "header.content-length",
        "header.content-type",
        "header.x-kind",
    ),
)
