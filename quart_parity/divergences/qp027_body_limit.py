"""The limit of a body."""

from __future__ import annotations

import asyncio
from typing import Any

from flask import Flask, request
from quart import Quart
from quart import request as quart_request

from ..drivers.asgi import scope
from ..drivers.wsgi import WSGIDriver
from ..exchange import Headers, RawRequest, parse_base
from .divergence import Divergence


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


_FORM = [
    b'--b\r\nContent-Disposition: form-data; name="text"\r\n\r\n',
    *[b"x" * 400] * 5,
    b"\r\n--b--\r\n",
]
_CHUNKED = (
    ("Content-Type", "multipart/form-data; boundary=b"),
    ("Transfer-Encoding", "chunked"),
)


def _sent(path: str, headers: Headers, chunks: list[bytes]) -> RawRequest:
    fields = (("Host", "localhost"), *headers)
    return RawRequest("POST", path, fields, tuple(chunks), parse_base("http://localhost"))


_REQUESTS = [
    _sent("/form", _CHUNKED, _FORM),
    _sent("/limit/10", (("Content-Length", "20"),), [b"x" * 20]),
    _sent("/limit/5000", (("Content-Length", "2000"),), [b"x" * 2000]),
]


def observe(app: Any) -> Any:
    """The status for each of the requests, whose bodies come in pieces."""
    if isinstance(app, Flask):
        driver = WSGIDriver(app)
        try:
            return [getattr(driver.send(sent).response, "status", None) for sent in _REQUESTS]
        finally:
            driver.close()
    return [asyncio.run(_send(app, sent)) for sent in _REQUESTS]


async def _send(app: Any, sent: RawRequest) -> int | None:
    chunks = list(sent.chunks)
    statuses = list[int]()

    async def receive() -> Any:
        # The application has time to deal with each piece before the next one comes.
        for _ in range(20):
            await asyncio.sleep(0)
        body = chunks.pop(0) if chunks else b""
        return {"type": "http.request", "body": body, "more_body": bool(chunks)}

    async def send(message: Any) -> None:
        if "status" in message:
            statuses.append(message["status"])

    await app(scope(sent), receive, send)
    return statuses[0] if statuses else None


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
