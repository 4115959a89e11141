"""What a target names: the application, how to make it, and the protocol it speaks."""

from __future__ import annotations

import ast
import inspect
import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

from flask.sansio.app import App

from .drivers import DRIVERS
from .drivers.raised import read_raised
from .errors import StartError, TargetError

_MODULE = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*\Z")
_folders: set[str] = set()
_APP_NAMES = ("app", "application")
_FACTORY_NAMES = ("create_app", "make_app")
_SPELLINGS = "module, module:app, module:create_app(), path/to/file.py or path/to/file.py:app"


@dataclass(frozen=True, slots=True)
class Target:
    """One side, found but not yet running."""

    name: str
    """As it was spelled, or the application's name."""
    make: Callable[[Mapping[str, Any]], Any]
    """From a scenario's config to an application; an instance is always the same one."""
    is_factory: bool
    """Whether `make` makes a new application each time."""
    protocol: str | None = field(default=None)
    """A key of `DRIVERS` where the target says so; else it is read off the application."""


def find_target(target: Any) -> Target:
    """Resolve a target, spelled as for ``flask run`` or given as an application object.

    Raises `TargetError` where it names nothing, `StartError` where importing it raises.
    """
    if not isinstance(target, str):
        return _instance(repr(target), target, None)
    protocol, _, spelled = target.partition("+")
    if protocol not in DRIVERS:
        protocol, spelled = "", target
    if re.match(r"(https?|http\+unix)://", target):
        raise TargetError(f"target {target!r}: servers cannot be driven yet; name the application")
    place, _, name = _split(spelled)
    module = _import(place, target)
    if name:
        return _named(module, name, target, protocol or None)
    return _searched(module, target, protocol or None)


def _split(spelled: str) -> tuple[str, str, str]:
    # A drive letter's colon is followed by a slash, an application's never is.
    place, colon, name = spelled.rpartition(":")
    return (place, colon, name) if colon and name[:1] not in ("/", "\\") else (spelled, "", "")


def _import(place: str, target: str) -> ModuleType:
    """Import a module, or a file as the module that it is."""
    file = None
    if place.endswith(".py") or "/" in place or "\\" in place:
        file = Path(place).resolve()
        place = _module_of_file(file, target)
    elif not _MODULE.match(place):
        raise TargetError(f"target {target!r} is misspelled: write {_SPELLINGS}")
    else:
        _add_to_path(str(Path.cwd()))
    try:
        module = import_module(place)
    except ModuleNotFoundError as error:
        if error.name and (place == error.name or place.startswith(error.name + ".")):
            raise TargetError(f"target {target!r}: there is no module {error.name!r}") from None
        raise _start_error(f"target {target!r} cannot be imported", error) from error
    except (Exception, SystemExit) as error:
        raise _start_error(f"target {target!r} cannot be imported", error) from error
    if file is not None:
        _check_own(module, file, target)
    return module


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
            raise TargetError(
                f"target {target!r}: a module {name!r} is already imported from {other!r}, and one"
                " process cannot hold two: rename one of them"
            )


def _is_ours(file: Path) -> bool:
    """Whether a module was found through a folder that a target has put on the path."""
    return any(file.resolve().is_relative_to(folder) for folder in _folders)


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
    if folder not in sys.path:
        sys.path.insert(0, folder)


def _named(module: ModuleType, name: str, target: str, protocol: str | None) -> Target:
    """``app``, ``factory``, ``factory()`` or ``factory("literal", key=1)``."""
    try:
        tree = ast.parse(name, mode="eval").body
        call = tree if isinstance(tree, ast.Call) else None
        attribute = ast.unparse(call.func if call else tree)
        args = [ast.literal_eval(arg) for arg in call.args] if call else []
        kwargs = {str(k.arg): ast.literal_eval(k.value) for k in call.keywords} if call else {}
        found: Any = module
        for part in attribute.split("."):
            found = getattr(found, part)
    except (SyntaxError, ValueError) as error:
        raise TargetError(
            f"target {target!r} is misspelled ({error}): write {_SPELLINGS}"
        ) from None
    except AttributeError:
        raise TargetError(f"target {target!r}: {module.__name__!r} has no {name!r}") from None
    if call or _is_factory(found):
        return _factory(target, found, args, kwargs, protocol)
    return _instance(target, found, protocol)


