"""Trying out what becomes of a Quart application when compat mends it, or mends all but some."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import quart

from . import compat
from .compat.switches import PIECES, override

_FRAMEWORKS = {"flask", "quart_parity", "werkzeug"}
_NAMES = {
    id(getattr(quart, name)): getattr(compat, name)
    for name in compat.__all__
    if hasattr(quart, name)
}
"""What compat has in place of Quart's own, by the identity of the latter."""


class Asked(frozenset[str]):
    """Pieces that are on, with a note of which were asked for."""

    log: set[str]

    def __contains__(self, code: object) -> bool:
        self.log.add(str(code))
        return super().__contains__(code)


def can_be_mended(app: Any) -> bool:
    """Whether it is a Quart application itself, and not something around one."""
    return isinstance(app, quart.Quart)


@contextmanager
def mended(app: Any, off: frozenset[str] = frozenset()) -> Iterator[Asked]:
    """Put all of compat into a Quart application but the pieces *off*, for a while.

    What the application's modules imported from Quart is exchanged for what compat has in its
    place, which no mixin could reach.
    """
    on = Asked(PIECES - off)
    on.log = set()
    before = {name: getattr(app, name) for name in ("__class__", "view_functions")}
    templates = vars(app).get("jinja_env")
    flashed = templates.globals.get("get_flashed_messages") if templates is not None else None
    compat.FlaskCompat.apply(app)
    override(app, on)
    exchanged = list(_exchange())
    try:
        yield on
    finally:
        for namespace, name, value in exchanged:
            namespace[name] = value
        for name, value in before.items():
            setattr(app, name, value)
        if templates is not None:
            templates.globals["get_flashed_messages"] = flashed
        override(app, None)


def _exchange() -> Iterator[tuple[dict[str, Any], str, Any]]:
    """Put compat's names in place of Quart's; yields what stood where."""
    for module_name, module in list(sys.modules.items()):
        package, _, rest = module_name.partition(".")
        if package in _FRAMEWORKS or (package == "quart" and rest):
            continue
        namespace = getattr(module, "__dict__", {})
        for name, value in list(namespace.items()):
            if id(value) in _NAMES:
                namespace[name] = _NAMES[id(value)]
                yield namespace, name, value
