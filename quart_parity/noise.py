"""What differs where the reference is compared with itself: the application's own noise.

A time that a page was made at, a counter, the order of a set. It is known by its place, and
accepted there, visibly; in a text the words around it are part of the place, so that the rest of
the page is still compared.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from .paths import Path
from .places import place
from .report import Difference, Result
from .values import MISSING

REASON = "the reference itself differs from one run to the next"
WHOLE = f"{REASON}, and not in single values: nothing of this text is compared"
_DECISIVE = frozenset({"broken", "raised", "status", "unawaited"})
"""What an application does not do at random: where this differs, it was asked in another state."""
_BODY: Path = ("body",)
_LENGTH: Path = ("header", "content-length")
_PIECES = {"word": re.compile(r"(\w+)"), "line": re.compile("([^\n]+)")}
"""What is told apart in a text, the finest first."""
_DIGIT = re.compile(r"\d")
_CONTEXT = 40
"""Characters before a piece that tell where in its text it stands."""
_MOST = 10_000


@dataclass(slots=True)
class _Place:
    """Where something varies."""

    types: set[type]
    contexts: set[str] = field(default_factory=set)
    """Of the words and lines of a text that vary."""
    is_whole: bool = False
    """Whether a text varies in more than its words and lines."""


@dataclass(slots=True)
class Noise:
    """Grows with each result of the reference against itself; then says what is noise."""

    places: dict[str, _Place] = field(default_factory=dict)
    unsure: Counter[str] = field(default_factory=Counter)
    """Scenarios in which the reference did something else when it was asked again, with the
    number of differences that were not taken as noise for that."""

    def add(self, result: Result) -> None:
        """Learn from a scenario up to where the reference does something else the second time."""
        decisive = (one.request for one in result.differences if one.parts[0] in _DECISIVE)
        end = min(decisive, default=None)
        for one in result.differences:
            if end is not None and one.request >= end:
                self.unsure[one.scenario] += 1
            elif one.reference is not MISSING and one.candidate is not MISSING:
                self._learn(one)

    def _learn(self, one: Difference) -> None:
        if len(self.places) >= _MOST and one.place not in self.places:
            return
        known = self.places.setdefault(one.place, _Place(set()))
        known.types |= {type(one.reference), type(one.candidate)}
        if isinstance(one.reference, str) and isinstance(one.candidate, str):
            found = next(_contexts(one.reference, one.candidate), set())
            known.is_whole |= not found
            # A word that varies may be a number the next time.
            flat = {context for both in found for context in both}
            words = {context for context in flat if context.startswith("word ")}
            known.contexts |= flat | {"number" + word.removeprefix("word") for word in words}

    def accepted(self, one: Difference) -> Difference:
        """The difference, accepted where it is noise."""
        known = self.places.get(one.place)
        reason = known and one.accepted is None and _reason(known, one.reference, one.candidate)
        if one.accepted is None and self._is_length_of_noise(one):
            reason = REASON
        return replace(one, accepted=reason, is_noise=True) if reason else one

    def _is_length_of_noise(self, one: Difference) -> bool:
        """Whether HEAD tells the length of a body that is noise where GET brings it."""
        if one.method != "HEAD" or one.parts != _LENGTH:
            return False
        route = place(_BODY, "GET", one.target).removeprefix("body")
        return any(known.startswith("body") and known.endswith(route) for known in self.places)

    def notes(self) -> list[str]:
        """What a reader must know of how it was looked for."""
        if not self.unsure:
            return []
        some = ", ".join(map(repr, list(self.unsure)[:3])) + (", …" if len(self.unsure) > 3 else "")
        return [
            f"{len(self.unsure)} scenarios ({some}) were not searched for noise to their end: the"
            " reference does something else when it is asked again. Reset its state between"
            " scenarios."
        ]


def _reason(known: _Place, ours: Any, theirs: Any) -> str | None:
    if not {type(ours), type(theirs)} <= known.types:
        return None
    if not isinstance(ours, str) or not isinstance(theirs, str):
        return REASON
    if any(
        all(not known.contexts.isdisjoint(both) for both in found)
        for found in _contexts(ours, theirs)
    ):
        return REASON
    return WHOLE if known.is_whole else None


def _contexts(ours: str, theirs: str) -> Iterator[set[tuple[str, str]]]:
    """What stands before each piece in which two texts differ, where they do so in pieces alone."""
    for kind, pattern in _PIECES.items():
        one, other = pattern.split(ours), pattern.split(theirs)
        # A text of one line is no line of a text.
        if one[::2] == other[::2] and (kind == "word" or len(one) > 3):
            yield set(_before(kind, one, other))


def _before(kind: str, ours: list[str], theirs: list[str]) -> Iterator[tuple[str, str]]:
    """Each with its position among all of them, should what stands before vary as well."""
    before, frame = "", hash(tuple(ours[::2]))
    for at, (one, other) in enumerate(zip(ours, theirs, strict=True)):
        if one != other:
            is_number = one.isdigit() and other.isdigit()
            what = "number" if is_number else kind
            yield f"{what} {before}", f"{what} {at} of {frame}"
        before = (before + ("*" if one != other else _DIGIT.sub("0", one[-_CONTEXT:])))[-_CONTEXT:]
