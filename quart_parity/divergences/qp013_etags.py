"""`add_etag` and `freeze`."""

from __future__ import annotations

import re
from typing import Any

import flask
import quart
from flask import Flask
from quart import Quart

from ..report import Difference
from ..scenario import Request
from .divergence import Divergence

_SHA_1 = re.compile(r'(?:W/)?"[0-9a-f]{40}"')
_MD5 = re.compile(r'(?:W/)?"[0-9a-f]{32}"')


def original() -> Flask:
    app = Flask("original")

    @app.get("/")
    def tagged() -> Any:
        response = flask.Response("text")
        response.add_etag()
        return response

    @app.get("/frozen")
    def frozen() -> Any:
        response = flask.Response(iter("ab"))
        response.freeze()
        return response

    return app


def port() -> Quart:
    app = Quart("port")

    @app.get("/")
    async def tagged() -> Any:
        response = quart.Response("text")
        await response.add_etag()
        return response

    @app.get("/frozen")
    async def frozen() -> Any:
        response = quart.Response(iter("ab"))
        await response.freeze()
        return response

    return app


def _recognise(difference: Difference) -> bool:
    """An ETag that is an SHA-1 on one side and an MD5 on the other."""
    reference, candidate = str(difference.reference), str(difference.candidate)
    return (
        difference.path == "header.etag"
        and _SHA_1.fullmatch(reference) is not None
        and _MD5.fullmatch(candidate) is not None
    )


DIVERGENCE = Divergence(
    code="QP013",
    title="`add_etag` makes other ETags, and `freeze` makes none",
    area="responses",
    severity="visible",
    flask=(
        "`add_etag` tags with the SHA-1 of the body. `freeze` reads the body, sets its length and,"
        " if there is none, an ETag."
    ),
    quart=(
        "`add_etag` tags with the MD5: what clients and caches hold is sent once more after the"
        " move, and servers of both kinds behind one address never agree. Where MD5 is barred"
        " (FIPS) it fails. `freeze` sets no ETag."
    ),
    cause="`quart.wrappers.response.Response.add_etag` and `freeze`.",
    affects={"quart": ">=0.19"},
    by_hand=(
        "`response.set_etag(generate_etag(await response.get_data()))`, with `generate_etag` of"
        " `werkzeug.http`."
    ),
    by_compat="`add_etag` and `freeze` do as Flask's.",
    original=original,
    port=port,
    requests=(Request(path="/"), Request(path="/frozen")),
    shows=("header.etag",),
    recognise=_recognise,
)
