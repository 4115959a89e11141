"""What the page's script is told of each exchange; pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from json import dumps
from typing import Any

from ...exchange import Exchange
from ...masks import Masker
from ...report import PORT, Difference
from ...values import MISSING
from ..curl import curl
from ..excerpt import excerpt
from ..groups import rank
from ..json import plain
from ..reporter import Manner
from ..sheets import Cell, Row, Sheet, request_sheets, sheets
from .data import short
from .replay import scenario_text
from .spool import Item

CHUNK = 64
"""Exchanges that are unpacked together."""
UNKNOWN = "unknown"
DIFFERENCES = 200
"""Of one exchange, told at most; all are counted."""
_LONG = 100
"""Characters from which on two texts are shown as lines of a diff."""
_MOST = 2_000
_LOG = 20_000
"""Characters shown of any other value, and of the end of a log."""
_SENT = 64 * 1024
"""Characters of a target from which on nobody types the request again."""
_SEARCHED = 600
_BEGINNING = 80
"""Characters that the search knows of an exchange, and of each value in it."""


class Numbers(dict[str, int]):
    """Each text once, by its position."""

    def __missing__(self, text: str) -> int:
        self[text] = len(self)
        return self[text]


@dataclass(frozen=True, slots=True)
class Details:
    """Writes down one exchange after the other, and the index that leads to them."""

    masker: Masker
    manner: Manner
    address: str | None
    """Of the candidate, where a server listens."""
    scenarios: Numbers = field(default_factory=Numbers)
    routes: Numbers = field(default_factory=Numbers)
    kinds: Numbers = field(default_factory=Numbers)
    causes: Numbers = field(default_factory=Numbers)
    rows: list[list[Any]] = field(default_factory=list)

    def add(self, item: Item) -> dict[str, Any]:
        """The detail of an exchange, which has a row in the index from now on."""
        # What nobody has accepted comes first where not all are told.
        worst_first = sorted(item.differences, key=lambda one: one.accepted is not None)
        first = item.differences if len(worst_first) <= DIFFERENCES else worst_first[:DIFFERENCES]
        told = [self._difference(one) for one in first]
        self.rows.append(self._row(item, told))
        return {
            "views": [self._view(view) for view in item.first.views],
            **self._again(item),
            "logs": self._logs(item.differences),
            "differences": told,
            "more": len(item.differences) - len(told),
            **self._sheets(item),
        }

    def _row(self, item: Item, told: list[dict[str, Any]]) -> list[Any]:
        compared = item.compared
        both = (compared.reference, compared.candidate) if compared else (None, None)
        kinds = dict.fromkeys(str(one.parts[0]) for one in item.differences)
        causes = {code for one in item.differences for code in codes(one)}
        return [
            self.scenarios[self.masker.text(item.scenario)],
            item.request,
            self.masker.text(item.method),
            short(self.masker.target(item.target, item.first.route)),
            self.routes[short(self.masker.text(item.route))],
            *map(_status, both),
            [self.kinds[kind] for kind in kinds],
            [self.causes[code] for code in sorted(causes, key=_rank)],
            item.open,
            len(item.differences) - item.open,
            _search_text(told),
        ]

    def _difference(self, one: Difference) -> dict[str, Any]:
        ours = self.masker.value(one.parts, one.reference)
        theirs = self.masker.value(one.parts, one.candidate)
        texts = isinstance(ours, str) and isinstance(theirs, str) and ours != theirs
        is_long = texts and len(ours) + len(theirs) > _LONG
        return {
            "path": short(self.masker.path(one.parts)),
            "kind": str(one.parts[0]),
            "accepted": None if one.accepted is None else self.masker.text(one.accepted),
            "codes": None if one.divergences is None else list(one.divergences),
            "reference": self._shown(ours),
            "candidate": self._shown(theirs),
            "diff": excerpt(ours, theirs) if is_long else [],
            "places": [place and self.masker.text(place) for place in one.places or (None, None)],
        }

    def _shown(self, value: Any) -> str | None:
        """As the text report writes it."""
        if value is MISSING:
            return None
        text = dumps(plain(value), ensure_ascii=False)
        if not isinstance(value, str):
            text = self.masker.text(text)
        return text if len(text) <= _MOST else f"{text[:_MOST]}… ({len(text)} characters)"

    def _view(self, view: str | None) -> str | None:
        return view and self.masker.text(self.manner.named(view))

    def _again(self, item: Item) -> dict[str, str]:
        request = item.compared.reference.request if item.compared else None
        sends = request and len(request.target) <= _SENT
        # A name that is masked would choose no scenario.
        chooses = self.masker.text(item.scenario) == item.scenario
        again = self.manner.plays(item.scenario)
        played, route = item.played, item.first.route
        return {
            "curl": curl(request, self.masker, self.address, route) if request and sends else "",
            "again": again if request and chooses else "",
            "scenario": scenario_text(played, item.request, self.masker, route) if played else "",
        }

    def _logs(self, differences: Iterable[Difference]) -> list[str | None]:
        both = [[one.logs[side] for one in differences if one.logs[side]] for side in (0, 1)]
        return [self.masker.text(logs[0] or "")[-_LOG:] if logs else None for logs in both]

    def _sheets(self, item: Item) -> dict[str, Any]:
        if item.compared is None:
            return {"sent": [], "sheets": []}
        answered = sheets(item.compared, item.differences, self.masker)
        sent = request_sheets(item.compared, self.masker)
        return {"sent": [*map(_sheet, sent)], "sheets": [*map(_sheet, answered)]}


def codes(difference: Difference) -> list[str]:
    """What causes it, as the index names it."""
    if difference.divergences is None:
        return [UNKNOWN]
    return list(difference.divergences) or [PORT]


def _rank(code: str) -> tuple[int, str]:
    return rank(None if code == UNKNOWN else code)


def _status(exchange: Exchange | None) -> int | None:
    return exchange.response.status if exchange and exchange.response else None


def _search_text(told: list[dict[str, Any]]) -> str:
    words: list[str] = []
    for one in told:
        values = (one["reference"], one["candidate"])
        words += [one["path"], *(value[:_BEGINNING] for value in values if value)]
    return " ".join(words).lower()[:_SEARCHED]


def _sheet(sheet: Sheet) -> dict[str, Any]:
    return {
        "title": short(sheet.title),
        "kind": sheet.kind,
        "left_out": sheet.left_out,
        "rows": [*map(_sheet_row, sheet.rows)],
    }


def _sheet_row(row: Row) -> list[Any]:
    same = row.candidate == row.reference
    return [
        short(row.label),
        row.depth,
        int(row.differs),
        _cell(row.reference),
        0 if same else _cell(row.candidate),
    ]


def _cell(cell: Cell | None) -> list[str] | None:
    """Pieces in turns: plain, marked, plain, and so on."""
    if cell is None:
        return None
    turns = [""]
    for text, is_marked in cell:
        if is_marked == (len(turns) % 2 == 0):
            turns[-1] += text
        else:
            turns.append(text)
    return turns
