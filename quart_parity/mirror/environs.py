"""A test client's request and answer, read as the protocol carries them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any
from urllib.parse import quote

from ..drivers.protocol import ProtocolError
from ..drivers.wsgi import Answer
from ..exchange import Base, Exchange, Headers, Raised, RawRequest, latin1

Environ = dict[str, Any]

_IN_A_PATH = "/:@!$&'()*+,;=~"
# Test clients send other characters as they are, and what a view makes of them is compared.
_IN_NO_QUERY = re.compile(r"[\x00-\x20\x7f]")
_CARRIED = {"REQUEST_METHOD", "SCRIPT_NAME", "PATH_INFO", "QUERY_STRING", "REQUEST_URI", "RAW_URI"}
_CARRIED |= {"SERVER_NAME", "SERVER_PORT", "SERVER_PROTOCOL", "SERVER_SOFTWARE"}
_CARRIED |= {"REMOTE_ADDR", "REMOTE_PORT", "CONTENT_TYPE", "CONTENT_LENGTH"}


def read_request(environ: Environ, with_cookies: bool = False) -> RawRequest:
    """The request without what a client's jar adds; the body can still be read from the environ."""
    root = environ.get("SCRIPT_NAME", "").rstrip("/")
    base = Base(
        environ.get("wsgi.url_scheme", "http"),
        environ.get("SERVER_NAME", "localhost"),
        int(environ.get("SERVER_PORT") or 80),
        root,
    )
    body = _read_body(environ) if _has_body(environ) else b""
    return RawRequest(
        environ["REQUEST_METHOD"],
        _target(environ, root),
        tuple(_headers(environ, with_cookies)),
        (body,) if body else (),
        base,
        environ.get("REMOTE_ADDR") or "127.0.0.1",
    )


def _target(environ: Environ, root: str) -> str:
    path = root + environ.get("PATH_INFO", "")
    target = quote(path.encode("latin-1"), safe=_IN_A_PATH) or "/"
    query = _IN_NO_QUERY.sub(lambda found: quote(found[0]), environ.get("QUERY_STRING", ""))
    return f"{target}?{query}" if query else target


def _headers(environ: Environ, with_cookies: bool) -> Iterator[tuple[str, str]]:
    """Their order and case are lost in an environ, as on the way to any WSGI application."""
    for key, value in environ.items():
        name = key.removeprefix("HTTP_")
        if not isinstance(value, str) or (name == "COOKIE" and not with_cookies):
            continue
        if name != key or (key in ("CONTENT_TYPE", "CONTENT_LENGTH") and value):
            yield name.replace("_", "-").title(), latin1(value)


def _has_body(environ: Environ) -> bool:
    """Whether a WSGI application may read one (PEP 3333; Werkzeug's `get_input_stream`)."""
    length = environ.get("CONTENT_LENGTH") or "0"
    return length != "0" or bool(environ.get("wsgi.input_terminated"))


def _read_body(environ: Environ) -> bytes:
    stream = environ["wsgi.input"]
    if getattr(stream, "seekable", bool)():
        place = stream.tell()
        body: bytes = stream.read()
        stream.seek(place)
    else:
        body = stream.read()
        environ["wsgi.input"] = BytesIO(body)
    length = environ.get("CONTENT_LENGTH") or ""
    if length.isdecimal() and not environ.get("wsgi.input_terminated"):
        return body[: int(length)]
    return body


def departures(environ: Environ) -> Iterator[str]:
    """What a test's request has that the port's cannot have, in sentences for its reader."""
    for key, value in environ.items():
        if key not in _CARRIED and not key.startswith(("HTTP_", "wsgi.", "werkzeug.")):
            yield f"the test set {key} in the environ, which no ASGI server has"
        elif key.startswith("HTTP_") and isinstance(value, str) and value != latin1(value):
            yield f"the test sent {key[5:]} with characters that no server lets through"
    if not environ.get("REMOTE_ADDR"):
        yield "the test's client has no address; the port's has 127.0.0.1"
    if not (environ.get("SCRIPT_NAME") or environ.get("PATH_INFO")):
        yield "the test sent a request without a path, and the port got /"


def read_exchange(
    request: RawRequest,
    status: str,
    headers: Headers,
    body: bytes,
    raised: Raised | None,
    window: tuple[float, float] | None,
) -> Exchange:
    """What came of a request, as the driver of WSGI applications tells it."""
    answer = Answer()
    answer.status, answer.headers, answer.body = status, headers, bytearray(body)
    try:
        return Exchange(request, answer.response(), raised, window=window)
    except ProtocolError as violation:
        return Exchange(request, None, raised, str(violation), window=window)
