"""A session interface whose null session is made by a plain function."""

from __future__ import annotations

from typing import Any

import flask.sessions
import quart.sessions
from flask import Flask, session
from quart import Quart
from quart import session as quart_session

from .divergence import Divergence


def original() -> Flask:
    app = Flask("original")

    class Sessions(flask.sessions.SessionInterface):
        def open_session(self, app: Any, request: Any) -> None:
            return None

        def make_null_session(self, app: Any) -> flask.sessions.NullSession:
            return flask.sessions.NullSession()

        def save_session(self, app: Any, session: Any, response: Any) -> None:
            pass

    app.session_interface = Sessions()

    @app.get("/")
    def greet() -> Any:
        return f"Hello {session.get('name')}"

    return app


def port() -> Quart:
    app = Quart("port")

    class Sessions(quart.sessions.SessionInterface):
        def open_session(self, app: Any, request: Any) -> None:  # type: ignore[override]  # allowed
            return None

        def make_null_session(  # type: ignore[override]  # as in Flask
            self, app: Any
        ) -> quart.sessions.NullSession:
            return quart.sessions.NullSession()

        def save_session(  # type: ignore[override]  # allowed
            self, app: Any, session: Any, response: Any
        ) -> None:
            pass

    sessions: Any = Sessions()
    app.session_interface = sessions

    @app.get("/")
    async def greet() -> Any:
        return f"Hello {quart_session.get('name')}"

    return app


DIVERGENCE = Divergence(
    code="QP048",
    title="A session interface with a plain `make_null_session` is a 500",
    area="sessions",
    severity="crash",
    flask="`make_null_session` is a plain function. Its session stands in where `open_session`"
    " returns None.",
    quart="`open_session` and `save_session` may be plain, `make_null_session` may not: `TypeError`"
    " wherever it is called, past all handlers of errors.",
    cause="`quart.ctx._BaseRequestWebsocketContext._push` awaits what it returns, without the"
    " `ensure_async` that it has for `open_session`.",
    affects={"quart": ">=0.19"},
    by_hand="Write `async def make_null_session(self, app)`.",
    by_compat="A plain one is run as other plain functions are. WebSockets are left as they are.",
    original=original,
    port=port,
    shows=("status", "raised", "body", "header.content-length"),
)
