"""Which pieces of compat are on: all but those that would make Quart weaker, unless asked for.

    app.config["FLASK_COMPAT"] = {"QP026": False, "QP019": True}

The codes are those of the catalogue of divergences. The configuration is read at the first
request, since factories set it late; until then it is read anew each time.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar, cast

from quart.globals import _cv_app

KEY = "FLASK_COMPAT"
"""The name of the configuration value: a mapping of codes to booleans."""
OPT_IN = frozenset({"QP019", "QP035"})
"""Pieces that take a limit of Quart's away."""
_LEFT = (44, 47, 49, 57, 59)
PIECES = frozenset(f"QP{number:03}" for number in range(1, 60) if number not in _LEFT)
"""Every piece that there is."""

ON = "_flask_compat_on"
"""The attribute of an application that holds the pieces that are on, once they are read."""
F = TypeVar("F", bound=Callable[..., Any])


def mends(code: str, app: Any = None) -> bool:
    """Whether this piece is on in *app*, or else in the current application.

    Ask only where the answer changes something: comparisons learn from it which pieces a request
    has to do with.
    """
    if app is None:
        context = _cv_app.get(None)
        if context is None:
            return code not in OPT_IN
        app = context.app
    on = app.__dict__.get(ON)
    return code in (read(app.config) if on is None else on)


def read(config: Mapping[str, Any]) -> frozenset[str]:
    """The pieces that a configuration leaves on or turns on.

    Raises:
        ValueError: The configuration names a piece that does not exist, or gives no boolean.
    """
    asked = config.get(KEY) or {}
    if not isinstance(asked, Mapping):
        raise ValueError(f"{KEY} must be a dict of codes and booleans, not {asked!r}")
    for code, on in asked.items():
        if code not in PIECES:
            raise ValueError(f"{KEY} names {code!r}, which is no piece of compat")
        if not isinstance(on, bool):
            raise ValueError(f"{KEY}[{code!r}] must be true or false, not {on!r}")
    return frozenset(code for code in PIECES if asked.get(code, code not in OPT_IN))


def settle(app: Any) -> None:
    """Read the configuration for good; does nothing from the second request on.

    Raises:
        ValueError: As `read` does.
    """
    if ON not in app.__dict__:
        app.__dict__[ON] = read(app.config)


def override(app: Any, on: frozenset[str] | None) -> None:
    """Put *on* in place of what the configuration says; None has it read again."""
    if on is None:
        app.__dict__.pop(ON, None)
    else:
        app.__dict__[ON] = on


class _Switched:
    def __init__(self, code: str, function: Callable[..., Any]) -> None:
        self._code = code
        self._function = function
        self.__doc__ = function.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self._owner, self._name = owner, name

    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        if instance is None or mends(self._code):
            return self._function.__get__(instance, owner)
        return getattr(super(self._owner, instance), self._name)


def switched(code: str) -> Callable[[F], F]:
    """A method that is there while its piece is on; else the next class's of that name, if any."""

    def decorate(function: F) -> F:
        return cast(F, _Switched(code, function))

    return decorate
