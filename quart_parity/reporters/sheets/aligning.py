"""Which lines of two texts belong together, and which pieces of two lines differ; pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

Cell = tuple[tuple[str, bool], ...]
"""The text of one side in one line, in pieces: each with whether the other side lacks it."""
Pair = tuple[int | None, int | None]
"""Positions of two lines that stand side by side; None where a side has none."""

LINES = 300
"""Lines between the first and the last difference, on either side, that are matched at most."""
_TOKENS = 200
_TOKEN = re.compile(r"\w+|\s+|[^\w\s]")


def aligned(ours: Sequence[str], theirs: Sequence[str]) -> list[Pair]:
    """Each line once, in order. Where too much differs to be matched, one by one."""
    start = parting(ours, theirs)
    end = _from_the_end(ours, theirs, start)
    middle = ours[start : len(ours) - end], theirs[start : len(theirs) - end]
    pairs: list[Pair] = [(at, at) for at in range(start)]
    pairs += [(_moved(one, start), _moved(other, start)) for one, other in _matched(*middle)]
    back = range(end, 0, -1)
    return [*pairs, *((len(ours) - at, len(theirs) - at) for at in back)]


def _moved(at: int | None, by: int) -> int | None:
    return None if at is None else at + by


def _matched(ours: Sequence[str], theirs: Sequence[str]) -> Iterator[Pair]:
    if max(len(ours), len(theirs)) > LINES:
        yield from _side_by_side(range(len(ours)), range(len(theirs)))
        return
    matcher = SequenceMatcher(None, ours, theirs, autojunk=False)
    for _, first, last, others_first, others_last in matcher.get_opcodes():
        yield from _side_by_side(range(first, last), range(others_first, others_last))


def _side_by_side(ours: range, theirs: range) -> Iterator[Pair]:
    for at in range(max(len(ours), len(theirs))):
        yield (
            ours[at] if at < len(ours) else None,
            theirs[at] if at < len(theirs) else None,
        )


def pieces(ours: str | None, theirs: str | None) -> tuple[Cell | None, Cell | None]:
    """Both texts, marked where they differ, word by word."""
    if ours is None or theirs is None:
        return _whole(ours), _whole(theirs)
    one, other = _TOKEN.findall(ours), _TOKEN.findall(theirs)
    start = parting(one, other)
    end = _from_the_end(one, other, start)
    same = [(0, 0, start), *_in_common(one, other, start, end)]
    same += [(len(one) - end, len(other) - end, end)]
    return (
        _marked(one, [(at, size) for at, _, size in same]),
        _marked(other, [(at, size) for _, at, size in same]),
    )


def _whole(text: str | None) -> Cell | None:
    return None if text is None else ((text, True),)


def _in_common(
    one: list[str], other: list[str], start: int, end: int
) -> Iterator[tuple[int, int, int]]:
    """What both have between their ends: words, since a lone space or comma says nothing."""
    ours, theirs = one[start : len(one) - end], other[start : len(other) - end]
    if max(len(ours), len(theirs)) > _TOKENS:
        return
    for at, others_at, size in SequenceMatcher(None, ours, theirs, False).get_matching_blocks():
        if any(token[0].isalnum() for token in ours[at : at + size]):
            yield start + at, start + others_at, size


def _marked(tokens: list[str], same: list[tuple[int, int]]) -> Cell:
    cell: list[tuple[str, bool]] = []
    at = 0
    for begin, size in same:
        cell.append(("".join(tokens[at:begin]), True))
        at = begin + size
        cell.append(("".join(tokens[begin:at]), False))
    return tuple(piece for piece in cell if piece[0]) or (("", False),)


def parting(one: Sequence[str], other: Sequence[str]) -> int:
    """The first position at which two texts, or rows of them, differ."""
    shorter = min(len(one), len(other))
    return next((at for at in range(shorter) if one[at] != other[at]), shorter)


def _from_the_end(one: Sequence[str], other: Sequence[str], start: int) -> int:
    """How much is the same at the ends, behind *start*."""
    most = min(len(one), len(other)) - start
    return next((at for at in range(most) if one[-1 - at] != other[-1 - at]), most)
