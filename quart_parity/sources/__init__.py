"""Where scenarios come from."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from ..errors import ScenarioError
from ..scenario import Scenario
from .files import read_json, read_toml

Source = Callable[[Path], list[Scenario]]
"""Raises `ScenarioError` with the file, the scenario and the position of what is wrong."""

SOURCES: dict[str, Source] = {".json": read_json, ".toml": read_toml}
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
