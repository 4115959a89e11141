"""A request of HTTP/1.0, which need not have a Host."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from flask import Flask, request, url_for
from quart import Quart
from quart import request as quart_request
from quart import url_for as quart_url_for

from ..drivers.asgi import scope
from ..drivers.wsgi import environ
from ..exchange import RawRequest, parse_base
from .divergence import Divergence

_REQUEST = RawRequest("GET", "/", (), (), parse_base("http://shop.example:8000"))


def original() -> Flask:
    app = Flask("original")

    @app.get("/")
    def told() -> Any:
        return [request.host, url_for("told", _external=True), "Host" in request.headers]

    return app


def port() -> Quart:
    app = Quart("port")

    @app.get("/")
    async def told() -> Any:
        url = quart_url_for("told", _external=True)
        return [quart_request.host, url, "Host" in quart_request.headers]

    return app


def observe(app: Any) -> Any:
    """What a view is told of a host that the client has not named."""
    if isinstance(app, Quart):
        return json.loads(asyncio.run(_observe_asgi(app)))
    pieces = app(environ(_REQUEST) | {"SERVER_PROTOCOL": "HTTP/1.0"}, lambda *started: None)
    try:
        return json.loads(b"".join(pieces))
    finally:
        pieces.close()


async def _observe_asgi(app: Quart) -> bytes:
    body = bytearray()
    received: list[Any] = [{"type": "http.request", "body": b"", "more_body": False}]
    answered = asyncio.Event()

    async def receive() -> Any:
        if received:
            return received.pop()
        await answered.wait()
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        body.extend(message.get("body", b""))
        if not message.get("more_body", True):
            answered.set()

    connection: Any = scope(_REQUEST) | {"http_version": "1.0"}
    await app(connection, receive, send)
    return bytes(body)


DIVERGENCE = Divergence(
    code="QP058",
    title="A request of HTTP/1.0 without a Host has an empty one",
    area="requests",
    severity="visible",
    flask="`request.host` is then the server's own address, and `url_for(..., _external=True)` a"
    " URL of the server.",
    quart="`request.host` is empty, and URLs are `http:///`. With `SERVER_NAME` set it is that. The"
    " probes of load balancers, and proxies that speak HTTP/1.0, come so.",
    cause="`quart.asgi.ASGIHTTPConnection._create_request_from_scope` adds a `Host` of"
    ' `SERVER_NAME or ""` to what is below HTTP/1.1, and an empty one keeps'
    " `werkzeug.sansio.utils.get_host` from looking at the server's address.",
    affects={"quart": ">=0.19"},
    by_hand="Have the proxy send a Host (`proxy_set_header Host $host;`), or set `SERVER_NAME`.",
    by_compat="No Host is added.",
    original=original,
    port=port,
    observe=observe,
)
