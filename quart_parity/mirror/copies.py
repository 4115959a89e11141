"""The state that a configuration names, copied so that the port has its own."""

from __future__ import annotations

import re
import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import gettempdir
from typing import Any

_URL = re.compile(r"(?P<before>sqlite(?:\+\w+)?:///)(?P<path>[^?]+)(?P<after>\?.*)?\Z")
_MAGIC = b"SQLite format 3\x00"
_SUFFIXES = {".db", ".db3", ".sqlite", ".sqlite3"}
_MEMORY = re.compile(r"sqlite(?:\+\w+)?://(?:/(?::memory:)?)?\Z|:memory:\Z")


@dataclass(slots=True)
class Copies:
    """What one configuration names, in a folder of the port's own."""

    folder: Path
    beside: tuple[Path, ...]
    """Folders that relative paths may be relative to."""
    paths: dict[Path, Path] = field(default_factory=dict)
    """From each path of the reference's to the copy's."""
    in_memory: list[str] = field(default_factory=list)
    """The keys of databases that no file holds."""

    def made(self, config: Mapping[str, Any]) -> dict[str, Any]:
        """The config with the copies in the place of what was copied."""
        return {name: self._value(name, value) for name, value in config.items()}

    def _value(self, name: str, value: Any) -> Any:
        if isinstance(value, dict):
            return {key: self._value(f"{name}.{key}", one) for key, one in value.items()}
        if type(value) in (list, tuple):
            return type(value)(self._value(name, one) for one in value)
        if not isinstance(value, str | Path):
            return value
        text = str(value)
        if _MEMORY.match(text):
            self.in_memory.append(name)
        elif (url := _URL.match(text)) is not None:
            copy = self._copied(self._found(url["path"]))
            return f"{url['before']}{copy}{url['after'] or ''}"
        elif (path := self._state(text)) is not None:
            return type(value)(self._copied(path))
        return value

    def _found(self, text: str) -> Path:
        near = (folder / text for folder in self.beside)
        return next((path for path in near if path.exists()), self.beside[0] / text)

    def _state(self, text: str) -> Path | None:
        """The path that a value is, if what it names is a test's or a database."""
        if not text or "\n" in text or "://" in text:
            return None
        path = self._found(text)
        try:
            if path.is_file():
                return path if _is_database(path) or _is_temporary(path) else None
            if path.is_dir():
                return path if _is_temporary(path) and path != _TEMPORARY else None
        except (OSError, ValueError):
            return None
        # It will be made there, by whoever comes first.
        is_file = path.suffix.lower() in _SUFFIXES and path.parent.is_dir()
        return path if is_file else None

    def _copied(self, path: Path) -> Path:
        if path not in self.paths:
            self.paths[path] = copy = self._place(path)
            copy.parent.mkdir(parents=True, exist_ok=True)
            _copy(path, copy)
        return self.paths[path]

    def _place(self, path: Path) -> Path:
        """In the copy of the folder that it is in, where that is copied too."""
        for folder, copy in self.paths.items():
            if path.is_relative_to(folder):
                return copy / path.relative_to(folder)
        return self.folder / str(len(self.paths)) / path.name

    @property
    def databases(self) -> Iterator[Path]:
        """Files of the reference's that requests write into."""
        return (path for path in self.paths if not path.is_dir())


_TEMPORARY = Path(gettempdir()).resolve()


def _is_temporary(path: Path) -> bool:
    return path.resolve().is_relative_to(_TEMPORARY)


def _is_database(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(_MAGIC)) == _MAGIC


def _copy(path: Path, copy: Path) -> None:
    if path.is_dir():
        shutil.copytree(path, copy, dirs_exist_ok=True)
    elif path.is_file() and _is_database(path):
        # Also what is still in its log, and not what somebody has not committed.
        source = f"{path.resolve().as_uri()}?mode=ro"
        with (
            closing(sqlite3.connect(source, uri=True)) as ours,
            closing(sqlite3.connect(copy)) as its,
        ):
            ours.backup(its)
    elif path.is_file():
        shutil.copy2(path, copy)
