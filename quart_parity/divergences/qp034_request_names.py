"""Names that Quart's request lacks."""

from __future__ import annotations

from typing import Any

from flask import Flask, request
from quart import Quart
from quart import request as quart_request

from ..scenario import Request
from .divergence import SERVER_ERROR, Divergence


def original() -> Flask:
    app = Flask("original")

    @app.route("/environ", methods=["POST"])
    def environ() -> Any:
        names = ("REQUEST_METHOD", "PATH_INFO", "HTTP_HOST", "CONTENT_TYPE", "wsgi.url_scheme")
        return {name: request.environ[name] for name in names}

    @app.get("/server")
    def server() -> Any:
        return [request.remote_user, request.is_multithread, request.is_run_once]

    @app.get("/processes")
    def processes() -> Any:
        return [request.is_multiprocess]

    @app.route("/wanted", methods=["POST"])
    def wanted() -> Any:
        return [request.want_form_data_parsed]

    @app.route("/input", methods=["POST"])
    def body() -> Any:
        return request.input_stream.read()

    return app


def port() -> Quart:
    app = Quart("port")

    # What is not there has no type either.
    def request() -> Any:
        return quart_request

    @app.route("/environ", methods=["POST"])
    async def environ() -> Any:
        names = ("REQUEST_METHOD", "PATH_INFO", "HTTP_HOST", "CONTENT_TYPE", "wsgi.url_scheme")
        return {name: request().environ[name] for name in names}

    @app.get("/server")
    async def server() -> Any:
        return [request().remote_user, request().is_multithread, request().is_run_once]

    @app.get("/processes")
    async def processes() -> Any:
        return [request().is_multiprocess]

    @app.route("/wanted", methods=["POST"])
    async def wanted() -> Any:
        return [request().want_form_data_parsed]

    @app.route("/input", methods=["POST"])
    async def body() -> Any:
        return await request().input_stream

    return app


DIVERGENCE = Divergence(
    code="QP034",
    title="Names of Flask's requests that Quart's lack",
    area="requests",
    severity="crash",
    flask=(
        "Requests have `environ`, `input_stream`, `remote_user`, `is_multithread`,"
        " `is_multiprocess`, `is_run_once` and `want_form_data_parsed`."
    ),
    quart="`AttributeError`, and so a 500.",
    cause="`quart.wrappers.request.Request` does not define them.",
    affects={"quart": ">=0.19"},
    by_hand=(
        "`request.scope` and `request.headers` hold what `environ` does; `request.body`, awaited or"
        " iterated, takes the place of `input_stream`; `bool(request.content_type)` that of"
        " `want_form_data_parsed`."
    ),
    by_compat=(
        "The request class has them. `environ` is a view of the scope to be read, without"
        " `wsgi.input`; `input_stream` is the body; `remote_user` is None, for no server of ASGI"
        " tells of one. What serves WSGI only is left out: `Request.from_values`,"
        " `Request.application`, and `with`."
    ),
    original=original,
    port=port,
    requests=(
        Request(path="/environ", method="POST", form={"a": "1"}),
        Request(path="/server"),
        Request(path="/processes"),
        Request(path="/wanted", method="POST", form={"a": "1"}),
        Request(path="/input", method="POST", body="text"),
    ),
    shows=SERVER_ERROR,
)
