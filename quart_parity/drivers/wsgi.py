"""Calling a WSGI application as a server does (PEP 3333)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from io import BytesIO, StringIO
from threading import get_ident
from typing import Any

from flask import got_request_exception

from ..exchange import Exchange, Headers, Raised, RawRequest, Response
from .protocol import ProtocolError, checked_field, checked_status
from .raised import read_raised

StartResponse = Callable[..., Callable[[bytes], object]]
WSGIApplication = Callable[[dict[str, Any], StartResponse], Iterable[bytes]]


class Answer:
    """What `start_response`, `write` and the iteration gave so far."""

    def __init__(self) -> None:
        self.status = ""
        self.headers: Headers = ()
        self.body = bytearray()
        self.ended = False

    def start(
        self, status: str, headers: list[tuple[str, str]], exc_info: Any = None
    ) -> Callable[[bytes], object]:
        if exc_info:
            if self.body:
                raise exc_info[1].with_traceback(exc_info[2])
        elif self.status:
            raise AssertionError("start_response was called twice")
        self.status, self.headers = status, tuple(headers)
        return self.write

    def write(self, data: bytes) -> None:
        if not self.status:
            raise ProtocolError("a body came before start_response was called")
        if type(data) is not bytes:
            raise ProtocolError(f"a piece of the body is {type(data).__name__}, not bytes")
        self.body += data

    def response(self) -> Response:
        """The answer as far as it came; raises `ProtocolError` where a server would refuse it."""
        if type(self.status) is not str:
            raise ProtocolError(f"the status line is {self.status!r}, not text")
        code, _, reason = self.status.partition(" ")
        status = checked_status(int(code) if code.isascii() and code.isdigit() else code)
        try:
            headers = tuple(map(_field, self.headers))
        except TypeError:
            raise ProtocolError(f"the headers are {self.headers!r}, not pairs of texts") from None
        return Response(status, reason, headers, bytes(self.body))


@lru_cache(maxsize=4096)
def _field(pair: tuple[str, str]) -> tuple[str, str]:
    if [type(part) for part in pair] != [str, str]:
        raise ProtocolError(f"a header is {pair!r}, not a pair of texts")
    try:
        pair[1].encode("latin-1")
    except UnicodeEncodeError:
        raise ProtocolError(f"header {pair[0]}: {pair[1]!r} has no bytes in latin-1") from None
    return checked_field(*pair)


class WSGIDriver:
    """One WSGI application; must not be used inside a running event loop."""

    def __init__(self, app: WSGIApplication) -> None:
        self._app = app
        self._error: BaseException | None = None
        self._thread: int | None = None
        got_request_exception.connect(self._record)

    def _record(self, sender: object, exception: BaseException, **extra: object) -> None:
        # The signal is every application's; what another thread's raises is not this one's.
        if get_ident() == self._thread:
            self._error = exception

    def send(self, request: RawRequest) -> Exchange:
        self._error, self._thread = None, get_ident()
        answer = Answer()
        broken = None
        try:
            self._call(request, answer)
        except ProtocolError as violation:
            broken = str(violation)
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            self._error = error
            # A server holds the headers back until there is a body, or its end (PEP 3333).
            answer.status = answer.status if answer.body or answer.ended else ""
        response = None
        if answer.status:
            try:
                response = answer.response()
            except ProtocolError as violation:
                broken = str(violation)
        elif not (broken or self._error):
            broken = "start_response was never called"
        return Exchange(request, response, self._raised(), broken)

    def _call(self, request: RawRequest, answer: Answer) -> None:
        enough = request.enough
        pieces = self._app(environ(request), answer.start)
        try:
            for piece in pieces:
                answer.write(piece)
                if enough is not None and len(answer.body) >= enough:
                    del answer.body[enough:]
                    break
            answer.ended = True
        finally:
            close = getattr(pieces, "close", None)
            if close is not None:
                close()

    def _raised(self) -> Raised | None:
        error, self._error, self._thread = self._error, None, None
        return None if error is None else read_raised(error)

    def close(self) -> None:
        got_request_exception.disconnect(self._record)


@lru_cache(maxsize=1024)
def _variable(name: str) -> str:
    key = name.upper().replace("-", "_")
    return key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else "HTTP_" + key


def environ(request: RawRequest) -> dict[str, Any]:
    """The environ of *request* (PEP 3333; RFC 3875, 4.1)."""
    base = request.base
    made: dict[str, Any] = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": base.root,
        "PATH_INFO": request.path.removeprefix(base.root),
        "QUERY_STRING": request.query,
        "REQUEST_URI": request.target,
        "RAW_URI": request.target,
        "SERVER_NAME": base.host,
        "SERVER_PORT": str(base.port),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": request.remote,
        "REMOTE_PORT": "50000",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": base.scheme,
        "wsgi.input": BytesIO(b"".join(request.chunks)),
        "wsgi.errors": StringIO(),
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
