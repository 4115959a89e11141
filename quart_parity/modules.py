"""Importing what a target names, and keeping two folders of modules apart in one process."""

from __future__ import annotations

import re
import sys
from collections.abc import Container
from importlib import import_module, invalidate_caches
from importlib.machinery import PathFinder
from os.path import dirname, realpath
from pathlib import Path
from types import ModuleType

from .drivers.raised import read_raised
from .errors import StartError, TargetError

SPELLINGS = "module, module:app, module:create_app(), path/to/file.py or path/to/file.py:app"
_MODULE = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*\Z")


class Home:
    """A folder that modules are imported from, for one side or, if it is the same, for both.

    Two sides often have modules of one name. While one home is entered, the modules that were
    imported from another are out of sight, so that each side gets its own, however late it asks.
    """

    _entered: Home | None = None
    _homes: dict[str, Home] = {}  # noqa: RUF012 - one for the process, like sys.modules
    _path: list[str]

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._own: dict[str, ModuleType] = {}
        self._foreign: set[str] = set()
        self._hidden: dict[str, ModuleType] = {}

    @classmethod
    def of(cls, folder: Path) -> Home:
        name = str(folder.resolve())
        return cls._homes.setdefault(name, cls(name))

    def enter(self) -> None:
        """Make this home's modules the ones that imports find."""
        if Home._entered is self:
            return
        Home.leave()
        self._hide()
        # Whoever imported a module meanwhile means that very module by its name.
        self._foreign |= sys.modules.keys()
        self._own = {name: kept for name, kept in self._own.items() if name not in self._foreign}
        Home._entered, Home._path = self, sys.path[:]
        sys.path[:] = [self._folder, *(path for path in sys.path if path != self._folder)]
        sys.modules.update(self._own)

    @staticmethod
    def leave() -> None:
        """Put this home's modules out of sight, and the path back as it was."""
        home = Home._entered
        if home is None:
            return
        for name in sys.modules.keys() - home._foreign:
            if home._holds(name):
                home._own[name] = sys.modules.pop(name)
            else:
                for one in Home._homes.values():
                    one._foreign.add(name)
        sys.path[:] = Home._path
        sys.modules.update(home._hidden)
        home._hidden = {}
        Home._entered = None

    def _hide(self) -> None:
        """Put out of sight what was imported from elsewhere by the name of a module of this home,
        for here that name means another."""
        names = (self._names() & sys.modules.keys()) - sys.stdlib_module_names
        theirs = {name for name in names if not self._is_here(sys.modules[name])}
        hidden = (
            [name for name in sys.modules if name.partition(".")[0] in theirs] if theirs else []
        )
        self._hidden = {name: sys.modules.pop(name) for name in hidden}
        self._foreign -= self._hidden.keys()

    def _names(self) -> set[str]:
        """What can be imported from the folder itself."""
        folder = Path(self._folder)
        modules = {path.stem for path in folder.glob("*.py")}
        return modules | {path.parent.name for path in folder.glob("*/__init__.py")}

    def is_shared(self, searched: Container[str]) -> bool:
        """Leave its modules in sight where imports find them anyway, in one of the folders that
        are *searched*; returns whether they are."""
        Home.leave()
        # Two of one name cannot both be in sight.
        if self._own.keys() & sys.modules.keys():
            return False
        if self._own and self._folder not in searched:
            return False
        if not all(self._is_found(name) for name in self._own if "." not in name):
            return False
        sys.modules.update(self._own)
        self._foreign |= self._own.keys()
        self._own.clear()
        return True

    def _is_found(self, name: str) -> bool:
        """Whether an import finds this home's module by a name, and not another folder's."""
        spec = PathFinder.find_spec(name)
        origin = spec.origin if spec is not None else None
        return origin is None or realpath(origin) == realpath(self._own[name].__file__ or "")

    def _holds(self, name: str) -> bool:
        name = name.partition(".")[0]
        if name in self._foreign or name == __package__:
            return False
        module = sys.modules.get(name) or self._own.get(name)
        return module is not None and self._is_here(module)

    def _is_here(self, module: ModuleType) -> bool:
        file = getattr(module, "__file__", None)
        paths = getattr(module, "__path__", [file] if file else [])
        return self._folder in {dirname(realpath(path)) for path in paths}


def import_place(place: str, target: str, where: Path) -> tuple[ModuleType, Home]:
    """Import a module of the folder *where*, or a file as the module that it is; enter its home.

    Raises `TargetError` where there is none, `StartError` where importing it raises.
    """
    if place.endswith(".py") or "/" in place or "\\" in place:
        place, folder = _module_of_file(where / place, target)
    elif not _MODULE.match(place):
        raise TargetError(f"target {target!r} is misspelled: write {SPELLINGS}")
    else:
        folder = where
    home = Home.of(folder)
    home.enter()
    # A folder that was looked into a moment ago may hold more by now.
    invalidate_caches()
    try:
        return import_module(place), home
    except ModuleNotFoundError as error:
        if error.name and (place == error.name or place.startswith(error.name + ".")):
            raise TargetError(f"target {target!r}: there is no module {error.name!r}") from None
        raise start_error(f"target {target!r} cannot be imported", error) from error
    except (Exception, SystemExit) as error:
        raise start_error(f"target {target!r} cannot be imported", error) from error


def _module_of_file(path: Path, target: str) -> tuple[str, Path]:
    """The dotted name of a file, and the folder above its outermost package."""
    if path.is_dir():
        path = path / "__init__.py"
    if not path.is_file():
        raise TargetError(f"target {target!r}: there is no file {str(path)!r}")
    path = path.resolve()
    parts = [] if path.name == "__init__.py" else [path.stem]
    folder = path.parent
    while (folder / "__init__.py").is_file():
        parts.insert(0, folder.name)
        folder = folder.parent
    return ".".join(parts), folder


def start_error(what: str, error: BaseException) -> StartError:
    """What the user reads where an application raised before it could be called."""
    place = read_raised(error).place
    where = f" at {place}" if place else ""
    return StartError(f"{what}: {type(error).__name__}: {error}{where}")
