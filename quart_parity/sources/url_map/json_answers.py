"""What a JSON answer holds: values by their keys, things, and complaints."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import islice
from json import loads
from typing import Any

from .pages import LONGEST

_DEEPEST = 12
_WIDEST = 50
_MOST = 2_000
"""How deep into an answer is looked, at how many items of a list, and at how many values."""

Leaf = tuple[str, str, Any]
"""A value that holds no other, after its pointer and the key that it stands under."""


def read_json(body: bytes) -> Any:
    """What the body says; None where it is no JSON, or too much of it."""
    if len(body) > 4 * LONGEST:
        return None
    try:
        return loads(body)
    except (ValueError, RecursionError):
        return None


def leaves(data: Any) -> list[Leaf]:
    return list(islice(_leaves(data, "", "", 0), _MOST))


def _leaves(data: Any, pointer: str, name: str, depth: int) -> Iterator[Leaf]:
    if depth > _DEEPEST:
        return
    if isinstance(data, dict):
        for key, value in islice(data.items(), _WIDEST):
            yield from _leaves(value, f"{pointer}/{_escaped(key)}", key, depth + 1)
    elif isinstance(data, list):
        for at, value in enumerate(data[:_WIDEST]):
            yield from _leaves(value, f"{pointer}/{at}", name, depth + 1)
    else:
        yield pointer, name, data


def objects_in(
    data: Any, pointer: str = "", depth: int = 0
) -> Iterator[tuple[str, dict[str, Any]]]:
    """The objects that describe one thing each, by their pointers, the inner ones first."""
    if isinstance(data, list) and depth < 4:
        for at, item in enumerate(data[:3]):
            yield from objects_in(item, f"{pointer}/{at}", depth + 1)
    elif isinstance(data, dict):
        for key, value in islice(data.items(), _WIDEST):
            if isinstance(value, list) and depth < 4:
                yield from objects_in(value, f"{pointer}/{_escaped(key)}", depth + 1)
        if len(data) <= _WIDEST and _is_shallow(data, 3):
            yield pointer, data


def replaced(data: Any, found: Callable[[str, str], str | None], pointer: str = "") -> Any:
    """The same with each text for which *found* gives another, by its pointer and what it is."""
    if isinstance(data, dict):
        return {
            key: replaced(value, found, f"{pointer}/{_escaped(key)}") for key, value in data.items()
        }
    if isinstance(data, list):
        return [replaced(value, found, f"{pointer}/{at}") for at, value in enumerate(data)]
    return found(pointer, data) or data if isinstance(data, str) else data


def _escaped(key: str) -> str:
    """As a part of a pointer (RFC 6901, 3)."""
    return key.replace("~", "~0").replace("/", "~1")


def _is_shallow(data: Any, left: int) -> bool:
    """Whether it can be sent back as it is, without sending back everything."""
    if isinstance(data, dict):
        inner = [*data, *data.values()]
        return left > 0 and all(_is_shallow(value, left - 1) for value in inner)
    if isinstance(data, list):
        return left > 0 and len(data) <= _WIDEST and all(_is_shallow(v, left - 1) for v in data)
    return not isinstance(data, str) or can_be_sent(data)


def can_be_sent(text: str) -> bool:
    """Whether it is no placeholder, nor a half of a pair of surrogates, nor too long."""
    return "{{" not in text and len(text) < 2_000 and not re.search("[\ud800-\udfff]", text)


_UNDER = {"errors", "error", "detail", "details", "fields", "messages"}


def complaints(data: Any) -> dict[str, str]:
    """The fields that an error speaks of, each with what it says of it."""
    found: dict[str, str] = {}
    for pointer, name, value in leaves(data):
        if not isinstance(value, str):
            continue
        above = pointer.split("/")[1:-1]
        if _UNDER & set(above) and not name.isdigit() and name not in _UNDER:
            found[name.removeprefix("body.")] = value[:500]
        for word in re.findall(r"""["'`](\w{1,40})["'`]""", value[:500]):
            found.setdefault(word, value[:500])
    return {name: text for name, text in islice(found.items(), 20) if name and not name.isdigit()}
