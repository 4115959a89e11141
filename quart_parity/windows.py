"""Times in bodies and sessions, where each side has a clock of its own that passes.

One side answers later than the other, so a time that both write differs by as much. It is compared
by when it is, seen from the exchange that it comes with or from an earlier one that made it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from math import floor
from typing import Any

from werkzeug.http import parse_date

from .comparison import Found
from .exchange import Exchange
from .values import Moment

Window = tuple[float, float]
Both = tuple[Window, Window]
"""One exchange's on the reference and on the candidate."""

REMEMBERED = 50_000
"""Exchanges of earlier scenarios that a run keeps at most."""
_EPOCH = (1_000_000_000, 5_000_000_000)
"""Numbers between these, 2001 and 2128, may be seconds since then."""
_TIME = re.compile(
    r"((?<![0-9])[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]+)?)?"
    r"(?:Z|[+-][0-9]{2}:?[0-9]{2}\b)?"
    r"|\b[A-Z][a-z]{2}, [0-9]{2} [A-Z][a-z]{2} [0-9]{4} [0-9]{2}:[0-9]{2}:[0-9]{2}"
    r" (?:GMT|[+-][0-9]{4})\b"
    r"|\b[1-4][0-9]{9}(?:[0-9]{3}|\.[0-9]+)?\b)"
)
"""RFC 3339 and what is close to it, dates of RFC 9110 and RFC 5322, seconds and milliseconds."""
_ZONE = re.compile(r"(?<=[0-9])\s?(?:Z|GMT|[+-][0-9]{2}:?[0-9]{2})\Z")
_TO_MINUTES = re.compile(r"[0-9-]{10}[T ][0-9]{2}:[0-9]{2}(?![:0-9])")
_FLOAT = re.compile(r"([0-9]{10})\.([0-9]+)\Z")
_READ_ALREADY = frozenset({"header", "cookie", "trailer", "interim", "broken", "status"})


@dataclass(slots=True)
class Windows:
    """When the exchanges of a run took place, on each side, in order."""

    _past: list[Both] = field(default_factory=list)

    def add(self, reference: Sequence[Exchange], candidate: Sequence[Exchange]) -> None:
        """A scenario that has been compared."""
        self._past += _windows(reference, candidate)
        del self._past[:-REMEMBERED]

    def and_of(self, reference: Sequence[Exchange], candidate: Sequence[Exchange]) -> Windows:
        """These, and those of exchanges that are about to be compared."""
        every = Windows(self._past.copy())
        every.add(reference, candidate)
        return every

    def timely(
        self,
        found: list[Found],
        reference: Sequence[Exchange],
        candidate: Sequence[Exchange],
    ) -> list[Found]:
        """The differences that are left; in texts, the candidate's times are the reference's.

        The exchanges are the scenario's so far; what differs is found in the last.
        """
        now = list(_windows(reference, candidate))
        if not now:
            return found
        left = [self._left(one, now) for one in found]
        return [one for one in left if one[1] is not one[2]]

    def _left(self, found: Found, now: list[Both]) -> Found:
        path, ours, theirs = found
        if path[0] in _READ_ALREADY or type(ours) is not type(theirs):
            return found
        if isinstance(ours, str):
            theirs = self._woven(ours, theirs, now)
            return path, ours, ours if ours == theirs else theirs
        seconds = _plain_seconds(ours), _plain_seconds(theirs)
        if None not in seconds and self._is_same(str(ours), str(theirs), *seconds, now):
            return path, ours, ours
        return found

    def _woven(self, ours: str, theirs: str, now: list[Both]) -> str:
        """The candidate's text, with the reference's times where they are the same."""
        one, other = _TIME.split(ours), _TIME.split(theirs)
        if len(one) == 1 or len(one) != len(other):
            return theirs
        for at in range(1, len(one), 2):
            if one[at] != other[at] and self._are_same(one[at], other[at], now):
                other[at] = one[at]
        return "".join(other)

    def _are_same(self, ours: str, theirs: str, now: list[Both]) -> bool:
        return any(
            self._is_same(ours, theirs, *seconds, now)
            for seconds in zip(_seconds(ours), _seconds(theirs), strict=False)
        )

    def _is_same(self, ours: str, theirs: str, one: Any, other: Any, now: list[Both]) -> bool:
        """Whether both are as far from the same exchange, or in the midst of the same."""
        if _shape(ours) != _shape(theirs):
            return False
        unit = 60 if _TO_MINUTES.match(ours) else 1
        for window, others in now:
            soonest, latest = (one - _down(at, unit) for at in reversed(window))
            if (
                soonest <= other - _down(others[0], unit)
                and other - _down(others[1], unit) <= latest
            ):
                return True
        # Windows follow one another, and many may lie within one second.
        end = bisect_right(self._past, one + unit, key=lambda both: both[0][0])
        for window, others in reversed(self._past[:end]):
            if window[1] < one:
                return False
            if _down(others[0], unit) <= other <= others[1]:
                return True
        return False


def _down(seconds: float, unit: int) -> int:
    return floor(seconds / unit) * unit


def _shape(text: str) -> tuple[str, str]:
    """How a time is written, and its zone; a float has as many digits as it needs."""
    zone = _ZONE.search(text)
    text = _FLOAT.sub(lambda m: f"{m[1]}.{'x' if m[2].strip('0') else ''}", text)
    return Moment(text, ()).form, zone[0] if zone and ":" in text else ""


def _windows(reference: Sequence[Exchange], candidate: Sequence[Exchange]) -> Iterator[Both]:
    for ours, theirs in zip(reference, candidate, strict=False):
        if ours.window is not None and theirs.window is not None:
            yield ours.window, theirs.window


def _plain_seconds(value: object) -> int | None:
    if isinstance(value, datetime):
        return floor(value.timestamp())
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if isinstance(value, int) and _EPOCH[0] * 1000 < value < _EPOCH[1] * 1000:
        return value // 1000
    return floor(value) if _EPOCH[0] < value < _EPOCH[1] else None


def _seconds(text: str) -> list[int]:
    """The whole seconds that a time stands for; two where it does not say its zone."""
    if text[0].isalpha():
        date = parse_date(text)
        return [floor(date.timestamp())] if date else []
    if "-" not in text:
        return [floor(float(text[:10]))]
    try:
        date = datetime.fromisoformat(text.replace(",", "."))
    except ValueError:
        return []
    if date.tzinfo is not None:
        return [floor(date.timestamp())]
    return [floor(date.replace(tzinfo=UTC).timestamp()), floor(date.timestamp())]
