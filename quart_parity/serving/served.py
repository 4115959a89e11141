"""The application inside a server that a side has started: ``quart_parity.serving.served:app``."""

from __future__ import annotations

import fcntl
import logging
import os
import shutil
import signal
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from pathlib import Path
from threading import Lock, Thread
from typing import TYPE_CHECKING, Any

from flask import Flask
from quart import Quart

from ..clock import TickingClock
from ..errors import QuartParityError, StartError, TargetError
from ..targets import config_of, find_target, protocol_of
from .handover import HEADER, VARIABLE, Control, Handover, Start
from .keys import keys_of
from .noting import NotedASGI, NotedWSGI, Notes

if TYPE_CHECKING:
    from .served_trials import Trials

_VARIABLE = "HTTP_" + HEADER.upper().replace("-", "_")
_FIELD = HEADER.lower().encode()

Environ = dict[str, Any]
Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


def watch_parent(handover: Handover) -> None:
    """End this server, folder and all, as soon as the process that started it has died."""

    def wait() -> None:
        lock = os.open(handover.lock, os.O_RDWR)
        fcntl.flock(lock, fcntl.LOCK_EX)
        shutil.rmtree(handover.folder, ignore_errors=True)
        os.killpg(os.getpgid(0), signal.SIGKILL)

    Thread(target=wait, name="quart-parity", daemon=True).start()


class Watched:
    """What the side asks for, and what it wants to know, around each request."""

    def __init__(self, handover: Handover, start: Start, app: Any) -> None:
        self.probe, self.proof = start.probe, start.proof
        self.server = start.server
        self.notes = Notes(handover.notes)
        self._handover = handover
        self._app = app
        self._path = str(handover.control)
        self._stamp = -1
        self._control = Control()
        self._clock = TickingClock()
        self._known: Any = ()
        self._trials: Trials | None = None
        self._changing = Lock()

    def control(self) -> Control:
        """As it is now; the clock is set by it."""
        stamp = os.stat(self._path).st_mtime_ns
        if stamp != self._stamp:
            with self._changing:
                self._control = self._handover.read_control()
                self._clock.move(self._control.ahead)
                self._stamp = stamp
        return self._control

    def surround(self) -> AbstractContextManager[None]:
        """What is to be around the exchange."""
        control = self.control()
        if not control.trial:
            return nullcontext()
        if self._trials is None:
            # Imports compat, which no other exchange has to do with.
            from .served_trials import Trials

            self._trials = Trials(self._app, self.notes)
        return self._trials.exchange(control.trial, control.off)

    def fail(self, error: QuartParityError) -> None:
        """Tell why the server will not come up."""
        self._handover.write_error(error)

    def note_keys(self) -> None:
        """Tell how sessions are read, where that has changed: any request may configure."""
        app = self._app
        config = getattr(app, "config", None)
        if not isinstance(config, dict):
            return
        names = ("SECRET_KEY", "SECRET_KEY_FALLBACKS", "SESSION_COOKIE_NAME")
        interface = getattr(app, "session_interface", None)
        known = (id(interface), *(str(config.get(name)) for name in names))
        if known != self._known:
            with self._changing:
                self._handover.write_keys(keys_of(app))
                self._known = known


class WSGIShell:
    """Around a WSGI application: what a proxy in front of it would say (PEP 3333)."""

    def __init__(self, call: Callable[..., Iterable[bytes]], watched: Watched) -> None:
        self._call = call
        self._watched = watched

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        watched = self._watched
        if environ.get(_VARIABLE) == watched.probe:
            start_response("200 OK", [("Content-Length", str(len(watched.proof)))])
            return [watched.proof.encode()]
        control = watched.control()
        path = environ.get("PATH_INFO", "").removeprefix(control.root)
        environ |= {
            "wsgi.url_scheme": control.scheme,
            "SERVER_NAME": control.host,
            "SERVER_PORT": str(control.port),
            "SCRIPT_NAME": control.root,
            "PATH_INFO": path,
        }

        def start(*args: Any) -> Any:
            watched.note_keys()
            return start_response(*args)

        return self._call(environ, start)


