"""One application in a process of its own, driven through a socket by the side that started it.

This file is run by the interpreter of the application, which may be years old: it needs nothing
but the standard library of Python 3.8, and nothing beside it. It calls applications as the drivers
of `quart_parity` do, finds them as `quart_parity.targets` does, and says the same of them; the
tests hold both to that.

Run as ``python worker.py CHANNEL LIFE``, the numbers of two file descriptors: a socket that carries
messages, and a pipe that is closed when nobody needs this process any more.
"""

from __future__ import annotations

import ast
import asyncio
import datetime
import faulthandler
import fcntl
import gc
import importlib
import importlib.util
import inspect
import json
import opcode
import os
import re
import shutil
import signal
import socket
import struct
import sys
import sysconfig
import threading
import time
import warnings
import weakref
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from functools import lru_cache, partial
from io import BytesIO
from traceback import print_exc, walk_tb
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    Message = dict[str, Any]
    Pairs = tuple[tuple[str, str], ...]
    Fields = tuple[str, str | None, str | None]
    Reply = tuple[dict[str, Any], bytes]

STACKS = getattr(signal, "SIGRTMAX", None)
"""The signal upon which every thread's stack is written to the log; no application uses it."""
SPELLINGS = "module, module:app, module:create_app(), path/to/file.py or path/to/file.py:app"

_DEPTH = 3
_REMEMBERED = 100_000
_SLOW = 0.001
_LATER = 1.0
_PASSES = 8
_EXECUTORS = ThreadPoolExecutor.submit.__code__.co_filename
_POP_TOP = opcode.opmap["POP_TOP"]

_PREFIX = struct.Struct(">4sIQ")
_MARK = b"QPar"
_LONGEST_HEAD = 64 * 1024 * 1024
_PIECE = 1024 * 1024
_to_json = json.JSONEncoder(separators=(",", ":")).encode


class GarbageError(Exception):
    """What came through the channel is no message of the other end."""


class Channel:
    """Messages through a socket: each a value that JSON has, with bytes behind it."""

    def __init__(self, connection: socket.socket) -> None:
        self._socket = connection
        self._buffer = bytearray()

    def send(self, head: object, body: bytes = b"") -> None:
        data = _to_json(head).encode()
        data = _PREFIX.pack(_MARK, len(data), len(body)) + data
        if len(body) < _PIECE:
            self._socket.sendall(data + body)
        else:
            self._socket.sendall(data)
            self._socket.sendall(body)

    def receive(self, seconds: float | None = None) -> tuple[Any, bytes] | None:
        """The next message; None where the other end is gone.

        Raises `GarbageError`, and `TimeoutError` after so many seconds.
        """
        until = None if seconds is None else time.perf_counter() + seconds
        if not self._fill(_PREFIX.size, until):
            return None
        mark, head, body = _PREFIX.unpack_from(self._buffer)
        if mark != _MARK or head > _LONGEST_HEAD:
            raise GarbageError(f"{bytes(self._buffer[:16])!r} begins no message")
        start = _PREFIX.size + head
        if not self._fill(start + body, until):
            return None
        with memoryview(self._buffer) as view:
            data, content = bytes(view[_PREFIX.size : start]), bytes(view[start : start + body])
        del self._buffer[: start + body]
        try:
            return json.loads(data), content
        except ValueError as error:
            raise GarbageError(f"a message is no JSON: {error}") from None

    def _fill(self, size: int, until: float | None) -> bool:
        while len(self._buffer) < size:
            if until is not None:
                left = until - time.perf_counter()
                if left <= 0:
                    raise TimeoutError
                self._socket.settimeout(left)
            data = self._socket.recv(min(max(size - len(self._buffer), 65_536), _PIECE))
            if not data:
                return False
            self._buffer += data
        return True

    def close(self) -> None:
        self._socket.close()


_PLAIN = (str, int, float, bool, type(None))
_TIMES = {kind.__name__: kind for kind in (datetime.datetime, datetime.date, datetime.time)}


def pack(value: Any) -> Any:
    """A configuration's value as JSON has it; raises `TypeError` for what only a process holds."""
    kind = type(value)
    if kind in _PLAIN:
        return value
    if kind is dict:
        return ["dict", [[pack(key), pack(one)] for key, one in value.items()]]
    if kind in (list, tuple, set, frozenset):
        return [kind.__name__, [pack(one) for one in value]]
    if kind is bytes:
        return ["bytes", value.decode("latin-1")]
    if kind.__name__ in _TIMES and kind is _TIMES[kind.__name__]:
        return [kind.__name__, value.isoformat()]
    if kind is datetime.timedelta:
        return ["timedelta", [value.days, value.seconds, value.microseconds]]
    raise TypeError(f"{value!r} cannot be given to another process")


def unpack(packed: Any) -> Any:
    """The value that `pack` was given."""
    if not isinstance(packed, list):
        return packed
    kind, content = packed
    if kind == "dict":
        return {unpack(key): unpack(value) for key, value in content}
    if kind == "bytes":
        return content.encode("latin-1")
    if kind == "timedelta":
        return datetime.timedelta(*content)
    if kind in _TIMES:
        return _TIMES[kind].fromisoformat(content)
    makers = {"list": list, "tuple": tuple, "set": set, "frozenset": frozenset}
    return makers[kind](map(unpack, content))


# --- What is raised -------------------------------------------------------------------------------


class Refusal(Exception):  # noqa: N818 - a message, which the other end raises as the error named
    """Why an application is not there."""

    def __init__(self, kind: str, text: str) -> None:
        super().__init__(text)
        self.kind = kind


class ProtocolError(Exception):
    """The application broke its protocol; a server would refuse the answer."""


_FRAMEWORKS = {"blinker", "click", "flask", "hypercorn", "itsdangerous", "jinja2", "markupsafe"} | {
    "asgiref",
    "quart",
    "quart_parity",
    "time_machine",
    "werkzeug",
}
_STDLIB = sysconfig.get_path("stdlib") + os.sep
_STDLIB_NAMES = getattr(sys, "stdlib_module_names", None)
_PACKAGES = re.compile(r"[\\/](?:site|dist)-packages[\\/]")
_HERE = __file__


def read_raised(error: BaseException) -> Fields:
    """The exception's type and, where application code raised it, its text and place.

    As `quart_parity.drivers.raised` does.
    """
    by_application, place = False, None
    for frame, line in walk_tb(error.__traceback__):
        package = str(frame.f_globals.get("__name__", "")).partition(".")[0]
        filename = frame.f_code.co_filename
        if package in _FRAMEWORKS or filename == _HERE:
            by_application = False
        elif not _is_stdlib(package, filename):
            by_application = True
            place = f"{_relative(filename)}:{line}"
    text = _text(error) if by_application else None
    return type(error).__qualname__, text, place


def _text(error: BaseException) -> str:
    try:
        return str(error)
    except Exception as failure:
        return f"(its text raises {type(failure).__qualname__})"


