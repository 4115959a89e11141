"""What a response reads from, and what is to be done after it."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from flask import Flask
from flask import Response as FlaskResponse
from quart import Quart, Response
from werkzeug.wrappers import Response as WerkzeugResponse

from ..scenario import Request
from .divergence import Divergence


class Cursor:
    """Rows of a database, as a driver hands them out: to be closed after use."""

    def __init__(self) -> None:
        self.rows = iter(["row"])
        self.closed = False

    def __iter__(self) -> Cursor:
        return self

    def __next__(self) -> str:
        return next(self.rows)

    def close(self) -> None:
        self.closed = True


def original() -> Flask:
    app = Flask("original")
    cursor, file, called = Cursor(), BytesIO(b"line"), list[str]()

    @app.get("/cursor")
    def rows() -> Any:
        return FlaskResponse(cursor)

    @app.get("/file")
    def lines() -> Any:
        return FlaskResponse(file)

    @app.get("/function")
    def function() -> Any:
        response = WerkzeugResponse("text")
        response.call_on_close(lambda: called.append("called"))
        return response

    @app.get("/told")
    def told() -> Any:
        return {"cursor": cursor.closed, "file": file.closed, "function": called}

    return app


def port() -> Quart:
    app = Quart("port")
    cursor, file, called = Cursor(), BytesIO(b"line"), list[str]()

    @app.get("/cursor")
    async def rows() -> Any:
        return Response(cursor)

    @app.get("/file")
    async def lines() -> Any:
        return Response(file)

    @app.get("/function")
    async def function() -> Any:
        response = WerkzeugResponse("text")
        response.call_on_close(lambda: called.append("called"))
        return response

    @app.get("/told")
    async def told() -> Any:
        return {"cursor": cursor.closed, "file": file.closed, "function": called}

    return app


DIVERGENCE = Divergence(
    code="QP009",
    title="What a response reads from is never closed",
    area="responses",
    severity="data loss",
    flask=(
        "Once a response has been sent, or given up, the server closes it: the body's `close` is"
        " called (PEP 3333), then what `call_on_close` registered."
    ),
    quart=(
        "Files, cursors and generators behind a streamed body stay open until they are collected,"
        " so descriptors and connections run out; what `call_on_close` registered on a response"
        " of Werkzeug's is never called, so a commit or a clean-up in it is lost."
    ),
    cause=(
        "`quart.wrappers.response.IterableBody` closes asynchronous generators only, not what is"
        " behind them, and `quart.asgi.ASGIHTTPConnection._send_response` calls no `close`."
    ),
    affects={"quart": ">=0.19"},
    by_hand=(
        "Return an asynchronous generator that closes its source itself:"
        " `with closing(cursor): for row in cursor: yield row`."
    ),
    by_compat=(
        "Bodies and responses are closed after the last message, to their end also where the"
        " client has left. Blocking sources are closed in a worker thread."
    ),
    original=original,
    port=port,
    requests=tuple(Request(path=path) for path in ("/cursor", "/file", "/function", "/told")),
    shows=("body.cursor", "body.file", "body.function[0]", "header.content-length"),
)
