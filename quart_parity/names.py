"""Compat's functions and classes in place of Quart's, wherever these were imported."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import quart

from . import compat

_FRAMEWORKS = {"flask", "quart", "quart_parity", "werkzeug"}
_OPEN = {"quart", "quart.helpers"}
"""Where applications find Quart's functions, and Quart itself does not."""
_NAMES = {
    id(getattr(quart, name)): getattr(compat, name)
    for name in compat.__all__
    if hasattr(quart, name)
}
"""What compat has in place of Quart's own, by the identity of the latter."""
_QUARTS = {
    id(getattr(compat, name)): getattr(quart, name)
    for name in compat.__all__
    if hasattr(quart, name)
}
"""The way back."""


@contextmanager
def exchanged_names() -> Iterator[None]:
    """Put compat's functions in place of Quart's in whatever module has imported them.

    That is what changing the imports would do; no mixin can reach them.
    """
    exchanged: list[tuple[dict[str, Any], str, Any]] = []
    # Copied at once: applications may be importing on other threads.
    modules = sys.modules.copy()
    for module_name, module in modules.items():
        package = module_name.partition(".")[0]
        is_entry = module_name.startswith("quart_parity.divergences.")
        is_inner = package in _FRAMEWORKS and module_name not in _OPEN
        if is_inner and not is_entry:
            continue
        for namespace, name, value in _names_in(module, _NAMES):
            namespace[name] = _NAMES[id(value)]
            exchanged.append((namespace, name, value))
    try:
        yield
    finally:
        for namespace, name, value in exchanged:
            namespace[name] = value
        for module_name in sys.modules.keys() - modules.keys():
            _give_back(module_name)


def _names_in(
    module: object, values: Mapping[int, Any]
) -> Iterator[tuple[dict[str, Any], str, Any]]:
    namespace = getattr(module, "__dict__", {})
    for name, value in list(namespace.items()):
        if id(value) in values:
            yield namespace, name, value


def _give_back(module_name: str) -> None:
    """What a module that was first imported meanwhile took for Quart's is Quart's again."""
    module = sys.modules.get(module_name)
    if module is None or module_name.partition(".")[0] in _FRAMEWORKS:
        return
    for namespace, name, value in _names_in(module, _QUARTS):
        try:
            means_compat = "quart_parity" in inspect.getsource(module)
        except (OSError, TypeError):
            means_compat = False
        if not means_compat:
            namespace[name] = _QUARTS[id(value)]
