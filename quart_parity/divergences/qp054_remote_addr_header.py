"""The client's address among the fields of a request."""

from __future__ import annotations

from typing import Any

from flask import Flask, request
from quart import Quart
from quart import request as quart_request

from ..scenario import Request
from .divergence import Divergence


def original() -> Flask:
    app = Flask("original")

    @app.get("/")
    def names() -> Any:
        return {"names": sorted(request.headers.keys()), "address": request.remote_addr}

    @app.get("/count")
    def count() -> Any:
        return {"count": len(request.headers)}

    @app.get("/none")
    def none() -> Any:
        return {"header": request.headers.get("Remote-Addr"), "address": request.remote_addr}

    @app.get("/own")
    def own() -> Any:
        return {"header": request.headers["Remote-Addr"], "address": request.remote_addr}

    return app


def port() -> Quart:
    app = Quart("port")

    @app.get("/")
    async def names() -> Any:
        names = sorted(quart_request.headers.keys())
        return {"names": names, "address": quart_request.remote_addr}

    @app.get("/count")
    async def count() -> Any:
        return {"count": len(quart_request.headers)}

    @app.get("/none")
    async def none() -> Any:
        header = quart_request.headers.get("Remote-Addr")
        return {"header": header, "address": quart_request.remote_addr}

    @app.get("/own")
    async def own() -> Any:
        header = quart_request.headers["Remote-Addr"]
        return {"header": header, "address": quart_request.remote_addr}

    return app


DIVERGENCE = Divergence(
    code="QP054",
    title="Among a request's headers is a `Remote-Addr` that nobody has sent",
    area="requests",
    severity="visible",
    flask="`request.headers` holds what the client has sent.",
    quart="The client's address comes first there, as `Remote-Addr`, and is sent on by whatever"
    " copies the headers: a proxy, an echo, a log. A field of that name that the client has sent"
    " cannot be read. `request.remote_addr` is right.",
    cause="`quart.asgi.ASGIHTTPConnection._create_request_from_scope` puts it there, for"
    " `quart.wrappers.base.BaseRequestWebsocket.__init__` to take `remote_addr` from.",
    affects={"quart": ">=0.19"},
    by_hand="Leave it out: `[pair for pair in request.headers if pair[0] != 'Remote-Addr']`.",
    by_compat="It is taken out of the headers once `remote_addr` is known. WebSockets are left as"
    " they are.",
    original=original,
    port=port,
    requests=(
        Request(path="/"),
        Request(path="/count"),
        Request(path="/none"),
        Request(path="/own", headers={"Remote-Addr": "203.0.113.9"}),
    ),
    shows=("body.names[*]", "body.count", "body.header", "header.content-length"),
)
