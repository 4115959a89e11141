"""The path that an application is mounted at."""

from __future__ import annotations

import asyncio
from typing import Any

from flask import Flask
from quart import Quart
from werkzeug.exceptions import NotFound
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.test import Client

from .divergence import Divergence

_ROOT = "/app"
_PATHS = ("/app/", "/app/admin", "/appadmin", "/app", "/app?page=2", "/other")


def original() -> Flask:
    app = Flask("original")

    @app.get("/")
    @app.get("/<path:path>")
    def index(path: str = "") -> Any:
        return f"index of {path!r}"

    @app.get("/admin")
    def admin() -> Any:
        return "for administrators"

    return app


def port() -> Quart:
    app = Quart("port")

    @app.get("/")
    @app.get("/<path:path>")
    async def index(path: str = "") -> Any:
        return f"index of {path!r}"

    @app.get("/admin")
    async def admin() -> Any:
        return "for administrators"

    return app


def observe(app: Any) -> Any:
    """Status, target of a redirect, and whether it is the administrators' page, of each path."""
    if isinstance(app, Quart):
        return asyncio.run(_observe_mounted(app))
    client = Client(DispatcherMiddleware(NotFound(), {_ROOT: app}))
    answers = [client.get(path) for path in _PATHS]
    return [(one.status_code, one.location, "administrators" in one.text) for one in answers]


async def _observe_mounted(app: Quart) -> Any:
    answers = []
    for path in _PATHS:
        response: Any = await app.test_client().get(path, root_path=_ROOT)
        text = await response.get_data(as_text=True)
        answers.append((response.status_code, response.location, "administrators" in text))
    return answers


DIVERGENCE = Divergence(
    code="QP053",
    title="The mount point is taken for a mere prefix of the path",
    area="routing",
    severity="security",
    flask="WSGI splits a path into SCRIPT_NAME and PATH_INFO at a slash. Mounted at `/app`, as by"
    " Werkzeug's `DispatcherMiddleware`, an application is asked for `/app/admin` and not for"
    " `/appadmin`, and answers `/app` with a redirect to `/app/`.",
    quart="With ASGI's `root_path` `/app` the path `/appadmin` is answered by the view of `/admin`,"
    " so that a proxy's rule for `/app/admin` can be gone round. `/app` is a 404, or is answered by"
    " a view for `/<path:path>`, as all is that does not begin with `/app`.",
    cause="`quart.asgi._normalise_path` strips the root path wherever the path starts with it,"
    " whatever comes next, and makes a space of a path that equals it or starts otherwise.",
    affects={"quart": ">=0.19"},
    by_hand="Have the proxy send on what begins with `/app/` only (`location /app/` in nginx), and"
    " redirect from `/app` itself.",
    by_compat="For a path that is not below the root path no rule matches, so that it is a 404;"
    " from the root path itself it redirects. WebSockets are left as they are.",
    original=original,
    port=port,
    observe=observe,
)
