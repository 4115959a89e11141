"""Every ``Set-Cookie`` field, attribute by attribute (RFC 6265bis, 4.1)."""

from __future__ import annotations

from typing import Any

from ..cookies import SetCookie, parse_set_cookie
from ..exchange import Exchange, header_values
from ..sessions import Keyring
from ..values import Variants


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
            variants.add(parsed.label, _attributes(parsed, keys))
    return cookies


def _attributes(cookie: SetCookie, keys: Keyring) -> dict[str, Any]:
    """An attribute that is there more than once has a list of values."""
    attributes: dict[str, Any] = {}
    for name, _ in cookie.pairs:
        values = [value for other, value in cookie.pairs if other == name]
        attributes[name] = values[0] if len(values) == 1 else values
    if keys.session(cookie.name, cookie.value) is None:
        return {"value": cookie.value, **attributes}
    # Signed bytes may differ while the session in them is equal; who can read them may not.
    return {"readable": keys.readable(cookie.value), **attributes}
