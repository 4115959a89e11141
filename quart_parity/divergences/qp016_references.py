"""The fields that hold a reference."""

from __future__ import annotations

from typing import Any

import flask
import quart
from flask import Flask
from quart import Quart
from werkzeug.urls import iri_to_uri

from ..report import Difference
from ..scenario import Request
from .divergence import Divergence

FIELDS = {"Location": "http://é.example/", "Content-Location": '/a "b"'}


def original() -> Flask:
    app = Flask("original")

    @app.get("/redirect")
    def redirect() -> Any:
        return flask.redirect("/é b")

    @app.get("/fields")
    def fields() -> Any:
        return "text", 201, FIELDS

    @app.get("/twice")
    def twice() -> Any:
        response = flask.make_response("text", 201, {"Location": "/a"})
        response.headers.add("Location", "/b")
        return response

    return app


def port() -> Quart:
    app = Quart("port")

    @app.get("/redirect")
    async def redirect() -> Any:
        return quart.redirect("/é b")

    @app.get("/fields")
    async def fields() -> Any:
        return "text", 201, FIELDS

    @app.get("/twice")
    async def twice() -> Any:
        response: Any = await quart.make_response("text", 201, {"Location": "/a"})
        response.headers.add("Location", "/b")
        return response

    return app


def recognise(difference: Difference) -> bool:
    """Whether the reference has what the candidate has, but encoded."""
    uri, raw = difference.reference, difference.candidate
    if difference.parts not in (("header", "location"), ("header", "content-location")):
        return False
    if not isinstance(uri, str) or not isinstance(raw, str) or uri == raw:
        return False
    try:
        return iri_to_uri(raw.encode("latin-1").decode()) == uri
    except ValueError:
        return False


DIVERGENCE = Divergence(
    code="QP016",
    title="`Location` and `Content-Location` are sent as they stand",
    area="responses",
    severity="visible",
    flask=(
        "Both are sent as URIs: percent-encoded, the host in Punycode (RFC 3987, 3.1); of several"
        " the last one alone."
    ),
    quart="Spaces, quotes and raw UTF-8 go out, which clients read in various ways.",
    cause=(
        "`quart.asgi.ASGIHTTPConnection._send_response` has nothing of"
        " `werkzeug.wrappers.Response.get_wsgi_headers`."
    ),
    affects={"quart": ">=0.19"},
    by_hand="Encode them: `redirect(werkzeug.urls.iri_to_uri(target))`.",
    by_compat="Both fields are encoded as they are sent.",
    original=original,
    port=port,
    requests=(Request(path="/redirect"), Request(path="/fields"), Request(path="/twice")),
    shows=("header.location", "header.content-location"),
    recognise=recognise,
)
