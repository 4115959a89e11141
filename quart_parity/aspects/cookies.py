"""Every ``Set-Cookie`` field, attribute by attribute (RFC 6265bis, 4.1)."""

from __future__ import annotations

from typing import Any

from ..cookies import SetCookie, parse_date, parse_set_cookie
from ..exchange import Exchange, header_values
from ..sessions import Keyring, signed_at
from ..values import Variants
from .times import read_time


def read_cookies(exchange: Exchange, keys: Keyring) -> dict[str, Variants]:
    """Name, then variant, then attribute; fields that no user agent accepts stand under ``""``."""
    cookies: dict[str, Variants] = {}
    fields = header_values(exchange.response.headers, "set-cookie") if exchange.response else []
    for text in fields:
        parsed = parse_set_cookie(text)
        if parsed is None:
            cookies.setdefault("", Variants()).add("refused", {"field": text})
        else:
            variants = cookies.setdefault(parsed.name, Variants())
            value = _value(exchange, parsed, keys)
            variants.add(parsed.label, value | _attributes(exchange, parsed))
    return cookies


def _attributes(exchange: Exchange, cookie: SetCookie) -> dict[str, Any]:
    """An attribute that is there more than once has a list of values."""
    attributes: dict[str, list[Any]] = {}
    for name, text in cookie.pairs:
        time = read_time(exchange, text, parse_date(text)) if name == "expires" else None
        attributes.setdefault(name, []).append(text if time is None else time)
    return {name: values[0] if len(values) == 1 else values for name, values in attributes.items()}


def _value(exchange: Exchange, cookie: SetCookie, keys: Keyring) -> dict[str, Any]:
    """The value, or of a session what of its bytes must be alike while they need not be.

    That is who can read them, and when they were signed: a session's lifetime counts from there.
    """
    if keys.session(cookie.name, cookie.value) is None:
        return {"value": cookie.value}
    value: dict[str, Any] = {}
    if readable := keys.readable(cookie.value):
        value["readable"] = readable
    if (signed := signed_at(cookie.value)) is not None:
        value["signed"] = read_time(exchange, str(signed), signed) or signed
    return value
