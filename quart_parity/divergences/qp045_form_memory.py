"""The memory that a multipart form may take."""

from __future__ import annotations

from typing import Any

from flask import Flask, request
from quart import Quart
from quart import request as quart_request

from ..scenario import Request
from .divergence import Divergence


def original() -> Flask:
    app = Flask("original")
    app.config["MAX_FORM_MEMORY_SIZE"] = 1000

    @app.post("/")
    def sent() -> Any:
        return dict(request.form)

    return app


def port() -> Quart:
    app = Quart("port")
    app.config["MAX_FORM_MEMORY_SIZE"] = 1000

    @app.post("/")
    async def sent() -> Any:
        return dict(await quart_request.form)

    return app


def _sent(before: str, header: str, after: str) -> Request:
    return Request(
        path="/",
        method="POST",
        headers={"Content-Type": "multipart/form-data; boundary=b"},
        body=(
            f'{before}--b\r\nContent-Disposition: form-data; name="a"\r\nX: {header}\r\n\r\n'
            f"1\r\n--b--\r\n{after}"
        ),
    )


_LONG = "x" * 2000

DIVERGENCE = Divergence(
    code="QP045",
    title="MAX_FORM_MEMORY_SIZE holds for the values of fields only",
    area="requests",
    severity="security",
    flask=(
        "Nothing of a multipart form that has to be held in memory may be longer, or it is a 413:"
        " the headers of a part, what stands before the first and after the last part, too. (Files"
        " are handed on in blocks of 64 KiB, so a lower limit refuses these.)"
    ),
    quart=(
        "Headers of parts, and what stands around the parts, are held up to `MAX_CONTENT_LENGTH`,"
        " and where that is None without a limit."
    ),
    cause=(
        "`quart.formparser.MultiPartParser.parse` makes its `MultipartDecoder` with"
        " `max_content_length` where it takes `max_form_memory_size`."
    ),
    affects={"quart": ">=0.19"},
    by_hand=(
        "Set `MAX_CONTENT_LENGTH` to what the memory has room for, or refuse by"
        " `request.content_length` before reading the form."
    ),
    by_compat=(
        "The decoder has the limit that Flask gives it. It belongs to QP029, which hands it blocks"
        " of one size, and is off with it."
    ),
    original=original,
    port=port,
    requests=(_sent("", _LONG, ""), _sent(_LONG + "\r\n", "1", ""), _sent("", "1", _LONG)),
    shows=("status", "body", "header.content-length", "header.content-type"),
)