def _searched(module: ModuleType, target: str, protocol: str | None) -> Target:
    """Search as Flask and Quart do: known names, the only application, a factory."""
    for name in _APP_NAMES:
        if _is_app(found := getattr(module, name, None)):
            return _instance(target, found, protocol)
    apps = list({id(value): value for value in vars(module).values() if _is_app(value)}.values())
    if len(apps) == 1:
        return _instance(target, apps[0], protocol)
    if apps:
        raise TargetError(f"target {target!r} holds several applications: name one after a colon")
    for name in _FACTORY_NAMES:
        if inspect.isfunction(found := getattr(module, name, None)):
            return _factory(target, found, [], {}, protocol)
    raise TargetError(
        f"target {target!r} holds no application and no factory called"
        f" {' or '.join(_FACTORY_NAMES)}: name it after a colon"
    )


def _is_app(value: object) -> bool:
    # Flask and Quart share this base.
    return isinstance(value, App)


def _is_factory(value: Any) -> bool:
    """A plain function that takes no request: neither WSGI's two nor ASGI's three arguments."""
    return inspect.isfunction(value) and _protocol(value) is None


def _factory(
    target: str, factory: Any, args: list[Any], kwargs: dict[str, Any], protocol: str | None
) -> Target:
    takes_config = not (args or kwargs) and _takes_mapping(factory)

    def make(config: Mapping[str, Any]) -> Any:
        try:
            if takes_config and config:
                return factory(dict(config))
            app = factory(*args, **kwargs)
        except (Exception, SystemExit) as error:
            raise _start_error(f"target {target!r}: its factory failed", error) from error
        if config:
            config_of(app, target).update(config)
        return app

    return Target(target, make, True, protocol)


def _instance(target: str, app: Any, protocol: str | None) -> Target:
    return Target(target, lambda config: app, False, protocol)


def _takes_mapping(factory: Any) -> bool:
    """Whether the factory's first parameter is a configuration as a mapping."""
    parameters = list(inspect.signature(factory).parameters.values())
    if not parameters or parameters[0].kind not in (
        inspect.Parameter.POSITIONAL_ONLY,
        inspect.Parameter.POSITIONAL_OR_KEYWORD,
    ):
        return False
    first = parameters[0]
    if first.annotation is not inspect.Parameter.empty:
        return re.search(r"mapping|dict", str(first.annotation), re.IGNORECASE) is not None
    called_so = "config" in first.name or "settings" in first.name or "overrides" in first.name
    return called_so and (first.default is None or isinstance(first.default, Mapping))


def config_of(app: Any, target: str) -> dict[str, Any]:
    """The application's config; raises `TargetError` where it has none to put values into."""
    config = getattr(app, "config", None)
    if not isinstance(config, dict):
        raise TargetError(f"target {target!r}: a scenario gives config, and it has no app.config")
    return config


def protocol_of(app: Any, target: Target) -> str:
    """`wsgi` or `asgi`: as the target says, else by what calling the application takes.

    Raises `TargetError` where the two contradict each other, or neither tells.
    """
    found = _protocol(app)
    if target.protocol and found in (None, target.protocol):
        return target.protocol
    if found is None:
        raise TargetError(
            f"target {target.name!r} is neither a WSGI nor an ASGI application as far as can be"
            f" seen: say which with wsgi+{target.name} or asgi+{target.name}"
        )
    if target.protocol:
        raise TargetError(f"target {target.name!r} is called as {found.upper()} applications are")
    return found


def _protocol(app: Any) -> str | None:
    if not callable(app) or inspect.isclass(app):
        return None
    try:
        parameters = inspect.signature(app).parameters.values()
    except (TypeError, ValueError):
        return None
    required = [p for p in parameters if p.default is p.empty and p.kind is p.POSITIONAL_OR_KEYWORD]
    return {2: "wsgi", 3: "asgi"}.get(len(required))


def _start_error(what: str, error: BaseException) -> StartError:
    place = read_raised(error).place
    where = f" at {place}" if place else ""
    return StartError(f"{what}: {type(error).__name__}: {error}{where}")
