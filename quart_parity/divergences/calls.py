"""Calling the applications of reproductions that no scenario can show."""

from __future__ import annotations

import asyncio
from typing import Any

from ..drivers.asgi import scope
from ..drivers.wsgi import WSGIDriver
from ..exchange import RawRequest, parse_base


def _request(method: str) -> RawRequest:
    return RawRequest(method, "/", (("Host", "localhost"),), (), parse_base("http://localhost"))


def call(app: Any, method: str = "GET") -> bytes | None:
    """The body with which a WSGI application answers at `/`; None where it does not."""
    driver = WSGIDriver(app)
    try:
        response = driver.send(_request(method)).response
    finally:
        driver.close()
    return None if response is None else response.body


async def call_asgi(app: Any, method: str = "GET", leaves: asyncio.Event | None = None) -> bytes:
    """What an ASGI application has sent of the body at `/` when it returns.

    The client stays for ever, or until `leaves` is set.
    """
    body = bytearray()
    received = [{"type": "http.request", "body": b"", "more_body": False}]

    async def receive() -> Any:
        if received:
            return received.pop()
        await (leaves or asyncio.Event()).wait()
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        body.extend(message.get("body", b""))

    await app(scope(_request(method)), receive, send)
    return bytes(body)
