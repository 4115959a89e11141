"""The process that runs `worker.py`: started, asked, and ended with all that it started."""

from __future__ import annotations

import fcntl
import os
import socket
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryFile
from threading import Lock
from time import monotonic, sleep
from typing import Any

from ..drivers.protocol import no_answer
from ..errors import StartError
from ..serving.processes import GRACE, LONGEST, TRACEBACK, Process
from . import worker
from .worker import STACKS, Channel, GarbageError

DYING = 0.5
"""Seconds in which a process ends whose end of the pipe is closed."""
TELLING = 0.3
"""Seconds in which a process that hangs tells where."""
ASKING = 10.0
"""Seconds in which an interpreter tells what is installed."""
ROOM = 64 * 1024 * 1024
"""Bytes of a log that are kept."""


class LostError(Exception):
    """The process does not answer, now or ever; the text is what `Exchange.broken` says."""


class WorkerProcess(Process):
    """One worker, leader of a session, with a log that is in no folder."""

    def __init__(
        self,
        python: str,
        folder: Path,
        environment: Mapping[str, str],
        doomed: str | None = None,
    ) -> None:
        """Start it in *folder*; *doomed* is a folder that it removes if this process dies.

        Raises `OSError` where there is no such interpreter.
        """
        # By way of the file's descriptor, which the child has too; no name is left to remove.
        self._file = TemporaryFile("w+b", buffering=0)  # noqa: SIM115 - closed at the end
        self._set_appending()
        ours, theirs = socket.socketpair()
        ended, self._life = os.pipe()
        self._channel = Channel(ours)
        self._connection = ours
        self._using = Lock()
        self._is_closed = False
        numbers = theirs.fileno(), ended
        command = [python, "-u", worker.__file__, *map(str, numbers)]
        try:
            self._process = self._popen(
                [*command, *([doomed] if doomed else [])], numbers, folder, environment
            )
        except BaseException:
            self._close()
            raise
        finally:
            theirs.close()
            os.close(ended)

    def _set_appending(self) -> None:
        number = self._file.fileno()
        fcntl.fcntl(number, fcntl.F_SETFL, fcntl.fcntl(number, fcntl.F_GETFL) | os.O_APPEND)

    def _popen(
        self,
        command: Sequence[str],
        descriptors: Sequence[int],
        folder: Path,
        environment: Mapping[str, str],
    ) -> subprocess.Popen[bytes]:
        return subprocess.Popen(  # noqa: S603 - the user's interpreter with our file, and no shell
            command,
            stdin=subprocess.DEVNULL,
            stdout=self._file,
            stderr=subprocess.STDOUT,
            cwd=folder,
            env=environment,
            pass_fds=descriptors,
            start_new_session=True,
        )

    def tell(self, head: Mapping[str, Any], body: bytes = b"", seconds: float = GRACE) -> None:
        """Send a message whose answer is awaited later."""
        with suppress(OSError):
            # Whoever does not take it does not answer either, and says more then.
            self._connection.settimeout(seconds)
            self._channel.send(head, body)

    def ask(
        self, head: Mapping[str, Any], body: bytes, limit: float, grace: float = 0.0
    ) -> tuple[dict[str, Any], bytes]:
        """The answer to a message within *limit* seconds; *grace* are more, and not told of.

        Raises `LostError`.
        """
        with self._using:
            self.tell(head, body, limit + grace)
            return self._answer(limit, grace)

    def answer(self, limit: float) -> tuple[dict[str, Any], bytes]:
        """The answer to what was told; raises `LostError`."""
        with self._using:
            return self._answer(limit, 0.0)

    def _answer(self, limit: float, grace: float) -> tuple[dict[str, Any], bytes]:
        try:
            received = self._channel.receive(limit + grace)
        except TimeoutError:
            self._tell_stacks()
            raise LostError(no_answer(limit)) from None
        except GarbageError as error:
            raise LostError(f"the process does not keep to its pipe: {error}") from None
        except (OSError, ValueError):
            received = None
        if received is None:
            raise LostError(f"the process {self.ending(DYING) or 'closed its pipe'}")
        return received

    def _tell_stacks(self) -> None:
        """Have it log where each of its threads is."""
        if STACKS is None:
            return
        start, until = self.logged(), monotonic() + TELLING
        with suppress(ProcessLookupError):
            self._process.send_signal(STACKS)
        while self.logged() == start and monotonic() < until:
            sleep(0.005)

    def logged(self) -> int:
        """How much is in the log by now, in bytes; none where the log is gone."""
        try:
            return os.fstat(self._file.fileno()).st_size
        except (OSError, ValueError):
            return 0

    def log_since(self, start: int) -> str:
        """What was logged from there on, the end of it where it is long."""
        try:
            data = os.pread(self._file.fileno(), LONGEST, max(start, self.logged() - LONGEST))
        except (OSError, ValueError):
            return ""
        return data.decode("utf-8", "replace")

    def traceback_since(self, start: int) -> str | None:
        """What was logged from there on, if there is a traceback in it."""
        if self.logged() == start:
            return None
        log = self.log_since(start)
        return log if TRACEBACK in log else None

    def make_room(self) -> None:
        """Forget a log that has grown long."""
        if self.logged() > ROOM:
            os.ftruncate(self._file.fileno(), 0)

    def end(self, grace: float = GRACE) -> None:
        """Wait for it, then end whatever is left of its group; from any thread, also twice."""
        super().end(grace)
        # Whoever waits for an answer has been told by now that there will be none.
        taken = self._using.acquire(timeout=GRACE)
        try:
            self._close()
        finally:
            if taken:
                self._using.release()

    def _close(self) -> None:
        if not self._is_closed:
            self._is_closed = True
            self._channel.close()
            os.close(self._life)
            self._file.close()


def travels(python: str, environment: Mapping[str, str]) -> bool:
    """Whether an interpreter has time-machine; not where it cannot be run."""
    code = "import sys, importlib.util as u; sys.exit(u.find_spec('time_machine') is None)"
    command = [python, "-c", code]
    try:
        done = subprocess.run(  # noqa: S603 - the user's interpreter, and no shell
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            env=environment,
            timeout=ASKING,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def start_process(
    target: str,
    python: str,
    folder: Path,
    environment: Mapping[str, str],
    doomed: str | None = None,
) -> WorkerProcess:
    """Raises `StartError` where there is no such folder or interpreter."""
    if not folder.is_dir():
        raise StartError(f"target {target!r}: there is no folder {str(folder)!r}")
    try:
        return WorkerProcess(python, folder, environment, doomed)
    except OSError as error:
        raise StartError(
            f"target {target!r}: its interpreter {python!r} cannot be run: {error.strerror}"
        ) from None
