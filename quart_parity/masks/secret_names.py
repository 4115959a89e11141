"""Which names have values that are not to be shown."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from ..sessions import signed_at

_SECRET = re.compile(
    r"(?<![a-z])(?:auth|authorization|credentials?|pin|pwd|pass|otp|jwt|sid)(?![a-z])"
    r"|set-cookie|passw|passphrase|passcode|secret|token|csrf|xsrf|signature|bearer"
    r"|api[-_]?key|(?<=[a-z0-9])[-_]key(?![a-z])|sess(?:ion)?[-_]?(?:id|key)",
    re.IGNORECASE,
)
_HINTS = (
    *("auth", "bearer", "cookie", "credential", "csrf", "jwt", "key", "otp", "pass", "pin"),
    *("pwd", "secret", "sess", "sid", "signature", "token", "xsrf"),
)
"""One of which is in whatever looks secret; much faster to look for in a long text."""
_PARTS = re.compile(r"[.\[\]]+")


def looks_secret(name: str) -> bool:
    """Whether a value of this name is not to be shown."""
    return _SECRET.search(name) is not None


class Names:
    """The rules of one output: what was asked to be masked comes first, then what was asked to be
    shown, then what the name looks like."""

    def __init__(self, mask: Iterable[str] = (), unmask: Iterable[str] = ()) -> None:
        """Both are names without regard to case, with ``*`` for any number of characters."""
        self._mask = _any_of(mask)
        self._unmask = _any_of(unmask)
        self.is_secret = lru_cache(maxsize=4096)(self._is_secret)

    def _is_secret(self, name: str) -> bool:
        return self.is_asked(name) or (looks_secret(name) and not self.is_shown(name))

    def is_secret_cookie(self, name: str, value: object) -> bool:
        """A session's raw value is secret: nobody could decode it. So is that of a field that was
        refused, which has no name to go by."""
        if self.is_asked(name):
            return True
        if self.is_shown(name):
            return False
        signed = isinstance(value, str) and signed_at(value) is not None
        return not name or signed or "session" in name.lower() or looks_secret(name)

    def is_asked(self, name: str) -> bool:
        """Whether it is to be masked, or one of the parts of ``a.b[c]`` is."""
        if self._mask is None:
            return False
        return any(map(self._mask.fullmatch, {name, *_PARTS.split(name)}))

    def is_shown(self, name: str) -> bool:
        """Whether it is to be shown, or the last of its parts is."""
        if self._unmask is None or self.is_asked(name):
            return False
        last = next(filter(None, reversed(_PARTS.split(name))), name)
        return any(map(self._unmask.fullmatch, (name, last)))

    def may_be_in(self, text: str) -> bool:
        """Whether the text can hold a secret name at all; wrong on the safe side."""
        if self._mask is not None:
            return True
        lower = text.lower()
        return any(hint in lower for hint in _HINTS) and looks_secret(text)


def _any_of(patterns: Iterable[str]) -> re.Pattern[str] | None:
    given = "|".join(map(_translated, patterns))
    return re.compile(given, re.IGNORECASE | re.DOTALL) if given else None


def _translated(pattern: str) -> str:
    """Each piece between stars is found where it first stands and never tried again: a hostile
    name takes no longer than another one."""
    first, *rest = map(re.escape, pattern.split("*"))
    if not rest:
        return first
    *inner, last = rest
    return first + "".join(f"(?>.*?{piece})" for piece in inner if piece) + f".*{last}"
