"""Sides in processes of their own."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from quart_parity.isolated.application import IsolatedApplication
from quart_parity.isolated.side import IsolatedSide
from quart_parity.isolated.world import World
from quart_parity.sides import Served

LIMIT = 10.0
"""Seconds for answers that come at once."""
SHORT = 0.3
"""Seconds for an answer that never comes."""


@contextmanager
def isolated(
    target: str, folder: Path, timeout: float = LIMIT, **world: Any
) -> Iterator[IsolatedSide]:
    """A side in *folder*, ended afterwards."""
    side = IsolatedSide(target, World(folder=folder, **world), timeout, None)
    try:
        yield side
    finally:
        side.close()
        side.kill()


def pid_of(served: Served) -> int:
    """The process that an application lives in, which leads its group."""
    app = served.driver
    assert isinstance(app, IsolatedApplication)
    assert app._process is not None
    return app._process.pid
