"""Exchanges as they come over a wire, made in one line each."""

from collections.abc import Iterable
from dataclasses import replace
from email.utils import formatdate

from quart_parity.exchange import Exchange, Headers, Wire
from tests.builders import Pairs, answer

TRACEBACK = "Traceback (most recent call last):\n  …\nValueError: midway\n"
ESCAPED = f"[ERROR] Error in ASGI Framework\n{TRACEBACK}"
"""What a server logs when an exception comes out of the application."""
HANDLED = f"[2026-01-01 00:00:00,000] ERROR in app: Exception on /v [GET]\n{TRACEBACK}"
"""What Flask logs when a view raises; it answers all the same."""


def on_wire(
    exchange: Exchange,
    interim: Iterable[tuple[int, Headers]] = (),
    trailers: Headers = (),
    log: str | None = None,
) -> Exchange:
    return replace(exchange, wire=Wire("1.1", tuple(interim), trailers), log=log)


def at(window: tuple[float, float], headers: Pairs = ()) -> Exchange:
    """An answer that came within *window*."""
    return replace(on_wire(answer(headers=headers)), window=window)


def http_date(seconds: float) -> str:
    return formatdate(int(seconds), usegmt=True)
