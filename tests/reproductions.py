"""Running what an entry of the catalogue gives as its reproduction."""

from __future__ import annotations

import sys
from typing import Any
from unittest.mock import patch

from quart import Quart

from quart_parity import Scenario, check
from quart_parity.compat.switches import KEY, OPT_IN
from quart_parity.divergences import Divergence
from quart_parity.names import exchanged_names
from quart_parity.paths import Path, matches, parse_pattern
from quart_parity.trials import Pieces, mended

OBSERVED: Path = ("(observed)",)
"""Stands for the paths of a reproduction that is no scenario."""


def reproduce(entry: Divergence, port: Quart) -> set[Path]:
    """The paths at which *port* differs from the entry's original."""
    original = entry.original()
    if entry.observe is not None:
        return set() if entry.observe(original) == entry.observe(port) else {OBSERVED}
    scenario = Scenario(entry.code, list(entry.requests))
    report = check(original, port, [scenario], timeout=10)
    assert not report.failures
    return {difference.parts for difference in report.differences}


def reproduce_mended(entry: Divergence, *off: str) -> set[Path]:
    """The same with all of compat in the port but the pieces *off*."""
    port = entry.port()
    with exchanged_names(), mended(port, Pieces.but(off)):
        return reproduce(entry, port)


def reproduce_with_class(entry: Divergence, app_class: type[Quart]) -> set[Path]:
    """The same with an application class in place of Quart, and compat's functions."""
    module = sys.modules[entry.port.__module__]
    with patch.object(module, "Quart", app_class):
        port: Any = entry.port()
    port.config[KEY] = dict.fromkeys(OPT_IN, True)
    with exchanged_names(), mended(port, Pieces.but()):
        return reproduce(entry, port)


def shown(entry: Divergence) -> set[Path]:
    """Where stock Quart differs, of the places that the entry names."""
    found = reproduce(entry, entry.port())
    return {path for path in found if is_shown(entry, path)}


def is_shown(entry: Divergence, path: Path) -> bool:
    """Whether the entry says that it shows at this path."""
    return path == OBSERVED or any(matches(parse_pattern(p), path) for p in entry.shows)
