"""A scenario up to one of its requests, as a file that plays it again; pure."""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from collections.abc import Callable
from json import dumps
from typing import Any

from msgspec import to_builtins

from ...masks import Masker
from ...scenario import PLACEHOLDER, Scenario

LONGEST = 16_384
"""Characters of a scenario that stands with each of its exchanges."""
_SHORTEST_REQUEST = 16
_COOKIES = ("cookie", "set-cookie")
_CREDENTIALS = ("authorization", "proxy-authorization")
_SCHEME = re.compile(r"\s*[\w-]+ +")
_NAMED = re.compile(
    r"(?<![\w.\[\]%-])(?P<name>[\w.\[\]%-]++[\"']?\s*[=:]\s*[\"']?)[^\s\"'&;,<>]*+\Z"
)
"""The name of the value that a text ends with, as forms, queries and JSON write it."""
_OCTETS = "application/octet-stream"


def scenario_text(scenario: Scenario, request: int, masker: Masker, route: str = "") -> str:
    """JSON that `read_scenarios` reads, with masks in the place of secrets; empty if too long, or
    if it holds what no file can.

    What an earlier answer gave is no secret: the name that stands for it stays as it is, and so do
    the patterns that find it.
    """
    if (request + 1) * _SHORTEST_REQUEST > LONGEST:
        return ""
    plain = {name: getattr(scenario, name) for name in scenario.__struct_fields__}
    plain["requests"] = scenario.requests[: request + 1]
    try:
        plain = {name: to_builtins(value) for name, value in plain.items() if value}
    except TypeError:
        return ""
    _hide_variables(plain["requests"][-1], route, masker)
    writer = _Writer(masker)
    shown = {name: writer.field(name, value) for name, value in plain.items()}
    text = dumps({"scenarios": [shown]}, indent=1, default=str)
    return text if len(text) <= LONGEST else ""


def _hide_variables(request: dict[str, Any], route: str, masker: Masker) -> None:
    """Mask in the path what its rule's variables tell to be secret, unless it is captured."""
    for name in ("path", "target"):
        value = request.get(name)
        if value and not PLACEHOLDER.search(value):
            request[name] = masker.target(value, route)


class _Writer:
    """Masks each field of a scenario by what it holds."""

    def __init__(self, masker: Masker) -> None:
        self._masker = masker
        self._fields: dict[str, Callable[[Any], Any]] = {
            "requests": lambda requests: [self._all(one) for one in requests],
            "headers": lambda pairs: self._pairs(pairs, masker.field),
            "form": lambda pairs: self._pairs(pairs, self._named),
            "query": lambda query: self._pairs(query, self._named),
            "cookies": lambda pairs: self._pairs(pairs, self._cookie),
            "body_base64": self._octets,
            "content_base64": self._octets,
            "chunks": self._chunks,
            "files": lambda files: [self._file(one) for one in files],
            "capture": lambda captures: captures,
        }

    def field(self, name: str, value: Any) -> Any:
        return self._fields.get(name, self._inner)(value)

    def _all(self, struct: dict[str, Any]) -> dict[str, Any]:
        return {name: self.field(name, value) for name, value in struct.items()}

    def _inner(self, value: Any) -> Any:
        """A value of which the names inside tell what is secret."""
        if isinstance(value, dict):
            return {self._text(key): self._item(key, inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [self._inner(inner) for inner in value]
        return self._text(value) if isinstance(value, str) else value

    def _item(self, name: str, value: Any) -> Any:
        if self._masker.is_secret(name) and not _stands_for_a_value(value):
            return self._masker.value(("form", name), value)
        return self._inner(value)

    def _pairs(self, pairs: Any, mask: Callable[[str, str], Any]) -> Any:
        """In any of the three spellings: one text, an object, or a list of pairs."""
        if isinstance(pairs, str):
            return self._text(pairs)
        if isinstance(pairs, dict):
            return {self._text(name): self._values(name, v, mask) for name, v in pairs.items()}
        return [[self._text(name), self._values(name, value, mask)] for name, value in pairs]

    def _values(self, name: str, value: Any, mask: Callable[[str, str], Any]) -> Any:
        if isinstance(value, list):
            return [self._values(name, one, mask) for one in value]
        if _stands_for_a_value(value):
            return value
        if isinstance(value, str) and PLACEHOLDER.search(value):
            return self._filled(name, value, mask == self._cookie)
        return mask(name, value) if isinstance(value, str) else self._item(name, value)

    def _named(self, name: str, value: str) -> Any:
        return self._masker.value(("form", name), value)

    def _cookie(self, name: str, value: str) -> Any:
        return self._masker.value(("cookie", name, "value"), value)

    def _filled(self, name: str, value: str, is_cookie: bool) -> str:
        """A value of which a part is captured, and the rest masked under its name."""
        if is_cookie:
            return _between(value, lambda piece: self._cookie(name, piece))
        is_secret, lower = self._masker.is_secret(name), name.lower()
        if lower in _COOKIES and not is_secret:
            return ";".join(map(self._pair, value.split(";")))
        if not is_secret:
            return self._text(value)
        scheme = _SCHEME.match(value) if lower in _CREDENTIALS else None
        kept = scheme[0] if scheme else ""
        return kept + _between(value[len(kept) :], lambda piece: self._named(name, piece))

    def _pair(self, pair: str) -> str:
        """One cookie in a header field."""
        if not PLACEHOLDER.search(pair):
            return self._masker.field("Cookie", pair)
        name, equals, value = pair.partition("=") if "=" in pair else ("", "", pair)
        return f"{self._text(name)}{equals}{self._filled(name.strip(), value, True)}"

    def _text(self, text: str) -> str:
        """Masked but for the names of captured values, which a mask would take with it."""
        if len(text) > LONGEST:
            return self._masker.text(text)
        named = ""

        def mask(piece: str) -> str:
            nonlocal named
            shown = self._masker.text(named + piece)
            shown = shown.removeprefix(named)
            # What follows a captured value is the rest of what has the name before it.
            found = _NAMED.search(named + piece)
            named = found["name"] if found else ""
            return shown

        return _between(text, mask)

    def _octets(self, text: str, content_type: str = _OCTETS) -> str:
        return b64encode(self._masker.body(b64decode(text), content_type)).decode()

    def _chunks(self, chunks: list[str]) -> list[str]:
        """In one piece where something is masked, since that may have lain across two."""
        whole = "".join(chunks)
        shown = self._text(whole)
        return chunks if shown == whole else [shown]

    def _file(self, file: dict[str, Any]) -> dict[str, Any]:
        if self._masker.is_secret(file["field"]):
            return self._all({k: v for k, v in file.items() if not k.startswith("content")})
        return self._all(file)


def _between(text: str, mask: Callable[[str], Any]) -> str:
    """The text with what is around its placeholders masked piece by piece."""
    at, shown = 0, []
    for match in PLACEHOLDER.finditer(text):
        shown += [text[at : match.start()], match[0]]
        at = match.end()
    pieces = [*shown, text[at:]]
    pieces[::2] = [str(mask(piece)) if piece.strip() else piece for piece in pieces[::2]]
    return "".join(pieces)


def _stands_for_a_value(value: Any) -> bool:
    return isinstance(value, str) and PLACEHOLDER.fullmatch(value) is not None
