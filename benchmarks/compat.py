"""What compat costs an application: the same requests with all of it, with none, and without it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from time import process_time
from typing import Any, Self

from quart import Quart, request, session

from quart_parity.compat import FlaskCompat
from quart_parity.compat.switches import KEY, PIECES

from .pairs import call_asgi

REPEATS = 300
VIEWS: Mapping[str, tuple[str, bytes]] = {
    "a plain view": ("/plain", b""),
    "a session view": ("/session", b""),
    "a JSON POST": ("/json", b'{"name": "tea", "price": [1, 2, 3]}'),
}
"""Paths and bodies."""


class Mended(FlaskCompat, Quart):
    """The way compat is meant to be used."""


def create_app(app_class: type[Quart], **config: Any) -> Quart:
    app = app_class(__name__)
    app.config.from_mapping(config, SECRET_KEY="benchmark")

    @app.get("/plain")
    async def plain() -> Any:
        return "plain"

    @app.get("/session")
    async def visited() -> Any:
        session["visits"] = session.get("visits", 0) + 1
        return str(session["visits"])

    @app.post("/json")
    async def posted() -> Any:
        return {"got": await request.get_json()}

    return app


class Applications:
    """The application three times, each built once, on one event loop."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.stock = create_app(Quart)
        self.all = create_app(Mended)
        self.none = create_app(Mended, **{KEY: dict.fromkeys(PIECES, False)})

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.loop.close()

    def measure(self, app: Quart, path: str, body: bytes) -> float:
        """Processor seconds for so many requests of one visitor."""
        return self.loop.run_until_complete(self._visit(app, path, body))

    async def _visit(self, app: Quart, path: str, body: bytes) -> float:
        cookies: dict[str, str] = {}
        began = process_time()
        for _ in range(REPEATS):
            headers = await call_asgi(app, path, cookies, self.loop, body)
            for name, value in headers:
                if name == "set-cookie":
                    cookies["session"] = value.partition("=")[2].partition(";")[0]
        return process_time() - began
