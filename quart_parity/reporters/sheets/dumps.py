"""Bytes in hexadecimal, side by side; only what is shown is written out. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from ...masks.numbers import MASK
from .rows import CONTEXT, ROWS, Draft

_WIDTH = 16
"""Bytes of one line."""
_SLICE = 4096 * _WIDTH
"""Bytes that are compared at once."""
_MASK = re.compile(MASK.pattern.encode())


@dataclass(frozen=True, slots=True)
class Bytes:
    """What one side sent, with where it may be shown."""

    raw: bytes
    shown: bytes | None
    """A byte for each of *raw*: zero where that is masked. None where nothing is."""

    @classmethod
    def of(cls, raw: bytes, masked: bytes) -> Bytes:
        """Only what stands in *masked* is shown, in its order: masks are of other lengths."""
        if raw == masked:
            return cls(raw, None)
        shown, at = bytearray(len(raw)), 0
        *pieces, last = _MASK.split(masked)
        for piece in pieces:
            found = raw.find(piece, at)
            if found < 0:
                break
            at = found + len(piece)
            shown[found:at] = b"\1" * len(piece)
        if len(raw) - len(last) >= at and raw.endswith(last):
            shown[len(raw) - len(last) :] = b"\1" * len(last)
        return cls(raw, bytes(shown))

    def dump(self, line: int) -> str | None:
        begin = line * _WIDTH
        chunk = self.raw[begin : begin + _WIDTH]
        if not chunk:
            return None
        shown = self.shown[begin : begin + _WIDTH] if self.shown else b"\1" * _WIDTH
        both = list(zip(chunk, shown, strict=False))
        digits = " ".join(f"{byte:02x}" if is_shown else "**" for byte, is_shown in both)
        printable = "".join(
            ("*" if not is_shown else chr(byte) if 32 <= byte < 127 else ".")
            for byte, is_shown in both
        )
        return f"{digits:{_WIDTH * 3}} {printable}"


def dumped(ours: Bytes, theirs: Bytes, differs: bool, marked: bool) -> tuple[list[Draft], int]:
    """The lines around what is unequal, where that counts; and how many are left out."""
    total = -(-max(len(ours.raw), len(theirs.raw)) // _WIDTH)
    unequal = list(islice(_unequal(ours.raw, theirs.raw), ROWS)) if differs or marked else []
    kept = _kept(total, unequal)
    told = frozenset(unequal)
    drafts = [
        Draft(
            f"{at * _WIDTH:08x}",
            (ours.dump(at), theirs.dump(at)),
            differs and at in told,
            marked=marked and at in told,
        )
        for at in kept
    ]
    return drafts, total - len(kept)


def _kept(total: int, unequal: list[int]) -> list[int]:
    kept: dict[int, None] = {}
    for at in unequal:
        kept.update(dict.fromkeys(range(max(0, at - CONTEXT), min(total, at + CONTEXT + 1))))
        if len(kept) >= ROWS:
            return sorted(list(kept)[:ROWS])
    rest = (at for at in range(total) if at not in kept)
    return sorted([*kept, *islice(rest, ROWS - len(kept))])


def _unequal(ours: bytes, theirs: bytes) -> Iterator[int]:
    """The lines that are, in order."""
    for begin in range(0, max(len(ours), len(theirs)), _SLICE):
        one, other = ours[begin : begin + _SLICE], theirs[begin : begin + _SLICE]
        if one != other:
            for at in range(0, max(len(one), len(other)), _WIDTH):
                if one[at : at + _WIDTH] != other[at : at + _WIDTH]:
                    yield (begin + at) // _WIDTH
