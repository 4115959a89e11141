"""An empty SESSION_COOKIE_DOMAIN."""

from __future__ import annotations

from typing import Any

import flask
import quart
from flask import Flask
from quart import Quart

from .divergence import Divergence

CONFIG = {"SECRET_KEY": "a key", "SESSION_COOKIE_DOMAIN": ""}


def original() -> Flask:
    app = Flask("original")
    app.config.from_mapping(CONFIG)

    @app.get("/")
    def save() -> Any:
        flask.session["user"] = "tea"
        return "saved"

    return app


def port() -> Quart:
    app = Quart("port")
    app.config.from_mapping(CONFIG)

    @app.get("/")
    async def save() -> Any:
        quart.session["user"] = "tea"
        return "saved"

    return app


DIVERGENCE = Divergence(
    code="QP025",
    title="An empty `SESSION_COOKIE_DOMAIN` is taken for none",
    area="sessions",
    severity="cosmetic",
    flask="The session's cookie has an empty attribute, `Domain=`, which browsers take for none.",
    quart="The cookie has no `Domain`.",
    cause="`quart.sessions.SessionInterface.get_cookie_domain` returns None for what is falsy.",
    affects={"quart": ">=0.19"},
    by_hand="Nothing: to browsers the two are one. Set it to None to have Flask agree.",
    by_compat="`get_cookie_domain` of its session interface returns the value as it is.",
    original=original,
    port=port,
    shows=("cookie.**",),
)
