"""Headers that are a constant of a module."""

from __future__ import annotations

from typing import Any

from flask import Flask, session
from quart import Quart
from quart import session as quart_session
from werkzeug.datastructures import Headers

from ..scenario import Request
from .divergence import Divergence


def original() -> Flask:
    app = Flask("original")
    app.secret_key = "a key"  # noqa: S105  # guards nothing
    headers = Headers({"X-Frame-Options": "DENY"})

    @app.get("/login/<name>")
    def login(name: str) -> Any:
        session["name"] = name
        return "welcome", headers

    @app.get("/")
    def index() -> Any:
        return "index", headers

    @app.get("/list")
    def listed() -> Any:
        return [], headers

    return app


def port() -> Quart:
    app = Quart("port")
    app.secret_key = "a key"  # noqa: S105  # guards nothing
    headers = Headers({"X-Frame-Options": "DENY"})

    @app.get("/login/<name>")
    async def login(name: str) -> Any:
        quart_session["name"] = name
        return "welcome", headers

    @app.get("/")
    async def index() -> Any:
        return "index", headers

    @app.get("/list")
    async def listed() -> Any:
        return [], headers

    return app


DIVERGENCE = Divergence(
    code="QP059",
    title="A constant `Headers` object gathers everyone's cookies in Flask",
    area="responses",
    severity="security",
    flask="The response keeps the very `Headers` object that a view returns, and adds to it."
    " If that is a constant of a module, everyone who comes later gets the cookies of those before,"
    " sessions among them; and JSON has the type and the length of a text before it.",
    quart="The response has a copy; each has its own cookies.",
    cause="`werkzeug.sansio.response.Response.__init__` keeps a `Headers` object as it is, where"
    " `flask.app.Flask.make_response` hands one on; `quart.app.Quart.make_response` makes the"
    " response first, and updates its headers.",
    affects={"quart": ">=0.19"},
    by_hand="Nothing is to be done in Quart. In Flask return a dict, or a copy: `HEADERS.copy()`.",
    by_compat="It leaves that alone.",
    intended="Quart is the better one: a cookie belongs to one client.",
    original=original,
    port=port,
    requests=(
        Request(path="/login/Ada"),
        Request(path="/login/Grace"),
        Request(path="/"),
        Request(path="/list"),
    ),
    shows=(
        "cookie.session.**",
        "session.**",
        "header.vary",
        "header.content-type",
        "header.content-length",
        "body",
    ),
)
