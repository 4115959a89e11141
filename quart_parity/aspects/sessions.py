"""The session that an answer leaves with the client, decoded."""

from __future__ import annotations

from ..cookies import parse_set_cookie
from ..exchange import Exchange, header_values
from ..sessions import Keyring
from ..values import Variants


def read_session(exchange: Exchange, keys: Keyring) -> Variants:
    """Its data with Python's types, as the application would read it; by cookie where several."""
    sessions = Variants()
    fields = header_values(exchange.response.headers, "set-cookie") if exchange.response else []
    for text in fields:
        parsed = parse_set_cookie(text)
        data = parsed and keys.session(parsed.name, parsed.value)
        if parsed and data is not None:
            sessions.add(parsed.label, data)
    return sessions
