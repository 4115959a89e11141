"""Two Cookie fields in one request."""

from __future__ import annotations

from typing import Any

from flask import Flask, request
from quart import Quart
from quart import request as quart_request

from ..drivers.asgi import ASGIDriver
from ..drivers.wsgi import WSGIDriver
from ..exchange import RawRequest, parse_base
from .divergence import Divergence


def original() -> Flask:
    app = Flask("original")

    @app.get("/")
    def received() -> Any:
        return dict(request.cookies)

    return app


def port() -> Quart:
    app = Quart("port")

    @app.get("/")
    async def received() -> Any:
        return dict(quart_request.cookies)

    return app


def observe(app: Any) -> Any:
    """The cookies of a request that has two fields; WSGI servers make one of them."""
    driver: Any
    if isinstance(app, Flask):
        driver, fields = WSGIDriver(app), ["a=1,b=2"]
    else:
        driver, fields = ASGIDriver(app, 10), ["a=1", "b=2"]
    headers = (("Host", "localhost"), *(("Cookie", field) for field in fields))
    try:
        sent = RawRequest("GET", "/", headers, (), parse_base("http://localhost"))
        response = driver.send(sent).response
    finally:
        driver.close()
    return None if response is None else response.body


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
