"""Errors from before the dispatching of a request."""

from __future__ import annotations

from typing import Any

from flask import Flask
from flask.sessions import SecureCookieSessionInterface as FlaskSessions
from quart import Quart
from quart.sessions import SecureCookieSessionInterface as QuartSessions

from ..scenario import Request
from .divergence import Divergence


class BrokenFlaskSessions(FlaskSessions):
    def open_session(self, app: Any, request: Any) -> Any:
        if request.path == "/broken":
            raise ConnectionError("the store of the sessions is down")
        return super().open_session(app, request)


class BrokenQuartSessions(QuartSessions):
    async def open_session(self, app: Any, request: Any) -> Any:
        if request.path == "/broken":
            raise ConnectionError("the store of the sessions is down")
        return await super().open_session(app, request)


def add_seen(response: Any) -> Any:
    response.headers["X-Seen"] = "by after_request"
    return response


def original() -> Flask:
    app = Flask("original")
    app.session_interface = BrokenFlaskSessions()
    app.after_request(add_seen)

    @app.errorhandler(400)
    @app.errorhandler(500)
    def answer(error: Any) -> Any:
        return f"handled: {error.code}", error.code

    return app


def port() -> Quart:
    app = Quart("port")
    app.session_interface = BrokenQuartSessions()
    app.after_request(add_seen)

    @app.errorhandler(400)
    @app.errorhandler(500)
    async def answer(error: Any) -> Any:
        return f"handled: {error.code}", error.code

    return app


DIVERGENCE = Divergence(
    code="QP024",
    title="Errors from before the dispatching bypass every handler",
    area="hooks",
    severity="crash",
    flask="""A `Host` that cannot be encoded, such as `a..b`, is a 400, and whatever \
`open_session` or a URL converter raises is a 500; both through `errorhandler`, `after_request`, \
teardown functions and the log. Bytes in the query that are no UTF-8 do no harm.""",
    quart="""All of these leave the application: the server answers with its own bare 500, and no \
handler, hook, teardown function or logger of the application hears of it. Any client can have \
that for any URL, with `Host: a..b`, or over HTTP/2 with a raw `\\xff` in the query.""",
    cause="""`quart.ctx.RequestContext.__init__` does not catch what `create_url_adapter` raises; \
`quart.app.Quart.handle_request` pushes the context, which opens the session, before its `try`; \
`quart.routing.QuartMap.bind_to_request` decodes the query strictly.""",
    affects={"quart": ">=0.19"},
    by_hand="""Catch errors within `open_session`, and return None or a new session. Have a proxy \
refuse such hosts and queries.""",
    by_compat="""Its request context keeps the error of the host for the dispatching, which raises \
it; `handle_request` hands what pushing raises to `handle_exception`; queries are decoded with \
replacement.""",
    original=original,
    port=port,
    requests=(Request(path="/", headers={"Host": "a..b"}), Request(path="/broken")),
    shows=("status", "body.**", "header.*", "raised.**"),
)