class ASGIShell:
    """Around an ASGI application: what a proxy in front of it would say (ASGI 3.0)."""

    def __init__(self, call: Callable[..., Awaitable[None]], watched: Watched, name: str) -> None:
        self._call = call
        self._watched = watched
        self._name = name

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._call(scope, receive, partial(self._start, send))
            return
        watched = self._watched
        if (_FIELD, watched.probe.encode()) in [tuple(pair) for pair in scope["headers"]]:
            await self._prove(send)
            return
        control = watched.control()
        root = control.root.encode("latin-1").decode("utf-8", "replace")
        server = (control.host, control.port)
        scope = {**scope, "scheme": control.scheme, "server": server, "root_path": root}
        await self._call(scope, receive, partial(self._send, send))

    async def _prove(self, send: Send) -> None:
        body = self._watched.proof.encode()
        headers = [(b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def _send(self, send: Send, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._watched.note_keys()
        await send(message)

    async def _start(self, send: Send, message: Message) -> None:
        if message["type"] == "lifespan.startup.failed":
            why = f"its lifespan start-up failed: {message.get('message', '')}"
            self._watched.fail(StartError(f"target {self._name!r}: {why}"))
        await send(message)


def make(handover: Handover) -> Any:
    """The application that the side asks for, in its shell.

    What keeps it from being made is told to the side, which is why nothing is logged.
    """
    start = handover.read_start()
    os.chdir(start.where)
    try:
        app, protocol = _found(start)
    except QuartParityError as error:
        handover.write_error(error)
        raise SystemExit(1) from None
    if protocol != start.protocol:
        handover.write_protocol(protocol)
        raise SystemExit(1)
    if start.server == "flask":
        _suit_flask_run(app)
    watched = Watched(handover, start, app)
    watched.note_keys()
    shell = shelled(app, protocol, watched, start.target)
    handover.write_ready()
    return shell


def _found(start: Start) -> tuple[Any, str]:
    """The application with its protocol; raises what the side is to raise."""
    target = find_target(start.target, Path(start.where))
    app = target.make(start.config)
    if start.config and not target.is_factory:
        config_of(app, target.name).update(start.config)
    protocol = protocol_of(app, target)
    if protocol not in start.protocols:
        raise TargetError(
            f"target {target.name!r} is called as {protocol.upper()} applications are, and"
            f" {start.server} serves only {' and '.join(start.protocols).upper()}: choose another"
            " server for it"
        )
    if start.server == "flask" and not isinstance(app, Flask):
        raise TargetError(
            f"target {target.name!r} is no Flask application, and flask run serves no other:"
            " choose another server for it"
        )
    return app, protocol


def _suit_flask_run(app: Flask) -> None:
    # It sets the application's debug mode to that of the environment, and logs every request.
    os.environ["FLASK_DEBUG"] = str(int(app.debug))
    logging.getLogger("werkzeug").setLevel(logging.WARNING)


def shelled(app: Any, protocol: str, watched: Watched, name: str) -> Any:
    """Servers and their commands want a Flask or Quart application itself: it keeps its shell."""
    attribute = f"{protocol}_app"

    def shell(call: Callable[..., Any]) -> WSGIShell | ASGIShell:
        if protocol == "wsgi":
            call = _never_empty(call) if watched.server == "hypercorn" else call
            return WSGIShell(NotedWSGI(call, watched.notes), watched)
        return ASGIShell(NotedASGI(call, watched.notes, watched.surround), watched, name)

    if not isinstance(app, Flask | Quart):
        return shell(app)
    own = vars(app).get(attribute)
    # The class may be exchanged for one with compat in it.
    call = own or (lambda *args: getattr(type(app), attribute)(app, *args))
    setattr(app, attribute, shell(call))
    return app


def _never_empty(call: Callable[..., Iterable[bytes]]) -> Callable[..., Iterable[bytes]]:
    """Hypercorn 0.18 answers 500 for an application that gives no piece of a body, as to HEAD."""

    def answer(environ: Environ, start_response: Callable[..., Any]) -> Iterator[bytes]:
        pieces = call(environ, start_response)
        piece = None
        try:
            for piece in pieces:
                yield piece
            if piece is None:
                yield b""
        finally:
            close = getattr(pieces, "close", None)
            if close is not None:
                close()

    return answer


def _serve() -> Any:
    handover = Handover(Path(os.environ[VARIABLE]))
    watch_parent(handover)
    return make(handover)


app = _serve() if VARIABLE in os.environ else None
