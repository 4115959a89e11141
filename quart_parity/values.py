"""What aspects read: plain values, and three kinds that plain values lack."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from math import floor
from typing import Any, Literal


class Missing(Enum):
    """The value of a side that has none; apart from None, which JSON and sessions know."""

    MISSING = "missing"

    def __bool__(self) -> Literal[False]:
        return False


MISSING = Missing.MISSING
LONGEST = 64 * 1024
"""Characters or bytes of one value that a report keeps."""
_BEFORE = 1024


def around_parting(reference: Any, candidate: Any) -> tuple[Any, Any]:
    """Both values; of long texts and bytes only what surrounds their first difference."""
    both = reference, candidate
    if max((len(value) for value in both if isinstance(value, str | bytes)), default=0) <= LONGEST:
        return both
    start = max(0, _parting(reference, candidate) - _BEFORE)
    return _cut(reference, start), _cut(candidate, start)


def _parting(one: Any, other: Any) -> int:
    """How much two texts, or bytes, have in common at their beginnings."""
    if type(one) is not type(other):
        return 0
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _cut(value: Any, start: int) -> Any:
    if not isinstance(value, str | bytes) or len(value) <= LONGEST:
        return value
    end = min(len(value), start + LONGEST)
    before = f"[{start} more] " if start else ""
    after = f" [{len(value) - end} more]" if end < len(value) else ""
    if isinstance(value, bytes):
        return before.encode() + value[start:end] + after.encode()
    return before + value[start:end] + after


class Variants(dict[str, Any]):
    """Several values of one name, by the label that tells them apart.

    Where neither side has more than one, there is nothing to tell apart, and they are compared
    under the name itself.
    """

    def add(self, label: str, value: Any) -> None:
        """Keep a value; the second one with a label is ``label#2``, so that the order counts."""
        count, name = 1, label
        while name in self:
            count += 1
            name = f"{label}#{count}"
        self[name] = value


@dataclass(frozen=True, slots=True, eq=False)
class Moment:
    """A point in time as an answer writes it, made at a time that is known to within an exchange.

    Equal to another one where both are written alike, or where both can be as many whole seconds
    away from their making.
    """

    text: str
    spans: tuple[tuple[int, int], ...]
    """The least and the most seconds from the making to the moment, by each clock that it may be
    told by; the two are one number unless a second ended during the exchange."""

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Moment):
            return NotImplemented
        return self.text == other.text or (self.form == other.form and self._can_be(other))

    # Equality is not transitive, so there is nothing to hash.
    __hash__ = None  # type: ignore[assignment]

    def _can_be(self, other: Moment) -> bool:
        return any(
            least <= others_most and others_least <= most
            for least, most in self.spans
            for others_least, others_most in other.spans
        )

    @property
    def form(self) -> str:
        """How it is written: two formats of one moment are two values."""
        return _DIGIT.sub("0", _NAME.sub("A", self.text))

    def __repr__(self) -> str:
        spans = (f"{low}" if low == high else f"{low} to {high}" for low, high in self.spans)
        return f"{self.text} ({' or '.join(spans)} s from then)"


# The names of days and months, but not that of the zone.
_NAME = re.compile("[A-Z][a-z]+")
_DIGIT = re.compile("[0-9]")


def moment(text: str, seconds: int, *windows: tuple[float, float]) -> Moment:
    """*seconds* since the epoch, written as *text* at some time in one of *windows*."""
    return Moment(
        text, tuple((seconds - floor(ended), seconds - floor(began)) for began, ended in windows)
    )
