"""What is different in two long texts, in a few lines."""

from __future__ import annotations

from difflib import unified_diff
from itertools import islice

LINES = 20
"""Lines shown at most of either text."""
WIDTH = 240
"""Characters shown of a longer line."""


def excerpt(reference: str, candidate: str, lines: int = LINES) -> list[str]:
    """A unified diff from the first line that differs, in bounded time whatever the texts.

    Lines that are too long are cut around the column at which the texts part.
    """
    ours, theirs = reference.split("\n"), candidate.split("\n")
    first = _parting(ours, theirs)
    column = _parting("".join(ours[first : first + 1]), "".join(theirs[first : first + 1]))
    start = max(first - 1, 0)
    end = start + lines
    diff = unified_diff(ours[start:end], theirs[start:end], n=1, lineterm="")
    # The first two lines name the files, of which there are none.
    marked = [line for line in islice(diff, 2, None) if not line.startswith("@@")]
    more = max(len(ours), len(theirs)) > end
    return [
        f"@@ line {first + 1}, column {column + 1} @@",
        *(line[0] + _cut(line[1:], column) for line in marked),
        *([f"… of {len(ours)} and {len(theirs)} lines"] if more else []),
    ]


def _parting(one: str | list[str], other: str | list[str]) -> int:
    """The first position at which two sequences differ."""
    shorter = min(len(one), len(other))
    return next((i for i in range(shorter) if one[i] != other[i]), shorter)


def _cut(line: str, column: int) -> str:
    start = max(column - WIDTH // 4, 0)
    before, after = "…" if start else "", "…" if len(line) > start + WIDTH else ""
    return line if len(line) <= WIDTH else f"{before}{line[start : start + WIDTH]}{after}"
