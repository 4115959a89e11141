"""JSON bodies: what the application itself answered, sent back as it came and otherwise."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

MOST = 16
"""Variations of one body."""
_NUMBER = re.compile(r"\bnumber|integer|\bint\b|numeric|digit|\bfrom \d|between|at least \d", re.I)
_LIST = re.compile(r"\blist\b|\barray\b|sequence", re.I)
_TRUTH = re.compile(r"\bbool|true or false", re.I)
_OBJECT = re.compile(r"\bobject\b|\bmapping\b|\bdict", re.I)
_WORDS = re.compile(r"\b[a-z]\w{1,30}\b")


def complained(
    given: Mapping[str, Any], complaints: Mapping[str, str], known: Mapping[str, list[Any]]
) -> dict[str, Any]:
    """The body with what an error missed or could not use, by what it says.

    *known* are values that were answered under a key; those are tried before made ones.
    """
    body = {name: value for name, value in given.items() if not _is_unknown(complaints.get(name))}
    for name, text in complaints.items():
        if _is_unknown(text):
            continue
        head, _, rest = name.partition(".")
        body[head] = _nested(rest, text) if rest else _value(head, text, body.get(head), known)
    return body


def _is_unknown(text: str | None) -> bool:
    """Whether an error says that there should be no such field."""
    return text is not None and re.search(r"unknown|unexpected|not allowed|extra", text) is not None


def _value(name: str, text: str, before: Any, known: Mapping[str, list[Any]]) -> Any:
    """A value of the kind that the text asks for, another one than was sent *before*."""
    if _LIST.search(text):
        return [_thing(known.get(name, []))]
    if _TRUTH.search(text):
        return True
    if _NUMBER.search(text):
        number = re.search(r"\d+", text)
        return int(number[0][:9]) if number else 2
    if _OBJECT.search(text):
        return {}
    tried = [value for value in known.get(name, []) if value != before and value is not None]
    made = [_text_for(name), 2, True, ["example"], {}]
    return next(value for value in [*tried, *made] if value != before)


def _nested(rest: str, text: str) -> Any:
    """What stands in a list, where an error speaks of one of its items."""
    words = _WORDS.findall(text)
    inner = {word: 1 for word in words if word not in _COMMON}
    return [inner] if rest[:1].isdigit() else {rest: 2 if _NUMBER.search(text) else "example"}


_COMMON = {"and", "or", "the", "must", "be", "is", "are", "of", "an", "in", "needs", "required"}
_COMMON |= {"missing", "with", "has", "have", "should", "expected", "field", "fields", "value"}


def _thing(known: list[Any]) -> Any:
    return known[0] if known else {"id": 1}


def _text_for(name: str) -> str:
    if "mail" in name:
        return "parity@example.com"
    if "pass" in name:
        return "Parity-Pass-1"
    return "2024-06-15" if "date" in name else "example"


def variations(body: Any) -> Iterator[tuple[str, Any]]:
    """What else may come where *body* is expected, each with what is unusual."""
    yield "an empty object", {}
    yield "a list", [body]
    yield "null", None
    yield "text", "text"
    if not isinstance(body, dict):
        return
    names = list(body)[: (MOST - 6) // 2]
    for name in names:
        yield f"without {name}", {key: value for key, value in body.items() if key != name}
        yield f"{name} of another type", {**body, name: _other(body[name])}
    yield "an unknown field", {**body, "unexpected": True}
    yield (
        "many scripts",
        {key: "Zoë ✓ 日本 <b>" if isinstance(value, str) else value for key, value in body.items()},
    )


def _other(value: Any) -> Any:
    if isinstance(value, str):
        return 12
    return "text" if not isinstance(value, list | dict) else 12
