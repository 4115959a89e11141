"""Where scenarios come from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Protocol, runtime_checkable

from ..errors import ScenarioError
from ..exchange import Exchange
from ..routes import Route
from ..scenario import Scenario
from .files import read_json, read_toml
from .reading import Recording

Source = Callable[[Path], Recording]
"""Raises `ScenarioError` with the file, the scenario and the position of what is wrong."""


@runtime_checkable
class Walk(Protocol):
    """Scenarios that are made as the reference answers."""

    def begin(self, routes: list[Route]) -> Iterator[Scenario]:
        """Scenarios for the reference's URL map, as long as there are any."""

    def learn(self, scenario: Scenario, exchanges: Sequence[Exchange]) -> None:
        """Take in what the reference answered, before the next scenario is asked for."""


def _read_har(path: Path) -> Recording:
    from .har import read_recording

    return read_recording(path)


SOURCES: dict[str, Source] = {".json": read_json, ".toml": read_toml, ".har": _read_har}
"""By the ending of the file."""


def read_scenarios(paths: Iterable[str | Path]) -> list[Scenario]:
    """Every scenario of the files, in order. Raises `ScenarioError`."""
    return read_noted(paths)[0]


def read_noted(paths: Iterable[str | Path]) -> tuple[list[Scenario], list[str]]:
    """The same, with what of recordings is not replayed."""
    scenarios: list[Scenario] = []
    notes: list[str] = []
    for path in map(Path, paths):
        if path.suffix not in SOURCES:
            *some, last = sorted(SOURCES, reverse=True)
            known = f"{', '.join(some)} or {last}"
            raise ScenarioError(f"{path}: a scenario file ends in {known}, not {path.suffix!r}")
        found = SOURCES[path.suffix](path)
        scenarios += found.scenarios
        notes += found.notes
    return scenarios, notes
