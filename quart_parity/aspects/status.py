"""The status code. The reason phrase is the server's (RFC 9110, 15.1; ASGI has none)."""

from __future__ import annotations

from ..exchange import Exchange
from ..sessions import Keyring
from ..values import MISSING, Missing


def read_status(exchange: Exchange, keys: Keyring) -> int | Missing:
    return exchange.response.status if exchange.response else MISSING
