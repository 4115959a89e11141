"""A side whose applications are served by processes of our own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

from ..addresses import Address
from ..drivers.http import HTTPDriver
from ..errors import StartError
from ..exchange import parse_base
from ..scenario import Scenario
from ..sides import START, Served
from .handover import Control
from .processes import GRACE
from .servers import Server
from .starting import HOST, StartedServer
from .watching import WatchedDriver

KEPT = 8
"""Processes of one side at a time; the one that was not needed for longest makes room."""
STUCK = 1.0
"""Seconds in which a server that left a request unanswered shows that it takes others."""


class StartedSide:
    """Starts one server for each configuration of *target*, when a scenario first needs it."""

    ticks = True
    patience = START
    is_elsewhere = False

    def __init__(
        self,
        target: str,
        server: Server,
        timeout: float,
        *,
        where: Path | None = None,
        http2: bool = False,
    ) -> None:
        self._arguments = target, server, timeout
        self.name = target
        self.timeout = timeout
        self._server = server
        self._where = (where or Path.cwd()).resolve()
        self._http2 = http2
        self._protocol: str | None = None
        self._kept: dict[str, StartedServer] = {}
        self._all: list[StartedServer] = []
        self._drivers: dict[StartedServer, WatchedDriver] = {}
        self._changing = Lock()
        self._killed = False
        self._trial: tuple[int, list[str]] = (0, [])

    def anew(self) -> StartedSide:
        """The same side with servers of its own."""
        return StartedSide(*self._arguments, where=self._where, http2=self._http2)

    @contextmanager
    def serve(self, scenario: Scenario, fresh: bool) -> Iterator[Served]:
        """The server for *scenario*; a fresh one is ended after it.

        Raises `StartError` where it does not come up.
        """
        if fresh or scenario.fresh:
            server = self._spawn(scenario)
            try:
                yield self._up(server, scenario)
            finally:
                self._end(server)
        else:
            yield self._up(self._found(scenario), scenario)

    def prepare(self, scenario: Scenario, fresh: bool) -> None:
        """Start what the scenario is going to need, and do not wait for it."""
        if not (fresh or scenario.fresh):
            self._found(scenario)

    def _found(self, scenario: Scenario) -> StartedServer:
        key = repr(scenario.config)
        server = self._kept.pop(key, None)
        if server is not None and self._is_lost(server):
            self._end(server, 0)
            server = None
        while server is None and len(self._kept) >= KEPT:
            self._end(self._kept.pop(next(iter(self._kept))))
        # The last one is the one that was needed last.
        self._kept[key] = server or self._spawn(scenario)
        return self._kept[key]

    def _is_lost(self, server: StartedServer) -> bool:
        """Whether nothing more can be asked of it: it has ended, or is stuck."""
        if server.process.ending() is not None:
            return True
        driver = self._drivers.get(server)
        return driver is not None and driver.is_doubtful and not server.answers(STUCK)

    def _spawn(self, scenario: Scenario) -> StartedServer:
        with self._changing:
            if self._killed:
                raise StartError(f"target {self.name!r}: its servers were ended")
            known = self._where, self._http2, self._protocol
            server = StartedServer(self.name, self._server, scenario.config, *known)
            self._all.append(server)
        return server

    def _up(self, server: StartedServer, scenario: Scenario) -> Served:
        """Raises `StartError` where it does not come up."""
        if server not in self._drivers:
            try:
                server.wait(self.timeout)
            except BaseException:
                self._forget(server)
                raise
            self._protocol = server.protocol
            address = Address("http", HOST, server.port, http2=self._http2)
            driver = HTTPDriver(address, self.timeout)
            self._drivers[server] = WatchedDriver(driver, server.process, server.handover.notes)
        base = parse_base(scenario.base)

        def move(elapsed: float) -> None:
            server.control(Control.of(base, elapsed, *self._trial))

        move(0.0)
        return Served(self._drivers[server], server.sessions, move)

    def _forget(self, server: StartedServer) -> None:
        self._drivers.pop(server, None)
        self._kept = {key: kept for key, kept in self._kept.items() if kept is not server}
        with self._changing:
            self._all = [one for one in self._all if one is not server]

    def _end(self, server: StartedServer, grace: float = GRACE) -> None:
        if server in self._drivers:
            self._drivers[server].close()
        server.terminate()
        server.end(grace)
        self._forget(server)

    def leave(self, served: Served) -> None:
        """End the server of *served* at once: it does not answer any more."""
        for server, driver in list(self._drivers.items()):
            if driver is served.driver:
                self._end(server, 0)

    def close(self) -> None:
        """End every server of this side."""
        for server in self._all:
            server.terminate()
        while self._all:
            self._end(self._all[-1])

    def kill(self) -> None:
        """End every server at once, and start none any more; from any thread."""
        with self._changing:
            self._killed = True
            servers = self._all
        for server in servers:
            server.end(0)
        # Whoever waits for an answer knows by now that there will be none.
        for driver in list(self._drivers.values()):
            driver.close()
