"""A status that is text."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from flask import Flask
from quart import Quart

from ..scenario import Request
from .divergence import SERVER_ERROR, Divergence


def original() -> Flask:
    app = Flask("original")

    @app.get("/")
    def created() -> Any:
        return "created", "201 CREATED"

    @app.get("/json")
    def accepted() -> Any:
        return {"accepted": True}, "202 ACCEPTED"

    @app.get("/enum")
    def enumerated() -> Any:
        return "created", HTTPStatus.CREATED

    return app


def port() -> Quart:
    app = Quart("port")

    @app.get("/")
    async def created() -> Any:
        return "created", "201 CREATED"

    @app.get("/json")
    async def accepted() -> Any:
        return {"accepted": True}, "202 ACCEPTED"

    @app.get("/enum")
    async def enumerated() -> Any:
        return "created", HTTPStatus.CREATED

    return app


DIVERGENCE = Divergence(
    code="QP001",
    title="A status with its reason phrase is a 500",
    area="responses",
    severity="crash",
    flask='`return body, "201 CREATED"` answers 201.',
    quart=(
        "`ValueError`, and so a 500. Numbers, text that is only a number, and members of"
        " `http.HTTPStatus` work."
    ),
    cause="`quart.app.Quart.make_response` calls `int(status)`.",
    affects={"quart": ">=0.19"},
    by_hand="Return the number: `return body, 201`.",
    by_compat="`make_response` hands the status to the response class, which reads all forms.",
    original=original,
    port=port,
    requests=(Request(path="/"), Request(path="/json"), Request(path="/enum")),
    shows=SERVER_ERROR,
)
