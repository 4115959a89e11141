"""JSON that is none, or is encoded otherwise."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

from flask import Flask, request
from quart import Quart
from quart import request as quart_request

from ..scenario import Request
from .divergence import Divergence


def original() -> Flask:
    app = Flask("original")

    @app.post("/")
    def sent() -> Any:
        return [request.get_json()]

    @app.post("/silent")
    def silent() -> Any:
        return [request.get_json(silent=True)]

    @app.before_request
    def note() -> None:
        if request.path == "/noted":
            sent: Any = request.get_json(silent=True)
            sent["noted"] = True

    @app.post("/noted")
    def noted() -> Any:
        return [request.get_json()]

    return app


def port() -> Quart:
    app = Quart("port")

    @app.post("/")
    async def sent() -> Any:
        return [await quart_request.get_json()]

    @app.post("/silent")
    async def silent() -> Any:
        return [await quart_request.get_json(silent=True)]

    @app.before_request
    async def note() -> None:
        if quart_request.path == "/noted":
            sent: Any = await quart_request.get_json(silent=True)
            sent["noted"] = True

    @app.post("/noted")
    async def noted() -> Any:
        return [await quart_request.get_json()]

    return app


def _sent(body: bytes, path: str = "/", content_type: str = "application/json") -> Request:
    return Request(
        path=path,
        method="POST",
        headers={"Content-Type": content_type},
        body_base64=b64encode(body).decode(),
    )


DIVERGENCE = Divergence(
    code="QP032",
    title="get_json returns None for other media types, and fails for other encodings",
    area="requests",
    severity="crash",
    flask=(
        "`request.get_json()` of a body that is not said to be JSON is a 415, and"
        " `on_json_loading_failed(None)` decides; bytes that are no UTF-8 are a 400, or None with"
        " `silent=True`. UTF-16, UTF-32 and a byte order mark are understood. The second call"
        " returns the object of the first."
    ),
    quart=(
        "None, and so a `TypeError` where the view subscripts it; a `UnicodeDecodeError`, and so a"
        " 500, also with `silent=True`; a 400 for a byte order mark. A call with `silent=True` and"
        " one without return two objects, so what a hook has changed in the one is not in the"
        " other."
    ),
    cause=(
        "`quart.wrappers.request.Request.get_json` returns where the media type is another, decodes"
        " the body as strict UTF-8 outside its `try`, and keeps what it returns by `silent`."
    ),
    affects={"quart": ">=0.19"},
    by_hand=(
        "`if not request.is_json: abort(415)`, and `json.loads(await request.get_data())` in a"
        " `try` of the view's own."
    ),
    by_compat=(
        "`get_json` does as Flask's does; text that is plain UTF-8 is still handed to the JSON"
        " provider as text."
    ),
    original=original,
    port=port,
    requests=(
        _sent(b"{}", content_type="text/plain"),
        _sent(b'"\xff"'),
        _sent(b'"\xff"', path="/silent"),
        _sent(b"\xef\xbb\xbf{}"),
        _sent('{"a": 1}'.encode("utf-16")),
        _sent("1".encode("utf-32-be"), path="/silent"),
        _sent(b"{}", path="/noted"),
    ),
    shows=(
        "status",
        "raised",
        "body",
        "body[0]",
        "body[0].**",
        "header.content-length",
        "header.content-type",
    ),
)
