"""What streamed templates know of the request."""

from __future__ import annotations

from typing import Any

from flask import Flask
from flask import g as flask_g
from flask import stream_template_string as flask_stream_template_string
from quart import Quart, g, stream_template_string

from .divergence import Divergence

_SOURCE = "Hello {{ user() }}"


def original() -> Flask:
    app = Flask("original")

    @app.template_global()
    def user() -> Any:
        return flask_g.get("user", "nobody")

    @app.get("/")
    def greet() -> Any:
        flask_g.user = "alice"
        return flask_stream_template_string(_SOURCE)

    return app


def port() -> Quart:
    app = Quart("port")

    @app.template_global()
    def user() -> Any:
        return g.get("user", "nobody")

    @app.get("/")
    async def greet() -> Any:
        g.user = "alice"
        return await stream_template_string(_SOURCE)

    return app


DIVERGENCE = Divergence(
    code="QP052",
    title="What a streamed template calls finds an empty `g`",
    area="responses",
    severity="data loss",
    flask="`stream_template` and `stream_template_string` keep the contexts of the request while"
    " they stream.",
    quart="They keep the request and the session, but stream with a new `g`: the user that a hook"
    " has put there is missing from what the functions and filters of the template read.",
    cause="`quart.templating._stream` wraps the stream in `quart.helpers.stream_with_context`,"
    " which pushes an application context of its own.",
    affects={"quart": ">=0.19"},
    by_hand="Give the template all values as arguments; `g` itself is one already.",
    by_compat="`quart_parity.compat.stream_template` and `stream_template_string` stream in the"
    " very contexts of the request.",
    original=original,
    port=port,
    shows=("body",),
)