def _is_stdlib(package: str, filename: str) -> bool:
    if not filename.startswith((_STDLIB, "<frozen")):
        return False
    if _STDLIB_NAMES is None:
        return _PACKAGES.search(filename) is None
    return package in _STDLIB_NAMES


def _relative(filename: str) -> str:
    try:
        relative = os.path.relpath(filename)
    except (ValueError, OSError):
        return filename
    return filename if relative.startswith("..") else relative


# --- Finding the application ----------------------------------------------------------------------

_MODULE = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*\Z")
_APP_NAMES = ("app", "application")
_FACTORY_NAMES = ("create_app", "make_app")


class Target:
    """What makes the application: from a configuration, and whether it makes a new one."""

    def __init__(self, name: str, make: Callable[[Mapping[str, Any]], Any], factory: bool) -> None:
        self.name = name
        self.make = make
        self.is_factory = factory
        self.protocol = ""


def find_target(target: str, where: str) -> Target:
    """As `quart_parity.targets.find_target`; raises `Refusal`."""
    protocol, _, spelled = target.partition("+")
    if protocol not in ("wsgi", "asgi"):
        protocol, spelled = "", target
    # A drive letter's colon is followed by a slash, an application's never is.
    colon = re.search(r":(?![/\\])", spelled)
    place = spelled[: colon.start()] if colon else spelled
    name = spelled[colon.end() :] if colon else ""
    module = _import_place(place, target, where)
    found = _named(module, name, target) if name else _searched(module, target)
    found.protocol = protocol
    return found


def _import_place(place: str, target: str, where: str) -> Any:
    if place.endswith(".py") or "/" in place or "\\" in place:
        place, folder = _module_of_file(os.path.join(where, place), target)
    elif not _MODULE.match(place):
        raise Refusal("TargetError", f"target {target!r} is misspelled: write {SPELLINGS}")
    else:
        folder = where
    sys.path[:] = [folder, *(path for path in sys.path if path != folder)]
    importlib.invalidate_caches()
    try:
        return importlib.import_module(place)
    except ModuleNotFoundError as error:
        if error.name and (place == error.name or place.startswith(error.name + ".")):
            text = f"target {target!r}: there is no module {error.name!r}"
            raise Refusal("TargetError", text) from None
        raise start_refusal(f"target {target!r} cannot be imported", error) from error
    except (Exception, SystemExit) as error:
        raise start_refusal(f"target {target!r} cannot be imported", error) from error


def _module_of_file(path: str, target: str) -> tuple[str, str]:
    """The dotted name of a file, and the folder above its outermost package."""
    if os.path.isdir(path):
        path = os.path.join(path, "__init__.py")
    if not os.path.isfile(path):
        text = f"target {target!r}: there is no file {os.path.normpath(path)!r}"
        raise Refusal("TargetError", text)
    folder, name = os.path.split(os.path.realpath(path))
    parts = [] if name == "__init__.py" else [os.path.splitext(name)[0]]
    while os.path.isfile(os.path.join(folder, "__init__.py")):
        folder, package = os.path.split(folder)
        parts.insert(0, package)
    return ".".join(parts), folder


def start_refusal(what: str, error: BaseException, kind: str = "StartError") -> Refusal:
    place = read_raised(error)[2]
    where = f" at {place}" if place else ""
    return Refusal(kind, f"{what}: {type(error).__name__}: {error}{where}")


def _named(module: Any, name: str, target: str) -> Target:
    """``app``, ``factory``, ``factory()`` or ``factory("literal", key=1)``."""
    try:
        tree = ast.parse(name, mode="eval").body
        call = tree if isinstance(tree, ast.Call) else None
        attribute = ast.get_source_segment(name, call.func if call else tree) or name
        args = [ast.literal_eval(arg) for arg in call.args] if call else []
        kwargs = {str(k.arg): ast.literal_eval(k.value) for k in call.keywords} if call else {}
        found = module
        for part in attribute.split("."):
            found = getattr(found, part.strip())
    except (SyntaxError, ValueError) as error:
        text = f"target {target!r} is misspelled ({error}): write {SPELLINGS}"
        raise Refusal("TargetError", text) from None
    except AttributeError:
        text = f"target {target!r}: {module.__name__!r} has no {name!r}"
        raise Refusal("TargetError", text) from None
    if _is_of(found, {"LocalProxy"}, {"werkzeug"}):
        raise Refusal("TargetError", f"target {target!r} stands for nothing outside a request")
    if call and not callable(found):
        raise Refusal("TargetError", f"target {target!r}: {attribute!r} cannot be called")
    if call or _is_factory(found):
        return _factory(target, found, args, kwargs)
    return _instance(target, found)


def _searched(module: Any, target: str) -> Target:
    for name in _APP_NAMES:
        found = getattr(module, name, None)
        if _is_app(found):
            return _instance(target, found)
    apps = list({id(value): value for value in vars(module).values() if _is_app(value)}.values())
    if len(apps) == 1:
        return _instance(target, apps[0])
    if apps:
        text = f"target {target!r} holds several applications: name one after a colon"
        raise Refusal("TargetError", text)
    for name in _FACTORY_NAMES:
        found = getattr(module, name, None)
        if inspect.isfunction(found):
            return _factory(target, found, [], {})
    text = f"target {target!r} holds no application and no factory called"
    names = " or ".join(_FACTORY_NAMES)
    raise Refusal("TargetError", f"{text} {names}: name it after a colon")


def _is_of(value: object, names: set[str], packages: set[str]) -> bool:
    """Whether a class of that name is among its own; nobody is imported to be asked."""
    return any(
        kind.__name__ in names and kind.__module__.partition(".")[0] in packages
        for kind in type(value).__mro__
    )


def _is_app(value: object) -> bool:
    return _is_of(value, {"App", "Flask", "Quart"}, {"flask", "quart"})


def _is_factory(value: Any) -> bool:
    called = inspect.isroutine(value) or isinstance(value, partial)
    return called and protocol_seen(value) is None


def _instance(target: str, app: Any) -> Target:
    return Target(target, lambda config: app, False)


def _factory(target: str, factory: Any, args: list[Any], kwargs: dict[str, Any]) -> Target:
    takes_config, required = (False, False) if args or kwargs else _takes_mapping(factory)

    def make(config: Mapping[str, Any]) -> Any:
        try:
            if takes_config and (config or required):
                return factory(dict(config))
            app = factory(*args, **kwargs)
        except (Exception, SystemExit) as error:
            raise start_refusal(f"target {target!r}: its factory failed", error) from error
        if config:
            config_of(app, target).update(config)
        return app

    return Target(target, make, True)


def _takes_mapping(factory: Any) -> tuple[bool, bool]:
    parameters = list(inspect.signature(factory).parameters.values())
    if not parameters or parameters[0].kind not in (
        inspect.Parameter.POSITIONAL_ONLY,
        inspect.Parameter.POSITIONAL_OR_KEYWORD,
    ):
        return False, False
    first, empty = parameters[0], inspect.Parameter.empty
    if first.annotation is not empty:
        takes = re.search(r"\b(\w*Mapping|[Dd]ict)\b", str(first.annotation)) is not None
    else:
        called_so = re.search("config|settings|overrides", first.name) is not None
        takes = called_so and (first.default in (None, empty) or _is_mapping(first.default))
    return takes, first.default is empty


