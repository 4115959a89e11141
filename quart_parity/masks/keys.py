"""Application keys, masked wherever they stand."""

from __future__ import annotations

import re
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Iterable
from html import escape
from json import dumps
from urllib.parse import quote, quote_plus

_SHORTEST = 8
"""Characters of a key that guards anything."""
_SAFE = ("", "/", "!'()*", "!'()*#$&+,/:;=?@")
"""What Python and what browsers leave as it is in URLs."""
_ESCAPE = re.compile(r"%[0-9A-F]{2}|\\\\u[0-9a-f]{4}")
_HTML_SAFE = {ord(one): f"\\u{ord(one):04x}" for one in "<>&'"}
"""What the ``tojson`` filter of templates writes."""


class Keys:
    """Those that are known so far."""

    def __init__(self) -> None:
        self._given: set[str] = set()
        self._spelled: set[str] = set()
        self._pattern: re.Pattern[str] | None = None

    def add(self, keys: Iterable[str]) -> None:
        """What is too short to be a key stays shown."""
        new = {key for key in keys if len(key) >= _SHORTEST} - self._given
        if new:
            self._given |= new
            self._spelled |= {spelling for key in new for spelling in _spellings(key)}
            longest_first = sorted(self._spelled, key=len, reverse=True)
            self._pattern = re.compile("|".join(map(_translated, longest_first)))

    def masked(self, text: str) -> str:
        return text if self._pattern is None else self._pattern.sub("<application key>", text)


def _translated(spelling: str) -> str:
    """Escapes have digits in either case."""
    return _ESCAPE.sub(lambda found: f"(?i:{found[0]})", re.escape(spelling))


def _spellings(key: str) -> set[str]:
    """As it stands in text, in URLs, in JSON, in pages, in base64, and as Python writes it."""
    raw = key.encode("utf-8", "replace")
    percent = {quote(key, safe=safe, errors="replace") for safe in _SAFE}
    pages = escape(key), escape(key, quote=False), escape(key).replace("&#x27;", "&#39;")
    python = repr(key)[1:-1], repr(raw)[2:-1], repr(raw)[2:-1].replace("\\'", "'")
    plus = quote_plus(key, errors="replace")
    return {key, *percent, plus, *_in_json(key), *pages, *python, *_encoded(raw)}


def _in_json(key: str) -> set[str]:
    """As it is, and as it may stand in a page: without what ends a script there."""
    plain = {dumps(key)[1:-1], dumps(key, ensure_ascii=False)[1:-1]}
    safe = {one.translate(_HTML_SAFE) for one in plain}
    return {spelled for one in plain | safe for spelled in (one, one.replace("/", "\\/"))}


def _encoded(raw: bytes) -> set[str]:
    in_base64 = {b64encode(raw).decode(), urlsafe_b64encode(raw).decode()}
    bare = {one.rstrip("=") for one in in_base64}
    percent = {quote(one, safe="") for one in in_base64 | bare}
    return {*in_base64, *bare, *percent, raw.hex(), raw.hex().upper()}
