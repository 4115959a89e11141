"""Seeing from outside what becomes of a server while it is asked."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from time import monotonic, sleep

from ..drivers.http import HTTPDriver
from ..exchange import Exchange, RawRequest
from .notes import Note, read_notes, told
from .processes import TRACEBACK, Process

LOGGING = 0.5
"""Seconds in which a server logs what made it answer with an error."""
ENDING = 0.5
"""Seconds in which an application is done with an exchange whose answer has come."""
DYING = 0.5
"""Seconds in which a process ends that has broken off its answer."""


class WatchedDriver:
    """Adds what the application told, what the server logged, and whether it died of it."""

    def __init__(self, driver: HTTPDriver, process: Process, notes: Path) -> None:
        self._driver = driver
        self._process = process
        self._notes, self._read = notes, 0
        self._last = 0
        self.notes: list[Note] = []
        """What the application told of the last exchange; empty where it was not asked."""
        self.is_doubtful = False
        """Whether the last answer did not come."""

    def send(self, request: RawRequest) -> Exchange:
        start = self._process.logged()
        if (ending := self._process.ending()) is not None:
            return Exchange(request, broken=f"the server {ending}")
        exchange = self._driver.send(request)
        self.is_doubtful = exchange.response is None
        self.notes = self._news()
        if exchange.broken and (ending := self._process.ending(DYING)) is not None:
            exchange = replace(exchange, broken=f"the server {ending}")
        return replace(told(exchange, self.notes), log=self._log(exchange, start))

    def _news(self) -> list[Note]:
        until = monotonic() + ENDING
        notes: list[Note] = []
        while True:
            news, self._read = read_notes(self._notes, self._read)
            # An exchange that was given up may tell something later on.
            notes += [note for note in news if note.exchange > self._last]
            newest = max((note.exchange for note in notes), default=self._last)
            notes = [note for note in notes if note.exchange == newest]
            if not notes or notes[-1].ended or monotonic() >= until:
                self._last = newest
                return notes
            sleep(0.0005)

    def _log(self, exchange: Exchange, start: int) -> str | None:
        """What was logged from *start* on, if there is a traceback in it."""
        failed = exchange.response is None or exchange.response.status >= 500
        until = monotonic() + LOGGING * (failed or exchange.broken is not None)
        while True:
            text = self._process.log_since(start) if self._process.logged() > start else ""
            if _is_whole(text):
                return text
            if monotonic() >= until:
                return text if TRACEBACK in text else None
            sleep(0.002)

    def close(self) -> None:
        self._driver.close()


def _is_whole(log: str) -> bool:
    """Whether it holds a traceback to its end, which is the exception."""
    _, found, rest = log.partition(TRACEBACK)
    return bool(found) and any(line[:1].strip() for line in rest.splitlines()[1:])
