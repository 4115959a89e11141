"""Servers that somebody else runs: here on threads of the tests."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Any

from hypercorn.asyncio import serve
from hypercorn.config import Config
from quart import Quart
from werkzeug.serving import WSGIRequestHandler, make_server

PATIENCE = 10.0
"""Seconds after which a test that hangs fails."""


class _Silent(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: object) -> None:
        """Requests are no news."""


@contextmanager
def wsgi_server(app: Any) -> Iterator[str]:
    """The URL of Werkzeug's server, which is `flask run`'s, with a WSGI application."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Silent)
    thread = Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join(PATIENCE)
        server.server_close()


@contextmanager
def quart_server(app: Quart) -> Iterator[str]:
    """The URL of Hypercorn with a Quart application."""
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    config = Config()
    # The server takes the file descriptor over, and closes it.
    config.bind = [f"fd://{listener.detach()}"]
    config.errorlog = None
    loop = asyncio.new_event_loop()
    stop = asyncio.Event()
    called: Any = app

    def run() -> None:
        try:
            loop.run_until_complete(serve(called, config, shutdown_trigger=stop.wait))
        finally:
            loop.close()

    thread = Thread(target=run)
    thread.start()
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(PATIENCE)
        assert not thread.is_alive()
