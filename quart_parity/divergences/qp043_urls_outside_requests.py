"""URLs that are built outside requests."""

from __future__ import annotations

import asyncio
from typing import Any

import flask
import quart
from flask import Flask
from quart import Quart

from .divergence import Divergence

CONFIG = {
    "APPLICATION_ROOT": "/shop",
    "PREFERRED_URL_SCHEME": "https",
    "SERVER_NAME": "example.com",
}


def original() -> Flask:
    app = Flask("original")
    app.config.from_mapping(CONFIG)

    @app.get("/reset")
    def reset() -> Any:
        return "a new password"

    return app


def port() -> Quart:
    app = Quart("port")
    app.config.from_mapping(CONFIG)

    @app.get("/reset")
    async def reset() -> Any:
        return "a new password"

    return app


def observe(app: Any) -> Any:
    """The link that goes into a mail."""
    return asyncio.run(_link(app)) if isinstance(app, Quart) else _link_of_original(app)


async def _link(app: Quart) -> str:
    async with app.app_context():
        return quart.url_for("reset")


def _link_of_original(app: Flask) -> str:
    with app.app_context():
        return flask.url_for("reset")


DIVERGENCE = Divergence(
    code="QP043",
    title="URLs built outside requests ignore the scheme and the mount point",
    area="routing",
    severity="security",
    flask="""In an application context alone, as in a job that sends mails, `url_for` builds with \
`PREFERRED_URL_SCHEME` and `APPLICATION_ROOT`: `https://example.com/shop/reset`.""",
    quart="""It builds `http://example.com/reset`: the wrong page, and the secret of a link goes \
over the net in the clear.""",
    cause="""`quart.app.Quart.create_url_adapter` without a request reads `PREFER_SECURE_URLS` in \
place of the one, which is Quart's own and false unless set, and never the other.""",
    affects={"quart": ">=0.19"},
    by_hand="""Set `PREFER_SECURE_URLS = True`; for the mount point pass the rule on to an adapter \
of your own: `app.url_map.bind(server_name, script_name="/shop", url_scheme="https")`.""",
    by_compat="`create_url_adapter` reads both; `PREFER_SECURE_URLS` goes on being understood.",
    original=original,
    port=port,
    observe=observe,
)