def _is_mapping(value: object) -> bool:
    from collections import abc

    return isinstance(value, abc.Mapping)


def config_of(app: Any, target: str) -> dict[str, Any]:
    config = getattr(app, "config", None)
    if not isinstance(config, dict):
        text = f"target {target!r}: a scenario gives config, and it has no app.config"
        raise Refusal("TargetError", text)
    return config


def protocol_of(app: Any, target: Target) -> str:
    """`wsgi` or `asgi`; raises `Refusal` where it cannot be known, or is contradicted."""
    found, name = protocol_seen(app), target.name
    if target.protocol and found in (None, target.protocol):
        return target.protocol
    if found is None:
        raise Refusal(
            "TargetError",
            f"target {name!r} is neither a WSGI nor an ASGI application as far as can be seen:"
            f" say which with wsgi+{name} or asgi+{name}",
        )
    if target.protocol:
        text = f"target {name!r} is called as {found.upper()} applications are"
        raise Refusal("TargetError", text)
    return found


def protocol_seen(app: Any) -> str | None:
    if not callable(app) or inspect.isclass(app):
        return None
    try:
        parameters = inspect.signature(app).parameters.values()
    except (TypeError, ValueError):
        return None
    required = [p for p in parameters if p.default is p.empty and p.kind is p.POSITIONAL_OR_KEYWORD]
    return {2: "wsgi", 3: "asgi"}.get(len(required))


# --- Calling it -----------------------------------------------------------------------------------

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+\Z")
_FIELD_VALUE = re.compile(r"[^\x00\r\n]*\Z")


class Request:
    """A request as the other end has made it; text is latin-1, one character a byte."""

    def __init__(self, head: Message, body: bytes) -> None:
        self.method: str = head["method"]
        self.target: str = head["target"]
        self.headers: list[tuple[str, str]] = [(name, value) for name, value in head["headers"]]
        self.scheme, self.host, self.port, self.root = head["base"]
        self.chunks: list[bytes] = []
        start = 0
        for size in head["sizes"]:
            self.chunks.append(body[start : start + size])
            start += size

    @property
    def path(self) -> str:
        path = self.target.partition("?")[0]
        return _unquoted(path).decode("latin-1") if "%" in path else path

    @property
    def query(self) -> str:
        return self.target.partition("?")[2]


def _unquoted(path: str) -> bytes:
    from urllib.parse import unquote_to_bytes

    return unquote_to_bytes(path)


class Answer:
    """What came of a request, as the other end reads it."""

    def __init__(self) -> None:
        self.status = 0
        self.reason = ""
        self.headers: Pairs = ()
        self.body = bytearray()
        self.broken: str | None = None
        self.error: BaseException | None = None

    def fields(self) -> Message:
        made: Message = {}
        if self.status:
            made["response"] = [self.status, self.reason, self.headers]
        if self.error is not None:
            made["raised"] = read_raised(self.error)
        if self.broken is not None:
            made["broken"] = self.broken
        return made


def checked_field(name: str, value: str) -> tuple[str, str]:
    if not _TOKEN.match(name):
        raise ProtocolError(f"header name {name!r} is no token")
    if not _FIELD_VALUE.match(value):
        raise ProtocolError(f"header {name}: {value!r} holds a line break or a null")
    return name, value


def checked_status(status: object) -> int:
    if not isinstance(status, int) or not 100 <= status <= 999:
        raise ProtocolError(f"the status is {status!r}")
    return status


class _WSGIAnswer:
    """What `start_response`, `write` and the iteration gave so far."""

    def __init__(self) -> None:
        self.status: Any = ""
        self.headers: tuple[Any, ...] = ()
        self.body = bytearray()
        self.ended = False

    def start(self, status: str, headers: Any, exc_info: Any = None) -> Callable[[bytes], object]:
        if exc_info:
            if self.body:
                raise exc_info[1].with_traceback(exc_info[2])
        elif self.status:
            raise AssertionError("start_response was called twice")
        self.status, self.headers = status, tuple(headers)
        return self.write

    def write(self, data: Any) -> None:
        if not self.status:
            raise ProtocolError("a body came before start_response was called")
        if type(data) is not bytes:
            raise ProtocolError(f"a piece of the body is {type(data).__name__}, not bytes")
        self.body += data

    def give(self, answer: Answer) -> None:
        """The answer as far as it came; raises `ProtocolError` where a server would refuse it."""
        if type(self.status) is not str:
            raise ProtocolError(f"the status line is {self.status!r}, not text")
        code, _, reason = self.status.partition(" ")
        status = checked_status(int(code) if code.isascii() and code.isdigit() else code)
        try:
            headers = tuple(map(_wsgi_field, self.headers))
        except TypeError:
            raise ProtocolError(f"the headers are {self.headers!r}, not pairs of texts") from None
        answer.status, answer.reason, answer.headers = status, reason, headers
        answer.body = self.body


@lru_cache(maxsize=4096)
def _wsgi_field(pair: tuple[str, str]) -> tuple[str, str]:
    if [type(part) for part in pair] != [str, str]:
        raise ProtocolError(f"a header is {pair!r}, not a pair of texts")
    try:
        pair[1].encode("latin-1")
    except UnicodeEncodeError:
        raise ProtocolError(f"header {pair[0]}: {pair[1]!r} has no bytes in latin-1") from None
    return checked_field(*pair)


class WSGI:
    """Calls a WSGI application (PEP 3333)."""

    def __init__(self, app: Any, timeout: float) -> None:
        self._app = app
        self._error: BaseException | None = None
        self._thread: int | None = None
        self._is_listening = False
        self.listen()

    def listen(self) -> None:
        """Hear of what Flask handles, as soon as there is a Flask."""
        if self._is_listening or "flask" not in sys.modules:
            return
        self._is_listening = True
        try:
            sys.modules["flask"].got_request_exception.connect(self._record)
        except RuntimeError:
            # Flask before 2.3 has signals only where blinker is installed.
            self._overhear()

    def _overhear(self) -> None:
        handle = getattr(self._app, "handle_exception", None)
        if handle is None:
            return

        def handle_exception(error: BaseException) -> Any:
            self._record(self._app, error)
            return handle(error)

        self._app.handle_exception = handle_exception

    def _record(self, sender: object, exception: BaseException, **extra: object) -> None:
        if threading.get_ident() == self._thread:
            self._error = exception

    def send(self, request: Request) -> Answer:
        self.listen()
        self._error, self._thread = None, threading.get_ident()
        given, answer = _WSGIAnswer(), Answer()
        try:
            self._call(request, given)
        except ProtocolError as violation:
            answer.broken = str(violation)
        except BaseException as error:
            self._error = error
            # A server holds the headers back until there is a body, or its end (PEP 3333).
            given.status = given.status if given.body or given.ended else ""
        if given.status:
            try:
                given.give(answer)
            except ProtocolError as violation:
                answer.broken = str(violation)
        elif not (answer.broken or self._error):
            answer.broken = "start_response was never called"
        answer.error, self._error, self._thread = self._error, None, None
        return answer

    def _call(self, request: Request, answer: _WSGIAnswer) -> None:
        pieces = self._app(environ(request), answer.start)
        try:
            for piece in pieces:
                answer.write(piece)
            answer.ended = True
        finally:
            close = getattr(pieces, "close", None)
            if close is not None:
                close()

    def run(self, coroutine: Any) -> None:
        """What is async beside it has a loop of its own."""
        asyncio.run(coroutine)

    def close(self) -> None:
        """Nothing was begun."""


