"""A server in a process of its own: started, watched, and ended with all that it started."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from time import monotonic, sleep

GRACE = 2.0
"""Seconds that a server has to end by itself."""
LONGEST = 20_000
"""Bytes of a log that are ever shown."""
TRACEBACK = "Traceback (most recent call last)"

_THEIRS = re.compile(
    r"(FLASK|QUART)_(APP|DEBUG|ENV|SKIP_DOTENV|RUN_\w+)|(UVICORN|GRANIAN|WERKZEUG|GUNICORN)_\w+"
    r"|WEB_CONCURRENCY|FORWARDED_ALLOW_IPS|SCRIPT_NAME|SENDFILE|PYTHONPATH|PYTHONSTARTUP"
)
"""What would change how a server starts; an application's own variables are left to it."""
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


def free_port(host: str) -> int:
    """A port that nobody listens at; somebody may, before it is used."""
    with socket.socket() as probe:
        probe.bind((host, 0))
        port: int = probe.getsockname()[1]
        return port


def is_taken(host: str, port: int) -> bool:
    """Whether somebody listens there."""
    with socket.socket() as probe:
        # Connections that have just ended do not count.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return True
        return False


def environment(own: Mapping[str, str]) -> dict[str, str]:
    """This process's, without what servers read, and with *own*."""
    kept = {name: value for name, value in os.environ.items() if not _THEIRS.fullmatch(name)}
    paths = [os.path.abspath(path) for path in os.environ.get("PYTHONPATH", "").split(":") if path]
    home = str(Path(__file__).resolve().parents[2])
    if not home.endswith("-packages"):
        paths.append(home)
    search = {"PYTHONPATH": ":".join(paths)} if paths else {}
    unbuffered = {"PYTHONUNBUFFERED": "1", "FLASK_SKIP_DOTENV": "1"}
    return {**kept, **search, **unbuffered, **own}


class Process:
    """One server, leader of a session: the terminal's Ctrl-C is not for it."""

    def __init__(
        self, module: str, arguments: Sequence[str], own: Mapping[str, str], folder: Path, log: Path
    ) -> None:
        """Start ``python -m module`` in *folder*, with the variables *own*, logging to *log*."""
        self._log = log
        # In a folder of its own no server finds a configuration, and no module is hidden.
        with log.open("ab") as output:
            self._process = subprocess.Popen(  # noqa: S603 - arguments are ours, and no shell
                [sys.executable, "-m", module, *arguments],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=folder,
                env=environment(own),
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        return self._process.pid

    def ending(self, seconds: float = 0.0) -> str | None:
        """How it ended, waiting so long for it; None where it lives."""
        try:
            status = self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return None
        if status >= 0:
            return f"ended with status {status}"
        return f"was ended by {_signal_name(-status)}"

    def terminate(self) -> None:
        """Ask it to end."""
        if self.ending() is None:
            self._process.terminate()

    def end(self, grace: float = GRACE) -> None:
        """Wait for it, then end whatever is left of its group."""
        self.ending(grace)
        self._kill_group()
        self.ending(GRACE)
        until = monotonic() + 1
        # Its workers are init's children now, and dead in a moment.
        while _lives(self.pid) and monotonic() < until:
            sleep(0.002)

    def _kill_group(self) -> None:
        try:
            os.killpg(self.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            return

    def logged(self) -> int:
        """How much is in the log by now, in bytes; none where the log is gone."""
        try:
            return self._log.stat().st_size
        except FileNotFoundError:
            return 0

    def log_since(self, start: int) -> str:
        """What was logged from there on, without colours, the end of it where it is long."""
        try:
            with self._log.open("rb") as file:
                file.seek(max(start, self.logged() - LONGEST))
                return _plain(file.read())
        except FileNotFoundError:
            return ""

    def lines_since(self, start: int) -> tuple[list[str], int]:
        """The whole lines that were logged from there on, and where they end."""
        try:
            with self._log.open("rb") as file:
                file.seek(start)
                data = file.read()
        except FileNotFoundError:
            return [], start
        data = data[: data.rfind(b"\n") + 1]
        return _plain(data).splitlines(), start + len(data)

    def last_words(self, lines: int = 12) -> str:
        """The end of the log."""
        return "\n".join(self.log_since(0).rstrip().splitlines()[-lines:])


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        # Between the first and the last of the real-time signals.
        return f"signal {number}"


def _plain(data: bytes) -> str:
    """Text without the codes that colour it."""
    return _COLOUR.sub("", data.decode("utf-8", "replace"))


def _lives(group: int) -> bool:
    """Whether anybody of a process group is alive; who is dead and not buried is not."""
    try:
        os.killpg(group, 0)
    except (ProcessLookupError, PermissionError):
        return False
    states = [_state(folder) for folder in Path("/proc").glob("[0-9]*")]
    return not states or any(found == group and state not in "ZX" for state, found in states)


def _state(folder: Path) -> tuple[str, int]:
    """Of a process: what it is doing, as a letter, and its group."""
    try:
        # The name before may hold anything.
        fields = (folder / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return "X", 0
    return fields[0], int(fields[2])
