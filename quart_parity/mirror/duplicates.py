"""Files and folders, copied without a trace on what is copied."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from time import monotonic

_PATIENCE = 2.0
"""Seconds for whoever writes into a database to come to an end."""
ASIDE = ("-wal", "-shm", "-journal")
"""What SQLite keeps beside a database; a copy of the database holds what counts of it."""


def is_database(path: Path) -> bool:
    """Whether SQLite can read a file.

    It is not opened otherwise: closing it would drop the locks that this process has on it.
    """
    # A file of one byte is an empty database for SQLite, and somebody's counter for others.
    if not path.is_file() or path.stat().st_size < 2:
        return False
    try:
        with closing(_opened(path, immutable=True)) as database:
            database.execute("PRAGMA schema_version")
    except sqlite3.Error:
        return False
    return True


def copy_file(path: Path, copy: Path) -> None:
    """Raises `OSError` where it cannot be read, or whoever writes into it does not end."""
    if not is_database(path):
        shutil.copy2(path, copy)
        return
    # What is written at last may be in its log only. Without one, reading it would make one.
    has_log = any(Path(f"{path}{end}").exists() for end in ("-wal", "-journal"))
    until = monotonic() + _PATIENCE

    def wait(status: int, remaining: int, total: int) -> None:
        if monotonic() > until:
            raise TimeoutError(f"{path} is locked by whoever writes into it")

    try:
        with (
            closing(_opened(path, immutable=not has_log)) as ours,
            closing(sqlite3.connect(copy, isolation_level=None)) as its,
        ):
            # If the machine fails, nobody needs the copy.
            its.execute("PRAGMA synchronous = OFF")
            ours.backup(its, progress=wait, sleep=0.02)
    except sqlite3.Error as error:
        raise OSError(f"{path}: {error}") from error


def _opened(path: Path, immutable: bool) -> sqlite3.Connection:
    """For reading; *immutable* where nobody writes meanwhile, and nothing may be made beside it."""
    return sqlite3.connect(
        f"{path.as_uri()}?mode=ro{'&immutable=1' if immutable else ''}",
        timeout=0,
        uri=True,
    )


def copy_folder(folder: Path, copy: Path) -> None:
    """With links to what is in it as links to the copies, and without pipes and sockets."""
    if not copy.exists():
        copy.mkdir(parents=True)
        shutil.copystat(folder, copy)
    _fill(folder, copy, folder, copy)


def _fill(folder: Path, copy: Path, top: Path, its: Path) -> None:
    with os.scandir(folder) as entries:
        for entry in entries:
            path, other = Path(entry.path), copy / entry.name
            if entry.is_symlink():
                other.symlink_to(_end_of(path, top, its))
            elif entry.is_dir():
                other.mkdir(exist_ok=True)
                _fill(path, other, top, its)
            elif entry.is_file() and not _is_aside(path):
                copy_file(path, other)


def _end_of(link: Path, top: Path, its: Path) -> Path:
    end = Path(os.path.normpath(link.parent / os.readlink(link)))
    return its / end.relative_to(top) if end.is_relative_to(top) else end


def _is_aside(path: Path) -> bool:
    ends = (end for end in ASIDE if path.name.endswith(end))
    return any(is_database(Path(str(path).removesuffix(end))) for end in ends)


def size_of(path: Path, most: int) -> int:
    """Bytes of a file or of all in a folder; whatever is beyond *most* is not looked at."""
    if not path.is_dir():
        return path.stat().st_size if path.exists() else 0
    size = 0
    for folder, _, names in os.walk(path):
        for name in names:
            size += os.lstat(Path(folder, name)).st_size
        if size > most:
            break
    return size
