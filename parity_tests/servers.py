"""The real servers, as processes of their own on free ports of the loopback interface."""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from time import monotonic

from werkzeug.datastructures import Headers

ROOT = Path(__file__).resolve().parent.parent
HOST = "127.0.0.1"
DEADLINE = 30.0
"""Seconds that a server has to start, to answer, and to end."""
PAUSE = 0.02

COMMANDS = {
    "flask": ["flask", "--app", "flask_app", "run", "--host", HOST, "--port", "{port}"],
    "hypercorn": ["hypercorn", "--bind", HOST + ":{port}", "quart_app:create_app()"],
    "quart": ["quart", "--app", "quart_app", "run", "--host", HOST, "--port", "{port}"],
}
"""As their users start them, by name."""
TELLS_ITS_PORT = {"flask", "hypercorn"}
"""Started on port 0, these say in their log which one they took."""
ATTEMPTS = 3
"""Starts of a server that is given its port, which another process may have taken meanwhile."""


class StartupError(Exception):
    """A server ended, or was not up in time; the text holds its log."""


@dataclass(frozen=True, slots=True)
class Received:
    """What came over the socket."""

    status: int
    headers: Headers
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def cookie(self) -> str:
        """The one cookie that the answer sets, as a Cookie field sends it back."""
        (field,) = self.headers.getlist("Set-Cookie")
        return field.partition(";")[0]


@dataclass(frozen=True, slots=True)
class Server:
    """A running server."""

    name: str
    port: int
    log: Path
    """Its standard output and error."""

    def get(self, target: str, headers: Mapping[str, str] | None = None) -> Received:
        return self.request("GET", target, headers)

    def request(
        self, method: str, target: str, headers: Mapping[str, str] | None = None
    ) -> Received:
        """Send one request on a connection of its own."""
        connection = HTTPConnection(HOST, self.port, timeout=DEADLINE)
        try:
            connection.request(method, target, headers=dict(headers or {}))
            response = connection.getresponse()
            return Received(response.status, Headers(response.getheaders()), response.read())
        finally:
            connection.close()


@contextmanager
def serve(name: str, log: Path, environment: Mapping[str, str]) -> Iterator[Server]:
    """Run the server called *name* until the block ends, then end it by its process id.

    *environment* comes on top of the present one without what configures either application.
    """
    process, port = _start(name, log, environment)
    try:
        yield Server(name, port, log)
    finally:
        _end(process)


def _start(
    name: str, log: Path, environment: Mapping[str, str]
) -> tuple[subprocess.Popen[bytes], int]:
    attempts = 1 if name in TELLS_ITS_PORT else ATTEMPTS
    while True:
        attempts -= 1
        port = 0 if name in TELLS_ITS_PORT else _free_port()
        process = _spawn(name, port, log, environment)
        try:
            return process, _wait_until_up(process, log)
        except BaseException as error:
            _end(process)
            if not (isinstance(error, StartupError) and attempts):
                raise


def _spawn(
    name: str, port: int, log: Path, environment: Mapping[str, str]
) -> subprocess.Popen[bytes]:
    command = [part.format(port=port) for part in COMMANDS[name]]
    inherited = {
        key: value
        for key, value in os.environ.items()
        if not key.startswith(("PARITY_", "FLASK_", "QUART_", "WERKZEUG_"))
    }
    with log.open("wb") as output:
        # A session of its own, so that a server's workers can be ended with it.
        return subprocess.Popen(
            [sys.executable, "-m", *command],
            cwd=ROOT,
            env={**inherited, "PYTHONUNBUFFERED": "1", **environment},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_until_up(process: subprocess.Popen[bytes], log: Path) -> int:
    """The port, once the server says it in its log and takes a connection there."""
    deadline = monotonic() + DEADLINE
    while monotonic() < deadline:
        running = re.search(rf"Running on http://{HOST}:([1-9]\d*)", log.read_text())
        if running and _takes_connections(int(running[1])) and process.poll() is None:
            return int(running[1])
        try:
            process.wait(PAUSE)
        except subprocess.TimeoutExpired:
            continue
        break
    raise StartupError(f"{process.args!r} is not up (status {process.poll()}):\n{log.read_text()}")


def _takes_connections(port: int) -> bool:
    try:
        socket.create_connection((HOST, port), timeout=DEADLINE).close()
    except ConnectionRefusedError:
        return False
    return True


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ask the server to end, and end it and what it started where it does not."""
    process.terminate()
    try:
        process.wait(DEADLINE)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
