"""A side whose applications live in processes of their own."""

from __future__ import annotations

from pathlib import Path

from ..sides import Side
from .world import World


def IsolatedSide(target: str, world: World, timeout: float, where: Path | None) -> Side:  # noqa: N802
    raise NotImplementedError
