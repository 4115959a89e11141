"""All breakages: those written down in the files beside this one, and the systematic ones."""

from __future__ import annotations

import tomllib
from pathlib import Path

from .breakage import Breakage
from .systematic import systematic


def every() -> list[Breakage]:
    """In a fixed order, the written ones first."""
    files = sorted(Path(__file__).parent.glob("*/*.toml"))
    return [breakage for file in files for breakage in _read(file)] + list(systematic())


def _read(path: Path) -> list[Breakage]:
    document = tomllib.loads(path.read_text("utf-8"))
    return [Breakage(document["file"], **table) for table in document["breakages"]]
