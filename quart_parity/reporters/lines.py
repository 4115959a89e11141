"""Lines that somebody reads, in what a terminal or file can show; and a difference in some."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from json import dumps
from textwrap import TextWrapper
from typing import Any

from ..masks import Masker
from ..paths import Path
from ..report import Difference
from ..values import MISSING
from .excerpt import LINES, excerpt
from .json import plain

Line = list[tuple[str, str]]
"""Pieces of one line, each with its style in rich's words."""

WIDTH = 100
"""Columns of a table where no terminal says how many there are."""
_LONG = 100
"""Characters from which on two texts are shown as an excerpt of what differs."""
_MOST = 1_000
"""Characters shown of any other value, and of a line of a log."""
_LOG_LINES = 40
"""Lines shown of a log."""
_SIGNS = {"…": "...", "→": "->"}
"""What we write ourselves and not every terminal can show."""

# Control and format characters, lone surrogates, line and paragraph separators: an application
# that sends them must not reset the terminal, nor turn a line's direction around.
_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)


def visible(text: str) -> str:
    """The text with escapes for what a terminal would obey."""
    return _UNSAFE.sub(lambda match: ascii(match[0])[1:-1], text)


@dataclass(frozen=True, slots=True)
class Teller:
    """Words what applications sent: masked, and in characters that the output has.

    Our own signs are no such text and are replaced when a line is finished, so that nobody takes
    them for an application's.
    """

    masker: Masker
    encoding: str = "utf-8"
    width: int = WIDTH
    wraps: bool = False
    """Whether sentences are broken at the width, as for a terminal."""

    def text(self, text: str) -> str:
        return self.escaped(self.masker.text(text))

    def value(self, parts: Path, value: Any) -> str:
        """On one line, as JSON."""
        return self.escaped(shown(self.masker.value(parts, value)))

    def escaped(self, text: str) -> str:
        return text.encode(self.encoding, "backslashreplace").decode(self.encoding)

    def prose(self, text: str, style: str = "", first: str = "", rest: str = "") -> Iterator[Line]:
        """Sentences, whose lines begin with *first* and then with *rest*."""
        text = visible(text)
        if not self.wraps:
            yield [(first + text, style)]
            return
        wrapper = TextWrapper(
            self.width,
            initial_indent=first,
            subsequent_indent=rest,
            break_long_words=False,
            break_on_hyphens=False,
        )
        yield from ([(line, style)] for line in wrapper.wrap(text))

    def headed(self, head: str, style: str, text: str) -> Iterator[Line]:
        """Sentences beside a head, below which nothing stands."""
        indent = " " * len(head)
        for line in self.prose(text, "", indent, indent):
            yield [(head, style), (line[0][0][len(head) :], "")]
            head = indent

    def beside(self, first: tuple[str, str], second: tuple[str, str]) -> Iterator[Line]:
        """Two pieces on a line; where that has no room for both, on two."""
        if self.wraps and len(first[0]) + 2 + len(second[0]) > self.width:
            yield [first]
            yield from self.prose(*second, "  ", "  ")
        else:
            yield [first, ("  " + second[0], second[1])]

    def finished(self, line: Line) -> Line:
        """The line as it can be written."""
        return [(self._signed(visible(text)), style) for text, style in line]

    def _signed(self, text: str) -> str:
        for sign, instead in _SIGNS.items():
            if sign in text and not self._has(sign):
                text = text.replace(sign, instead)
        return text

    def _has(self, sign: str) -> bool:
        return sign.encode(self.encoding, "ignore") != b""


def difference_lines(difference: Difference, masker: Masker, lines: int = LINES) -> Iterator[Line]:
    """One difference: its path, both values, and its cause; of long texts so many *lines*."""
    yield from told(difference, Teller(masker), lines)
    if difference.divergences is not None:
        codes = ", ".join(difference.divergences)
        yield [(f"    cause      {codes or 'the port itself'}", "yellow" if codes else "")]


def told(difference: Difference, teller: Teller, lines: int = LINES) -> Iterator[Line]:
    """The same without the cause."""
    path = (f"  {teller.escaped(teller.masker.path(difference.parts))}", "bold red")
    if difference.accepted is None:
        yield [path]
    else:
        reason = teller.text(difference.accepted)
        yield [(path[0], "cyan"), (f"  accepted: {reason}", "dim")]
    parts, masker = difference.parts, teller.masker
    ours, theirs = (masker.value(parts, v) for v in (difference.reference, difference.candidate))
    texts = isinstance(ours, str) and isinstance(theirs, str) and ours != theirs
    if texts and len(ours) + len(theirs) > _LONG:
        for text in excerpt(teller.escaped(ours), teller.escaped(theirs), lines):
            yield [(f"    {text}", {"-": "red", "+": "green"}.get(text[0], "dim"))]
    else:
        yield from _values((ours, theirs), difference.places or (None, None), teller)
    yield from logs_of(difference, teller)


def _values(
    values: tuple[Any, Any], places: tuple[str | None, ...], teller: Teller
) -> Iterator[Line]:
    sides = zip(("reference", "candidate"), values, places, strict=True)
    for name, value, place in sides:
        where = f"  at {teller.text(place)}" if place else ""
        yield [(f"    {name}  {teller.escaped(shown(value))}", ""), (where, "dim")]


def logs_of(difference: Difference, teller: Teller) -> Iterator[Line]:
    """What the servers logged: the end of it, where the exception is."""
    for name, log in zip(("reference", "candidate"), difference.logs, strict=True):
        if log is not None:
            lines = teller.text(log).rstrip().splitlines()
            left_out = len(lines) - _LOG_LINES
            more = f", the last {_LOG_LINES} of {len(lines)} lines" if left_out > 0 else ""
            yield [(f"    log of the {name}{more}", "dim")]
            for line in lines[-_LOG_LINES:]:
                yield [(f"      {cut(line.expandtabs())}", "dim")]


def shown(value: Any) -> str:
    return "(missing)" if value is MISSING else cut(dumps(plain(value), ensure_ascii=False))


def cut(text: str) -> str:
    return text if len(text) <= _MOST else f"{text[:_MOST]}… ({len(text)} characters)"
