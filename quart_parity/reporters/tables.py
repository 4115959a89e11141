"""The attributes of a cookie that differ, as a table where there is room for one; pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from unicodedata import combining, east_asian_width

from ..cookies import SetCookie, parse_set_cookie
from ..exchange import Exchange, header_values
from ..paths import Label, Path, format_path
from ..report import Compared, Difference
from ..values import MISSING
from .lines import Line, Teller, logs_of, told, visible

_HEAD = ("attribute", "reference", "candidate")
_INDENT = "    "
_GAP = "  "
_Cells = tuple[str, ...]


def cookie_of(difference: Difference) -> Path | None:
    """Which cookie a difference belongs to, where it is one of a cookie."""
    parts = difference.parts
    if parts[0] != "cookie" or len(parts) < 2:
        return None
    return parts[: 3 if len(parts) > 2 and isinstance(parts[2], Label) else 2]


def cookie_lines(
    cookie: Path, differences: Sequence[Difference], compared: Compared | None, teller: Teller
) -> Iterator[Line]:
    """The differences of one cookie; one below the other where a table would not fit."""
    attributes = [part for one in differences for part in _attributes(one, len(cookie))]
    rows = [_cells(one, len(cookie), teller) for one in attributes]
    table = list(_aligned([_HEAD, *rows]))
    if max(map(_columns, table)) > teller.width:
        for one in differences:
            yield from told(one, teller)
        return
    yield [(f"  {teller.text(format_path(cookie))}", "bold red")]
    yield from ([(row, "" if at else "dim")] for at, row in enumerate(table))
    differing = {cells[0] for cells in rows}
    if alike := [text for name, text in _alike(compared, cookie) if name not in differing]:
        yield from teller.prose(teller.text(", ".join(alike)), "dim", f"{_INDENT}alike: ", _INDENT)
    for one in differences:
        yield from logs_of(one, teller)


def _attributes(difference: Difference, at: int) -> list[Difference]:
    """A cookie that one side lacks differs in each of its attributes."""
    values = difference.reference, difference.candidate
    names = dict.fromkeys(name for value in values if isinstance(value, dict) for name in value)
    if len(difference.parts) > at or not names:
        return [difference]
    ours, theirs = ({} if value is MISSING else value for value in values)
    return [
        replace(
            difference,
            parts=(*difference.parts, name),
            reference=ours.get(name, MISSING),
            candidate=theirs.get(name, MISSING),
        )
        for name in names
    ]


def _cells(difference: Difference, at: int, teller: Teller) -> _Cells:
    parts = difference.parts
    values = (teller.value(parts, v) for v in (difference.reference, difference.candidate))
    return tuple(map(visible, (teller.text(format_path(parts[at:])), *values)))


def _aligned(rows: Sequence[_Cells]) -> Iterator[str]:
    widths = [max(map(_columns, column)) for column in zip(*rows, strict=True)]
    for cells in rows:
        padded = (
            cell + " " * (width - _columns(cell)) for cell, width in zip(cells, widths, strict=True)
        )
        yield (_INDENT + _GAP.join(padded)).rstrip()


def _columns(text: str) -> int:
    """That a terminal needs for it."""
    return sum(
        0 if combining(char) else 1 + (east_asian_width(char) in ("W", "F")) for char in text
    )


def _alike(compared: Compared | None, cookie: Path) -> Iterator[tuple[str, str]]:
    """The attributes that both sides give it, and how they are written."""
    if compared is None:
        return
    ours, theirs = (_set(one, cookie) for one in (compared.reference, compared.candidate))
    if ours and theirs:
        for name, text in ours.pairs:
            if (name, text) in theirs.pairs:
                yield name, f"{name}={text}" if text else name


def _set(exchange: Exchange, cookie: Path) -> SetCookie | None:
    fields = header_values(exchange.response.headers, "set-cookie") if exchange.response else []
    for parsed in map(parse_set_cookie, fields):
        if parsed and (parsed.name, Label(parsed.label))[: len(cookie) - 1] == cookie[1:]:
            return parsed
    return None
