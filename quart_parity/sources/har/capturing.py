"""How a value that stands in a recorded answer is found in the answer of a replay."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from json import loads
from typing import Any

from ...cookies import parse_set_cookie
from ...generated import form
from ...scenario import Capture

Fields = list[tuple[str, str]]

_NAMED = re.compile(r"\s(?:name|id)=")
_RUN = re.compile(r"[A-Za-z0-9_.-]+")
_FURTHEST = 400
"""Characters before a value that are looked at."""
_DEPTH = 50
_VALUE = "([A-Za-z0-9+/_.%=-]+)"


def capture_for(text: str, fields: Fields, body: str) -> Capture | None:
    """The capture that gives *text* of this answer, else None."""
    return _in_fields(text, fields) or _in_json(text, body) or _in_text(text, body)


def _in_fields(text: str, fields: Fields) -> Capture | None:
    for name, value in fields:
        if name.lower() == "set-cookie":
            for line in value.split("\n"):
                cookie = parse_set_cookie(line)
                if cookie and cookie.value == text:
                    return Capture(cookie=cookie.name)
        elif value == text:
            return Capture(header=name)
    return None


def _in_json(text: str, body: str) -> Capture | None:
    if body.lstrip()[:1] not in ("{", "[", '"'):
        return None
    try:
        pointer = next(_pointers(loads(body), text, "", 0), None)
    except (ValueError, RecursionError):
        return None
    return None if pointer is None else Capture(json=pointer)


def _pointers(value: Any, text: str, pointer: str, depth: int) -> Iterator[str]:
    """RFC 6901."""
    if value == text:
        yield pointer
    if depth == _DEPTH:
        return
    items: Any = ()
    if isinstance(value, dict):
        items = value.items()
    elif isinstance(value, list):
        items = enumerate(value)
    for key, inner in items:
        name = str(key).replace("~", "~0").replace("/", "~1")
        yield from _pointers(inner, text, f"{pointer}/{name}", depth + 1)


def _in_text(text: str, body: str) -> Capture | None:
    """By what stands around it, as little as it takes for the first match to be it."""
    at = body.find(text)
    if at < 0 or unescape(text) != text:
        return None
    after = body[at + len(text) :]
    end = after.find(">")
    behind = after[: end + 1] if 0 <= end < _FURTHEST else after[:1]
    lookahead = f"(?={_escaped(behind)})"
    # Where the name stands behind the value, it says more than what stands before.
    named = _NAMED.search(behind) is not None
    for start in _starts(body, at):
        for ahead in (lookahead, "") if named else ("", lookahead):
            regex = _escaped(body[start:at]) + _VALUE + ahead
            found = re.search(regex, body)
            if found and found[1] == text:
                return Capture(regex=regex)
    return None


def _starts(body: str, at: int) -> Iterator[int]:
    """Where the tag begins, then the tags before it."""
    start = at
    while start > max(0, at - _FURTHEST):
        tag = body.rfind("<", 0, start)
        if tag < 0 or tag < at - _FURTHEST:
            break
        start = tag
        yield start
    yield max(0, at - 40)


def _escaped(text: str) -> str:
    """A pattern of the text, in which numbers and made-up values may be any."""
    pattern, end = "", 0
    for run in _RUN.finditer(text):
        pattern += re.escape(text[end : run.start()])
        end = run.end()
        made_up = form(run[0], False) is not None
        pattern += "[A-Za-z0-9_.-]+" if made_up else re.sub(r"\d+", r"\\d+", re.escape(run[0]))
    return re.sub(r"(?:\\ |\\\n)+", r"\\s+", pattern + re.escape(text[end:]))
