"""Bodies where HTTP has none."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any

from flask import Flask
from quart import Quart

from ..drivers.answers import BODILESS
from ..report import Difference
from ..scenario import Request
from ..values import MISSING
from .divergence import Divergence


def original() -> Flask:
    app = Flask("original")
    steps = list[int]()

    @app.get("/<int:status>")
    def answer(status: int) -> Any:
        return "BODY", status, {"Content-Language": "en"}

    @app.get("/empty")
    def empty() -> Any:
        return "", 204

    @app.get("/stream")
    def stream() -> Any:
        def generate() -> Iterator[str]:
            for step in range(3):
                steps.append(step)
                yield "step"

        return generate()

    @app.get("/steps")
    def told() -> Any:
        return steps

    return app


def port() -> Quart:
    app = Quart("port")
    steps = list[int]()

    @app.get("/<int:status>")
    async def answer(status: int) -> Any:
        return "BODY", status, {"Content-Language": "en"}

    @app.get("/empty")
    async def empty() -> Any:
        return "", 204

    @app.get("/stream")
    async def stream() -> Any:
        async def generate() -> AsyncIterator[str]:
            for step in range(3):
                steps.append(step)
                yield "step"

        return generate()

    @app.get("/steps")
    async def told() -> Any:
        return steps

    return app


def recognise(difference: Difference) -> bool:
    """Whether the candidate's body stands behind a 204 or 304 on the socket.

    Behind an answer to HEAD it may be the end of a server's own framing.
    """
    surplus = str(difference.candidate).endswith(BODILESS) and difference.reference is MISSING
    return difference.parts == ("broken",) and surplus and difference.method != "HEAD"


DIVERGENCE = Divergence(
    code="QP014",
    title="HEAD, 204, 304 and 1xx are answered with a body",
    area="responses",
    severity="security",
    flask=(
        "Nothing is sent after the header fields, and nothing is read for it: a generator is not"
        " started, a file not opened. 1xx and 204 have no `Content-Length`, a 304 no field that"
        " describes a body (RFC 9110, 8.6 and 15.4.5)."
    ),
    quart=(
        "The body is handed to the server with its `Content-Length`. Some servers send it, so that"
        " it is taken for the beginning of the next response of the connection; others close the"
        " connection. For HEAD a generator runs to its end, or for ever, and a file is read."
    ),
    cause="`quart.asgi.ASGIHTTPConnection._send_response` looks at neither method nor status.",
    affects={"quart": ">=0.19"},
    by_hand=(
        "Return a response without a body and drop its length:"
        ' `response = await make_response("", 204)`, `del response.headers["Content-Length"]`.'
        ' In views that stream, answer `request.method == "HEAD"` before the stream is made.'
    ),
    by_compat=(
        "Neither body nor the fields that describe it are sent; the body is closed without having"
        " been read."
    ),
    original=original,
    port=port,
    requests=(
        Request(path="/204"),
        Request(path="/304"),
        Request(path="/empty"),
        Request(path="/200", method="HEAD"),
        Request(path="/stream", method="HEAD"),
        Request(path="/steps"),
    ),
    shows=(
        "body",
        "body[*]",
        "header.content-length",
        "header.content-type",
        "header.content-language",
    ),
    recognise=recognise,
)
