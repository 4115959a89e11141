"""What looks secret by its name, masked; equal values with equal masks."""

from __future__ import annotations

import re
from typing import Any

from .paths import Path
from .values import Missing

_SECRET = re.compile(
    r"""(?: ^|[^a-z])(?: auth | authorization | credentials? | pin | pwd | sid )(?: $|[^a-z])
      | passw | passphrase | secret | token | api[-_]?key | private[-_]?key | csrf | xsrf
      | session[-_]?(?:id|key) | signature | bearer""",
    re.VERBOSE | re.IGNORECASE,
)
_QUERY_PAIR = re.compile(r"(?<=[?&;])([\w.%\[\]-]+)=([^&;#\s\"'<>]*)")


def looks_secret(name: str) -> bool:
    """Whether a value of this name is not to be shown."""
    return _SECRET.search(name) is not None


class Masker:
    """Masks for one output; the mask's number tells equal values from unequal ones."""

    def __init__(self, show_secrets: bool = False) -> None:
        self._show = show_secrets
        self._masks: dict[str, str] = {}

    def value(self, path: Path, value: Any) -> Any:
        """The value at *path*, masked whole or in those of its parts whose name is secret."""
        names = [part for part in path if isinstance(part, str)]
        for name in names[1:]:
            if looks_secret(name):
                return self._secret(value)
        if names[:1] == ["cookie"] and "session" in "".join(names[1:2]).lower():
            return self._raw_session(names, value)
        return self._inner(value)

    def text(self, text: str) -> str:
        """A request-target, or other text, with the secret values of URL queries in it masked."""
        if self._show or "=" not in text:
            return text
        return _QUERY_PAIR.sub(self._pair, text)

    def _pair(self, match: re.Match[str]) -> str:
        name, value = match[1], match[2]
        return f"{name}={self._secret(value)}" if looks_secret(name) else match[0]

    def _raw_session(self, names: list[str], value: Any) -> Any:
        """A signed cookie that nobody could decode; a decoded one never shows its bytes."""
        if isinstance(value, dict):
            return {k: self._secret(v) if k == "value" else v for k, v in value.items()}
        return self._secret(value) if names[-1] == "value" else value

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
        if self._show or value in (None, True, False, "") or isinstance(value, Missing):
            return value
        return self._masks.setdefault(repr(value), f"<masked {len(self._masks) + 1}>")