@lru_cache(maxsize=1024)
def _variable(name: str) -> str:
    key = name.upper().replace("-", "_")
    return key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else "HTTP_" + key


def environ(request: Request) -> Message:
    """The environ of *request* (PEP 3333; RFC 3875, 4.1)."""
    path, root = request.path, request.root
    made: Message = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": root,
        "PATH_INFO": path[len(root) :] if path.startswith(root) else path,
        "QUERY_STRING": request.query,
        "REQUEST_URI": request.target,
        "RAW_URI": request.target,
        "SERVER_NAME": request.host,
        "SERVER_PORT": str(request.port),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "REMOTE_PORT": "50000",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": request.scheme,
        "wsgi.input": BytesIO(b"".join(request.chunks)),
        # The log, of which an exchange shows the traceback.
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, value in request.headers:
        # A_B and A-B would be one variable; servers drop the former (CVE-2015-0219).
        if "_" in name:
            continue
        key = _variable(name)
        # RFC 9110, 5.2: fields of one name are one list; RFC 9113, 8.2.3: cookies join otherwise.
        comma = "; " if key == "HTTP_COOKIE" else ","
        made[key] = made[key] + comma + value if key in made else value
    if "HTTP_TRANSFER_ENCODING" in made:
        made["wsgi.input_terminated"] = True
    return made


class _Connection:
    """What an ASGI application receives, and what it has sent so far."""

    def __init__(self, request: Request, loop: asyncio.AbstractEventLoop) -> None:
        self.pieces = list(request.chunks) or [b""]
        self.status = 0
        self.headers: Pairs = ()
        self.body = bytearray()
        self.complete = False
        self._loop = loop
        self._completed: asyncio.Future[None] | None = None

    async def receive(self) -> Message:
        if self.pieces:
            piece = self.pieces.pop(0)
            return {"type": "http.request", "body": piece, "more_body": bool(self.pieces)}
        if not self.complete:
            # The client stays until it has its answer.
            if self._completed is None or self._completed.done():
                self._completed = self._loop.create_future()
            await self._completed
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        kind = message["type"]
        if kind == "http.response.start":
            if self.status:
                raise ProtocolError("the response was started twice")
            self.headers = tuple(_asgi_field(*pair) for pair in message.get("headers", ()))
            self.status = checked_status(message["status"])
        elif kind == "http.response.body":
            if not self.status or self.complete:
                raise ProtocolError(
                    "a body came " + ("after its end" if self.complete else "first")
                )
            self.body += message.get("body", b"")
            self.complete = not message.get("more_body", False)
            if self.complete and self._completed and not self._completed.done():
                self._completed.set_result(None)
        elif kind != "http.response.push":
            raise ProtocolError(f"a message of type {kind!r} was sent")


@lru_cache(maxsize=4096)
def _asgi_field(name: object, value: object) -> tuple[str, str]:
    if not isinstance(name, bytes) or not isinstance(value, bytes):
        raise ProtocolError(f"header {name!r}: {value!r} is not in bytes")
    return checked_field(name.decode("latin-1"), value.decode("latin-1"))


class _Limit:
    """Cancels the current task in so many seconds."""

    def __init__(self, loop: asyncio.AbstractEventLoop, seconds: float) -> None:
        self.expired = False
        self._task = asyncio.current_task(loop)
        self.timer = loop.call_later(seconds, self._expire)

    def _expire(self) -> None:
        self.expired = True
        if self._task is not None:
            self._task.cancel()


class ASGI:
    """Calls an ASGI application on one event loop for its whole life (ASGI 3.0)."""

    def __init__(self, app: Any, timeout: float) -> None:
        self._app = app
        self._timeout = timeout
        self._error: BaseException | None = None
        self._left: set[asyncio.Task[Any]] = set()
        self._is_listening = False
        self.surround: Callable[[], Any] = nullcontext
        self._loop = asyncio.new_event_loop()
        self._loop.set_exception_handler(self._fail)
        self._is_sending = False
        self._tasks = _Tasks(self._loop)
        # Before Python 3.10 what is made outside the loop belongs to the thread's.
        asyncio.set_event_loop(self._loop)
        self._lifespan = _Lifespan(app)
        try:
            self._loop.run_until_complete(self._lifespan.start(timeout))
        except BaseException:
            self._end()
            raise
        self._tasks.keep(self._lifespan.task)
        self.listen()

    def listen(self) -> None:
        """Hear of what Quart handles, as soon as there is a Quart."""
        if self._is_listening or "quart" not in sys.modules:
            return
        self._is_listening = True
        signals = sys.modules["quart"].signals
        signals.got_request_exception.connect(self._record)
        if hasattr(signals, "got_background_exception"):
            signals.got_background_exception.connect(self._record_later)

    # Quart runs plain functions that it signals in a thread; this one needs none.
    async def _record(self, sender: object, exception: BaseException, **extra: object) -> None:
        if asyncio.get_running_loop() is self._loop:
            self._error = exception

    async def _record_later(
        self, sender: object, exception: BaseException, **extra: object
    ) -> None:
        """Take what a background task has raised, unless the request itself did."""
        if asyncio.get_running_loop() is self._loop and self._error is None:
            self._error = exception

    def _fail(self, loop: asyncio.AbstractEventLoop, context: Message) -> None:
        """Take what a task or a callback raised for which nobody waits."""
        error = context.get("exception")
        if error is None or not self._is_sending:
            loop.default_exception_handler(context)
        elif self._error is None:
            self._error = error

    def send(self, request: Request) -> Answer:
        self.listen()
        until = time.perf_counter() + self._timeout
        self._error, self._is_sending = None, True
        given, answer = _Connection(request, self._loop), Answer()
        try:
            answer.broken = self._loop.run_until_complete(self._call(request, given))
            self._tasks.go_on(min(_LATER, until - time.perf_counter()))
        except (SystemExit, KeyboardInterrupt) as error:
            self._error = error
        finally:
            self._is_sending = False
        if given.status:
            answer.status, answer.headers, answer.body = given.status, given.headers, given.body
            if not (given.complete or answer.broken or self._error):
                answer.broken = "the application returned before its response was complete"
        elif not (answer.broken or self._error):
            answer.broken = "the application returned without a response"
        answer.error, self._error = self._error, None
        return answer

    async def _call(self, request: Request, given: _Connection) -> str | None:
        """Run the application; returns how it broke off, if it did."""
        limit = _Limit(self._loop, self._timeout)
        try:
            with self.surround():
                await self._app(scope(request), given.receive, given.send)
        except ProtocolError as violation:
            return str(violation)
        except (Exception, asyncio.CancelledError) as error:
            if limit.expired:
                # Loops know their tasks by weak references, and nobody waits for these any more.
                self._left = asyncio.all_tasks(self._loop)
                return no_answer(self._timeout)
            self._error = error
        finally:
            limit.timer.cancel()
        return None

    def run(self, coroutine: Any) -> None:
        """Run it on the application's loop."""
        self._loop.run_until_complete(coroutine)
        self._tasks.keep()

    def close(self) -> None:
        try:
            self._loop.run_until_complete(self._lifespan.stop(self._timeout))
        finally:
            self._end()

    def _end(self) -> None:
        try:
            self._loop.run_until_complete(self._cancel())
        finally:
            asyncio.set_event_loop(None)
            self._loop.close()

    async def _cancel(self) -> None:
        """End what the application left running."""
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._loop.shutdown_asyncgens()
        if hasattr(self._loop, "shutdown_default_executor"):
            await self._loop.shutdown_default_executor()


