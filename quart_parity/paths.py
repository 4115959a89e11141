"""The one grammar of paths, in reports and in ``accept``.

``header.vary``, ``body.items[2].price``, ``cookie.theme{path=/shop}.samesite``: parts joined by
dots, list positions in brackets, a cookie's variant in braces. In patterns ``*`` stands for one
part (``[*]`` for one position) and ``**`` for any number of parts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from json import dumps, loads

_PLAIN = re.compile(r'[^.\[\]"*{}\s]+\Z')
_PART = re.compile(
    r"""
    (?P<dot>\.)?
    (?: (?P<quoted>"(?:[^"\\]|\\.)*")
      | \[(?P<index>[0-9]+|\*)\]
      | \{(?P<label>"(?:[^"\\]|\\.)*"|[^{}"]*)\}
      | (?P<star>\*\*?)
      | (?P<plain>[^.\[\]"*{}]+)
    )""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Label:
    """Tells variants of one name apart, as cookies by their path."""

    text: str


Part = str | int | Label
Path = tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Star:
    """``*``, ``[*]`` or ``**`` in a pattern."""

    text: str


Pattern = tuple[Part | Star, ...]


def format_path(path: Path) -> str:
    """Spell *path*; `parse_pattern` reads it back as a pattern that matches just it."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        elif isinstance(part, Label):
            text += "{" + (dumps(part.text) if re.search('[{}"]', part.text) else part.text) + "}"
        else:
            name = part if _PLAIN.match(part) else dumps(part, ensure_ascii=False)
            text += f".{name}" if text else name
    return text


@lru_cache(maxsize=1024)
def parse_pattern(text: str) -> Pattern:
    """Read a pattern; raises `ValueError` with the position where it is no path."""
    parts: list[Part | Star] = []
    at = 0
    while at < len(text):
        match = _PART.match(text, at)
        if not match or bool(match["dot"]) != _needs_dot(match, bool(parts)):
            raise ValueError(
                f"{text!r} is no path at position {at}: parts are joined by dots, positions stand"
                ' in brackets, and a part with a special character in quotes ("a.b")'
            )
        try:
            parts.append(_part(match))
        except ValueError as error:
            raise ValueError(f"{text!r} is no path at position {at}: {error}") from None
        at = match.end()
    if not parts:
        raise ValueError("a path pattern is empty")
    return tuple(parts)


def _needs_dot(match: re.Match[str], inside: bool) -> bool:
    return inside and match["index"] is None and match["label"] is None


def _part(match: re.Match[str]) -> Part | Star:
    if (index := match["index"]) is not None:
        return Star("[*]") if index == "*" else int(index)
    if (label := match["label"]) is not None:
        return Label(loads(label) if label.startswith('"') else label)
    if star := match["star"]:
        return Star(star)
    return str(loads(match["quoted"])) if match["quoted"] else match["plain"]


def matches(pattern: Pattern, path: Path) -> bool:
    """Whether *pattern* covers *path*; a label that the pattern does not name may be any."""
    if not pattern:
        return all(isinstance(part, Label) for part in path)
    first, rest = pattern[0], pattern[1:]
    if first == Star("**"):
        return any(matches(rest, path[taken:]) for taken in range(len(path) + 1))
    if not path:
        return False
    if isinstance(path[0], Label) and not isinstance(first, Label):
        return matches(pattern, path[1:])
    if isinstance(first, Star):
        fits = first.text == "*" or isinstance(path[0], int)
    else:
        fits = first == path[0] and type(first) is type(path[0])
    return fits and matches(rest, path[1:])
