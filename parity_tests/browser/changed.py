"""The port with one thing changed, which the comparison of two browsers has to find.

Its server is told by a file, at each request, so that one server does for every case.
"""

import json
import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from quart_app import create_app as create_port
from quart_parity.compat import Response

ASGI = Callable[[Any, Any, Any], Awaitable[None]]
VARIABLE = "CHANGES"
"""The environment's name for the path of the file: JSON, as `changes` makes it."""


def changes(
    *, arguments: dict[str, Any] | None = None, config: dict[str, Any] | None = None
) -> str:
    """What is changed: arguments of ``set_cookie`` in the cookies' view, or the configuration."""
    return json.dumps({"arguments": arguments or {}, "config": config or {}})


def create_app() -> ASGI:
    """Build the port, and change it anew before each request."""
    app = create_port()
    file = Path(os.environ[VARIABLE])
    configured = dict(app.config)
    arguments: dict[str, Any] = {}

    class Changed(Response):
        def set_cookie(self, *args: Any, **kwargs: Any) -> None:
            given = {**dict(zip(("key", "value"), args, strict=False)), **kwargs}
            ours = given["key"] == app.config["SESSION_COOKIE_NAME"]
            super().set_cookie(**(given if ours else given | arguments))

    async def change(scope: Any, receive: Any, send: Any) -> None:
        told = json.loads(file.read_text())
        arguments.clear()
        arguments.update(told["arguments"])
        app.config.clear()
        app.config.update(configured | told["config"])
        await app(scope, receive, send)

    app.response_class = Changed
    return change
