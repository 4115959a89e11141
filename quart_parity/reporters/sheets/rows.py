"""Rows that stand side by side, cut to what can be read."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from .aligning import Cell, parting, pieces

ROWS = 400
"""Rows of one sheet at most."""
CHARACTERS = 2_000
"""Characters of one cell at most, before what nobody would see is escaped."""
CONTEXT = 4
"""Rows kept around one that differs."""
_BEFORE = 200
# What no page shows, or what turns the direction of a line; a tab is neither.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0a-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
)

Kind = Literal["fields", "tree", "lines", "hex"]
Texts = tuple[str | None, str | None]
"""The reference's and the candidate's."""


@dataclass(frozen=True, slots=True)
class Row:
    """What stands side by side."""

    label: str
    """The name of a field, attribute or key, or the number of a line; may be empty."""
    reference: Cell | None
    """None where the side has nothing there."""
    candidate: Cell | None
    differs: bool
    depth: int = 0
    """How far a tree's row is indented."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One part of an exchange: ``status``, ``headers``, ``cookie theme``, ``session``, ``body``."""

    title: str
    kind: Kind
    rows: tuple[Row, ...]
    left_out: int = 0
    """Rows that are not shown, where there are too many."""

    @property
    def differs(self) -> bool:
        return any(row.differs for row in self.rows)


@dataclass(frozen=True, slots=True)
class Draft:
    """A row before it is known whether it is shown; its texts are masked, and otherwise as sent."""

    label: str
    texts: Texts
    differs: bool = False
    depth: int = 0
    marked: bool = False
    """Whether the pieces are marked though nobody calls them a difference."""


def sheet(title: str, kind: Kind, drafts: Iterable[Draft], left_out: int = 0) -> Sheet:
    """The rows around what differs, where there are too many for all; else the first of them.

    *left_out* counts those of which no draft was made.
    """
    rows = list(drafts)
    kept = _kept(rows)
    made = tuple(_row(rows[at]) for at in sorted(kept))
    return Sheet(visible(title), kind, made, left_out + len(rows) - len(made))


def _kept(rows: list[Draft]) -> Iterable[int]:
    if len(rows) <= ROWS:
        return range(len(rows))
    kept: dict[int, None] = {}
    for at, row in enumerate(rows):
        if row.differs:
            near = range(max(0, at - CONTEXT), min(len(rows), at + CONTEXT + 1))
            kept.update(dict.fromkeys([*_above(rows, at), *near]))
        if len(kept) >= ROWS:
            return list(kept)[:ROWS]
    rest = (at for at in range(len(rows)) if at not in kept)
    kept.update(dict.fromkeys(at for at, _ in zip(rest, range(ROWS - len(kept)), strict=False)))
    return kept


def _above(rows: list[Draft], at: int) -> list[int]:
    """The branch of a tree on which a row is."""
    branch, depth = [at], rows[at].depth
    while depth and at:
        at -= 1
        if rows[at].depth < depth:
            branch.append(at)
            depth = rows[at].depth
    return branch[::-1]


def _row(draft: Draft) -> Row:
    texts = _cut(draft.texts)
    marked = draft.differs or draft.marked
    cells = pieces(*texts) if marked else (_plain(texts[0]), _plain(texts[1]))
    spell = visible
    if texts[0] != texts[1] and each(visible, texts)[0] == each(visible, texts)[1]:
        spell = _unmistakable
    one, other = (
        cell and tuple((spell(text), is_marked) for text, is_marked in cell) for cell in cells
    )
    return Row(visible(draft.label), one, other, draft.differs, draft.depth)


def _plain(text: str | None) -> Cell | None:
    return None if text is None else ((text, False),)


def _cut(texts: Texts) -> Texts:
    """Of long ones what surrounds the point at which they part."""
    if max(len(text or "") for text in texts) <= CHARACTERS:
        return texts
    ours, theirs = texts
    part = ours is not None and theirs is not None and ours != theirs
    start = max(0, parting(ours or "", theirs or "") - _BEFORE) if part else 0
    return each(lambda text: _window(text, start), texts)


def each(change: Callable[[str], str], texts: Texts) -> Texts:
    """Both changed, where they are there."""
    ours, theirs = texts
    if ours is not None and ours == theirs:
        both = change(ours)
        return both, both
    return None if ours is None else change(ours), None if theirs is None else change(theirs)


def _window(text: str, start: int) -> str:
    before = "…" if start else ""
    room = CHARACTERS - len(before)
    if len(text) - start <= room:
        return before + text[start:]
    return f"{before}{text[start : start + room - 1]}…"


def visible(text: str) -> str:
    """The text with escapes for what nobody would see, and for what cannot be encoded."""
    if text.isascii() and text.isprintable():
        return text
    return _INVISIBLE.sub(lambda match: ascii(match[0])[1:-1], text)


def _unmistakable(text: str) -> str:
    """Visible, and with backslashes that nobody takes for those of an escape."""
    return visible(text.replace("\\", "\\\\"))
