"""What is known of each server that can be started: what it speaks, and its command line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec

from ..errors import UsageError

APPLICATION = "quart_parity.serving.served:app"
THREADS = 80
"""More than the clients that are ever served at once, each of which may keep its connection."""

Arguments = Callable[[str, str, int, bool], list[str]]
"""From protocol, host, port and whether HTTP/2 is to be spoken to what stands behind the module."""


@dataclass(frozen=True, slots=True)
class Server:
    """A server with one worker and no reloader, debugger or access log; errors go to stderr."""

    name: str
    module: str
    """Run with ``python -m``."""
    extra: str | None
    """The extra of this package that brings it; None where it is always there."""
    protocols: tuple[str, ...]
    """Keys of `DRIVERS`; the first is tried first where the application does not say."""
    command: Arguments
    """uvicorn takes httptools and uvloop where they are installed, as its own extra has them."""
    http2: bool = False
    """Whether it speaks HTTP/2 to a client that knows beforehand, without TLS."""


def _flask(protocol: str, host: str, port: int, http2: bool) -> list[str]:
    address = ["--host", host, "--port", str(port)]
    quiet = ["--no-reload", "--no-debugger", "--with-threads"]
    return ["--app", APPLICATION, "run", *address, *quiet]


def _gunicorn(protocol: str, host: str, port: int, http2: bool) -> list[str]:
    workers = ["--worker-class", "gthread", "--workers", "1", "--threads", str(THREADS)]
    # From here it would believe whatever a request says of a proxy.
    alone = ["--forwarded-allow-ips", "", "--no-control-socket"]
    return ["--bind", f"{host}:{port}", *workers, *alone, APPLICATION]


def _waitress(protocol: str, host: str, port: int, http2: bool) -> list[str]:
    many = [f"--threads={THREADS}", "--connection-limit=1000"]
    # Fields that a scenario sends are the application's to see.
    whole = "--no-clear-untrusted-proxy-headers"
    return [f"--host={host}", f"--port={port}", *many, whole, APPLICATION]


def _hypercorn(protocol: str, host: str, port: int, http2: bool) -> list[str]:
    # Without workers it serves in the process that is started; they would serve just the same.
    return ["--bind", f"{host}:{port}", "--workers", "0", f"{protocol}:{APPLICATION}"]


def _uvicorn(protocol: str, host: str, port: int, http2: bool) -> list[str]:
    quiet = ["--no-access-log", "--no-use-colors", "--log-level", "warning"]
    return ["--host", host, "--port", str(port), *quiet, "--no-proxy-headers", APPLICATION]


def _granian(protocol: str, host: str, port: int, http2: bool) -> list[str]:
    interface = ["--interface", protocol, "--workers", "1", "--http", "auto" if http2 else "1"]
    # ASGI applications must have one.
    threads = ["--blocking-threads", str(THREADS)] if protocol == "wsgi" else []
    quiet = ["--no-access-log", "--log-level", "warning", "--no-ws"]
    return ["--host", host, "--port", str(port), *interface, *threads, *quiet, APPLICATION]


_ALL = (
    Server("flask", "flask", None, ("wsgi",), _flask),
    Server("gunicorn", "gunicorn", "gunicorn", ("wsgi",), _gunicorn),
    Server("waitress", "waitress", "waitress", ("wsgi",), _waitress),
    Server("hypercorn", "hypercorn", "hypercorn", ("asgi", "wsgi"), _hypercorn, http2=True),
    Server("uvicorn", "uvicorn", "uvicorn", ("asgi",), _uvicorn),
    Server("granian", "granian", "granian", ("asgi", "wsgi"), _granian, http2=True),
)
SERVERS: dict[str, Server] = {server.name: server for server in _ALL}


def find_server(name: str, http2: bool = False) -> Server:
    """Raises `UsageError` for one that is unknown, not installed, or speaks no HTTP/2."""
    server = SERVERS.get(name)
    if server is None:
        raise UsageError(f"there is no server {name!r}: choose among {', '.join(SERVERS)}")
    if http2 and not server.http2:
        able = " or ".join(one.name for one in _ALL if one.http2)
        raise UsageError(f"{name} speaks no HTTP/2: choose {able}")
    if find_spec(server.module) is None:
        raise UsageError(f"{name} is not installed: pip install 'quart-parity[{server.extra}]'")
    return server
