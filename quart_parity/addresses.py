"""Where a server listens, and how that is spelled as a target."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, unquote

from .errors import TargetError

_TARGET = re.compile(
    r"(?P<h2>h2\+)?(?P<scheme>https?)(?P<unix>\+unix)?://(?P<rest>.*)", re.IGNORECASE | re.DOTALL
)
_AUTHORITY = re.compile(r"(?:\[(?P<ip6>[0-9A-Fa-f:.]+)\]|(?P<host>[^:\[\]]*))(?::(?P<port>.*))?\Z")
_HOST = re.compile(r"[0-9A-Za-z._-]+\Z")
_DEFAULT_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Address:
    """Where a server listens."""

    scheme: str
    """``http``, or ``https`` for TLS."""
    host: str
    """Of the socket, not what ``Host`` says; empty for a Unix socket."""
    port: int
    """0 for a Unix socket."""
    socket: str = ""
    """The path of a Unix socket."""
    http2: bool = False

    def __str__(self) -> str:
        """The target that spells it."""
        scheme = f"h2+{self.scheme}" if self.http2 else self.scheme
        if self.socket:
            return f"{scheme}+unix://{quote(self.socket, safe='/')}"
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{scheme}://{host}:{self.port}"


def parse_address(target: str) -> Address | None:
    """Read ``[h2+]http[s][+unix]://…``; None for what is no such URL, and so names a module.

    ``h2+`` asks for HTTP/2: with prior knowledge over plain TCP, by ALPN over TLS.
    Raises `TargetError` for a URL that says more, or less, than where a server listens.
    """
    match = _TARGET.match(target)
    if match is None:
        return None
    scheme, http2, rest = match["scheme"].lower(), match["h2"] is not None, match["rest"]
    wrong = _unwanted(rest)
    if match["unix"] and not wrong:
        return Address(scheme, "", 0, _socket(target, rest), http2)
    authority, _, path = rest.partition("/")
    if path:
        wrong = wrong or "a path; a mount point is written into the base of a scenario"
    if wrong:
        # Passwords are not shown, as in reports.
        shown = re.sub(r"//.*@", "//***@", target)
        raise TargetError(f"target {shown!r} has {wrong}")
    host, port = _place(target, authority, _DEFAULT_PORTS[scheme])
    return Address(scheme, host, port, "", http2)


def _unwanted(rest: str) -> str | None:
    """What no address has, and where it belongs."""
    if not re.fullmatch(r"[!-~]*", rest):
        return "a space or a character that is not ASCII; write it percent-encoded"
    if "#" in rest:
        return "a fragment, which no server sees; leave it out"
    if "?" in rest:
        return "a query; write it into the requests of a scenario"
    if "@" in rest:
        return "credentials; write them into a scenario as the header Authorization"
    return None


def _socket(target: str, rest: str) -> str:
    path = unquote(rest)
    if not Path(path).is_absolute() or path.endswith("/") or "\0" in path:
        form = "http+unix:///run/app.sock"
        raise TargetError(f"target {target!r} must name a Unix socket by its whole path, as {form}")
    return path


def _place(target: str, authority: str, default_port: int) -> tuple[str, int]:
    match = _AUTHORITY.match(authority)
    host = (match["ip6"] or match["host"]) if match else ""
    if match is None or not (match["ip6"] or _HOST.match(host)):
        trouble = "no host" if re.fullmatch(r"(:[0-9]*)?", authority) else f"host {authority!r}"
        raise TargetError(f"target {target!r} has {trouble}; write it as http://127.0.0.1:5000")
    port = match["port"] or str(default_port)
    if not re.fullmatch(r"[0-9]{1,5}", port) or not 0 < int(port) < 65536:
        raise TargetError(f"target {target!r} has port {port!r}; a port is from 1 to 65535")
    return host, int(port)