class _Tasks:
    """What a request begins and does not wait for, as `quart_parity.drivers.background.Tasks`."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._made: list[asyncio.Task[Any]] = []
        self._lasting: set[asyncio.Task[Any]] = set()
        self._kinds: set[Any] = set()
        # Loops know their tasks, but weakly, with those that have ended, and without order.
        loop.set_task_factory(self._make)

    def _make(self, loop: Any, coroutine: Any, **options: Any) -> asyncio.Task[Any]:
        task: asyncio.Task[Any] = asyncio.Task(coroutine, loop=loop, **options)
        self._made.append(task)
        return task

    def keep(self, own: asyncio.Task[Any] | None = None) -> None:
        """Do not wait for those that run now, of which *own* is the driver's."""
        self._lasting.update(self._begun())
        if own is not None:
            self._lasting.discard(own)

    def _begun(self) -> set[asyncio.Task[Any]]:
        made, self._made = self._made, []
        return {task for task in made if not task.done()}

    def go_on(self, seconds: float) -> None:
        """Let them run between two requests, and wait for those that this one has begun."""
        if any(not task.done() for task in self._made) or self._lasting:
            self._loop.run_until_complete(self._run(time.perf_counter() + seconds))
        self._made.clear()

    async def _run(self, until: float) -> None:
        itself = asyncio.current_task()
        tasks = self._begun() - {itself}
        for _ in range(_PASSES):
            await asyncio.sleep(0)
        while tasks and time.perf_counter() < until:
            endless = {task for task in tasks if _kind(task) in self._kinds}
            late = await _wait(tasks - endless, until - time.perf_counter())
            self._kinds.update(map(_kind, late))
            self._lasting |= endless | late
            tasks = self._begun() - {itself}
        self._lasting |= tasks
        self._lasting = {task for task in self._lasting if not task.done()}


async def _wait(tasks: set[asyncio.Task[Any]], seconds: float) -> set[asyncio.Task[Any]]:
    """Those that take longer."""
    return (await asyncio.wait(tasks, timeout=seconds))[1] if tasks else set()


def _kind(task: asyncio.Task[Any]) -> Any:
    """The application's function that it runs, below what a framework put around it."""
    codes = []
    step: Any = task.get_coro()
    while step is not None:
        code = getattr(step, "cr_code", None) or getattr(step, "gi_code", None)
        if code is not None:
            codes.append(code)
        step = getattr(step, "cr_await", None) or getattr(step, "gi_yieldfrom", None)
    return next((one for one in codes if _is_application(one.co_filename)), next(iter(codes), None))


def no_answer(seconds: float) -> str:
    return f"no answer within {seconds:g} s"


@lru_cache(maxsize=4096)
def _encoded(name: str, value: str) -> tuple[bytes, bytes]:
    return name.lower().encode("ascii"), value.encode("latin-1")


def scope(request: Request) -> Message:
    """The connection scope of *request*."""
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "method": request.method,
        "scheme": request.scheme,
        "path": request.path.encode("latin-1").decode("utf-8", "replace"),
        "raw_path": request.target.partition("?")[0].encode("ascii"),
        "query_string": request.query.encode("ascii"),
        "root_path": request.root.encode("latin-1").decode("utf-8", "replace"),
        # Without those with an underscore, as on the other side.
        "headers": [_encoded(*pair) for pair in request.headers if "_" not in pair[0]],
        "client": ("127.0.0.1", 50000),
        "server": (request.host, request.port),
        "extensions": {},
    }


class _Lifespan:
    """The application's start-up and shut-down; one that has none is served without."""

    def __init__(self, app: Any) -> None:
        self._app = app
        self._events: asyncio.Queue[Message] = asyncio.Queue()
        self._answers: asyncio.Queue[Message] = asyncio.Queue()
        self.task: asyncio.Task[None] | None = None

    async def _run(self) -> None:
        scope = {"type": "lifespan", "asgi": {"version": "3.0", "spec_version": "2.0"}}
        try:
            await self._app(scope, self._events.get, self._answers.put)
        except SystemExit as error:
            message = f"SystemExit: {error}"
            await self._answers.put({"type": "lifespan.startup.failed", "message": message})
        except Exception:
            # The protocol's way to say that there is no lifespan support.
            await self._answers.put({"type": "unsupported"})
        else:
            await self._answers.put({"type": "ended"})

    async def start(self, timeout: float) -> None:
        self.task = asyncio.ensure_future(self._run())
        answer = await self._ask("lifespan.startup", timeout)
        if answer["type"] == "lifespan.startup.failed":
            message = answer.get("message", "")
            raise Refusal("StartError", f"its lifespan start-up failed: {message}")

    async def stop(self, timeout: float) -> None:
        if self.task is not None and not self.task.done():
            await self._ask("lifespan.shutdown", timeout)

    async def _ask(self, event: str, timeout: float) -> Message:
        await self._events.put({"type": event})
        answer = asyncio.ensure_future(self._answers.get())
        await asyncio.wait([answer], timeout=timeout)
        if not answer.done():
            raise Refusal("StartError", f"its {event} gave {no_answer(timeout)}")
        return answer.result()


# --- Asking about it ------------------------------------------------------------------------------


class Keyhole:
    """How an application's session cookies are read, told where that has changed."""

    def __init__(self, app: Any) -> None:
        self._app = app
        self._known: Any = None

    def news(self) -> Message:
        app = self._app
        config = getattr(app, "config", None)
        if not isinstance(config, dict):
            return {}
        names = ("SECRET_KEY", "SECRET_KEY_FALLBACKS", "SESSION_COOKIE_NAME")
        interface = getattr(app, "session_interface", None)
        known = (id(interface), *(str(config.get(name)) for name in names))
        if known == self._known:
            return {}
        self._known = known
        return {"keys": _keys_of(app)}


