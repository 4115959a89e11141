"""Collecting what applications leave in cycles, as soon as a scenario ends and not some time."""

from __future__ import annotations

import gc
from time import perf_counter

SLOW = 0.001
"""Seconds of a collection from which on what survived is set aside."""
SHARE = 50
"""A collection of what was set aside takes at most one part in so many of the time."""


class Garbage:
    """Collects what came to be since it was last done, and what was there before `begin` not at all
    (`gc.freeze`): this takes microseconds, and a collection of everything tens of milliseconds."""

    def begin(self) -> None:
        gc.freeze()
        self._aged = _aged()
        self._all_cost, self._all_at = 0.02, perf_counter()

    def collect(self) -> bool:
        """Collect what is new; True where `collect_all` is due."""
        if _aged() == self._aged:
            gc.collect(1)
            self._aged = _aged()
            return False
        # A collection that came by itself has put the survivors among the old.
        began = perf_counter()
        gc.collect()
        self._aged = _aged()
        now = perf_counter()
        if now - began < SLOW:
            return False
        gc.freeze()
        return now - self._all_at > SHARE * self._all_cost

    def collect_all(self) -> None:
        """Collect also what was set aside, and became garbage since."""
        began = perf_counter()
        gc.unfreeze()
        gc.collect()
        gc.freeze()
        self._aged = _aged()
        self._all_at = perf_counter()
        self._all_cost = self._all_at - began

    def end(self) -> None:
        """Nothing is set aside any more."""
        gc.unfreeze()


def _aged() -> int:
    """How often anything but the youngest objects was collected."""
    return sum(generation["collections"] for generation in gc.get_stats()[1:])
