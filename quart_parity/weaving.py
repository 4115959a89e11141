"""Two texts side by side: where they part, and whether they do so in made-up values alone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import unquote

Match = Callable[[str, str, str, str], bool]
"""Whether two runs correspond, given what stands before and behind the first one."""

_RUN = re.compile("([A-Za-z0-9_.-]+={0,2})")
_BASE64_RUN = re.compile("((?:[A-Za-z0-9_.+/-]|%2B|%2F)+(?:=|%3D){0,2})", re.IGNORECASE)
_HAS_BASE64 = re.compile("[+/]|%2B|%2F", re.IGNORECASE)
_WORD = re.compile("[A-Z]?[a-z]*[.-]?[0-9]*|[A-Z]+|[._-].*")
"""As the parts of paths are: a word, a number, or both; nothing."""
_NO_PATH = frozenset("+=")
_EDGES = 6
"""Beginnings, and ends, that are tried without what two runs have in common there."""


def runs(ours: str, theirs: str) -> Iterator[re.Pattern[str]]:
    """What a value may be made of, to be tried in this order.

    With what only standard base64 has in it where the texts do not match without.
    """
    yield _RUN
    if _HAS_BASE64.search(ours) or _HAS_BASE64.search(theirs):
        yield _BASE64_RUN


def woven(
    run: re.Pattern[str],
    ours: str,
    theirs: str,
    match: Match,
    known: Callable[[str], str | None],
) -> tuple[bool, str]:
    """Whether all in which two texts differ corresponds; and the second in the words of the first.

    *run* is one of `runs`.
    """
    one, other = run.split(ours), run.split(theirs)
    fits = one[::2] == other[::2]
    ends = (len(one), 0) if fits else _common(one, other)
    middle = len(other) - ends[1]
    for at in range(1, len(other), 2):
        across = at if at < ends[0] else at - len(other) + len(one)
        if ends[0] <= at < middle:
            other[at] = known(other[at]) or other[at]
        elif one[across] != other[at]:
            before, after = "".join(one[max(0, across - 4) : across]), one[across + 1]
            if match(one[across], other[at], before, after):
                other[at] = one[across]
            else:
                fits = False
    return fits, "".join(other)


def _common(one: list[str], other: list[str]) -> tuple[int, int]:
    """How many pieces match from the beginning, and from the end, runs taken as equal.

    A run that stands beside the parting belongs to it: it may be another one altogether.
    """
    shorter = min(len(one), len(other))
    start = next((i for i in range(0, shorter, 2) if one[i] != other[i]), shorter)
    rest = shorter - start
    end = next((i for i in range(0, rest, 2) if one[-1 - i] != other[-1 - i]), rest)
    return max(start - 1, 0), max(end - 1, 0)


@dataclass(frozen=True, slots=True)
class Core:
    """What is left of two runs without the words that both begin or end with."""

    before: str
    ours: str
    theirs: str
    after: str


def cores(ours: str, theirs: str) -> Iterator[Core]:
    """The longest first: ids that were made at the same time begin alike, too.

    What two paths have in common around a value is never part of it.
    """
    outer = _folders(ours, theirs), _folders(ours[::-1], theirs[::-1])
    one, other = (text[outer[0] : len(text) - outer[1]] for text in (ours, theirs))
    if _are_paths(one, other):
        return
    starts = [outer[0] + edge for edge in (0, *_edges(one, other))]
    ends = [outer[1] + edge for edge in (0, *_edges(one[::-1], other[::-1]))]
    for start in starts:
        for end in ends:
            core = _core(ours, theirs, start, end)
            if core is not None:
                yield core


def _core(ours: str, theirs: str, start: int, end: int) -> Core | None:
    one, other = (text[start : len(text) - end] for text in (ours, theirs))
    if not one or not other or {_is_quoted(one), _is_quoted(other)} >= {True, False}:
        return None
    return Core(ours[:start], unquote(one), unquote(other), ours[len(ours) - end :])


def _folders(ours: str, theirs: str) -> int:
    """How many characters two runs have in common up to a slash."""
    return ours[: _common_length(ours, theirs)].rfind("/") + 1


def _are_paths(one: str, other: str) -> bool:
    """Whether two runs are parted alike, by words: the parts are values or not.

    Base64 has its slashes anywhere, which now and then is at the same place.
    """
    parts = one.split("/"), other.split("/")
    lengths = [list(map(len, some)) for some in parts]
    shortest = 0 if _NO_PATH.isdisjoint(one + other) else 4
    words = (p for some in parts for p in some if len(p) >= shortest and _WORD.fullmatch(p))
    return len(lengths[0]) > 1 and lengths[0] == lengths[1] and any(words)


def _common_length(one: str, other: str) -> int:
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(one), len(other)))


def _edges(ours: str, theirs: str) -> list[int]:
    """The positions behind a separator as far as two runs are the same."""
    common = ours[: _common_length(ours, theirs)]
    return [at + 1 for at, character in enumerate(common) if character in "._-"][:_EDGES]


def _is_quoted(text: str) -> bool | None:
    """Whether what URLs quote of base64 is quoted; None where there is nothing of it."""
    return True if "%" in text else False if re.search("[+/=]", text) else None