def _keys_of(app: Any) -> Message | None:
    """As `quart_parity.serving.keys.keys_of`: None where the cookies are to be compared raw."""
    try:
        serializer = app.session_interface.get_signing_serializer(app)
        tagged = serializer.serializer
        if type(serializer).__name__ != "URLSafeTimedSerializer" or not _is_of(
            tagged, {"TaggedJSONSerializer"}, {"flask", "quart"}
        ):
            return None
        # itsdangerous before 2.0 knows one key only.
        secrets = getattr(serializer, "secret_keys", None) or [serializer.secret_key]
        salt = serializer.salt or b""
        signer = serializer.make_signer(salt)
        derivation = serializer.signer_kwargs.get("key_derivation", signer.key_derivation)
        return {
            "name": str(app.config["SESSION_COOKIE_NAME"]),
            "secrets": [_hex(secret) for secret in secrets],
            "salt": _hex(salt),
            "derivation": str(derivation),
            "digest": signer.digest_method().name,
        }
    except Exception:
        # An interface of the application's own, or no key.
        return None


def _hex(secret: Any) -> str:
    return (secret.encode() if isinstance(secret, str) else bytes(secret)).hex()


def routes_of(app: Any) -> list[Message] | None:
    """As `quart_parity.routes.routes_of`: the URL map as plain values."""
    routing = sys.modules.get("werkzeug.routing")
    url_map = getattr(app, "url_map", None)
    if routing is None or not isinstance(url_map, routing.Map):
        return None
    rules = [rule for rule in url_map.iter_rules() if not getattr(rule, "websocket", False)]
    views = getattr(app, "view_functions", {})
    return [_route(rule, url_map, routing.Rule, views.get(rule.endpoint)) for rule in rules]


def _route(rule: Any, url_map: Any, kind: Any, view: Any) -> Message:
    by_host = url_map.host_matching
    redirect = rule.redirect_to
    return {
        "rule": rule.rule,
        "endpoint": str(rule.endpoint),
        "methods": sorted(rule.methods or ()),
        "defaults": {name: _plain(value) for name, value in (rule.defaults or {}).items()},
        "converters": _converters(rule, url_map, kind),
        "host": rule.host or "" if by_host else "",
        "subdomain": "" if by_host else rule.subdomain or "",
        "strict_slashes": bool(rule.strict_slashes),
        "merge_slashes": bool(getattr(rule, "merge_slashes", True)),
        "build_only": rule.build_only,
        "redirect_to": f"({redirect.__qualname__})" if callable(redirect) else redirect,
        "view": _view_place(view),
    }


def _view_place(view: Any) -> Any:
    made_of = getattr(view, "view_class", None)
    functions = [view] if made_of is None else _answering(made_of)
    return next(filter(None, map(_written, functions)), None)


def _answering(view_class: Any) -> Any:
    for own in map(vars, view_class.__mro__):
        yield from (own[name] for name in ("dispatch_request", *_METHODS) if name in own)


def _written(view: Any) -> Any:
    while isinstance(view, partial):
        view = view.func
    function = inspect.unwrap(view) if callable(view) else view
    code = getattr(function, "__code__", None)
    module = getattr(function, "__module__", None) or ""
    if code is None or module.partition(".")[0] in _NOT_ITS_OWN:
        return None
    return f"{code.co_filename}:{code.co_firstlineno}"


_METHODS = ("get", "post", "put", "patch", "delete", "head", "options", "trace")
_NOT_ITS_OWN = ("flask", "quart", "quart_parity")


def _converters(rule: Any, url_map: Any, kind: Any) -> Message:
    """What the variables take; read as the map itself compiles a rule of the same text."""
    read: Message = {}

    class Reading(kind):  # type: ignore[misc] # Werkzeug's, whichever there is
        def get_converter(self, variable: str, name: str, args: Any, kwargs: Any) -> Any:
            converter = super().get_converter(variable, name, args, kwargs)
            read[variable] = {
                "name": name,
                "regex": converter.regex,
                "arguments": list(args),
                "options": dict(kwargs),
                "weight": converter.weight,
                "part_isolating": getattr(converter, "part_isolating", None),
            }
            return converter

    Reading(rule.rule, host=rule.host, subdomain=rule.subdomain).bind(url_map)
    return read


def _plain(value: Any) -> Any:
    return value if value is None or type(value) in (str, int, float, bool) else repr(value)


class Ears:
    """Hears of coroutines that nobody awaited, and of threads with what they raise.

    As `quart_parity.drivers.hearing` and `unawaited`, with the process to itself.
    """

    def __init__(self) -> None:
        self.errors: list[Exception] = []
        self._found: list[tuple[str, str | None]] = []
        self._sent: set[int] = set()
        self._remembers = self._is_listening = False
        self._begun: list[threading.Thread] = []
        self._kinds: set[object] = set()
        self._theirs: weakref.WeakSet[threading.Thread] = weakref.WeakSet()
        self._theirs.add(threading.current_thread())
        self._tell = vars(warnings)["_warn_unawaited_coroutine"]
        vars(warnings)["_warn_unawaited_coroutine"] = self._hear
        self._listen_to_threads()
        self._listen(True)

    def _listen_to_threads(self) -> None:
        plainly_start = threading.Thread.start

        adopt = self._adopt

        def start(self: threading.Thread) -> None:
            adopt(self)
            plainly_start(self)

        threading.Thread.start = start  # type: ignore[method-assign] # nothing else tells of all

    def begin(self, request: int) -> None:
        """Listen; where coroutines are made is remembered for requests that are new."""
        self._listen(request not in self._sent)
        if self._remembers and len(self._sent) < _REMEMBERED:
            self._sent.add(request)

    def _listen(self, remembers: bool) -> None:
        self._is_listening, self._remembers = True, remembers
        if remembers:
            sys.set_coroutine_origin_tracking_depth(_DEPTH)

    def end(self, seconds: float = 0.0) -> None:
        """Wait for the threads that were begun; what those do that last longer is nobody's."""
        sys.set_coroutine_origin_tracking_depth(0)
        until = time.perf_counter() + seconds
        while self._begun:
            thread = self._begun.pop(0)
            kind = _target(thread)
            if getattr(kind, "co_filename", None) == _EXECUTORS:
                continue
            if kind not in self._kinds:
                thread.join(max(until - time.perf_counter(), 0))
            if thread.is_alive():
                self._kinds.add(kind)
                self._theirs.discard(thread)

    def _adopt(self, thread: threading.Thread) -> None:
        if threading.current_thread() not in self._theirs:
            return
        self._theirs.add(thread)
        self._begun.append(thread)
        thread.run = partial(self._run, thread.run)  # type: ignore[method-assign]

    def _run(self, run: Callable[[], None]) -> None:
        sys.set_coroutine_origin_tracking_depth(_DEPTH)
        try:
            run()
        except Exception as error:
            if not self._is_listening or threading.current_thread() not in self._theirs:
                raise
            self.errors.append(error)

    def _hear(self, coroutine: Any) -> None:
        if not (self._is_listening and self._is_theirs(coroutine)):
            self._tell(coroutine)
            return
        place = _made_at(coroutine) or _dropped_at(sys._getframe(1)) or _defined_at(coroutine)
        self._found.append((coroutine.__qualname__, place))
        # What is sent once more may have its places remembered now.
        self._sent.clear()

    def _is_theirs(self, coroutine: Any) -> bool:
        if threading.current_thread() in self._theirs:
            return True
        return coroutine.cr_origin is not None and not sys.get_coroutine_origin_tracking_depth()

    def take(self) -> list[tuple[str, str | None]]:
        found, self._found = self._found, []
        return found

    def settle(self) -> list[tuple[str, str | None]]:
        """Collect what was dropped in cycles first; what was there at the start is set aside."""
        began = time.perf_counter()
        gc.collect()
        if time.perf_counter() - began > _SLOW:
            gc.freeze()
        self._is_listening = False
        return self.take()


