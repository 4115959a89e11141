"""From a target to the side that it stands for: in this process, on a server, or remote."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .addresses import parse_address
from .errors import TargetError, UsageError
from .in_process import InProcessSide
from .isolated.world import World
from .sides import Side
from .targets import find_target

_HOST_AND_PORT = re.compile(r"[\w.\[\]-]+:[0-9]+\Z")
UNVERIFIED = (
    "Session cookies were read without checking their signatures; --secret-key-env names the"
    " variable that holds the key."
)


@dataclass(frozen=True, slots=True)
class Wiring:
    """How the sides are reached, where they are not called in this process."""

    servers: tuple[str, str] | None = None
    """Names of the servers that are started for the reference and the candidate."""
    http2: bool = False
    """Whether those speak HTTP/2, without TLS."""
    worlds: tuple[World | None, World | None] = (None, None)
    """What the reference and the candidate have to themselves, each then in its own process."""
    secret_key: str | None = None
    """What the session cookies of remote servers are verified with."""
    ca_file: Path | None = None
    """The certificates of those who vouch for remote servers, in place of the system's."""

    def sides(
        self, reference: Any, candidate: Any, timeout: float, where: Path | None
    ) -> tuple[Side, Side]:
        """Both sides, of which none runs yet. Raises `UsageError`, `StartError`."""
        servers = self.servers or (None, None)
        ours = self._side(reference, servers[0], self.worlds[0], timeout, where)
        return ours, self._side(candidate, servers[1], self.worlds[1], timeout, where)

    def _side(
        self,
        target: Any,
        server: str | None,
        world: World | None,
        timeout: float,
        where: Path | None,
    ) -> Side:
        address = parse_address(target) if isinstance(target, str) else None
        if isinstance(target, str) and _HOST_AND_PORT.match(target):
            raise TargetError(f"target {target!r} names no application: write http://{target}")
        if address is not None and server is not None:
            raise UsageError(
                f"{target!r} is a running server, and --serve starts servers for applications; of"
                f" a running one HTTP/2 is asked as h2+{target}"
            )
        if address is not None:
            from .remote import RemoteSide

            return RemoteSide(target, address, timeout, self.secret_key, self.ca_file)
        if world is not None:
            return _isolated(target, server, world, timeout, where)
        if server is None:
            return InProcessSide(find_target(target, where), timeout)
        if not isinstance(target, str):
            raise UsageError(f"{target!r} cannot be served: name it, as 'module:app' or the like")
        from .serving.servers import find_server
        from .serving.started import StartedSide

        found = find_server(server, self.http2)
        return StartedSide(target, found, timeout, where=where, http2=self.http2)

    def notes(self, *sides: Side) -> list[str]:
        """What a reader of the report must know."""
        return [UNVERIFIED] if self.secret_key is None and any(map(is_remote, sides)) else []


def _isolated(
    target: Any, server: str | None, world: World, timeout: float, where: Path | None
) -> Side:
    if server is not None:
        raise UsageError(
            f"target {target!r} is to be served, and to be in a world of its own: one of both"
        )
    if not isinstance(target, str):
        raise UsageError(f"{target!r} cannot be isolated: name it, as 'module:app' or the like")
    from .isolated.side import IsolatedSide

    return IsolatedSide(target, world, timeout, where)


def is_remote(side: Side) -> bool:
    """Whether it is somebody else's server."""
    return parse_address(side.name) is not None
