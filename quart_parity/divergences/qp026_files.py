"""`send_file`, `send_from_directory` and static files."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import flask
from flask import Flask
from quart import Blueprint, Quart, send_file, send_from_directory

from ..report import Difference
from ..scenario import Request
from .divergence import Divergence

NAME = "divergence.py"
"""A file beside this one."""


def original() -> Flask:
    app = Flask(__name__, static_folder=".", static_url_path="/static")
    files = flask.Blueprint("files", __name__, static_folder=".", static_url_path="/blueprint")
    app.register_blueprint(files)

    @app.get("/private")
    def private() -> Any:
        return flask.send_file(BytesIO(b"yours alone"), mimetype="text/plain")

    @app.get("/relative")
    def relative() -> Any:
        return flask.send_file(NAME, mimetype="text/plain")

    @app.get("/directory")
    def directory() -> Any:
        return flask.send_from_directory(".", NAME, mimetype="text/plain")

    @app.get("/named")
    def named() -> Any:
        content = BytesIO(b"tea")
        return flask.send_file(content, as_attachment=True, download_name="é.txt", max_age=60)

    @app.get("/whole")
    def whole() -> Any:
        return flask.send_file(__file__, mimetype="text/plain")

    return app


def port() -> Quart:
    app = Quart(__name__, static_folder=".", static_url_path="/static")
    files = Blueprint("files", __name__, static_folder=".", static_url_path="/blueprint")
    app.register_blueprint(files)

    @app.get("/private")
    async def private() -> Any:
        return await send_file(BytesIO(b"yours alone"), mimetype="text/plain")

    @app.get("/relative")
    async def relative() -> Any:
        return await send_file(NAME, mimetype="text/plain")

    @app.get("/directory")
    async def directory() -> Any:
        return await send_from_directory(".", NAME, mimetype="text/plain")

    @app.get("/named")
    async def named() -> Any:
        # As in the original: the names are not those of Quart's function.
        send: Any = send_file
        return await send(BytesIO(b"tea"), as_attachment=True, download_name="é.txt", max_age=60)

    @app.get("/whole")
    async def whole() -> Any:
        return await send_file(__file__, mimetype="text/plain")

    return app


def recognise(difference: Difference) -> bool:
    return (
        difference.parts == ("header", "cache-control")
        and difference.reference == "no-cache"
        and difference.candidate == "public, max-age=43200"
    )


DIVERGENCE = Divergence(
    code="QP026",
    title="Files are sent as public for twelve hours, unconditionally, and from another folder",
    area="files",
    severity="security",
    flask="""`send_file`, `send_from_directory` and static files send `Cache-Control: no-cache`, \
an ETag and `Accept-Ranges`, and answer `If-*` and `Range`. Relative paths start at \
`app.root_path`; names of files stand in `Content-Disposition` as browsers read them.""",
    quart="""Shared caches may keep every file, private downloads too (`public`), and browsers \
keep each for 12 hours. `send_file` ignores `If-*` and `Range`. Relative paths start at the \
working directory: a 404, a 500, or another file of that name. `download_name`, `max_age`, `etag` \
and open files are a `TypeError`. Names that are not ASCII go out raw, and not at all inline.""",
    cause="""`quart.helpers.send_file` and `send_from_directory` are written anew, by the rules of \
Flask 1, and do not call `werkzeug.utils.send_file`; `quart.app.Quart.default_config` has 12 hours \
in `SEND_FILE_MAX_AGE_DEFAULT`.""",
    affects={"quart": ">=0.19"},
    by_hand="""Set `SEND_FILE_MAX_AGE_DEFAULT = None`. Pass absolute paths, `conditional=True`, \
`attachment_filename` and `cache_timeout`; then set `response.cache_control.public = False` and \
`no_cache = True`.""",
    by_compat="""`send_file` and `send_from_directory`, imported from it, are Werkzeug's, with \
Flask's arguments; static files of applications and blueprints are sent with them. A \
`SEND_FILE_MAX_AGE_DEFAULT` that is set stays; Quart's default is taken for none.""",
    original=original,
    port=port,
    requests=(
        Request(path="/private"),
        Request(path="/relative"),
        Request(path="/directory"),
        Request(path="/named"),
        Request(path="/whole"),
        Request(path="/whole", headers={"If-None-Match": "*"}),
        Request(path="/whole", headers={"Range": "bytes=0-3"}),
        Request(path=f"/static/{NAME}"),
        Request(path=f"/blueprint/{NAME}"),
    ),
    shows=("status", "body.**", "header.*", "raised.**"),
    recognise=recognise,
)