def _target(thread: threading.Thread) -> object:
    """The function that it runs, while it does."""
    target = getattr(thread, "_target", None)
    while isinstance(target, partial):
        target = target.func
    return getattr(target, "__code__", target) or type(thread)


def _made_at(coroutine: Any) -> str | None:
    for filename, line, _ in getattr(coroutine, "cr_origin", None) or ():
        if _is_application(filename):
            return f"{_relative(filename)}:{line}"
    return None


def _dropped_at(frame: Any) -> str | None:
    """The line of a statement that does nothing with what it made."""
    code = frame.f_code
    if code.co_code[frame.f_lasti] == _POP_TOP and _is_application(code.co_filename):
        return f"{_relative(code.co_filename)}:{frame.f_lineno}"
    return None


def _defined_at(coroutine: Any) -> str | None:
    code = coroutine.cr_code
    if not _is_application(code.co_filename):
        return None
    return f"{_relative(code.co_filename)}:{code.co_firstlineno}"


@lru_cache(maxsize=1024)
def _is_application(filename: str) -> bool:
    if filename.startswith("<") or filename == _HERE:
        return False
    if filename.startswith(_STDLIB) and not re.search(
        r"[\\/](?:site|dist)-packages[\\/]", filename
    ):
        return False
    packages = (getattr(sys.modules.get(name), "__file__", None) for name in _FRAMEWORKS)
    return not filename.startswith(tuple(os.path.dirname(one) + os.sep for one in packages if one))


class Clock:
    """The process's; where time-machine is installed it can be ahead, or stand still."""

    def __init__(self) -> None:
        self._set = True, 0.0
        self._traveller: Any = None

    @staticmethod
    def can_move() -> bool:
        try:
            return importlib.util.find_spec("time_machine") is not None
        except (ImportError, ValueError):
            return False

    def move(self, passes: bool, seconds: float) -> None:
        """Have it so many seconds ahead, or let it stand so many after the epoch."""
        if self._set == (passes, seconds):
            return
        if self._traveller is not None:
            self._traveller.stop()
            self._traveller = None
        if seconds:
            now = time.time() + seconds if passes else seconds
            self._traveller = _time_machine().travel(now, tick=passes)
            self._traveller.start()
        self._set = passes, seconds


def _time_machine() -> Any:
    # It imports all of pytest, for its fixture, wherever pytest is installed.
    hidden = "pytest" not in sys.modules and "time_machine" not in sys.modules
    if hidden:
        vars(sys)["modules"]["pytest"] = None
    try:
        return importlib.import_module("time_machine")
    finally:
        if hidden:
            del sys.modules["pytest"]


class Trials:
    """Compat put into the application, where quart_parity can be imported by this interpreter."""

    def __init__(self, app: Any) -> None:
        self._app = app
        self._notes: list[Message] = []
        self._trials: Any = None

    def write(self, **note: Any) -> None:
        """A note on the exchange, which the trials take this object for the writer of."""
        self._notes.append(note)

    def begin(self, home: str) -> str | None:
        """Returns why it cannot be begun, if so."""
        if self._trials is not None:
            return None
        try:
            _load_package("quart_parity", home)
            module = importlib.import_module("quart_parity.serving.served_trials")
            self._trials = module.Trials(self._app, self)
        except Exception as error:
            return (
                f"compat cannot be tried with {sys.executable}"
                f" ({type(error).__name__}: {error}): install quart-parity there"
            )
        return None

    @contextmanager
    def exchange(self, number: int, off: list[str]) -> Iterator[None]:
        self._notes = []
        with self._trials.exchange(number, off):
            yield

    def told(self) -> Message:
        note = self._notes[-1] if self._notes else {}
        return {"pieces": note.get("pieces", []), "error": note.get("error")}


