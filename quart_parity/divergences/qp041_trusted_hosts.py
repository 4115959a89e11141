"""TRUSTED_HOSTS."""

from __future__ import annotations

from typing import Any

import flask
import quart
from flask import Flask
from quart import Quart

from ..scenario import Request
from .divergence import Divergence


def original() -> Flask:
    app = Flask("original")
    app.config["TRUSTED_HOSTS"] = ["example.com"]

    @app.get("/")
    def link() -> Any:
        return flask.url_for("link", _external=True)

    return app


def port() -> Quart:
    app = Quart("port")
    app.config["TRUSTED_HOSTS"] = ["example.com"]

    @app.get("/")
    async def link() -> Any:
        return quart.url_for("link", _external=True)

    return app


DIVERGENCE = Divergence(
    code="QP041",
    title="`TRUSTED_HOSTS` is ignored",
    area="routing",
    severity="security",
    flask="A request for a host that is not listed is a 400, before anything else is run.",
    quart="""It is answered as any other, and external URLs point to whatever the client wrote \
into `Host`: links in mails and caches can be poisoned.""",
    cause="""`quart.app.Quart.create_url_adapter` never reads the value, which Quart has from \
Flask's defaults.""",
    affects={"quart": ">=0.19", "flask": ">=3.1"},
    by_hand="""In the first `before_request` function, write `abort(400)` unless \
`werkzeug.sansio.utils.host_is_trusted(request.host, ["example.com"])`.""",
    by_compat="`create_url_adapter` checks the host, and the handlers of errors get the 400.",
    original=original,
    port=port,
    requests=(
        Request(path="/", headers={"Host": "evil.example"}),
        Request(path="/", headers={"Host": "example.com"}),
    ),
    shows=("status", "body.**", "header.*", "raised.**"),
)
