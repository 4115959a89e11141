"""An application's URL map, as plain values: what two sides can share, and scenarios are made from."""

from __future__ import annotations

from typing import Any

from msgspec import Struct


class Converter(Struct, frozen=True):
    """What one variable part of a rule takes."""

    name: str
    """As the rule spells it: ``default``, ``int``, ``path``, or the application's own."""
    regex: str
    arguments: list[Any] = []
    """Those in the rule's parentheses, by position."""
    options: dict[str, Any] = {}
    """Those by name."""


class Route(Struct, frozen=True):
    """One rule of the map."""

    rule: str
    endpoint: str
    methods: list[str]
    """Sorted; those that the framework adds are among them."""
    defaults: dict[str, Any] = {}
    converters: dict[str, Converter] = {}
    """By the name of the variable."""
    host: str = ""
    """The subdomain, or the host where the map matches hosts."""
    strict_slashes: bool = True
    merge_slashes: bool = True
    build_only: bool = False
    redirect_to: str | None = None
