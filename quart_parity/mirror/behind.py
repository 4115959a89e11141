"""What a test does to the reference in other ways than by a request."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from .duplicates import is_database

_Sign = tuple[int, int, int, bytes]
_CHANGES = slice(24, 28)
"""Where a SQLite file counts its changes (its file format, 1.3.7): a clock's tick may be longer
than what is between two of them."""
_LOG = slice(16, 40)
"""How much there is in a database's log, with a checksum, in the log's index ("WAL-mode File
Format", 2.1)."""
_MOST = 2000
"""Files that are looked at."""


@dataclass(slots=True)
class Watched:
    """Files that the reference writes into, looked at between its requests."""

    files: Callable[[], Iterable[Path]]
    """Those that there are now."""
    _seen: dict[Path, _Sign] | None = None
    _open: dict[Path, tuple[int, int | None]] = field(default_factory=dict)
    """The inode and descriptor of each file; None of what is no database. As long as the reference
    may have it open, closing one would drop the locks of this process (fcntl(2))."""

    def remember(self) -> None:
        """What they are like when a request is over."""
        self._seen = self._signs()

    def changed(self) -> list[Path]:
        """Those that somebody has written into since; none before anything was remembered."""
        before = self._seen
        if before is None:
            return []
        now = self._signs()
        return [path for path in {**before, **now} if before.get(path) != now.get(path)]

    def close(self) -> None:
        while self._open:
            _, descriptor = self._open.popitem()[1]
            if descriptor is not None:
                os.close(descriptor)

    def _signs(self) -> dict[Path, _Sign]:
        signs = ((path, self._sign(path)) for path in islice(self.files(), _MOST))
        return {path: sign for path, sign in signs if sign is not None}

    def _sign(self, path: Path) -> _Sign | None:
        try:
            found = os.stat(path)
            counted = self._read(path, _CHANGES) + self._log(path)
        except OSError:
            return None
        return found.st_ino, found.st_size, found.st_mtime_ns, counted

    def _log(self, path: Path) -> bytes:
        """What tells the log of a database from another; nothing where it is empty."""
        index = Path(f"{path}-shm")
        if self._open[path][1] is None or not index.exists():
            return b""
        read = self._read(index, _LOG)
        return read if any(read[:4]) else b""

    def _read(self, path: Path, part: slice) -> bytes:
        descriptor = self._descriptor(path, os.stat(path).st_ino)
        if descriptor is None:
            return b""
        os.lseek(descriptor, part.start, os.SEEK_SET)
        return os.read(descriptor, part.stop - part.start)

    def _descriptor(self, path: Path, inode: int) -> int | None:
        known, descriptor = self._open.get(path, (None, None))
        if known != inode:
            if descriptor is not None:
                os.close(descriptor)
            counts = path.name.endswith("-shm") or is_database(path)
            descriptor = os.open(path, os.O_RDONLY) if counts else None
            self._open[path] = inode, descriptor
        return descriptor
