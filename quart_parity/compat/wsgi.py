"""Running a WSGI application on behalf of a Quart request (PEP 3333)."""

import io
import sys
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from quart import Request
from quart.utils import run_sync
from werkzeug.datastructures import Headers
from werkzeug.wrappers import Response as WerkzeugResponse

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment

_WITHOUT_PREFIX = ("CONTENT_LENGTH", "CONTENT_TYPE")


async def run_wsgi(application: "WSGIApplication", request: Request) -> WerkzeugResponse:
    """Call the application in a worker thread, up to its first chunk, and return its answer.

    The body is not read further here: whoever sends it iterates it and closes it.

    Raises:
        TypeError: What was returned is callable but no WSGI application.
        RequestEntityTooLarge: The request body is over Quart's limit; WSGI is handed it whole.
    """
    body = await request.get_data(True, False, False)
    return WerkzeugResponse(*await call_wsgi(application, make_environ(request, body)))


async def call_wsgi(
    application: "WSGIApplication", environ: Mapping[str, Any], buffered: bool = False
) -> tuple[Iterable[bytes], str, Headers]:
    """Body, status and headers of an application that is called in a worker thread.

    The body is read up to its first chunk or, if `buffered`, to its end.
    """
    # Slow to import, and needed by few; Werkzeug imports it here, too.
    from werkzeug.test import run_wsgi_app

    body, status, headers = await run_sync(run_wsgi_app)(application, dict(environ), buffered)
    return body, status, headers


def make_environ(request: Request, body: bytes) -> "WSGIEnvironment":
    """The WSGI environ of an ASGI request, text being bytes decoded as Latin-1 (PEP 3333)."""
    scope = request.scope
    server = scope.get("server") or ("localhost", None)
    client = scope.get("client") or ("127.0.0.1", 0)
    return {
        **_header_variables(scope["headers"]),
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": _as_latin1(request.root_path),
        "PATH_INFO": _as_latin1(request.path),
        "QUERY_STRING": request.query_string.decode("latin-1"),
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1] or (443 if request.scheme == "https" else 80)),
        "SERVER_PROTOCOL": f"HTTP/{request.http_version}",
        "REMOTE_ADDR": client[0],
        "REMOTE_PORT": str(client[1]),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": request.scheme,
        "wsgi.input": io.BytesIO(body),
        "wsgi.input_terminated": True,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }


def conditional_environ(request: Request) -> "WSGIEnvironment":
    """As much of an environ as Werkzeug's conditional responses read: method and fields."""
    environ: dict[str, Any] = _header_variables(request.scope["headers"])
    environ["REQUEST_METHOD"] = request.method
    return environ


def _header_variables(headers: Iterable[tuple[bytes, bytes]]) -> dict[str, Any]:
    variables: dict[str, Any] = {}
    for raw_name, raw_value in headers:
        # A_B and A-B would be one variable: servers drop the former (CVE-2015-0219).
        if b"_" in raw_name:
            continue
        name = raw_name.decode("latin-1").upper().replace("-", "_")
        key = name if name in _WITHOUT_PREFIX else f"HTTP_{name}"
        value = raw_value.decode("latin-1")
        separator = "; " if name == "COOKIE" else ","
        variables[key] = f"{variables[key]}{separator}{value}" if key in variables else value
    return variables


def _as_latin1(text: str) -> str:
    return text.encode().decode("latin-1")
