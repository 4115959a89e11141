"""A side that somebody else serves."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from .addresses import Address
from .drivers.http import HTTPDriver
from .errors import UnplayableError
from .scenario import Scenario
from .sessions import Sessions, sessions_with_key, unverified_sessions
from .sides import START, Served


@dataclass(slots=True)
class RemoteSide:
    """One running server, which is as it is for all scenarios."""

    name: str
    address: Address
    timeout: float
    secret_key: str | None
    """What its session cookies are verified with; without it they are read unverified."""
    ca_file: Path | None
    ticks: bool = True
    patience: float = START
    is_elsewhere: bool = False
    _served: Served | None = field(default=None)

    @contextmanager
    def serve(self, scenario: Scenario, fresh: bool) -> Iterator[Served]:
        """The server, which must answer when it is first asked for, and may break off later.

        Raises `UnplayableError` for a scenario with a configuration, or in need of a fresh
        application.
        """
        if scenario.config or fresh or scenario.fresh:
            wish = "gives config" if scenario.config else "asks for a fresh application"
            raise UnplayableError(
                f"scenario {scenario.name!r} {wish}, and {self.name} is a running server: name"
                " the application itself, with --serve to have it served"
            )
        if self._served is None:
            self._served = self._reach()
        yield self._served

    def _reach(self) -> Served:
        driver = HTTPDriver(self.address, self.timeout, self.ca_file)
        driver.reach()
        return Served(driver, self._sessions)

    def _sessions(self) -> Sessions:
        if self.secret_key is None:
            return unverified_sessions()
        return sessions_with_key(self.secret_key)

    def prepare(self, scenario: Scenario, fresh: bool) -> None:
        """It runs already."""

    def leave(self, served: Served) -> None:
        self._served = None

    def close(self) -> None:
        if self._served is not None:
            self._served.driver.close()
            self._served = None

    def kill(self) -> None:
        """It is not ours to end."""
