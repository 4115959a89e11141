"""What a reader is told of one test's differences."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import groupby
from typing import Any

from ..divergences import DIVERGENCES
from ..masks import Masker
from ..report import Difference
from ..reporters.text import difference_lines, shown, visible
from .places import Place
from .visits import Journal, Visit

Found = tuple[Visit, Difference]
_MOST = 20
"""Differences that are told; all are counted."""
_LINES = 10
"""Lines of each side that are shown of a long text."""
_WIDTH = 320
"""Characters of a value that has a line for itself."""
_SHORT = 60
"""Characters of a value that stands beside the other side's."""
_FIRST = ("broken", "status", "raised")
"""Aspects that others are likely to follow from."""


class Account:
    """Lines, written once."""

    def __init__(self, journal: Journal, masker: Masker, source: Masker) -> None:
        self._journal = journal
        self._masker = masker
        self._source = source
        """For lines of the suite itself, which are no secret."""
        self._mended: set[str] = set()

    def lines(self, found: list[Found], failures: list[str]) -> Iterator[str]:
        """What differs, in the order of the requests, and why more could not be compared."""
        for line in self._lines(found, failures):
            yield visible(line)

    def _lines(self, found: list[Found], failures: list[str]) -> Iterator[str]:
        for failure in failures:
            yield f"parity: {self._masker.text(failure)}"
        if not found:
            return
        yield from self._head(found)
        for _, several in groupby(found[:_MOST], lambda one: (id(one[0]), one[1].request)):
            yield from self._request(list(several))
        if len(found) > _MOST:
            yield ""
            yield f"… and {number(len(found) - _MOST, 'more difference')}"
        for note in self._journal.notes:
            yield f"note: {self._masker.text(note)}"

    def _head(self, found: list[Found]) -> Iterator[str]:
        """The first line is all that a list of failures shows."""
        first = found[0][1]
        others = len(found) - 1
        more = f" and {number(others, 'other')}" if others else ""
        yield f"parity: {self._asked(first)}: {first.path}{more}"
        requests = {(id(visit), one.request) for visit, one in found}
        yield (
            f"the port answers otherwise: {number(len(found), 'difference')}"
            f" in {len(requests)} of {number(self._journal.exchanges, 'request')}"
        )

    def _asked(self, one: Difference) -> str:
        return f"{one.method} {self._masker.target(one.target, one.route)}"

    def _request(self, found: list[Found]) -> Iterator[str]:
        visit, first = found[0]
        yield ""
        yield from self._place(visit.places[first.request])
        yield f"  {self._asked(first)}"
        differences = [one for _, one in found]
        others = [one for one in differences if one.parts[0] not in _FIRST]
        told = [one for one in differences if one.parts[0] in _FIRST] or others
        causes = list(dict.fromkeys(one.divergences for one in told))
        for cause in causes:
            for one in told:
                if one.divergences == cause:
                    yield from self._whole(one)
            yield from self._cause(cause)
        if others and told is not others:
            yield "    and with that:"
            for one in others:
                yield self._short(one, causes)

    def _place(self, place: Place | None) -> Iterator[str]:
        if place is not None:
            yield f"{place}: {self._source.text(place.source)}"
            if place.helper is not None:
                yield f"  sent at {place.helper}"

    def _whole(self, one: Difference) -> Iterator[str]:
        for line in difference_lines(replace(one, divergences=None), self._masker, _LINES):
            yield "  " + "".join(_cut(text, _WIDTH) for text, _ in line)

    def _cause(self, codes: tuple[str, ...] | None) -> Iterator[str]:
        if codes == ():
            yield "    cause  the port itself"
        for code in codes or ():
            entry = DIVERGENCES[code]
            yield f"    cause  {code}: {entry.title}"
            if code not in self._mended:
                by_compat = not entry.intended or entry.opt_in
                way = "quart_parity.compat, or by hand" if by_compat else "by hand"
                yield f"    mend   {way}: quart-parity explain {code}"
            self._mended.add(code)

    def _short(self, one: Difference, causes: Iterable[tuple[str, ...] | None]) -> str:
        """In one line, with its cause where that is another one."""
        values = (self._masker.value(one.parts, v) for v in (one.reference, one.candidate))
        ours, theirs = map(_beside, values)
        cause = ""
        if one.divergences is not None and one.divergences not in causes:
            cause = f"  ({', '.join(one.divergences) or 'the port itself'})"
        return f"      {one.path}  {ours} → {theirs}{cause}"


def _beside(value: Any) -> str:
    return _cut(shown(value), _SHORT)


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else f"{text[:width]}…"


def number(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
