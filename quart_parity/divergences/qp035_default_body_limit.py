"""The limit that bodies have unless told otherwise."""

from __future__ import annotations

from typing import Any

from flask import Flask, request
from quart import Quart
from quart import request as quart_request

from .divergence import Divergence
from .uploads import answers, upload

_BLOCK = 1024 * 1024


def original() -> Flask:
    app = Flask("original")

    @app.post("/")
    def sent() -> Any:
        return [request.max_content_length, len(request.get_data())]

    return app


def port() -> Quart:
    app = Quart("port")

    @app.post("/")
    async def sent() -> Any:
        return [quart_request.max_content_length, len(await quart_request.get_data())]

    return app


def observe(app: Any) -> Any:
    """What becomes of a body of 16 MiB and a byte; too long to stand in a scenario."""
    headers = (("Content-Length", str(16 * _BLOCK + 1)),)
    return answers(app, upload("/", headers, *[bytes(_BLOCK)] * 16, b"x"))


DIVERGENCE = Divergence(
    code="QP035",
    title="Bodies over 16 MiB are refused unless told otherwise",
    area="requests",
    severity="visible",
    flask="`MAX_CONTENT_LENGTH` is None: bodies may have any length.",
    quart="It is 16 MiB: a longer body is a 413.",
    cause="`quart.app.Quart.default_config`.",
    affects={"quart": ">=0.19"},
    by_hand=(
        "Set `MAX_CONTENT_LENGTH` to what the application needs; None is what Flask has, and lets a"
        " client fill the memory."
    ),
    by_compat=(
        "Quart's own value is taken for None; one that the application sets is kept, also where it"
        " is as large."
    ),
    intended=(
        "Quart receives bodies into memory, so the limit protects it. Switch it on where the"
        " server in front of the application has a limit."
    ),
    opt_in=True,
    original=original,
    port=port,
    observe=observe,
)
