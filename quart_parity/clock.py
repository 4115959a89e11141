"""The time of a run: standing still for applications in this process, else passing."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from time import monotonic, sleep, time
from typing import TYPE_CHECKING, Protocol

from .errors import UnplayableError

if TYPE_CHECKING:
    from time_machine import Traveller, travel

one_at_a_time = Lock()
"""Held while a run has the clock, the modules and the names of the process."""


class Clock(Protocol):
    """`time.time`, `datetime.now` and their like, process-wide; timers go on as ever."""

    ticks: bool

    def begin(self, later: bool) -> None:
        """One side begins with a scenario, of which a part may come *later*."""

    def move(self, elapsed: float) -> float:
        """Make it so many seconds since the scenario began.

        Returns by how many of them an application with a clock of its own must be ahead. Raises
        `UnplayableError` where that cannot be done.
        """


_standing: StandingClock | None = None


def standing_time() -> float | None:
    """What the time is, in seconds since the epoch, where it stands still in this process."""
    return None if _standing is None else _standing.now


class StandingClock:
    """Stands still until it is moved."""

    ticks = False

    def __init__(self, now: float, traveller: Traveller) -> None:
        self._start = self.now = now
        self._traveller = traveller

    def begin(self, later: bool = False) -> None:
        """Every scenario begins at the same second."""

    def move(self, elapsed: float) -> float:
        self.move_to(self._start + elapsed)
        return 0.0

    def move_to(self, now: float) -> None:
        """Set the clock, in seconds since the epoch."""
        if now != self.now:
            self._traveller.move_to(now)
            self.now = now

    def shift(self, seconds: float) -> None:
        """Move the clock on."""
        self.move_to(self.now + seconds)


class TickingClock:
    """Passes as ever, and can be ahead."""

    ticks = True

    def __init__(self) -> None:
        self._start = self._ahead = 0.0
        self._traveller: travel | None = None

    def begin(self, later: bool) -> None:
        """Begin with a second: ages are counted in whole ones, and so come out alike."""
        self.stop()
        self._start = -time() % 1 if later else 0.0

    def move(self, elapsed: float) -> float:
        ahead = self._start + elapsed
        if ahead != self._ahead:
            self.stop()
            if ahead:
                self._traveller = _import_travel()(time() + ahead, tick=True)
                self._traveller.start()
            self._ahead = ahead
        return ahead

    def stop(self) -> None:
        """Be no longer ahead."""
        self._ahead = 0.0
        if self._traveller is not None:
            self._traveller.stop()
            self._traveller = None


class WaitingClock:
    """Passes as ever, and is waited for: nobody moves the clock of somebody else's server."""

    ticks = True

    def __init__(self, most: float) -> None:
        self._most = most
        self._began = monotonic()

    def begin(self, later: bool) -> None:
        """Begin with a second, as above."""
        if later:
            sleep(-time() % 1)
        self._began = monotonic()

    def move(self, elapsed: float) -> float:
        left = self._began + elapsed - monotonic()
        if left > self._most:
            raise UnplayableError(
                f"a server's clock cannot be moved, and {left:.0f} s are longer than the"
                f" {self._most:g} s that an answer has: start the servers with --serve, or raise"
                " --timeout"
            )
        if left > 0:
            sleep(left)
        return 0.0


@contextmanager
def standing_clock() -> Iterator[StandingClock]:
    """Stop the clock at this whole second.

    The clock is the process's, so a second run in another thread waits until this one is done.
    """
    global _standing
    with one_at_a_time:
        now = int(time())
        traveller = _import_travel()(now, tick=False)
        _standing = clock = StandingClock(now, traveller.start())
        try:
            yield clock
        finally:
            _standing = None
            traveller.stop()


@contextmanager
def passing_clock(most: float | None) -> Iterator[Clock]:
    """Let the time pass; wait for what comes later, *most* seconds at once, unless that is None."""
    with one_at_a_time:
        if most is not None:
            yield WaitingClock(most)
            return
        clock = TickingClock()
        try:
            yield clock
        finally:
            clock.stop()


def _import_travel() -> type[travel]:
    # time_machine imports all of pytest, for its fixture, wherever pytest is installed.
    hidden = "pytest" not in sys.modules and "time_machine" not in sys.modules
    if hidden:
        sys.modules["pytest"] = None  # type: ignore[assignment]
    try:
        from time_machine import travel
    finally:
        if hidden:
            del sys.modules["pytest"]
    return travel
