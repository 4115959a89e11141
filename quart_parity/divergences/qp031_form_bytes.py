"""Bytes in a form that are no UTF-8."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

from flask import Flask, request
from quart import Quart
from quart import request as quart_request

from ..report import Difference
from ..scenario import Request
from .divergence import Divergence


def original() -> Flask:
    app = Flask("original")

    @app.post("/")
    def sent() -> Any:
        return list(request.form.items())

    return app


def port() -> Quart:
    app = Quart("port")

    @app.post("/")
    async def sent() -> Any:
        return list((await quart_request.form).items())

    return app


def recognise(difference: Difference) -> bool:
    reference, candidate = difference.reference, difference.candidate
    if not (isinstance(reference, str) and isinstance(candidate, str)):
        return False
    return "\ufffd" in candidate and candidate == unquote(reference)


DIVERGENCE = Divergence(
    code="QP031",
    title="Bytes of a form that are no UTF-8 are replaced",
    area="requests",
    severity="data loss",
    flask='They stay as they were sent: `name=caf%E9` is `{"name": "caf%E9"}`; so in `args`.',
    quart="They become U+FFFD, in names and in values, and two different ones are alike.",
    cause=(
        "`quart.formparser.FormDataParser._parse_urlencoded` calls `parse_qsl` without the error"
        ' handler `"werkzeug.url_quote"` with which `Request.args` is parsed.'
    ),
    affects={"quart": ">=0.19"},
    by_hand=(
        "Parse it: `parse_qsl((await request.get_data()).decode(), keep_blank_values=True,"
        ' errors="werkzeug.url_quote")`.'
    ),
    by_compat="A form that holds U+FFFD is parsed again with that error handler.",
    original=original,
    port=port,
    requests=(
        Request(
            path="/",
            method="POST",
            headers={"Content-Type": "application/x-www-form-urlencoded"},
            body="name=caf%E9&%FF=1",
        ),
    ),
    shows=("body[0][1]", "body[1][0]", "header.content-length"),
    recognise=recognise,
)
