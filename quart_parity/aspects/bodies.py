"""The body: JSON by value, text as text, all else as bytes."""

from __future__ import annotations

from json import loads
from typing import Any

from werkzeug.http import parse_options_header

from ..exchange import Exchange, header_values
from ..sessions import Keyring
from ..values import MISSING

_DEPTH = 100
"""Levels of nesting from which on JSON is compared as text: nobody reads such a path."""


def read_body(exchange: Exchange, keys: Keyring) -> Any:
    """A JSON value, a string, or bytes where the declared (or UTF-8) charset does not fit."""
    if exchange.response is None:
        return MISSING
    body = exchange.response.body
    content_type = (header_values(exchange.response.headers, "content-type") or [""])[0]
    mimetype, options = parse_options_header(content_type)
    if mimetype == "application/json" or mimetype.endswith("+json"):
        try:
            value = loads(body)
        except (ValueError, RecursionError):
            pass
        else:
            if not _is_deep(value):
                return value
    try:
        return body.decode(options.get("charset", "utf-8"))
    except (ValueError, LookupError):
        return body


def _is_deep(value: Any) -> bool:
    level = [value]
    for _ in range(_DEPTH):
        level = [
            child
            for parent in level
            if isinstance(parent, dict | list)
            for child in (parent.values() if isinstance(parent, dict) else parent)
        ]
    return bool(level)
