"""One compared pair of exchanges against the same calls without comparing."""

from __future__ import annotations

import asyncio
import logging
from io import BytesIO, StringIO
from statistics import median
from time import process_time
from typing import Any, Self

from flask_app import create_app as create_flask_app
from quart_app import create_app as create_quart_app
from quart_parity import Request, Scenario, check

REPEATS = 40

# The documented routes and conversions, in the order in which a visitor would take them.
WALK = (
    "/setcookies",
    "/getcookies",
    "/setsession",
    "/checksession",
    "/removesession",
    "/checksession",
    "/responses/object/response",
    "/responses/string",
    "/responses/tuple/one",
    "/responses/tuple/status/headers",
    "/responses/headers/list",
    "/responses/wsgi",
)
Message = dict[str, Any]


class Pairs:
    """Both applications, built once, and three ways to visit the documented routes."""

    def __init__(self) -> None:
        logging.disable(logging.WARNING)
        config = {"SECRET_KEY": "benchmark"}
        self.flask, self.quart = create_flask_app(config), create_quart_app(config)
        self._scenarios = [Scenario("walk", [Request(path) for path in WALK])] * REPEATS
        self._loop = asyncio.new_event_loop()
        self._times: dict[str, list[float]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._loop.close()
        logging.disable(logging.NOTSET)

    def compared(self) -> float:
        """Both sides played and compared by the library."""
        began = process_time()
        report = check(self.flask, self.quart, self._scenarios)
        seconds = process_time() - began
        if not report.ok:
            paths = ", ".join(difference.path for difference in report.differences)
            raise SystemExit(f"the applications differ, so their times mean nothing: {paths}")
        return self._keep("compared", seconds)

    def bare(self) -> float:
        """Both applications called by the bare protocol, with the cookies that they set."""
        began = process_time()
        for _ in range(REPEATS):
            cookies: dict[str, str] = {}
            for path in WALK:
                self._take(cookies, call_wsgi(self.flask, path, cookies))
            cookies = {}
            for path in WALK:
                call = call_asgi(self.quart, path, cookies, self._loop)
                self._take(cookies, self._loop.run_until_complete(call))
        return self._keep("bare", process_time() - began)

    def test_clients(self) -> float:
        """Both applications through their frameworks' own test clients."""
        began = process_time()
        for _ in range(REPEATS):
            client = self.flask.test_client()
            for path in WALK:
                client.get(path).get_data()
            self._loop.run_until_complete(self._quart_client())
        return self._keep("test clients", process_time() - began)

    async def _quart_client(self) -> None:
        client = self.quart.test_client()
        for path in WALK:
            response = await client.get(path)
            await response.get_data()

    def _take(self, cookies: dict[str, str], headers: list[tuple[str, str]]) -> None:
        for name, value in headers:
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                cookies[key] = rest.partition(";")[0]

    def _keep(self, name: str, seconds: float) -> float:
        self._times.setdefault(name, []).append(seconds)
        return seconds

    def figures(self) -> str:
        """Microseconds a pair, for orientation: they are this machine's."""
        pairs = REPEATS * len(WALK)
        return "    " + ", ".join(
            f"{name} {median(times) / pairs * 1e6:.0f} µs" for name, times in self._times.items()
        )


def _cookie_header(cookies: dict[str, str]) -> str:
    return "; ".join(f"{name}={value}" for name, value in cookies.items() if value)


def call_wsgi(app: Any, path: str, cookies: dict[str, str]) -> list[tuple[str, str]]:
    """The least that a WSGI server does."""
    environ = {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": "localhost",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(),
        "wsgi.errors": StringIO(),
        "wsgi.multithread": False,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    if cookies:
        environ["HTTP_COOKIE"] = _cookie_header(cookies)
    sent: list[tuple[str, str]] = []
    pieces = app(environ, lambda status, headers, exc_info=None: sent.extend(headers))
    b"".join(pieces)
    pieces.close()
    return sent


async def call_asgi(
    app: Any,
    path: str,
    cookies: dict[str, str],
    loop: asyncio.AbstractEventLoop,
    body: bytes = b"",
) -> list[tuple[str, str]]:
    """The least that an ASGI server does; a body is sent as JSON."""
    headers = [(b"host", b"localhost")]
    if cookies:
        headers.append((b"cookie", _cookie_header(cookies).encode()))
    if body:
        headers += [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST" if body else "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": headers,
        "client": ("127.0.0.1", 50000),
        "server": ("localhost", 80),
    }
    messages: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]
    sent: list[tuple[str, str]] = []
    received = bytearray()

    async def receive() -> Message:
        if not messages:
            await loop.create_future()
        return messages.pop()

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            sent.extend((name.decode(), value.decode()) for name, value in message["headers"])
        else:
            received.extend(message.get("body", b""))

    await app(scope, receive, send)
    return sent
