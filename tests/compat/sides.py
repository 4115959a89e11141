"""Flask, Quart with compat and stock Quart, each called by its bare protocol."""

import asyncio
import contextlib
import inspect
import io
from collections.abc import Callable, Generator, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import flask
import pytest
import quart

from quart_parity import compat

NOW = "2026-01-02T03:04:05Z"
"""Where the clock of these tests stands."""
ROOT_PATH = str(Path(__file__).parent)
METHODS = ["GET", "POST"]
Fields = Iterable[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a client gets, and what escaped to the server."""

    status: int | None = None
    headers: tuple[tuple[str, bytes], ...] = ()
    """Names in lower case and sorted; the order of repeated names is kept."""
    body: bytes = b""
    raised: type[BaseException] | None = None
    """Before the first byte this is a 500 of the server's own: no status, headers or body."""

    def field(self, name: str) -> str | None:
        """The first value of a header field."""
        return next((value.decode("latin-1") for key, value in self.headers if key == name), None)


class CompatQuart(compat.FlaskCompat, quart.Quart):
    """The application under test."""


@dataclass(frozen=True, slots=True)
class Side:
    """One framework: its application class, the names that views use, and how it is called."""

    app_class: Any
    module: ModuleType
    replaced: Mapping[str, Any] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Any:
        return self.replaced[name] if name in self.replaced else getattr(self.module, name)

    def app(self, make: "Make", **config: Any) -> Any:
        """An application with one view for all paths, which returns what `make` makes."""
        app = self.app_class(__name__, root_path=ROOT_PATH, static_folder="static")
        app.config.from_mapping(config)
        view = self.function(make)
        for rule, endpoint in [("/", "root"), ("/<path:path>", "view")]:
            app.add_url_rule(rule, endpoint, view, methods=METHODS)
        return app

    def function(self, make: "Make") -> Callable[..., Any]:
        """A view or hook that calls `make`: synchronous for Flask, asynchronous for Quart."""

        async def asynchronous(*args: Any, **kwargs: Any) -> Any:
            result = make(self)
            return await result if inspect.isawaitable(result) else result

        def synchronous(*args: Any, **kwargs: Any) -> Any:
            return make(self)

        return synchronous if self.module is flask else asynchronous

    def call(self, app: Any, path: str = "/", method: str = "GET", **kwargs: Any) -> Answer:
        """The answer to one request, from a plain function."""
        if self.module is flask:
            return call_wsgi(app, path, method, **kwargs)
        return asyncio.run(call_asgi(app, path, method, **kwargs))

    def get(self, make: "Make", path: str = "/", method: str = "GET", **kwargs: Any) -> Answer:
        """The answer of a new application whose view returns what `make` makes."""
        config = kwargs.pop("config", {})
        return self.call(self.app(make, **config), path, method, **kwargs)


Make = Callable[[Side], Any]

FLASK = Side(flask.Flask, flask)
COMPAT = Side(CompatQuart, quart, {name: getattr(compat, name) for name in compat.__all__})
STOCK = Side(quart.Quart, quart)


def steps(function: Callable[[Side], Generator[Any, Any, Any]]) -> Make:
    """Make a view of a generator: what it yields is awaited on Quart and taken as is on Flask."""

    async def awaited(generator: Generator[Any, Any, Any]) -> Any:
        value = None
        try:
            while True:
                value = generator.send(value)
                value = await value if inspect.isawaitable(value) else value
        except StopIteration as stop:
            return stop.value

    def plain(generator: Generator[Any, Any, Any]) -> Any:
        value = None
        try:
            while True:
                value = generator.send(value)
        except StopIteration as stop:
            return stop.value

    def make(side: Side) -> Any:
        return (plain if side.module is flask else awaited)(function(side))

    return make


def call_wsgi(
    app: Any, path: str, method: str, headers: Fields = (), body: bytes = b"", query: str = ""
) -> Answer:
    """Call as a WSGI server does: nothing is sent before the body's first bytes or its end."""
    environ = {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": path.encode().decode("latin-1"),
        "QUERY_STRING": query,
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": "localhost",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": io.StringIO(),
        **{f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers},
    }
    started: list[Any] = []
    wire: list[tuple[str, bytes]] = []
    chunks: list[bytes] = []
    raised: type[BaseException] | None = None
    ended = False
    try:
        parts = app(environ, lambda *started_with: started.extend(started_with))
        with contextlib.closing(parts) if hasattr(parts, "close") else contextlib.nullcontext():
            wire += [(name.lower(), value.encode("latin-1")) for name, value in started[1]]
            chunks.extend(parts)
            ended = True
    except Exception as error:
        raised = type(error)
    if not ended and not any(chunks):
        return Answer(raised=raised)
    return _answer(int(started[0].split()[0]), wire, b"".join(chunks), raised)


async def call_asgi(app: Any, path: str, method: str, **kwargs: Any) -> Answer:
    """Call as an ASGI server does that reports what escapes."""
    messages: list[Any] = []
    raised = None
    try:
        await run_asgi(app, path, method, messages, **kwargs)
    except Exception as error:
        raised = type(error)
    if not messages:
        return Answer(raised=raised)
    wire = [(name.decode("latin-1"), value) for name, value in messages[0]["headers"]]
    body = b"".join(message["body"] for message in messages[1:])
    return _answer(messages[0]["status"], wire, body, raised)


async def run_asgi(
    app: Any,
    path: str,
    method: str,
    messages: list[Any],
    headers: Fields = (),
    body: bytes = b"",
    query: str = "",
    leaves: asyncio.Event | None = None,
) -> None:
    """Send one request into the application, gathering what it sends in `messages`.

    The client stays for ever, or disconnects when `leaves` is set.
    """
    requests = [{"type": "http.request", "body": body, "more_body": False}]
    fields = [("content-length", str(len(body))), *headers]
    if all(name.lower() != "host" for name, _ in fields):
        fields.insert(0, ("host", "localhost"))
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "query_string": query.encode(),
        "root_path": "",
        "headers": [(name.lower().encode(), value.encode("latin-1")) for name, value in fields],
        "server": ("localhost", 80),
        "client": ("127.0.0.1", 1024),
    }

    async def receive() -> Any:
        if requests:
            return requests.pop()
        await (leaves or asyncio.Event()).wait()
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        messages.append(message)

    await app(scope, receive, send)


def _answer(
    status: int, wire: list[tuple[str, bytes]], body: bytes, raised: type[BaseException] | None
) -> Answer:
    by_name = sorted(wire, key=lambda pair: pair[0])
    return Answer(status, tuple(by_name), body, raised)


def cases(views: Mapping[str, Any]) -> list[Any]:
    """The entries of a dict as parameters, their keys as ids."""
    return [pytest.param(view, id=name) for name, view in views.items()]
