"""Two Cookie fields in one request."""

from __future__ import annotations

from typing import Any

from flask import Flask, request
from quart import Quart
from quart import request as quart_request

from .divergence import Divergence
from .uploads import answers, upload


def original() -> Flask:
    app = Flask("original")

    @app.post("/")
    def received() -> Any:
        return dict(request.cookies)

    return app


def port() -> Quart:
    app = Quart("port")

    @app.post("/")
    async def received() -> Any:
        return dict(quart_request.cookies)

    return app


def observe(app: Any) -> Any:
    """The cookies of a request that has two fields; WSGI servers make one of them."""
    fields = ["a=1,b=2"] if isinstance(app, Flask) else ["a=1", "b=2"]
    return answers(app, upload("/", tuple(("Cookie", field) for field in fields)))


DIVERGENCE = Divergence(
    code="QP044",
    title="Two Cookie fields are two cookies",
    area="requests",
    severity="visible",
    flask=(
        'WSGI servers join them with a comma, and the application sees one cookie: `{"a": "1,b=2"}`'
        " for `Cookie: a=1` and `Cookie: b=2`."
    ),
    quart='It sees both: `{"a": "1", "b": "2"}`.',
    cause=(
        "WSGI has one variable for all fields of a name (PEP 3333); ASGI hands on each, and"
        " Werkzeug's `Request.cookies` joins them with semicolons."
    ),
    affects={"quart": ">=0.19"},
    by_hand="Nothing is to be done. Browsers send two fields over HTTP/2 only.",
    by_compat="It leaves that alone.",
    intended=(
        "Quart is right: cookies are never joined with commas (RFC 9113, 8.2.3; RFC 6265, 5.4)."
        " This tool joins them with semicolons for both sides, so it does not report it in process."
    ),
    original=original,
    port=port,
    observe=observe,
)
