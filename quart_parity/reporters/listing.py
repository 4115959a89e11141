"""Differences as plain lines, for reports that are neither a terminal nor a page."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from pathlib import Path

from ..masks import Masker
from ..report import PORT, Difference, Failure
from .lines import difference_lines, visible

WIDTH = 300
"""Characters of a line."""


def code(difference: Difference) -> str | None:
    """Of the divergence that causes it, the worst where there are several; `PORT` for the port's
    own, None where nobody could find out."""
    if difference.divergences is None:
        return None
    return next(iter(difference.divergences), PORT)


def cause(code: str | None) -> str:
    """As a sentence names it."""
    return {None: "cause unknown", PORT: "the port itself"}.get(code, code or "")


def broken(failure: Failure, masker: Masker) -> list[str]:
    """Which request could not be played, and why."""
    where = f"{failure.scenario}, request {failure.request}: " if failure.scenario else ""
    return [line(text, masker) for text in f"{where}{failure.message}".splitlines()]


def request(difference: Difference, masker: Masker) -> str:
    """``GET /cart?page=2``; of what no request showed, such as a rule, only that."""
    target = masker.target(difference.target, difference.route)
    return line(f"{difference.method} {target}".strip(), masker)


def line(text: str, masker: Masker, width: int = WIDTH) -> str:
    """One line of at most so many characters, none of which a terminal obeys."""
    text = visible(masker.text(text))
    return text if len(text) <= width else f"{text[: width - 1]}…"


def lines(difference: Difference, masker: Masker, most: int) -> list[str]:
    """What the text report says of one difference, in at most so many lines."""
    pieces = islice(difference_lines(difference, masker, most), most + 1)
    told = ["".join(visible(text) for text, _ in one)[:WIDTH] for one in pieces]
    return told if len(told) <= most else [*told[: most - 1], "    …"]


def listed(differences: Sequence[Difference], masker: Masker, most: int) -> list[str]:
    """Each with its request above it, unless the one before has the same."""
    told: list[str] = []
    before = None
    for difference in differences:
        asked = difference.scenario, difference.request, difference.target
        if asked != before:
            told.append(request(difference, masker))
        before = asked
        told += lines(difference, masker, most)
    return told


def located(view: str | None, folder: Path) -> tuple[str, int] | None:
    """File, relative to *folder*, and line; None of what is unknown or lies elsewhere."""
    file, _, number = (view or "").rpartition(":")
    if not file or not number.isdigit():
        return None
    path = (folder / file).resolve()
    folder = folder.resolve()
    return (path.relative_to(folder).as_posix(), int(number)) if folder in path.parents else None
