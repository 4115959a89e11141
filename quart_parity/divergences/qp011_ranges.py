"""Conditional requests and ranges."""

from __future__ import annotations

from typing import Any

import flask
import quart
from flask import Flask
from quart import Quart

from ..scenario import Pairs, Request
from .divergence import Divergence

TEXT = "0123456789"
CONDITIONS: tuple[Pairs, ...] = (
    {},
    {"Range": "bytes=-3"},
    {"Range": "bytes=2-4"},
    {"Range": "bytes=20-"},
    {"Range": "bytes=0-1,4-5"},
    {"If-None-Match": '"tag"'},
)


def original() -> Flask:
    app = Flask("original")

    @app.get("/")
    def text() -> Any:
        response = flask.make_response(TEXT)
        response.set_etag("tag")
        return response.make_conditional(flask.request, True, len(TEXT))

    @app.get("/stream")
    def stream() -> Any:
        response = flask.make_response(letter for letter in TEXT)
        return response.make_conditional(flask.request, True, len(TEXT))

    return app


def port() -> Quart:
    app = Quart("port")

    @app.get("/")
    async def text() -> Any:
        response: Any = await quart.make_response(TEXT)
        response.set_etag("tag")
        return await response.make_conditional(quart.request, True, len(TEXT))

    @app.get("/stream")
    async def stream() -> Any:
        response: Any = await quart.make_response(letter for letter in TEXT)
        return await response.make_conditional(quart.request, True, len(TEXT))

    return app


DIVERGENCE = Divergence(
    code="QP011",
    title="A range counted from the end is a 500, and other conditions are answered otherwise",
    area="responses",
    severity="crash",
    flask=(
        "`make_conditional` answers ranges of every form (RFC 9110, 14.1.2) with 206, or with 416"
        " and the length; it adds `Date` and, where ranges are offered, `Accept-Ranges`."
    ),
    quart=(
        "`Range: bytes=-5` is an `AssertionError`, and so a 500, for static files, too. A range"
        " behind the end, or more than one, is a 416 without `Content-Range`. `Date`, and"
        " `Accept-Ranges` outside of a 206, are missing. A stream is read into memory for a range."
    ),
    cause=(
        "`quart.wrappers.response.Response._process_range_request` takes the range's numbers as"
        " they are, where Werkzeug calls `werkzeug.datastructures.Range.range_for_length`."
    ),
    affects={"quart": ">=0.19"},
    by_hand=(
        "Serve files and large bodies by the web server. In a view, offer ranges only where they"
        " begin with a position: `first = request.range.ranges[0][0] if request.range else 0`,"
        " then `await response.make_conditional(request, first >= 0, length if first >= 0 else"
        " None)`; a suffix range is then answered with the whole body, as RFC 9110 allows."
    ),
    by_compat="`Response.make_conditional` has Werkzeug's rules applied; a stream stays one.",
    original=original,
    port=port,
    requests=tuple(
        Request(path=path, headers=headers) for path in ("/", "/stream") for headers in CONDITIONS
    ),
    shows=(
        "status",
        "header.accept-ranges",
        "header.content-length",
        "header.content-range",
        "header.content-type",
        "header.date",
        "header.etag",
        "body",
        "raised",
    ),
)
