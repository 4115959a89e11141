"""Fields of a request that are sent twice."""

from __future__ import annotations

from typing import Any

from flask import Flask, request
from quart import Quart
from quart import request as quart_request

from ..scenario import Request
from .divergence import Divergence

_NAMES = ("X-Forwarded-For", "Accept", "If-None-Match", "X-Tag", "Cookie")


def original() -> Flask:
    app = Flask("original")

    @app.get("/")
    def received() -> Any:
        fields = {name: request.headers.get(name) for name in _NAMES}
        return {"fields": fields, "route": list(request.access_route)}

    return app


def port() -> Quart:
    app = Quart("port")

    @app.get("/")
    async def received() -> Any:
        fields = {name: quart_request.headers.get(name) for name in _NAMES}
        return {"fields": fields, "route": list(quart_request.access_route)}

    return app


DIVERGENCE = Divergence(
    code="QP028",
    title="Of a request field that is sent twice only the first is read",
    area="requests",
    severity="security",
    flask=(
        "WSGI servers join the fields of one name with commas: `request.access_route`,"
        " `accept_mimetypes`, `if_none_match` and `headers[...]` know them all."
    ),
    quart=(
        "They know the first. Where a proxy adds an `X-Forwarded-For` of its own below the one that"
        " the client has sent, that is the client's. Cookies that HTTP/2 has split are all in"
        ' `request.cookies`, but not in `request.headers["Cookie"]`.'
    ),
    cause=(
        "`quart.asgi.ASGIHTTPConnection._create_request_from_scope` adds each field by itself, and"
        " Werkzeug's properties read `headers.get`."
    ),
    affects={"quart": ">=0.19"},
    by_hand=(
        'Read repeated fields with `",".join(request.headers.getlist("X-Forwarded-For"))`, and have'
        " the proxy replace the field instead of adding one."
    ),
    by_compat=(
        "Fields of one name are joined as the request is made: with commas, `Cookie` with"
        " semicolons (RFC 9113, 8.2.3)."
    ),
    original=original,
    port=port,
    requests=(
        Request(
            path="/",
            headers=[
                ("X-Forwarded-For", "203.0.113.9"),
                ("X-Forwarded-For", "198.51.100.1"),
                ("Accept", "text/html"),
                ("Accept", "application/json"),
                ("If-None-Match", '"a"'),
                ("If-None-Match", '"b"'),
                ("X-Tag", "a"),
                ("X-Tag", "b"),
                ("Cookie", "a=1"),
                ("Cookie", "b=2"),
            ],
        ),
    ),
    shows=("body.fields.*", "body.route[1]", "header.content-length"),
)
