"""An iterator that is no generator."""

from __future__ import annotations

import csv
from itertools import chain
from typing import Any

from flask import Flask
from quart import Quart

from ..scenario import Request
from .divergence import SERVER_ERROR, Divergence

ROWS = [["tea", "3"], ["milk", "1"]]


class Lines:
    """A file to write to that hands the line back."""

    def write(self, line: str) -> str:
        return line


def original() -> Flask:
    app = Flask("original")

    @app.get("/")
    def joined() -> Any:
        return chain(["a"], ["b"])

    @app.get("/rows")
    def rows() -> Any:
        writer = csv.writer(Lines())
        return map(writer.writerow, ROWS), 200, {"Content-Type": "text/csv"}

    return app


def port() -> Quart:
    app = Quart("port")

    @app.get("/")
    async def joined() -> Any:
        return chain(["a"], ["b"])

    @app.get("/rows")
    async def rows() -> Any:
        writer = csv.writer(Lines())
        return map(writer.writerow, ROWS), 200, {"Content-Type": "text/csv"}

    return app


DIVERGENCE = Divergence(
    code="QP002",
    title="An iterator that is no generator is a 500",
    area="responses",
    severity="crash",
    flask="Streams any iterator that a view returns: `map`, `itertools.chain`, `iter(list)`.",
    quart="`TypeError`, and so a 500. It streams generators only, synchronous or not.",
    cause=(
        "`quart.app.Quart.make_response` asks `inspect.isgenerator` and `isasyncgen` where Flask"
        " asks for `collections.abc.Iterator`."
    ),
    affects={"quart": ">=0.19"},
    by_hand=(
        "Return a generator, `return (chunk for chunk in iterator)`, or make the response:"
        " `return Response(iterator)`."
    ),
    by_compat="`make_response` streams every iterator, asynchronous ones included.",
    original=original,
    port=port,
    requests=(Request(path="/"), Request(path="/rows")),
    shows=SERVER_ERROR,
)
