"""Calling the applications of reproductions that no scenario can show."""

from __future__ import annotations

import asyncio
from typing import Any

from ..drivers.asgi import scope
from ..drivers.wsgi import WSGIDriver
from ..exchange import RawRequest, parse_base


def _request(method: str, length: int) -> RawRequest:
    headers = (("Host", "localhost"), ("Content-Length", str(length)))
    return RawRequest(method, "/", headers, (), parse_base("http://localhost"))


def call(app: Any, method: str = "GET", length: int = 0) -> bytes | None:
    """The body with which a WSGI application answers at `/`; None where it does not.

    Of the request's body, of `length` bytes, nothing comes.
    """
    driver = WSGIDriver(app)
    try:
        response = driver.send(_request(method, length)).response
    finally:
        driver.close()
    return None if response is None else response.body


async def call_asgi(
    app: Any, method: str = "GET", length: int = 0, leaves: asyncio.Event | None = None
) -> bytes:
    """What an ASGI application has sent of the body at `/` when it returns.

    The client stays for ever, or until `leaves` is set; of the request's body nothing comes.
    """
    body = bytearray()
    received = [{"type": "http.request", "body": b"", "more_body": length > 0}]

    async def receive() -> Any:
        if received:
            return received.pop()
        await (leaves or asyncio.Event()).wait()
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        body.extend(message.get("body", b""))

    await app(scope(_request(method, length)), receive, send)
    return bytes(body)
