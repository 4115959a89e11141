"""Bringing one server up: its folder, its port, and the question whether it is there."""

from __future__ import annotations

import fcntl
import os
import shutil
import socket
import tempfile
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from secrets import token_hex
from threading import Lock
from time import monotonic, sleep
from typing import Any

from ..errors import StartError
from ..sessions import Sessions
from .handover import HEADER, VARIABLE, Control, Handover, Start
from .keys import sessions_with
from .processes import GRACE, Process, free_port, is_taken
from .servers import Server

HOST = "127.0.0.1"
ATTEMPTS = 3
"""How often another port is tried where somebody took the one that was free."""
LEAST = 20.0
"""Seconds that a server has to come up, unless an answer may take even longer."""
PAUSE = 0.01


class StartedServer:
    """A server with one application of *target*, from its start to its end.

    Another thread may end it at any time.
    """

    def __init__(
        self,
        target: str,
        server: Server,
        config: dict[str, Any],
        where: Path,
        http2: bool,
        protocol: str | None = None,
    ) -> None:
        """Start it, and do not wait; *protocol* is what the application is known to speak."""
        self._server = server
        self.name = target
        self._http2 = http2
        self._ended = False
        self._changing = Lock()
        self._sessions: Sessions | None = None
        prefix = target.partition("+")[0]
        first = prefix if prefix in server.protocols else server.protocols[0]
        self._start = Start(
            target,
            str(where),
            config,
            server.name,
            protocol or first,
            server.protocols,
            probe=token_hex(16),
            proof=token_hex(16),
        )
        self.handover = Handover(Path(tempfile.mkdtemp(prefix="quart-parity-")))
        # Python hands no descriptor on, so the lock is lost with this very process.
        self._lock = os.open(self.handover.lock, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX)
            self.port, self.process = self._spawn()
        except BaseException:
            self._remove()
            raise

    @property
    def protocol(self) -> str:
        """The one that it is started for: what the application speaks, once that answers."""
        return self._start.protocol

    def _spawn(self) -> tuple[int, Process]:
        self.handover.write_start(self._start)
        self._control = Control()
        self.handover.write_control(self._control)
        port = free_port(HOST)
        arguments = self._server.command(self._start.protocol, HOST, port, self._http2)
        own = {VARIABLE: str(self.handover.folder)}
        folder, log = self.handover.folder, self.handover.log
        return port, Process(self._server.module, arguments, own, folder, log)

    def _again(self) -> None:
        """Start another process in place of the one that there is."""
        self.process.end(0)
        with self._changing:
            if self._ended:
                raise StartError(f"target {self.name!r}: its server was ended as it started")
            self.handover.clear()
            self.port, self.process = self._spawn()

    def wait(self, timeout: float) -> None:
        """Wait until it answers; raises what keeps it from that, once the process is ended."""
        limit = max(timeout, LEAST)
        until = monotonic() + limit
        attempts = ATTEMPTS
        try:
            while not self._is_up(until):
                if monotonic() > until:
                    raise self._error(f"did not come up within {limit:g} s")
                protocol = self.handover.read_protocol()
                if protocol is None:
                    attempts -= 1
                    self._check_port(attempts)
                else:
                    self._start = replace(self._start, protocol=protocol)
                self._again()
        except BaseException:
            self.end(0)
            raise

    def _is_up(self, until: float) -> bool:
        """Wait; False where it has ended, or is too late, without having said why."""
        while monotonic() < until:
            ended = self.process.ending() is not None
            if (error := self.handover.read_error()) is not None:
                raise error
            if ended or self.handover.read_protocol() is not None:
                return False
            if self.handover.is_ready() and self.answers(until - monotonic()):
                return True
            sleep(PAUSE)
        return False

    def _check_port(self, attempts: int) -> None:
        """Raise `StartError` unless the port was somebody else's, and there are others to try."""
        self.process.end(0)
        if not (attempts and is_taken(HOST, self.port)):
            raise self._error(self.process.ending() or "ended")

    def _error(self, what: str) -> StartError:
        said = self.process.last_words()
        said = f":\n{said}" if said else ", and said nothing"
        return StartError(f"target {self.name!r}: its server {self._server.name} {what}{said}")

    def answers(self, seconds: float) -> bool:
        """Whether who listens at the port is this server; another one may have come first."""
        until = monotonic() + seconds
        request = f"GET / HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\n"
        request += f"{HEADER}: {self._start.probe}\r\n\r\n"
        proof, answer = self._start.proof.encode(), b""
        with suppress(OSError), socket.create_connection((HOST, self.port), 1) as connection:
            connection.settimeout(0.05)
            connection.sendall(request.encode())
            while proof not in answer and monotonic() < until and self.process.ending() is None:
                try:
                    more = connection.recv(65_536)
                except TimeoutError:
                    continue
                if not more:
                    break
                answer = (answer + more)[-65_536:]
        return proof in answer

    def control(self, control: Control) -> None:
        """What holds for the requests that follow; nothing where it is about to end."""
        if control == self._control:
            return
        with suppress(FileNotFoundError):
            self.handover.write_control(control)
        self._control = control

    def sessions(self) -> Sessions:
        """How its session cookies are read, or were when it ended."""
        if self._sessions is not None:
            return self._sessions
        return sessions_with(self.handover.read_keys())

    def terminate(self) -> None:
        """Ask it to end; several can end at the same time."""
        self.process.terminate()

    def end(self, grace: float = GRACE) -> None:
        """End the process with all of its group, and remove the folder; from any thread."""
        with self._changing:
            if self._ended:
                return
            self._ended = True
        self.process.end(grace)
        with suppress(OSError, ValueError):
            self._sessions = sessions_with(self.handover.read_keys())
        self._remove()

    def _remove(self) -> None:
        shutil.rmtree(self.handover.folder, ignore_errors=True)
        os.close(self._lock)