def _load_package(name: str, home: str) -> None:
    """Make a package importable from *home*, of which nothing else is to be seen."""
    if name in sys.modules or importlib.util.find_spec(name) is not None:
        return
    folder = os.path.join(home, name)
    spec = importlib.util.spec_from_file_location(
        name, os.path.join(folder, "__init__.py"), submodule_search_locations=[folder]
    )
    if spec is None or spec.loader is None:
        raise ImportError(name)
    sys.modules[name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(sys.modules[name])


class Hooks:
    """Functions around a scenario, as `quart_parity.hooks.HookModules`."""

    def __init__(self) -> None:
        self._modules: dict[str, Any] = {}

    def call(self, module: str, function: str, side: str, app: Any, run: Any) -> None:
        """Call ``function(side, app)`` if there is one; raises `Refusal` where it fails."""
        if module not in self._modules:
            self._modules[module] = self._imported(module)
        found = getattr(self._modules[module], function, None)
        if found is None:
            return
        try:
            returned = found(side, app)
            if inspect.isawaitable(returned):
                run(_awaited(returned))
        except (Exception, SystemExit) as error:
            raise start_refusal(f"{function} of {module!r} failed", error, "HookError") from error

    def _imported(self, module: str) -> Any:
        is_file = module.endswith(".py")
        try:
            found = _load_file(module) if is_file else importlib.import_module(module)
        except (Exception, SystemExit) as error:
            what = f"module {module!r} cannot be imported"
            raise start_refusal(what, error, "HookError") from error
        if not (hasattr(found, "setup") or hasattr(found, "teardown")):
            text = f"module {module!r} has neither setup(side, app) nor teardown(side, app)"
            raise Refusal("HookError", text)
        return found


async def _awaited(returned: Any) -> None:
    await returned


def _load_file(file: str) -> Any:
    """A file as a module of its own, whatever modules are called so."""
    name = "quart_parity_hooks_of_" + re.sub(r"\W", "_", file)
    spec = importlib.util.spec_from_file_location(name, file)
    if spec is None or spec.loader is None:
        raise ImportError(f"{file!r} is no Python file")
    # Dataclasses, among others, look their module up.
    sys.modules[name] = module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    finally:
        del sys.modules[name]
    return module


# --- The process ----------------------------------------------------------------------------------


class Worker:
    """Answers the other end, one message after the other, on the main thread."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._pid = os.getpid()
        self._clock = Clock()
        self._hooks = Hooks()
        self._driver: Any = None
        self._app: Any = None

    def run(self) -> bool:
        """Until it is told to stop; False where nobody is there any more to tell."""
        message = self._channel.receive()
        while message is not None:
            head, body = message
            if "clock" in head:
                self._clock.move(*head["clock"])
            try:
                fields, content = getattr(self, "_do_" + head["do"])(head, body)
            except Refusal as refusal:
                fields, content = {"error": [refusal.kind, _sendable(str(refusal))]}, b""
            if os.getpid() != self._pid:
                # A view has forked, and its child comes back here as if it were the parent.
                os._exit(0)
            self._channel.send(fields, content)
            if head["do"] == "stop":
                return True
            message = self._channel.receive()
        return False

    def _do_start(self, head: Message, body: bytes) -> Reply:
        name = head["target"]
        config = unpack(head["config"])
        target = find_target(name, head["where"])
        self._ears = Ears()
        app = target.make(config)
        if config and not target.is_factory:
            config_of(app, name).update(config)
        _check_origin(name, head["revised"])
        protocol = protocol_of(app, target)
        try:
            kind = ASGI if protocol == "asgi" else WSGI
            self._driver = kind(app, head["timeout"])
        except Refusal as refusal:
            raise Refusal(refusal.kind, f"target {name!r}: {refusal}") from refusal
        self._app = app
        self._keyhole = Keyhole(app)
        self._trials = Trials(app)
        self._timeout = head["timeout"]
        self._ears.end()
        gc.collect()
        gc.freeze()
        return {"protocol": protocol, "travels": Clock.can_move(), **self._keyhole.news()}, b""

    def _do_request(self, head: Message, body: bytes) -> Reply:
        trial = head.get("trial")
        if trial:
            error = self._begin_trial(*trial)
            if error is not None:
                return {"trial": {"pieces": [], "error": error}}, b""
        answer = self._played(Request(head, body), body)
        fields = answer.fields()
        answer.error = None
        unawaited = self._ears.take()
        if unawaited:
            fields["unawaited"] = unawaited
        if trial:
            fields["trial"] = self._trials.told()
        fields.update(self._keyhole.news())
        return fields, bytes(answer.body)

    def _played(self, request: Request, body: bytes) -> Answer:
        """The answer, once what the request has begun has had its time."""
        until = time.perf_counter() + self._timeout
        self._ears.begin(hash((request.method, request.target, *request.headers, body)))
        try:
            answer: Answer = self._driver.send(request)
        finally:
            self._ears.end(min(_LATER, until - time.perf_counter()))
        if self._ears.errors:
            answer.error = answer.error or self._ears.errors[0]
            self._ears.errors.clear()
        return answer

    def _begin_trial(self, number: int, off: list[str], home: str) -> str | None:
        if not isinstance(self._driver, ASGI):
            return "compat can be tried in Quart applications only, and the candidate is none"
        error = self._trials.begin(home)
        self._driver.surround = partial(self._trials.exchange, number, off)
        return error

    def _do_routes(self, head: Message, body: bytes) -> Reply:
        return {"routes": routes_of(self._app)}, b""

    def _do_hook(self, head: Message, body: bytes) -> Reply:
        names = head["module"], head["function"], head["side"]
        self._hooks.call(*names, self._app, self._driver.run)
        return {}, b""

    def _do_settle(self, head: Message, body: bytes) -> Reply:
        return {"unawaited": self._ears.settle()}, b""

    def _do_stop(self, head: Message, body: bytes) -> Reply:
        if self._driver is not None:
            self._driver.close()
        return {}, b""


def _sendable(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode()


def _check_origin(target: str, revised: list[str] | None) -> None:
    """Refuse modules of the working tree, whose revision is not the one that is asked for.

    *revised* holds the tree's top, and the folder with the revision's files.
    """
    if revised is None:
        return
    top, folder = (path + os.sep for path in revised)
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None) or ""
        if not file.startswith(top) or file.startswith(folder) or file == _HERE:
            continue
        if not _PACKAGES.search(file) and not _is_stdlib(name.partition(".")[0], file):
            raise Refusal(
                "StartError",
                f"target {target!r}: module {name!r} was imported from {file!r}, which is not of"
                " the revision: something on the path, such as an editable installation, leads"
                " there; put the revision's folder before it, as with PYTHONPATH=src",
            )


def watch(life: int, channel: Channel, folder: str | None) -> None:
    """End this process and all that it started as soon as the other end of *life* is closed.

    The system does so, where it can: it needs no thread of this process, and no lock that a
    blocked call holds. A *folder* that is to go as well takes a process that waits for that.
    """
    if folder is None and hasattr(fcntl, "F_SETSIG"):
        fcntl.fcntl(life, fcntl.F_SETOWN, -os.getpgrp())
        fcntl.fcntl(life, fcntl.F_SETSIG, signal.SIGKILL)
        fcntl.fcntl(life, fcntl.F_SETFL, fcntl.fcntl(life, fcntl.F_GETFL) | os.O_ASYNC)
    elif os.fork() == 0:
        channel.close()
        os.read(life, 1)
        give_up(folder)


def give_up(folder: str | None) -> None:
    """End all that this process has started, and itself: nobody is left to do so."""
    if folder is not None:
        shutil.rmtree(folder, ignore_errors=True)
    os.killpg(os.getpgrp(), signal.SIGKILL)


def _forget(channel: Channel, life: int) -> None:
    """In a forked child: what it holds open would outlive its parent."""
    channel.close()
    os.close(life)


def main() -> None:
    descriptors = [int(number) for number in sys.argv[1:3]]
    folder = sys.argv[3] if len(sys.argv) > 3 else None
    for descriptor in descriptors:
        os.set_inheritable(descriptor, False)
    channel, life = Channel(socket.socket(fileno=descriptors[0])), descriptors[1]
    watch(life, channel, folder)
    os.register_at_fork(after_in_child=partial(_forget, channel, life))
    # Of a number that the application does not close.
    log = os.dup(2)
    faulthandler.enable(log)
    if STACKS is not None:
        faulthandler.register(STACKS, log)
    here = os.path.dirname(os.path.realpath(_HERE))
    sys.path[:] = [path for path in sys.path if os.path.realpath(path or ".") != here]
    del sys.argv[1:]
    try:
        is_told = Worker(channel).run()
    except ConnectionError:
        is_told = False
    except Exception:
        print_exc()
        raise SystemExit(1) from None
    if not is_told:
        give_up(folder)


if __name__ == "__main__":
    main()
