"""The data of a request that is a form."""

from __future__ import annotations

from typing import Any

from flask import Flask, request
from quart import Quart
from quart import request as quart_request

from ..scenario import File, Request
from .divergence import Divergence


def original() -> Flask:
    app = Flask("original")

    @app.post("/data")
    def data() -> Any:
        return request.data or dict(request.form)

    @app.post("/parsed")
    def parsed() -> Any:
        return {"left": request.get_data(as_text=True, parse_form_data=True)}

    @app.post("/signed")
    def signed() -> Any:
        return [len(request.get_data()), len(request.data), dict(request.form)]

    return app


def port() -> Quart:
    app = Quart("port")

    @app.post("/data")
    async def data() -> Any:
        return await quart_request.data or dict(await quart_request.form)

    @app.post("/parsed")
    async def parsed() -> Any:
        return {"left": await quart_request.get_data(as_text=True, parse_form_data=True)}

    @app.post("/signed")
    async def signed() -> Any:
        read = len(await quart_request.get_data())
        return [read, len(await quart_request.data), dict(await quart_request.form)]

    return app


_FORM: Any = {"a": "1"}

DIVERGENCE = Divergence(
    code="QP055",
    title="`request.data` of a form is the raw form",
    area="requests",
    severity="visible",
    flask="`request.data`, and `get_data(parse_form_data=True)`, is what parsing a form leaves of"
    ' the body: `b""`, unless `get_data()` has read the body before, or it is no form. So'
    " `request.data or request.form` tells the two apart.",
    quart="It is the whole body, if the form is urlencoded.",
    cause="`quart.wrappers.request.Request.get_data` parses beside; the body that"
    " `FormDataParser._parse_urlencoded` has awaited stays.",
    affects={"quart": ">=0.19"},
    by_hand="Ask for the form first: `await request.form or await request.data`.",
    by_compat="Parsing leaves nothing, as in Flask. What `get_data()` returns once a form has been"
    " parsed stays Quart's: an urlencoded body, where Flask has nothing left.",
    original=original,
    port=port,
    requests=(
        Request(path="/data", method="POST", form=_FORM),
        Request(path="/parsed", method="POST", form=_FORM),
        Request(path="/signed", method="POST", form=_FORM),
        Request(path="/data", method="POST", body="text"),
        Request(
            path="/parsed",
            method="POST",
            form=_FORM,
            files=[File(field="file", filename="name", content="text")],
        ),
    ),
    shows=("body", "body.left", "header.content-type", "header.content-length"),
)
