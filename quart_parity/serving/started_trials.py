"""Experiments with a candidate that is served: in servers of their own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace

from ..errors import StartError
from ..exchange import Exchange, RawRequest
from ..scenario import Scenario
from ..sides import Served
from .started import StartedSide
from .watching import WatchedDriver


class _Asking:
    """A driver that keeps which pieces of compat each exchange has asked for."""

    def __init__(self, driver: WatchedDriver, asked: list[set[str]]) -> None:
        self.watched = driver
        self._asked = asked

    def send(self, request: RawRequest) -> Exchange:
        """Raises `StartError` where compat cannot be put in."""
        exchange = self.watched.send(request)
        for note in self.watched.notes:
            if note.error is not None:
                raise StartError(note.error)
        self._asked.append({piece for note in self.watched.notes for piece in note.pieces})
        return exchange

    def close(self) -> None:
        self.watched.close()


class StartedTrial(StartedSide):
    """The candidate once more, in servers of its own, to be mended there."""

    def __init__(self, side: StartedSide) -> None:
        super().__init__(*side._arguments, where=side._where, http2=side._http2)
        self.asked: list[set[str]] = []
        """The pieces that each exchange of the trial has asked for."""

    @contextmanager
    def trial(self, off: Iterable[str]) -> Iterator[None]:
        """All of compat but the pieces *off* in what is played meanwhile."""
        self._trial = (self._trial[0] + 1, sorted(off))
        self.asked = []
        yield

    @contextmanager
    def serve(self, scenario: Scenario, fresh: bool) -> Iterator[Served]:
        with super().serve(scenario, fresh) as served:
            if not isinstance(served.driver, WatchedDriver):
                raise TypeError(f"{served.driver!r} is not watched")
            yield replace(served, driver=_Asking(served.driver, self.asked))

    def leave(self, served: Served) -> None:
        if isinstance(served.driver, _Asking):
            super().leave(replace(served, driver=served.driver.watched))
