"""The body: JSON by value, text as text, all else as bytes."""

from __future__ import annotations

from json import loads
from typing import Any

from werkzeug.http import parse_options_header

from ..exchange import Exchange, header_values
from ..sessions import Keyring
from ..values import MISSING


def read_body(exchange: Exchange, keys: Keyring) -> Any:
    """A JSON value, a string, or bytes where the declared (or UTF-8) charset does not fit."""
    if exchange.response is None:
        return MISSING
    body = exchange.response.body
    content_type = (header_values(exchange.response.headers, "content-type") or [""])[0]
    mimetype, options = parse_options_header(content_type)
    if mimetype == "application/json" or mimetype.endswith("+json"):
        try:
            return loads(body)
        except (ValueError, RecursionError):
            pass
    try:
        return body.decode(options.get("charset", "utf-8"))
    except (UnicodeDecodeError, LookupError):
        return body
