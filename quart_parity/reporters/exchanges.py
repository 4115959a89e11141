"""One exchange that differs, in lines: where, what, and how to see it again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

from ..exchange import Exchange
from ..paths import Path as Parts
from ..report import LISTED, PORT, Compared, Difference, Result
from .curl import address_of, curl
from .lines import Line, Teller, told
from .reporter import Manner
from .sheets import Cell, Row, Sheet, request_sheets, sheets
from .tables import cookie_lines, cookie_of

_ROOM = 64 * 1024 * 1024
"""Bytes of bodies that are kept."""
_Key = tuple[str, int, str, str]
_MARKS = (("- ", "red"), ("+ ", "green"))


@dataclass(slots=True)
class Kept:
    """The exchanges that a report is going to show, in bounded number and size."""

    whole: bool
    """Whether with their answers' bodies."""
    _kept: dict[_Key, Compared] = field(default_factory=dict)
    _room: int = _ROOM

    def add(self, result: Result) -> None:
        shown = {one.request for one in result.differences if self.whole or one.accepted is None}
        for one in result.compared:
            if one.request in shown and len(self._kept) < LISTED:
                self._keep(result.scenario, one if self.whole else _without_bodies(one))

    def _keep(self, scenario: str, compared: Compared) -> None:
        size = _size(compared.reference) + _size(compared.candidate)
        if size <= self._room:
            self._room -= size
            request = compared.reference.request
            key = scenario, compared.request, request.method, request.target
            self._kept.setdefault(key, compared)

    def find(self, one: Difference) -> Compared | None:
        return self._kept.get((one.scenario, one.request, one.method, one.target))


def _size(exchange: Exchange) -> int:
    answered = len(exchange.response.body) if exchange.response else 0
    return answered + sum(map(len, exchange.request.chunks))


def _without_bodies(compared: Compared) -> Compared:
    sides = compared.reference, compared.candidate
    ours, theirs = (
        replace(one, response=one.response and replace(one.response, body=b"")) for one in sides
    )
    return replace(compared, reference=ours, candidate=theirs, sessions=(None, None))


@dataclass(slots=True)
class Shower:
    """Shows the exchanges of one report."""

    teller: Teller
    manner: Manner
    kept: Kept
    candidate: str
    """The target, which may be where a server listens."""
    needs_side: bool = False
    """Whether a line says ``$SIDE`` where an address belongs."""
    _whole: set[_Key] = field(default_factory=set)
    """Those that need not be shown whole again."""

    def lines(self, differences: Sequence[Difference], code: str | None = None) -> Iterator[Line]:
        """The *differences* are of one exchange; *code* is the cause that need not be said."""
        first, compared = differences[0], self.kept.find(differences[0])
        yield from self._heading(first)
        for cookie, several in groupby(differences, _table_of):
            if cookie is None:
                for one in several:
                    yield from told(one, self.teller)
                    yield from _cause(one, code)
            else:
                members = list(several)
                yield from cookie_lines(cookie, members, compared, self.teller)
                yield from _cause(members[0], code)
        if compared is not None and self.manner.verbose:
            yield from self._exchange(compared, differences)
        yield from self._again(first, compared)

    def _heading(self, first: Difference) -> Iterator[Line]:
        """What was asked, and the view that answers it."""
        target = self.teller.masker.target(first.target, first.route)
        asked = self.teller.escaped(f"{first.method} {target}".strip())
        where = self.teller.text(first.scenario)
        if first.method:
            where += f", request {first.request}"
        yield from self.teller.beside((asked, "bold"), (where, "dim"))
        views = [view and self.manner.named(view) for view in first.views]
        known = [self.teller.text(view) for view in views if view]
        if known:
            both = " → ".join(known) if len(known) > 1 else f"{known[0]}, {_side(views)}"
            yield from self.teller.prose(f"view   {both}", "dim", "  ", " " * 9)

    def _exchange(self, compared: Compared, differences: Sequence[Difference]) -> Iterator[Line]:
        """Everything that both sides were sent and answered."""
        first = differences[0]
        key = first.scenario, first.request, first.method, first.target
        if key in self._whole:
            yield [("  the exchange is shown whole above", "dim")]
            return
        self._whole.add(key)
        masker = self.teller.masker
        for sheet in request_sheets(compared, masker):
            yield from sheet_lines(replace(sheet, title=f"sent: {sheet.title}"), self.teller)
        for sheet in sheets(compared, differences, masker):
            yield from sheet_lines(sheet, self.teller)

    def _again(self, first: Difference, compared: Compared | None) -> Iterator[Line]:
        """The lines that reproduce it."""
        address = address_of(self.candidate)
        masker = self.teller.masker
        request = compared.reference.request if compared else None
        if request and (line := curl(request, masker, address, first.route)):
            self.needs_side |= address is None
            yield [("  send   ", "dim"), (self.teller.escaped(line), "cyan")]
        again = self.manner.plays(first.scenario) if first.method else ""
        # A name that is masked, or cannot be shown, would choose no scenario.
        if again and masker.text(first.scenario) == first.scenario:
            shown = self.teller.text(again)
            if shown == masker.text(again):
                yield [("  again  ", "dim"), (shown, "cyan")]


def _side(views: Sequence[str | None]) -> str:
    """Which of the two has a view that is known."""
    return "of the reference alone" if views[0] else "of the candidate alone"


def _table_of(difference: Difference) -> Parts | None:
    """Accepted ones say why, each for itself."""
    return cookie_of(difference) if difference.accepted is None else None


def _cause(difference: Difference, code: str | None) -> Iterator[Line]:
    codes = difference.divergences
    if codes is not None and (codes or (PORT,)) != (code,):
        yield [(f"    cause      {', '.join(codes) or 'the port itself'}", "yellow")]


def sheet_lines(sheet: Sheet, teller: Teller) -> Iterator[Line]:
    """A sheet from top to bottom: where the sides part, the reference's line above the other's."""
    yield [(f"    {teller.escaped(sheet.title)}", "bold dim")]
    width = max((len(row.label) + 2 * row.depth for row in sheet.rows), default=0)
    for row in sheet.rows:
        yield from _row(row, min(width, 30), teller)
    if sheet.left_out:
        yield [(f"        … and {sheet.left_out} more rows", "dim")]


def _row(row: Row, width: int, teller: Teller) -> Iterator[Line]:
    label = f"{teller.escaped('  ' * row.depth + row.label):{width}}  " if width else ""
    cells = row.reference, row.candidate
    if not row.differs:
        cell = row.reference if row.reference is not None else row.candidate
        yield [(f"        {label}", "dim"), *_pieces(cell or (), "dim", teller)]
        return
    for cell, (mark, style) in zip(cells, _MARKS, strict=True):
        if cell is not None:
            yield [(f"      {mark}{label}", style), *_pieces(cell, style, teller)]


def _pieces(cell: Cell, style: str, teller: Teller) -> Iterator[tuple[str, str]]:
    for text, is_marked in cell:
        yield teller.escaped(text), f"bold underline {style}" if is_marked else style
