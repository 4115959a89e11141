"""Importing the module that a target names, from the path or from its file."""

from __future__ import annotations

import re
import sys
from importlib import import_module
from importlib.machinery import PathFinder
from pathlib import Path
from types import ModuleType

from .drivers.raised import read_raised
from .errors import StartError, TargetError

SPELLINGS = "module, module:app, module:create_app(), path/to/file.py or path/to/file.py:app"
_MODULE = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*\Z")
_folders: set[str] = set()


def import_place(place: str, target: str) -> ModuleType:
    """Import a module, or a file as the module that it is.

    Raises `TargetError` where there is none, `StartError` where importing it raises.
    """
    file = None
    if place.endswith(".py") or "/" in place or "\\" in place:
        file = Path(place).resolve()
        place = _module_of_file(file, target)
    elif not _MODULE.match(place):
        raise TargetError(f"target {target!r} is misspelled: write {SPELLINGS}")
    else:
        _add_to_path(str(Path.cwd()))
    try:
        module = import_module(place)
    except ModuleNotFoundError as error:
        if error.name and (place == error.name or place.startswith(error.name + ".")):
            raise TargetError(f"target {target!r}: there is no module {error.name!r}") from None
        raise start_error(f"target {target!r} cannot be imported", error) from error
    except (Exception, SystemExit) as error:
        raise start_error(f"target {target!r} cannot be imported", error) from error
    if file is not None:
        _check_own(module, file, target)
    else:
        _check_found(place.partition(".")[0], target)
    return module


def _check_found(name: str, target: str) -> None:
    """A module must not be one that only another target's folder brought onto the path."""
    here = str(Path.cwd())
    loaded = getattr(sys.modules[name], "__file__", None)
    path = [here, *(folder for folder in sys.path if folder not in _folders)]
    spec = PathFinder.find_spec(name, path)
    expected = spec.origin if spec else None
    if loaded and expected and Path(loaded).resolve() != Path(expected).resolve():
        raise _two_modules(target, name, loaded)
    if loaded and not expected and _is_ours(Path(loaded), except_for=here):
        raise TargetError(f"target {target!r}: there is no module {name!r} here, only {loaded!r}")


def _two_modules(target: str, name: str, loaded: str) -> TargetError:
    return TargetError(
        f"target {target!r}: a module {name!r} is already imported from {loaded!r}, and one process"
        " cannot hold two: rename one of them"
    )


def _check_own(module: ModuleType, file: Path, target: str) -> None:
    """Two files of one module name cannot both be imported, nor two sets of their neighbours.

    Without this, the second side would silently be the first one once more.
    """
    found = {name: getattr(other, "__file__", None) for name, other in sys.modules.items()}
    folder = file if file.is_dir() else file.parent
    own = folder if not (folder / "__init__.py").is_file() else folder.parent
    for path in [*own.glob("*.py"), *own.glob("*/__init__.py")]:
        name = path.parent.name if path.name == "__init__.py" else path.stem
        other = found.get(name)
        elsewhere = other and Path(other).resolve() != path
        if other and elsewhere and (name == module.__name__ or _is_ours(Path(other))):
            raise _two_modules(target, name, other)


def _is_ours(file: Path, except_for: str = "") -> bool:
    """Whether a module was found through a folder that a target has put on the path."""
    return any(file.resolve().is_relative_to(folder) for folder in _folders - {except_for})


def _module_of_file(path: Path, target: str) -> str:
    """The dotted name of a file, with the folder above its outermost package on the path."""
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
    _add_to_path(str(folder))
    return ".".join(parts)


def _add_to_path(folder: str) -> None:
    _folders.add(folder)
    if sys.path[:1] != [folder]:
        sys.path.insert(0, folder)


def start_error(what: str, error: BaseException) -> StartError:
    """What the user reads where an application raised before it could be called."""
    place = read_raised(error).place
    where = f" at {place}" if place else ""
    return StartError(f"{what}: {type(error).__name__}: {error}{where}")
