"""Saving an upload into an open file."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from flask import Flask, request
from quart import Quart
from quart import request as quart_request

from ..scenario import File, Request
from .divergence import Divergence


def original() -> Flask:
    app = Flask("original")

    @app.post("/")
    def sent() -> Any:
        saved = BytesIO()
        request.files["file"].save(saved)
        return saved.getvalue()

    return app


def port() -> Quart:
    app = Quart("port")

    @app.post("/")
    async def sent() -> Any:
        saved: Any = BytesIO()
        await (await quart_request.files)["file"].save(saved)
        return saved.getvalue()

    return app


DIVERGENCE = Divergence(
    code="QP046",
    title="An upload cannot be saved into an open file",
    area="requests",
    severity="crash",
    flask="`file.save(destination)` takes a path or a file that is open for bytes.",
    quart="`TypeError` for the latter, and so a 500; its docstring allows it.",
    cause="`quart.datastructures.FileStorage.save` opens whatever it is given.",
    affects={"quart": ">=0.19"},
    by_hand="`shutil.copyfileobj(file.stream, destination)`.",
    by_compat="`save` copies into what has a `write`, in a worker thread.",
    original=original,
    port=port,
    requests=(
        Request(
            path="/",
            method="POST",
            form={},
            files=[File(field="file", filename="name", content="text")],
        ),
    ),
    shows=("status", "raised", "body", "header.content-length"),
)
