"""Flashed messages without a secret key."""

from __future__ import annotations

from typing import Any

import flask
import quart
from flask import Flask
from quart import Quart

from .divergence import Divergence

TEMPLATE = "{% for message in get_flashed_messages() %}{{ message }}{% else %}none{% endfor %}"


def original() -> Flask:
    app = Flask("original")

    @app.get("/")
    def page() -> Any:
        return flask.render_template_string(TEMPLATE)

    return app


def port() -> Quart:
    app = Quart("port")

    @app.get("/")
    async def page() -> Any:
        return await quart.render_template_string(TEMPLATE)

    return app


DIVERGENCE = Divergence(
    code="QP023",
    title="`get_flashed_messages` is a 500 where there is no secret key",
    area="sessions",
    severity="crash",
    flask="There are no messages, and the page is shown.",
    quart="`RuntimeError: The session is unavailable because no secret key was set`, so a 500.",
    cause="""`quart.helpers.get_flashed_messages` pops from the session in any case, which a \
`NullSession` refuses; Flask's looks first whether there is anything.""",
    affects={"quart": ">=0.20"},
    by_hand="Set `SECRET_KEY`, or leave `get_flashed_messages` out of templates that do without.",
    by_compat="`get_flashed_messages`, imported from it and in templates, looks first.",
    original=original,
    port=port,
    shows=("status", "body.**", "header.*", "raised.**"),
)
