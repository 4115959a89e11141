"""What a test does to the reference in other ways than by a request."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from os import stat
from pathlib import Path

_Sign = tuple[int, int, int, bytes]
_COUNTER = slice(24, 28)
"""Where a SQLite file counts its changes (its file format, 1.3.7)."""


@dataclass(slots=True)
class Watched:
    """Files that the reference writes into, looked at between its requests."""

    paths: Iterable[Path]
    _seen: dict[Path, _Sign | None] = field(default_factory=dict)

    def remember(self) -> None:
        """What they are like when a request is over."""
        self._seen = {path: _sign(path) for path in self._files()}

    def changed(self) -> list[Path]:
        """Those that somebody has written into since; none before anything was remembered."""
        return [path for path, before in self._seen.items() if _sign(path) != before]

    def _files(self) -> list[Path]:
        return [file for path in self.paths for file in (path, Path(f"{path}-wal"))]


def _sign(path: Path) -> _Sign | None:
    try:
        found = stat(path)
        with path.open("rb") as file:
            head = file.read(_COUNTER.stop)
    except OSError:
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns, head[_COUNTER]
