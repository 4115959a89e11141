"""Coroutines that nobody awaited, also those that an answer writes out in place of a value."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import unquote_plus

from ..exchange import Exchange
from ..sessions import Keyring
from ..values import MISSING, Missing
from .sessions import read_session

_WRITTEN = re.compile(r"<(?:coroutine|async_generator) object (\S+) at 0x[0-9a-fA-F]+>")


def read_unawaited(exchange: Exchange, keys: Keyring) -> str | Missing:
    """Their functions' qualified names in order, each once, with commas between."""
    names = {one.name for one in exchange.unawaited}
    for text in _texts(exchange, keys):
        names.update(_WRITTEN.findall(text))
    return ", ".join(sorted(names)) or MISSING


def _texts(exchange: Exchange, keys: Keyring) -> Iterator[str]:
    """What an answer says, in each of the ways in which it may be written there."""
    response = exchange.response
    if response is None:
        return
    values = [value for _, value in response.headers]
    if b"object" in response.body:
        values.append(response.body.decode("utf-8", "replace"))
    for value in values:
        if "object" in value:
            yield unescape(_JSON_ESCAPES.sub(_character, value))
            yield unquote_plus(value)
    if any(name.lower() == "set-cookie" for name, _ in response.headers):
        yield repr(read_session(exchange, keys))


# As JSON writes them where it stands in HTML.
_JSON_ESCAPES = re.compile(r"\\u003[ceCE]")


def _character(match: re.Match[str]) -> str:
    return chr(int(match[0][2:], 16))
