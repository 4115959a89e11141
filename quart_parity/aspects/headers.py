"""Header fields by lower-case name; order counts only within one name (RFC 9110, 5.3)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..exchange import Exchange
from ..sessions import Keyring


def read_headers(exchange: Exchange, keys: Keyring) -> dict[str, Any]:
    """A field's value, or the list of its values where it stands there more than once."""
    fields: dict[str, list[str]] = {}
    for name, value in exchange.response.headers if exchange.response else ():
        fields.setdefault(name.lower(), []).append(value)
    return {
        name: RULES[name](values) if name in RULES else values[0] if len(values) == 1 else values
        for name, values in sorted(fields.items())
        if name not in READ_ELSEWHERE
    }


def _set(values: list[str], normalize: Callable[[str], str] = str) -> str:
    """The members in order: how they were spread over fields and sorted says nothing."""
    members = {normalize(member.strip()) for value in values for member in value.split(",")}
    return ", ".join(sorted(members - {""}))


def _names(values: list[str]) -> str:
    return _set(values, str.lower)


READ_ELSEWHERE = {"set-cookie"}
RULES: dict[str, Callable[[list[str]], Any]] = {
    "allow": _set,  # methods, RFC 9110, 10.2.1; Werkzeug sends them in a set's order
    "vary": _names,  # field names, RFC 9110, 12.5.5
}
