"""What was raised, and how an answer broke its protocol."""

from __future__ import annotations

from typing import Any

from ..exchange import Exchange
from ..sessions import Keyring
from ..values import MISSING, Missing


def read_raised(exchange: Exchange, keys: Keyring) -> dict[str, Any] | Missing:
    """The type always, the text only where application code raised it."""
    raised = exchange.raised
    if raised is None:
        return MISSING
    return {"type": raised.type} | ({} if raised.text is None else {"text": raised.text})


def read_broken(exchange: Exchange, keys: Keyring) -> str | Missing:
    return MISSING if exchange.broken is None else exchange.broken
