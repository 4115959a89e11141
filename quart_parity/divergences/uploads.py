"""Sending bodies into the applications of reproductions as a network does: piece by piece."""

from __future__ import annotations

import asyncio
from typing import Any

from flask import Flask

from ..drivers.asgi import scope
from ..drivers.wsgi import WSGIDriver
from ..exchange import Headers, RawRequest, parse_base

Answer = tuple[int, bytes] | None
"""Status and body; None where there was no answer."""

_TURNS = 20
"""Of the event loop, for what the application has to do between two pieces."""


def upload(path: str, headers: Headers, *pieces: bytes) -> RawRequest:
    """A POST whose body comes in these pieces."""
    fields = (("Host", "localhost"), *headers)
    return RawRequest("POST", path, fields, pieces, parse_base("http://localhost"))


def answers(app: Any, *requests: RawRequest) -> list[Answer]:
    """What an application of Flask or Quart answers to each."""
    if not isinstance(app, Flask):
        return [asyncio.run(_answer(app, request)) for request in requests]
    driver = WSGIDriver(app)
    try:
        responses = [driver.send(request).response for request in requests]
    finally:
        driver.close()
    return [None if one is None else (one.status, one.body) for one in responses]


async def _answer(app: Any, request: RawRequest) -> Answer:
    pieces = list(request.chunks)
    statuses = list[int]()
    body = bytearray()
    # The first piece comes with the request.
    turns = 0

    async def receive() -> Any:
        nonlocal turns
        for _ in range(turns):
            await asyncio.sleep(0)
        turns = _TURNS
        piece = pieces.pop(0) if pieces else b""
        return {"type": "http.request", "body": piece, "more_body": bool(pieces)}

    async def send(message: Any) -> None:
        if "status" in message:
            statuses.append(message["status"])
        body.extend(message.get("body", b""))

    try:
        await app(scope(request), receive, send)
    except Exception:
        return None
    return (statuses[0], bytes(body)) if statuses else None
