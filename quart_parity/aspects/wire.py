"""What only a socket carries around a response; in process there is none of it."""

from __future__ import annotations

from typing import Any

from ..exchange import Exchange
from ..sessions import Keyring
from ..values import MISSING, Missing
from .headers import SERVERS, read_fields

_CONTINUE = 100


def read_interim(exchange: Exchange, keys: Keyring) -> list[Any] | Missing:
    """Status and fields of each response before the final one (RFC 9110, 15.2).

    But for ``100 Continue``, with which the server asks for the body.
    """
    if exchange.wire is None:
        return MISSING
    return [
        {"status": status, "header": read_fields(exchange, headers, SERVERS)}
        for status, headers in exchange.wire.interim
        if status != _CONTINUE
    ] or MISSING


def read_trailers(exchange: Exchange, keys: Keyring) -> dict[str, Any] | Missing:
    """The fields behind the body (RFC 9110, 6.5), as those before it are read."""
    if exchange.wire is None or not exchange.wire.trailers:
        return MISSING
    return read_fields(exchange, exchange.wire.trailers, SERVERS) or MISSING
