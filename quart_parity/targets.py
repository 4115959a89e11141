"""What a target names: the application, how to make it, and the protocol it speaks."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

from flask.sansio.app import App
from werkzeug.local import LocalProxy

from .drivers import DRIVERS
from .errors import TargetError
from .modules import SPELLINGS, Home, import_place, start_error

_APP_NAMES = ("app", "application")
_FACTORY_NAMES = ("create_app", "make_app")


@dataclass(frozen=True, slots=True)
class Target:
    """One side, found but not yet running."""

    name: str
    """As it was spelled, or the application's name."""
    make: Callable[[Mapping[str, Any]], Any]
    """From a scenario's config to an application; an instance is always the same one."""
    is_factory: bool
    """Whether `make` makes a new application each time."""
    protocol: str | None = None
    """A key of `DRIVERS` where the target says so; else it is read off the application."""
    home: Home | None = None
    """Where it was imported from, to be entered before it is made or called."""


def find_target(target: Any, where: Path | None = None) -> Target:
    """Resolve a target: spelled as for ``flask run``, or an application, or a factory.

    Modules and files are looked for in the folder *where*, or else the working one.
    Raises `TargetError` where it names nothing, `StartError` where importing it raises.
    """
    if not isinstance(target, str):
        name = getattr(target, "__qualname__", None) or repr(target)
        if _is_factory(target):
            return _factory(name, target, [], {})
        return _instance(name, target)
    protocol, _, spelled = target.partition("+")
    if protocol not in DRIVERS:
        protocol, spelled = "", target
    place, name = _split(spelled)
    module, home = import_place(place, target, where or Path.cwd())
    find = _named if name else _searched
    return replace(find(module, name, target), protocol=protocol or None, home=home)


def _split(spelled: str) -> tuple[str, str]:
    # A drive letter's colon is followed by a slash, an application's never is.
    found = re.search(r":(?![/\\])", spelled)
    return (spelled[: found.start()], spelled[found.end() :]) if found else (spelled, "")


def _named(module: ModuleType, name: str, target: str) -> Target:
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
        raise TargetError(f"target {target!r} is misspelled ({error}): write {SPELLINGS}") from None
    except AttributeError:
        raise TargetError(f"target {target!r}: {module.__name__!r} has no {name!r}") from None
    if type(found) is LocalProxy:
        raise TargetError(f"target {target!r} stands for nothing outside a request")
    if call and not callable(found):
        raise TargetError(f"target {target!r}: {attribute!r} cannot be called")
    if call or _is_factory(found):
        return _factory(target, found, args, kwargs)
    return _instance(target, found)


def _searched(module: ModuleType, _: str, target: str) -> Target:
    """Search as Flask and Quart do: known names, the only application, a factory."""
    for name in _APP_NAMES:
        if _is_app(found := getattr(module, name, None)):
            return _instance(target, found)
    apps = list({id(value): value for value in vars(module).values() if _is_app(value)}.values())
    if len(apps) == 1:
        return _instance(target, apps[0])
    if apps:
        raise TargetError(f"target {target!r} holds several applications: name one after a colon")
    for name in _FACTORY_NAMES:
        if inspect.isfunction(found := getattr(module, name, None)):
            return _factory(target, found, [], {})
    raise TargetError(
        f"target {target!r} holds no application and no factory called"
        f" {' or '.join(_FACTORY_NAMES)}: name it after a colon"
    )


def _is_app(value: object) -> bool:
    # Flask and Quart share this base.
    return isinstance(value, App)


def _is_factory(value: Any) -> bool:
    """A function that takes no request: neither WSGI's two nor ASGI's three arguments."""
    called = inspect.isroutine(value) or isinstance(value, partial)
    return called and _protocol(value) is None


def _factory(target: str, factory: Any, args: list[Any], kwargs: dict[str, Any]) -> Target:
    takes_config, required = (False, False) if args or kwargs else _takes_mapping(factory)

    def make(config: Mapping[str, Any]) -> Any:
        try:
            if takes_config and (config or required):
                return factory(dict(config))
            app = factory(*args, **kwargs)
        except (Exception, SystemExit) as error:
            raise start_error(f"target {target!r}: its factory failed", error) from error
        if config:
            config_of(app, target).update(config)
        return app

    return Target(target, make, True)


def takes_config(factory: Any) -> bool:
    """Whether a function's first parameter is a configuration as a mapping."""
    return _takes_mapping(factory)[0]


def _instance(target: str, app: Any) -> Target:
    return Target(target, lambda config: app, False)


def _takes_mapping(factory: Any) -> tuple[bool, bool]:
    """Whether the factory's first parameter is a configuration as a mapping, and needed."""
    parameters = list(inspect.signature(factory).parameters.values())
    if not parameters or parameters[0].kind not in (
        inspect.Parameter.POSITIONAL_ONLY,
        inspect.Parameter.POSITIONAL_OR_KEYWORD,
    ):
        return False, False
    first, empty = parameters[0], inspect.Parameter.empty
    if first.annotation is not empty:
        takes = re.search(r"\b(\w*Mapping|[Dd]ict)\b", str(first.annotation)) is not None
    else:
        called_so = re.search("config|settings|overrides", first.name) is not None
        takes = called_so and (first.default in (None, empty) or isinstance(first.default, Mapping))
    return takes, first.default is empty


def config_of(app: Any, target: str) -> dict[str, Any]:
    """The application's config; raises `TargetError` where it has none to put values into."""
    config = getattr(app, "config", None)
    if not isinstance(config, dict):
        raise TargetError(f"target {target!r}: it is given config, and has no app.config")
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
