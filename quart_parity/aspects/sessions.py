"""The session that an answer leaves with the client, decoded."""

from __future__ import annotations

from typing import Any

from ..cookies import parse_set_cookie
from ..exchange import Exchange, header_values
from ..sessions import Keyring
from ..values import MISSING


def read_session(exchange: Exchange, keys: Keyring) -> Any:
    """Its data with Python's types, as the application would read it; the last cookie's."""
    session: Any = MISSING
    fields = header_values(exchange.response.headers, "set-cookie") if exchange.response else []
    for text in fields:
        parsed = parse_set_cookie(text)
        data = parsed and keys.session(parsed.name, parsed.value)
        session = session if data is None else data
    return session
