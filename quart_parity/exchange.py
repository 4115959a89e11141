"""The wire model: one request with its response, as the protocol carries them.

Text that stands for bytes (header values, targets) is latin-1, as in PEP 3333: one character
is one byte.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import SplitResult, unquote_to_bytes, urlsplit

from .errors import ScenarioError

# Ordered pairs and never a mapping: two Set-Cookie fields are two cookies.
Headers = tuple[tuple[str, str], ...]

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+\Z")
_FIELD_VALUE = re.compile(r"[^\x00\r\n]*\Z")
_DEFAULT_PORTS = {"http": 80, "https": 443}
BROKE_OFF = "the answer broke off"
"""How `Exchange.broken` begins where a server ended an answer before its end."""


@dataclass(frozen=True, slots=True)
class Base:
    """Where both sides believe to be served."""

    scheme: str
    host: str
    port: int
    root: str
    """The mount point: empty, or a path that begins with a slash and ends without one."""

    @property
    def authority(self) -> str:
        """The ``Host`` field: the port stands there only where it is not the scheme's own."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"


@lru_cache(maxsize=256)
def parse_base(url: str) -> Base:
    """Read ``scheme://host[:port][/mount]``.

    Raises `ScenarioError` for another scheme, a query, a fragment or credentials.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise ScenarioError(f"base {url!r} is no URL: {error}") from None
    if not _is_base(url, parts):
        raise ScenarioError(f"base {url!r} must be http(s)://host[:port][/mount], in ASCII")
    root = unquote_to_bytes(parts.path.rstrip("/")).decode("latin-1")
    return Base(parts.scheme, parts.hostname or "", port or _DEFAULT_PORTS[parts.scheme], root)


def _is_base(url: str, parts: SplitResult) -> bool:
    plain = re.fullmatch(r"[!-~]+", url) is not None and not any(mark in url for mark in "?#@\\")
    return plain and parts.scheme in _DEFAULT_PORTS and bool(parts.hostname)


@dataclass(frozen=True, slots=True)
class RawRequest:
    """A request as it is sent, before a client adds its cookies."""

    method: str
    target: str
    """The request-target (RFC 9112, 3.2), mount point included, percent-encoded."""
    headers: Headers
    chunks: tuple[bytes, ...]
    """The body, in the pieces in which it is sent; empty where there is none."""
    base: Base
    remote: str = "127.0.0.1"
    """The client's address, where a driver can choose it."""
    enough: int | None = None
    """Bytes of the answer's body with which the client goes, in process; None where it stays."""

    @property
    def path(self) -> str:
        """The target's path, percent-decoded to one character a byte."""
        path = self.target.partition("?")[0]
        return unquote_to_bytes(path).decode("latin-1") if "%" in path else path

    @property
    def query(self) -> str:
        return self.target.partition("?")[2]


@dataclass(frozen=True, slots=True)
class Response:
    """What a side answered."""

    status: int
    reason: str
    """The reason phrase; empty where the protocol has none (ASGI, HTTP/2)."""
    headers: Headers
    body: bytes
    """All that was received, also of a body that broke off."""


@dataclass(frozen=True, slots=True)
class Raised:
    """An exception that reached the framework, or escaped from it to the server."""

    type: str
    """The class's qualified name without its module: twins raise from two packages."""
    text: str | None
    """Its message where application code raised it; frameworks word their own differently."""
    place: str | None
    """``file:line`` of the last application code that it passed, to be shown, not compared."""


@dataclass(frozen=True, slots=True)
class Unawaited:
    """A coroutine that was made and never awaited, or put into an answer as it is."""

    name: str
    """Its function's qualified name."""
    place: str | None = None
    """``file:line`` where it was made, or of its function; to be shown, not compared."""


@dataclass(frozen=True, slots=True)
class Wire:
    """What only a socket carries, around the response."""

    version: str
    """Of HTTP: ``1.0``, ``1.1`` or ``2``."""
    interim: tuple[tuple[int, Headers], ...] = ()
    """Responses before the final one (RFC 9110, 15.2), in order."""
    trailers: Headers = ()


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request with what came of it on one side."""

    request: RawRequest
    response: Response | None = None
    raised: Raised | None = None
    """Unknown of a server that somebody else has started."""
    broken: str | None = None
    """How the answer violates its protocol, or that there was none in time."""
    wire: Wire | None = None
    """None in process, and where no answer began."""
    window: tuple[float, float] | None = None
    """The client's clock as the request was sent and as its answer had come, in seconds since the
    epoch; None where the clock stands still."""
    is_servers: bool = False
    """Whether the server answered by itself, and the application was not asked."""
    unawaited: tuple[Unawaited, ...] = ()
    """Coroutines that were freed during the exchange, or at the end of its scenario, and that
    nobody had awaited."""
    log: str | None = None
    """What the side's server logged meanwhile, where that holds a traceback."""


def header_values(headers: Headers, name: str) -> list[str]:
    """The values of every field *name* (lower case), in order."""
    return [value for key, value in headers if key.lower() == name]


@lru_cache(maxsize=1024)
def is_token(text: str) -> bool:
    """Whether *text* can name a method or a field (RFC 9110, 5.6.2)."""
    return _TOKEN.match(text) is not None


def is_field_value(text: str) -> bool:
    """Whether *text* can stand in a field: no line break and no null (RFC 9110, 5.5)."""
    return _FIELD_VALUE.match(text) is not None


def latin1(text: str) -> str:
    """A field value as its bytes: UTF-8 where it is not latin-1 already."""
    try:
        text.encode("latin-1")
    except UnicodeEncodeError:
        return text.encode().decode("latin-1")
    return text
