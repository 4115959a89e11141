"""What ``quart-parity serve`` does: both applications on servers, for looking at them."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from time import sleep

from ..addresses import parse_address
from ..errors import StartError, UsageError
from .handover import Control
from .servers import find_server
from .starting import HOST, StartedServer

TIMEOUT = 30.0
"""Seconds that each has to come up."""
PAUSE = 0.1
NAMES = "reference", "candidate"

Say = Callable[[str], None]


def serve(
    reference: str,
    candidate: str,
    servers: tuple[str, str],
    *,
    where: Path | None = None,
    http2: bool = False,
    say: Say,
) -> None:
    """Keep both running until interrupted; says their addresses, then what they log.

    Raises `UsageError` for a server that cannot be started or runs already, `TargetError` and
    `StartError` where one does not come up, `StartError` where one ends.
    """
    for target in (reference, candidate):
        if parse_address(target) is not None:
            raise UsageError(f"{target!r} is a running server already: name an application")
    found = [find_server(name, http2) for name in servers]
    folder = (where or Path.cwd()).resolve()
    running: dict[str, StartedServer] = {}
    try:
        with suppress(KeyboardInterrupt):
            for name, target, server in zip(NAMES, (reference, candidate), found, strict=True):
                running[name] = StartedServer(target, server, {}, folder, http2)
            for one in running.values():
                one.wait(TIMEOUT)
                one.control(Control(host=HOST, port=one.port))
            for (name, one), on in zip(running.items(), servers, strict=True):
                say(f"{name}: http://{HOST}:{one.port} ({one.name}, on {on})")
            _follow(running, say)
    finally:
        for one in running.values():
            one.terminate()
        for one in running.values():
            one.end()


def _follow(running: dict[str, StartedServer], say: Say) -> None:
    """Say what is logged, and raise `StartError` as soon as one has ended."""
    seen = dict.fromkeys(running, 0)
    while True:
        for name, server in running.items():
            # Asked first, so that its last lines are in the log.
            ending = server.process.ending()
            lines, seen[name] = server.process.lines_since(seen[name])
            for line in lines:
                say(f"{name} | {line}")
            if ending is not None:
                raise StartError(f"the server of the {name}, {server.name}, {ending}")
        sleep(PAUSE)
