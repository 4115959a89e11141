"""A status that is text."""

from __future__ import annotations

from typing import Any

from flask import Flask
from quart import Quart

from .divergence import Divergence


def original() -> Flask:
    app = Flask("original")

    @app.get("/")
    def created() -> Any:
        return "created", "201 CREATED"

    return app


def port() -> Quart:
    app = Quart("port")

    @app.get("/")
    async def created() -> Any:
        return "created", "201 CREATED"

    return app


DIVERGENCE = Divergence(
    code="QP001",
    title="A status with its reason phrase is a 500",
    area="responses",
    severity="crash",
    flask='`return body, "201 CREATED"` answers 201; so does a member of `http.HTTPStatus`.',
    quart="`ValueError`, and so a 500.",
    cause="`quart.app.Quart.make_response` calls `int(status)`.",
    affects={"quart": ">=0.19"},
    by_hand="Return the number: `return body, 201`.",
    by_compat="`make_response` hands the status to the response class, which reads all forms.",
    original=original,
    port=port,
)
