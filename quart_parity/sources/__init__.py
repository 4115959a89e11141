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

Source = Callable[[Path], list[Scenario]]
"""Raises `ScenarioError` with the file, the scenario and the position of what is wrong."""


@runtime_checkable
class Walk(Protocol):
    """Scenarios that are made as the reference answers."""

    def begin(self, routes: list[Route]) -> Iterator[Scenario]:
        """Scenarios for the reference's URL map, as long as there are any."""

    def learn(self, scenario: Scenario, exchanges: Sequence[Exchange]) -> None:
        """Take in what the reference answered, before the next scenario is asked for."""


def _read_har(path: Path) -> list[Scenario]:
    from .har import read_har

    return read_har(path)


SOURCES: dict[str, Source] = {".json": read_json, ".toml": read_toml, ".har": _read_har}
"""By the ending of the file."""


def read_scenarios(paths: Iterable[str | Path]) -> list[Scenario]:
    """Every scenario of the files, in order. Raises `ScenarioError`."""
    scenarios: list[Scenario] = []
    for path in map(Path, paths):
        if path.suffix not in SOURCES:
            known = " or ".join(SOURCES)
            raise ScenarioError(f"{path}: a scenario file ends in {known}, not {path.suffix!r}")
        scenarios += SOURCES[path.suffix](path)
    return scenarios
