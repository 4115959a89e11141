"""The limit of a body."""

from __future__ import annotations

from typing import Any

from flask import Flask, request
from quart import Quart
from quart import request as quart_request

from .divergence import Divergence
from .uploads import answers, upload


def original() -> Flask:
    app = Flask("original")
    app.config["MAX_CONTENT_LENGTH"] = 1000

    @app.post("/form")
    def form() -> Any:
        return str(len(request.form["text"]))

    @app.post("/limit/<int:limit>")
    def limited(limit: int) -> Any:
        request.max_content_length = limit
        return str(len(request.get_data()))

    return app


def port() -> Quart:
    app = Quart("port")
    app.config["MAX_CONTENT_LENGTH"] = 1000

    @app.post("/form")
    async def form() -> Any:
        return str(len((await quart_request.form)["text"]))

    @app.post("/limit/<int:limit>")
    async def limited(limit: int) -> Any:
        quart_request.max_content_length = limit
        return str(len(await quart_request.get_data()))

    return app


_CHUNKED = (
    ("Content-Type", "multipart/form-data; boundary=b"),
    ("Transfer-Encoding", "chunked"),
)
_FORM = [
    b'--b\r\nContent-Disposition: form-data; name="text"\r\n\r\n',
    *[b"x" * 400] * 5,
    b"\r\n--b--\r\n",
]
_UPLOADS = [
    upload("/form", _CHUNKED, *_FORM),
    upload("/limit/10", (("Content-Length", "20"),), b"x" * 20),
    upload("/limit/5000", (("Content-Length", "2000"),), *[b"x" * 400] * 5),
]


def observe(app: Any) -> Any:
    """What becomes of bodies that come in pieces."""
    return answers(app, *_UPLOADS)


DIVERGENCE = Divergence(
    code="QP027",
    title="MAX_CONTENT_LENGTH does not hold for multipart forms, nor as a view sets it",
    area="requests",
    severity="security",
    flask=(
        "A body that is longer than `MAX_CONTENT_LENGTH`, or than what the view has set as"
        " `request.max_content_length` before reading it, is a 413."
    ),
    quart=(
        "A body without a `Content-Length` that is iterated, as every `multipart/form-data` is, may"
        " be of any length: only what has arrived and is not yet consumed is compared. What a view"
        " sets is ignored: a lower limit lets the body through, a higher one does not."
    ),
    cause=(
        "`quart.wrappers.request.Body.append` compares the length of a buffer that"
        " `Body.__anext__` empties, and the latter ends in silence where it should raise;"
        " `Request.max_content_length` does not tell `Request.body`, which has its limit from the"
        " constructor."
    ),
    affects={"quart": ">=0.19"},
    by_hand=(
        "Count what `async for chunk in request.body` gives instead of using `request.files`, and"
        " have the server in front of the application enforce the limit. To raise the limit for"
        " one view, raise it in the configuration and compare `request.content_length` elsewhere."
    ),
    by_compat=(
        "The body counts all of its bytes and raises however it is read, and setting"
        " `request.max_content_length` moves its limit. Over the limit nothing more is received,"
        " so that a view can still raise it."
    ),
    original=original,
    port=port,
    observe=observe,
)
