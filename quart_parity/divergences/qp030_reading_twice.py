"""A body that is read, parsed and read again."""

from __future__ import annotations

from typing import Any

from flask import Flask, request
from quart import Quart
from quart import request as quart_request

from ..scenario import File, Request
from .divergence import Divergence


def original() -> Flask:
    app = Flask("original")

    @app.post("/")
    def signed() -> Any:
        lengths = [len(request.get_data())]
        fields = dict(request.form)
        lengths += [len(request.get_data(cache=False)), len(request.get_data())]
        return {"fields": fields, "lengths": lengths}

    return app


def port() -> Quart:
    app = Quart("port")

    @app.post("/")
    async def signed() -> Any:
        lengths = [len(await quart_request.get_data())]
        fields = dict(await quart_request.form)
        lengths += [len(await quart_request.get_data(cache=False))]
        lengths += [len(await quart_request.get_data())]
        return {"fields": fields, "lengths": lengths}

    return app


DIVERGENCE = Divergence(
    code="QP030",
    title="What get_data has read is gone once a form has been parsed",
    area="requests",
    severity="data loss",
    flask=(
        "What `request.get_data()` has read once, it returns for ever, and the form is parsed from"
        " it. A signature of the body can be checked before or after the form is read."
    ),
    quart=(
        'Once `form` or `files` has parsed a `multipart/form-data`, `get_data()` returns `b""`,'
        " whatever it has returned before; so it does after a `get_data(cache=False)`."
    ),
    cause=(
        "`quart.wrappers.request.Request._load_form_data` iterates `request.body`, and"
        " `Body.__anext__` empties the buffer that `Body.__await__` reads; `get_data` keeps"
        " nothing."
    ),
    affects={"quart": ">=0.19"},
    by_hand="Keep what `get_data` returns: `g.body = await request.get_data()`.",
    by_compat="A body that has been read as a whole is parsed from there, and stays.",
    original=original,
    port=port,
    requests=(
        Request(
            path="/",
            method="POST",
            form={"a": "1"},
            files=[File(field="file", filename="name", content="text")],
        ),
        Request(path="/", method="POST", form={"a": "1"}),
    ),
    shows=("body.lengths[1]", "body.lengths[2]", "header.content-length"),
)
