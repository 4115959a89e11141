"""One clock for both sides, which stands still until a scenario moves it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from time import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from time_machine import Traveller, travel

one_at_a_time = Lock()
"""Held while a run has the clock, the modules and the names of the process."""


class Clock:
    """`time.time`, `datetime.now` and their like, process-wide; timers go on as ever."""

    def __init__(self, now: float, traveller: Traveller) -> None:
        self._now = now
        self._traveller = traveller

    def move_to(self, now: float) -> None:
        """Set the clock, in seconds since the epoch."""
        if now != self._now:
            self._traveller.move_to(now)
            self._now = now

    def shift(self, seconds: float) -> None:
        """Move the clock on."""
        self.move_to(self._now + seconds)


@contextmanager
def standing_clock() -> Iterator[tuple[Clock, int]]:
    """Stop the clock at this whole second; yields it with that second.

    The clock is the process's, so a second run in another thread waits until this one is done.
    """
    with one_at_a_time:
        now = int(time())
        traveller = _import_travel()(now, tick=False)
        clock = Clock(now, traveller.start())
        try:
            yield clock, now
        finally:
            traveller.stop()


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
