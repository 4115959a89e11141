"""Recordings of a visit (HAR 1.2), as browsers and proxies save them."""

from __future__ import annotations

from pathlib import Path

from ...errors import ScenarioError
from ...scenario import Scenario
from ..reading import Recording
from .entries import entries
from .issued import find_issued
from .visit import Visit


def read_recording(path: Path) -> Recording:
    """The visit as one scenario: the pages of a browser have one cookie jar.

    The file is read entry by entry, twice: what a request sends back may stand in any answer.

    Of the answers nothing is kept. Raises `ScenarioError` with the position of what is wrong.
    """
    visit = Visit()
    for position, entry in entries(path):
        try:
            visit.add(position, entry)
        except ValueError as error:
            raise ScenarioError(f"{path}: entries[{position}] cannot be sent: {error}") from None
    if not visit.finish():
        raise ScenarioError(f"{path}: holds no request that was answered: {visit.counts()}")
    requests = find_issued(visit.sent, lambda: entries(path))
    try:
        scenario = Scenario(path.name, requests, base=visit.origin)
    except ValueError as error:
        raise ScenarioError(f"{path}: cannot be replayed: {error}") from None
    return Recording([scenario], [f"{path.name}: {note}" for note in visit.notes()])
