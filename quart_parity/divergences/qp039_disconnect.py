"""A client that leaves before it has its answer."""

from __future__ import annotations

import asyncio
from typing import Any

import flask
import quart
from flask import Flask
from quart import Quart
from werkzeug.exceptions import ClientDisconnected

from .calls import call, call_asgi
from .divergence import Divergence


def original() -> Flask:
    app = Flask("original")
    done = app.extensions["done"] = list[str]()

    @app.get("/")
    def order() -> Any:
        done.append("ordered")
        app.extensions["wait"]()
        done.append("paid")
        return "thanks"

    @app.post("/")
    def upload() -> Any:
        done.append("uploading")
        try:
            flask.request.get_data()
        except ClientDisconnected:
            done.append("broken off")
        return "thanks"

    @app.after_request
    def note(response: Any) -> Any:
        done.append("noted")
        return response

    return app


def port() -> Quart:
    app = Quart("port")
    done = app.extensions["done"] = list[str]()

    @app.get("/")
    async def order() -> Any:
        done.append("ordered")
        await app.extensions["wait"]()
        done.append("paid")
        return "thanks"

    @app.post("/")
    async def upload() -> Any:
        done.append("uploading")
        try:
            await quart.request.get_data()
        except ClientDisconnected:
            done.append("broken off")
        return "thanks"

    @app.after_request
    async def note(response: Any) -> Any:
        done.append("noted")
        return response

    return app


def observe(app: Any) -> Any:
    """What was done for a client that leaves as its order is paid, and as its file comes in."""
    if isinstance(app, Flask):
        app.extensions["wait"] = lambda: None
        call(app)
        call(app, "POST", length=10)
    else:
        asyncio.run(_observe(app))
    return app.extensions["done"]


async def _observe(app: Any) -> None:
    leaves = asyncio.Event()

    async def wait() -> None:
        leaves.set()
        for _ in range(10):
            await asyncio.sleep(0)

    app.extensions["wait"] = wait
    await call_asgi(app, leaves=leaves)
    await call_asgi(app, "POST", length=10, leaves=leaves)


DIVERGENCE = Divergence(
    code="QP039",
    title="A view is cancelled where its client leaves",
    area="hooks",
    severity="data loss",
    flask=(
        "A server tells nothing of a client that has left until it writes to it: the view, the"
        " hooks and the saving of the session run to their end."
    ),
    quart=(
        "The view is cancelled at whatever it awaits, so what it has begun stays half done; hooks"
        " do not run and the session is not saved. A client that only half-closes its connection"
        " has left, too."
    ),
    cause=(
        "`quart.asgi.ASGIHTTPConnection.__call__` cancels the task that handles the request once"
        " the server has told of a disconnect."
    ),
    affects={"quart": ">=0.19"},
    by_hand=(
        "Shield what must not be half done: `await asyncio.shield(asyncio.create_task(pay()))`, or"
        " hand it to `app.add_background_task`."
    ),
    by_compat=(
        "The request is handled to its end, and the response closed without being sent. Reading"
        " the rest of a body raises Werkzeug's `ClientDisconnected`. A response that is being sent"
        " is stopped. A view that waits for ever, and relies on being cancelled, needs a limit of"
        " its own: `asyncio.timeout`."
    ),
    original=original,
    port=port,
    observe=observe,
)
