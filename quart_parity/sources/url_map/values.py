"""Values for the variable parts of rules: typical ones, and those at the edges."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import import_module
from typing import Any

from ...routes import Converter

LONG = 300
"""Characters of a value that is too long for most purposes."""
_TEXT = ["a b", "Zoë", "100%", "a/b", "a+b", "<b>&amp;", "..", " ", "a" * LONG]
_PATHS = ["a/b.txt", "../a", "a/../b", "a//b", "./a", ".hidden", "a/", "no-such-file.txt"]
_UUIDS = ["00000000-0000-0000-0000-000000000000", "6BA7B810-9DAD-11D1-80B4-00C04FD430C8"]
_SAMPLES = ["example", "example-1", "en", "a", "1", "12", "2024", "2024-06-15", "2024/06/15"]
_SAMPLES += ["A1", "ABC", "abc123", "a1b2c3d4", "1.0", "a.txt", "a_b", "2024-06", "en-US", "true"]
_REPEATS = 3
"""How often a part of a regex is repeated that may be so for ever."""


def typical(converter: Converter) -> list[str]:
    """Values that most views of such a rule can use, the likeliest first; at most three."""
    numbers = {"int": _integers, "float": _floats}
    if converter.name in numbers:
        found = numbers[converter.name](converter)
    elif converter.name == "any":
        found = [str(item) for item in converter.arguments]
    elif converter.name == "uuid":
        found = _UUIDS[:1]
    else:
        found = _texts(converter)
    return [value for value in found if _takes(converter, value)][:3]


def edges(converter: Converter) -> list[str]:
    """What is just taken and what just is not, and what may be read in two ways."""
    kinds = {"int": _integer_edges, "float": _float_edges, "uuid": _uuid_edges, "any": _any_edges}
    kind = kinds.get(converter.name, _path_edges if _crosses(converter) else _text_edges)
    return list(dict.fromkeys(kind(converter)))


def _takes(converter: Converter, value: str) -> bool:
    return re.fullmatch(converter.regex, value) is not None


def _crosses(converter: Converter) -> bool:
    return converter.name == "path" or converter.part_isolating is False


def _bounds(converter: Converter) -> tuple[Any, Any]:
    """The least and the greatest number, None where there is none."""
    options = converter.options
    return options.get("min"), options.get("max")


def _integers(converter: Converter) -> list[str]:
    low, high = _bounds(converter)
    digits = int(converter.options.get("fixed_digits", 0) or 0)
    start = 1 if low is None else int(low)
    usual = [start, start + 1, start + 2]
    return [str(n).zfill(digits) for n in usual if high is None or n <= high]


def _integer_edges(converter: Converter) -> Iterator[str]:
    low, high = _bounds(converter)
    yield from ("0", "2", "01", "-1", "abc", "1.5", "2147483648", "9" * 30, "\u0661", "1 ")
    if low is not None:
        yield from (str(int(low)), str(int(low) - 1))
    if high is not None:
        yield from (str(int(high)), str(int(high) + 1))


def _floats(converter: Converter) -> list[str]:
    low, high = _bounds(converter)
    start = 1.5 if low is None else float(low)
    return [f"{min(start, high) if high is not None else start:.2f}"]


def _float_edges(converter: Converter) -> Iterator[str]:
    low, high = _bounds(converter)
    yield from ("0.0", "1", "1.50", "-1.5", "1e5", "nan", ".5", f"{'9' * 30}.0")
    for bound in (low, high):
        if bound is not None:
            yield from (f"{float(bound):.1f}", f"{bound - 0.1:.1f}", f"{bound + 0.1:.1f}")


def _uuid_edges(converter: Converter) -> Iterator[str]:
    yield from (*_UUIDS, "6ba7b8109dad11d180b400c04fd430c8", "no-uuid")


def _any_edges(converter: Converter) -> Iterator[str]:
    items = [str(item) for item in converter.arguments]
    yield from (*items, "none-of-them", *(item.upper() for item in items[:1]))


def _path_edges(converter: Converter) -> Iterator[str]:
    yield from _PATHS
    yield from _TEXT


def _text_edges(converter: Converter) -> Iterator[str]:
    """Where the length counts, just as long and one more or less."""
    options = converter.options
    for name, step in (("minlength", -1), ("maxlength", 1), ("length", 1)):
        if isinstance(size := options.get(name), int) and 0 < size < LONG:
            yield from ("b" * size, "b" * max(size + step, 1))
    if converter.name not in ("default", "string"):
        sample = next(iter(_texts(converter)), "example")
        yield from (sample.upper(), f"{sample}!", f"-{sample}")
    yield from _TEXT


def _texts(converter: Converter) -> list[str]:
    options = converter.options
    size = options.get("length") or options.get("minlength") or 0
    known = [value.ljust(size, "x")[: options.get("length")] for value in _SAMPLES]
    found = [value for value in known if _takes(converter, value)]
    return found or [value for value in [sample(converter.regex)] if value is not None]


def sample(regex: str) -> str | None:
    """A text that *regex* matches, None where none is found."""
    try:
        # What `re` itself compiles; it has no public name.
        text = "".join(_parts(import_module("re._parser").parse(regex)))
    except (ImportError, re.error, AttributeError, LookupError, TypeError, ValueError):
        return None
    except RecursionError:
        return None
    return text if re.fullmatch(regex, text) else None


def _parts(tree: Any) -> Iterator[str]:
    """A text for each part of a parsed regex, the first of several that would do."""
    for operation, given in tree:
        kind = str(operation)
        if kind == "LITERAL":
            yield chr(given)
        elif kind == "ANY":
            yield "a"
        elif kind == "IN":
            yield _one_of(given)
        elif kind in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
            low, high, inner = given
            times = min(max(low, 1), high) if low < _REPEATS else low
            yield "".join(_parts(inner)) * min(times, LONG)
        elif kind == "SUBPATTERN":
            yield from _parts(given[-1])
        elif kind == "ATOMIC_GROUP":
            yield from _parts(given)
        elif kind == "BRANCH":
            yield from _parts(given[1][0])


def _one_of(given: Any) -> str:
    """A character of a set; of one that is negated, the first usual one that is not in it."""
    kinds = [(str(kind), value) for kind, value in given]
    if kinds[0][0] == "NEGATE":
        return next(char for char in "a1-b_ ." if not any(_is_in(char, *one) for one in kinds[1:]))
    kind, value = kinds[0]
    if kind == "LITERAL":
        return chr(value)
    if kind == "RANGE":
        return chr(value[0])
    return {"CATEGORY_DIGIT": "1", "CATEGORY_SPACE": " "}.get(str(value), "a")


def _is_in(char: str, kind: str, value: Any) -> bool:
    if kind == "LITERAL":
        return ord(char) == int(value)
    if kind == "RANGE":
        return bool(value[0] <= ord(char) <= value[1])
    pattern = {"CATEGORY_DIGIT": r"\d", "CATEGORY_SPACE": r"\s"}.get(str(value), r"\w")
    return re.match(pattern, char) is not None
