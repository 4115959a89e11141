"""The state that a configuration names, copied so that the port has its own."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .duplicates import ASIDE, copy_file, copy_folder, is_database, size_of
from .named import Named, named_in, replaced

_SUFFIXES = {".db", ".db3", ".sqlite", ".sqlite3"}
LARGEST = 1 << 30
"""Bytes; what has more is shared."""


@dataclass(frozen=True, slots=True)
class Places:
    """Folders that decide what a path is."""

    instance: Path
    root: Path
    """The application's own, with its code."""
    working: Path
    temporary: tuple[Path, ...] = ()
    """Where tests have their files, beside the system's folder for such."""

    def found(self, named: Named) -> Path:
        """The path that a value means, as Flask's extensions or `open` understand it."""
        text = str(named.path)
        near = [self.instance / text, self.working / text, self.root / text]
        if not named.is_url:
            near.insert(0, self.working / text)
        return next((path for path in near if path.exists()), near[0]).resolve()

    def is_state(self, path: Path, named: Named) -> bool:
        """Whether it is a database, or a test's file or folder."""
        if path.is_dir():
            return not named.is_url and self._is_tests(path, named)
        if named.is_url or path.suffix.lower() in _SUFFIXES:
            # It may not be there yet, and is made by whoever comes first.
            return path.is_file() or path.parent.is_dir() or path.is_relative_to(self.instance)
        if not path.exists() and Path(str(named.path)).is_absolute() and path.parent.is_dir():
            # A folder of a test's that the first upload makes, say.
            return self._is_tests(path, named)
        return path.is_file() and (self._is_tests(path, named) or is_database(path))

    def _is_tests(self, path: Path, named: Named) -> bool:
        if not Path(str(named.path)).is_absolute() and self.root.is_relative_to(self.working):
            # A word such as "templates" that happens to be a folder's name.
            return False
        temporary = {folder.resolve() for folder in (Path(tempfile.gettempdir()), *self.temporary)}
        is_within = any(path != one and path.is_relative_to(one) for one in temporary)
        return is_within and not self.root.is_relative_to(path)


@dataclass(slots=True)
class Copies:
    """What one configuration names, in a folder of the port's own.

    Each is copied twice: for the port, and to be left as it was, for those that come after it.
    """

    places: Places
    folder: Path | None = None
    """None as long as nothing has been copied."""
    paths: dict[Path, Path] = field(default_factory=dict)
    """From each path of the reference's to where its copies are in either part of the folder."""
    notes: dict[str, None] = field(default_factory=dict)
    """What is not copied, and why."""
    shares: bool = False
    """Whether something is too large to be copied."""
    _meant: dict[tuple[str, bool], Path] = field(default_factory=dict)
    """What is copied, by how the config spells it: later it may be found elsewhere."""

    def made(self, config: Mapping[str, Any]) -> dict[str, Any]:
        """The config with the copies in the place of what was copied; raises `OSError`."""
        found = {path for named in named_in(config) if (path := self._state(named)) is not None}
        # Folders before what is in them.
        for path in sorted(found - self.paths.keys(), key=lambda one: len(one.parts)):
            self._take(path)
        return replaced(config, self._replacement)

    def _replacement(self, named: Named) -> Any:
        path = self._state(named)
        if path is None or path not in self.paths or self.folder is None:
            return None
        return named.respelled(str(self.folder / "port" / self.paths[path]))

    def _state(self, named: Named) -> Path | None:
        if named.path is None:
            self.notes[
                f"{named.key} is a database in memory: the port has its own, which begins empty"
            ] = None
            return None
        spelled = named.path, named.is_url
        try:
            path = self._meant.get(spelled) or self.places.found(named)
            if path in self.paths or self.places.is_state(path, named):
                return self._meant.setdefault(spelled, path)
        except (OSError, ValueError, RuntimeError):
            # Too long for a path, or of a folder that nobody may look into.
            pass
        return None

    def _take(self, path: Path) -> None:
        size = size_of(path, LARGEST)
        if size > LARGEST:
            self.shares = True
            self.notes[f"{path} is larger than 1 GiB: it is not copied, both sides use it"] = None
            return
        if Path(f"{path}-journal").exists():
            self.notes[
                f"{path.name} had a transaction that was not committed when it was copied: the port"
                " has what was there before it"
            ] = None
        if self.folder is None:
            self.folder = Path(tempfile.mkdtemp(prefix="parity-"))
        where = self._place(path) or Path(str(len(self.paths)), path.name)
        self.paths[path] = where
        kept, used = self.folder / "kept" / where, self.folder / "port" / where
        kept.parent.mkdir(parents=True, exist_ok=True)
        used.parent.mkdir(parents=True, exist_ok=True)
        if path.is_dir():
            copy_folder(path, kept)
            copy_folder(kept, used)
        elif path.exists() and not kept.exists():
            copy_file(path, kept)
            shutil.copy2(kept, used)

    def _place(self, path: Path) -> Path | None:
        """Where its copies are; in those of the folder that it is in, where that is copied."""
        for folder, where in self.paths.items():
            if path.is_relative_to(folder):
                return where / path.relative_to(folder)
        return None

    def again(self) -> Copies:
        """The same state, as it was when it was copied."""
        copies = Copies(self.places, None, self.paths, self.notes, self.shares, self._meant)
        if self.folder is not None:
            copies.folder = Path(tempfile.mkdtemp(prefix="parity-"))
            kept, used = self.folder / "kept", copies.folder / "port"
            copy_folder(kept, used)
        return copies

    def renew(self, changed: Iterable[Path]) -> None:
        """Have the port find in these files of the reference's what is in them now."""
        for path in changed:
            where = self._place(path)
            if self.folder is None or where is None:
                continue
            used = self.folder / "port" / where
            if path.exists():
                used.parent.mkdir(parents=True, exist_ok=True)
                copy_file(path, used)
            else:
                used.unlink(missing_ok=True)

    def forget(self) -> None:
        if self.folder is not None:
            shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def files(self) -> Iterator[Path]:
        """The reference's files that were copied, as they are now."""
        for path in self.paths:
            if path.is_dir():
                for folder, _, names in os.walk(path):
                    yield from (Path(folder, name) for name in names if not name.endswith(ASIDE))
            else:
                yield path
