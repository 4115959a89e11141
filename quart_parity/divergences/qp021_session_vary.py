"""`Vary: Cookie` where the session was read."""

from __future__ import annotations

from typing import Any

import flask
import quart
from flask import Flask
from quart import Quart

from ..report import Difference
from ..scenario import Request
from ..values import MISSING
from .divergence import Divergence

TEMPLATE = "{% if session.get('user') %}Hello{% else %}Please log in{% endif %}"


def original() -> Flask:
    app = Flask("original")
    app.config.from_mapping({"SECRET_KEY": "a key"})

    @app.get("/read")
    def read() -> Any:
        return f"Hello, {flask.session.get('user')}"

    @app.get("/template")
    def template() -> Any:
        return flask.render_template_string(TEMPLATE)

    return app


def port() -> Quart:
    app = Quart("port")
    app.config.from_mapping({"SECRET_KEY": "a key"})

    @app.get("/read")
    async def read() -> Any:
        return f"Hello, {quart.session.get('user')}"

    @app.get("/template")
    async def template() -> Any:
        return await quart.render_template_string(TEMPLATE)

    return app


def recognise(difference: Difference) -> bool:
    # Flask itself names no field but this one.
    return (
        difference.parts == ("header", "vary")
        and difference.reference == "cookie"
        and difference.candidate is MISSING
    )


DIVERGENCE = Divergence(
    code="QP021",
    title="A response made from the session lacks `Vary: Cookie`",
    area="sessions",
    severity="security",
    flask="""Any read of the session, in a view, hook or template, sends `Vary: Cookie`, so that \
caches keep one visitor's page from the others.""",
    quart="""Only a changed or refreshed session sends it. A shared cache may hand a page that \
was made for one visitor to another.""",
    cause="""`quart.sessions.SecureCookieSessionInterface.save_session` asks for \
`session.accessed`, which nothing sets: `flask.sessions.SecureCookieSession`, whose class Quart \
shares, left that to `flask.ctx.RequestContext.session` in 3.1.3, and `quart.ctx.RequestContext` \
has nothing of the kind.""",
    affects={"quart": ">=0.19,<0.23", "flask": ">=3.1.3"},
    by_hand="""Write `response.vary.add("Cookie")` in an `after_request` function, for all \
responses or for those whose views read the session.""",
    by_compat="""Its request context notes reads of the session as Flask's does; that a template \
has the session among its names is no read.""",
    original=original,
    port=port,
    requests=(Request(path="/read"), Request(path="/template")),
    shows=("header.vary",),
    recognise=recognise,
)
