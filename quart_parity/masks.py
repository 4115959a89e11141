"""What looks secret by its name, masked; equal values with equal masks."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from .paths import Path
from .sessions import signed_at
from .values import Missing

_WORDS = (
    r"(?<![a-z])(?:auth|authorization|credentials?|pin|pwd|pass|otp|jwt|sid)(?![a-z])"
    r"|set-cookie|passw|passphrase|passcode|secret|token|csrf|xsrf|signature|bearer"
    r"|api[-_]?key|(?<=[a-z0-9])[-_]key(?![a-z])|sess(?:ion)?[-_]?(?:id|key)"
)
_SECRET = re.compile(_WORDS, re.IGNORECASE)
# Atomic: what is too short or too long a name for what follows is not tried anew at each word.
_NAME = rf"(?<![\w.%\[\]-])(?>[\w.%\[\]-]*?(?:{_WORDS})[\w.%\[\]-]*)"
_ATTRIBUTE_NAME = rf"""\sname=["']?{_NAME}"""
_ATTRIBUTE_VALUE = r"""\s(?:value|content)=["']?(?P<value>[^"'\s<>]+)"""
# Bounded, so that a page without end is not searched through from each of its tags.
_INSIDE = "[^<>]{0,300}"
_IN_TEXT = (
    rf"""{_NAME}["']?\s?[:=]\s?["']?(?P<value>[^&;\#\s"'<>]+)""",
    f"<{_INSIDE}{_ATTRIBUTE_NAME}{_INSIDE}{_ATTRIBUTE_VALUE}",  # a field of a form, a meta tag
    f"<{_INSIDE}{_ATTRIBUTE_VALUE}{_INSIDE}{_ATTRIBUTE_NAME}",
)
_PATTERNS = [re.compile(pattern, re.IGNORECASE) for pattern in _IN_TEXT]
_USER = re.compile(r"(?<=://)[^/\s:@]*:(?P<value>[^/\s@]+)(?=@)")
_COOKIE_VALUES = ("value", "field")
_SHORTEST = 8
"""Characters of a key that guards anything."""


def looks_secret(name: str) -> bool:
    """Whether a value of this name is not to be shown."""
    return _SECRET.search(name) is not None


class Masker:
    """Masks for one output; the mask's number tells equal values from unequal ones."""

    def __init__(self, show_secrets: bool = False, keys: Iterable[str] = ()) -> None:
        """*keys* are masked always, wherever they stand, unless they are too short to be any."""
        self._show = show_secrets
        self._masks: dict[str, str] = {}
        keys = sorted((re.escape(key) for key in keys if len(key) >= _SHORTEST), key=len)
        self._keys = re.compile("|".join(reversed(keys))) if keys else None

    def value(self, path: Path, value: Any) -> Any:
        """The value at *path*, masked whole or in those of its parts whose name is secret."""
        names = [part for part in path if isinstance(part, str)]
        if names[0] == "cookie":
            return self._cookie(names[1], names[2:], value)
        if any(map(looks_secret, names[1:])):
            return self._secret(value)
        return self._inner(value)

    def text(self, text: str) -> str:
        """A target, a page or other text, with what has a secret name in it masked."""
        if self._keys is not None:
            text = self._keys.sub("<application key>", text)
        if self._show:
            return text
        text = _USER.sub(self._hide, text)
        if not _SECRET.search(text):
            return text
        for pattern in _PATTERNS:
            text = pattern.sub(self._hide, text)
        return text

    def _hide(self, match: re.Match[str]) -> str:
        start, end = match.start("value") - match.start(), match.end("value") - match.start()
        return f"{match[0][:start]}{self._secret(match['value'])}{match[0][end:]}"

    def _cookie(self, name: str, attribute: list[str], value: Any) -> Any:
        """Of a secret cookie the value; its attributes are what one wants to see.

        A session's raw value is one: nobody could decode it. A refused field has no name to go by.
        """
        raw = value.get("value") if isinstance(value, dict) else value
        signed = isinstance(raw, str) and signed_at(raw) is not None
        if not (looks_secret(name) or "session" in name.lower() or not name or signed):
            return self._inner(value)
        if isinstance(value, dict):
            return {k: self._secret(v) if k in _COOKIE_VALUES else v for k, v in value.items()}
        return self._secret(value) if attribute and attribute[-1] in _COOKIE_VALUES else value

    def _inner(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {
                k: self._secret(v) if looks_secret(str(k)) else self._inner(v)
                for k, v in value.items()
            }
        if type(value) in (list, tuple):
            return type(value)(map(self._inner, value))
        return self.text(value) if type(value) is str else value

    def _secret(self, value: Any) -> Any:
        if self._show or value is None or value == "" or isinstance(value, bool | Missing):
            return value
        return self._masks.setdefault(repr(value), f"<masked {len(self._masks) + 1}>")
