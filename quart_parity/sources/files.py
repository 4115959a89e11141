"""Scenario files: one schema, written as JSON or TOML."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct, structs

from ..errors import ScenarioError
from ..scenario import Scenario, check_accept
from .reading import Recording


class _File(Struct, frozen=True, forbid_unknown_fields=True):
    scenarios: list[Scenario]
    accept: dict[str, str] = {}

    def __post_init__(self) -> None:
        check_accept(self.accept)
        names = Counter(scenario.name for scenario in self.scenarios)
        for name, count in names.items():
            if count > 1:
                raise ValueError(f"{count} scenarios are named {name!r}")


def read_json(path: Path) -> Recording:
    return Recording(_read(path, msgspec.json.decode))


def read_toml(path: Path) -> Recording:
    return Recording(_read(path, msgspec.toml.decode))


def _read(path: Path, decode: Callable[[bytes], Any]) -> list[Scenario]:
    """Decode, check against the schema, and give each scenario the file's accepts."""
    try:
        raw = decode(path.read_bytes())
    except OSError as error:
        raise ScenarioError(f"{path}: cannot be read: {error.strerror}") from None
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise ScenarioError(f"{path}: is no {path.suffix[1:].upper()}: {error}") from None
    try:
        file = msgspec.convert(raw, _File)
    except msgspec.ValidationError as error:
        raise ScenarioError(f"{path}: {_located(str(error), raw)}") from None
    if not file.scenarios:
        raise ScenarioError(f"{path}: holds no scenario")
    return [
        structs.replace(scenario, accept=file.accept | scenario.accept)
        for scenario in file.scenarios
    ]


def _located(message: str, raw: Any) -> str:
    """Put the scenario's name before msgspec's message, and its position in plain words."""
    message = re.sub(r"^Object (?=contains|missing)", "It ", message)
    message = message.replace("Expected `object`", "Expected a mapping")
    found = re.search(r" - at `\$\.?(.*?)`$", message)
    if not found:
        return message
    where, what = found[1], message[: found.start()]
    scenario = re.match(r"scenarios\[(\d+)\]", where)
    if scenario:
        given = raw["scenarios"][int(scenario[1])]
        name = given.get("name") if isinstance(given, dict) else None
        if isinstance(name, str):
            return f"scenario {name!r}: {what} (at {where})"
    return f"{what} (at {where})" if where else what
