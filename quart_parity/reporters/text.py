"""The report for a person at a terminal; plain where there is none."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from shutil import get_terminal_size
from typing import TextIO

from ..aspects import ASPECTS, ON_THE_WIRE
from ..coverage import as_lines
from ..masks import Masker
from ..report import PORT, Difference, Report, Result
from .commands import harmless
from .exchanges import Kept, Shower
from .groups import Group, groups, route_of
from .lines import Line, Teller, cut, difference_lines, shown, visible
from .reporter import Manner

__all__ = ["TextReporter", "difference_lines", "shown", "summary", "visible"]

_PLACES = 20
"""Places shown of each kind, and routes of one cause."""
_WHOLE = 3
"""Exchanges shown of one known divergence, each of another route."""
_CORRESPONDING = "values that correspond: each side made its own, and used it as the other did"
_NOISE = "noise: accepted, since there the reference differs from itself"
_POSITION = re.compile(r"\[\d+\]")


@dataclass(frozen=True, slots=True)
class TextReporter:
    """In colour where the file is a terminal that has any."""

    file: Callable[[], TextIO]
    masker: Masker
    manner: Manner
    _kept: Kept = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_kept", Kept(self.manner.verbose))

    def add(self, result: Result) -> None:
        if not self.manner.quiet:
            self._kept.add(result)

    def end(self, report: Report) -> None:
        file = self.file()
        teller = _teller(file, self.masker)
        shower = Shower(teller, self.manner, self._kept, report.candidate)
        lines = _closing(report, teller) if self.manner.quiet else _lines(report, shower)
        finished = map(teller.finished, lines)
        if file.isatty():
            _write_rich(finished, file)
        else:
            # Where a log is read for commands, what applications sent must give none.
            told = harmless if os.environ.get("GITHUB_ACTIONS") else str
            file.writelines(told("".join(text for text, _ in line)) + "\n" for line in finished)


def _teller(file: TextIO, masker: Masker) -> Teller:
    encoding = file.encoding or "utf-8"
    if not file.isatty():
        return Teller(masker, encoding)
    return Teller(masker, encoding, get_terminal_size().columns, wraps=True)


def _write_rich(lines: Iterator[Line], file: TextIO) -> None:
    from rich.console import Console
    from rich.text import Text

    console = Console(file=file, highlight=False, soft_wrap=True)
    for line in lines:
        console.print(Text.assemble(*line))


def _lines(report: Report, shower: Shower) -> Iterator[Line]:
    teller = shower.teller
    yield [(f"reference  {teller.text(report.reference)}", "")]
    yield [(f"candidate  {teller.text(report.candidate)}", "")]
    yield []
    yield from _table(report, teller)
    yield from _differences(report, shower)
    yield from _accepted(report.differences, shower)
    if report.unlisted:
        yield []
        yield [(f"{report.unlisted} more differences are counted and not listed.", "dim")]
    yield from _causes(report, teller)
    yield from _places(_CORRESPONDING, report.corresponding, teller)
    yield from _places(_NOISE, report.noise, teller)
    yield from _coverage(report, teller)
    yield from _notes(report, teller)
    yield []
    yield from _closing(report, teller)


def _closing(report: Report, teller: Teller) -> Iterator[Line]:
    yield from teller.prose(summary(report), "green" if report.ok else "bold red")


def summary(report: Report) -> str:
    """The closing line."""
    counts = (
        _number(report.scenarios, "scenario"),
        _number(report.exchanges, "exchange"),
        _number(report.count, "difference"),
    )
    accepted = f" ({report.accepted} accepted)" if report.accepted else ""
    errors = f", {_number(len(report.failures), 'error')}" if report.failures else ""
    return f"{', '.join(counts)}{accepted}{errors} in {report.seconds:.2f} s"


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


def _table(report: Report, teller: Teller) -> Iterator[Line]:
    """What was compared, and how often it differed."""
    yield [("aspect     differences", "dim")]
    usual = [aspect for aspect in ASPECTS if aspect not in ON_THE_WIRE]
    for aspect in dict.fromkeys([*usual, *report.aspects]):
        count = report.aspects.get(aspect, 0)
        yield [(f"{teller.text(aspect):9}  {count:11}", "bold red" if count else "dim")]


def _coverage(report: Report, teller: Teller) -> Iterator[Line]:
    """What of the URL map needs attention, or all of it."""
    if report.coverage is not None:
        yield []
        for text in as_lines(report.coverage, report.is_coverage_whole):
            yield [(teller.escaped(text), "")]


def _differences(report: Report, shower: Shower) -> Iterator[Line]:
    """By cause, the worst first."""
    found = groups(report.differences)
    for group in found:
        is_known = group.code not in (None, PORT)
        if len(found) > 1 or group.code is not None:
            yield []
            yield from _heading(group, shower.teller)
        exchanges = _exchanges(group.differences)
        whole = _some(exchanges) if is_known and not shower.manner.verbose else exchanges
        for one in whole:
            yield []
            yield from shower.lines(one, group.code)
        if len(whole) < len(exchanges):
            yield []
            yield from _rest([one for one in exchanges if one not in whole], shower.teller)
    if shower.needs_side:
        yield []
        hint = "$SIDE is where a side is served: quart-parity serve starts both and says where"
        yield from shower.teller.prose(hint, "dim")


def _heading(group: Group, teller: Teller) -> Iterator[Line]:
    routes = _number(len(group.routes), "route")
    if group.code is None or group.code == PORT:
        name = "The port itself" if group.code else "Unknown cause"
        yield [(f"{name} in {routes}", "bold red")]
        yield from teller.prose(group.title, "", "  ", "  ")
        return
    from ..divergences import DIVERGENCES, SEVERITIES

    entry = DIVERGENCES[group.code]
    way = "quart_parity.compat, or by hand" if not entry.intended or entry.opt_in else "by hand"
    grave = "bold red" if group.severity == SEVERITIES[0] else "yellow"
    yield [(f"{group.code} in {routes}", "bold yellow"), (f"  {group.severity}", grave)]
    yield from teller.prose(group.title, "", "  ", "  ")
    yield from teller.prose(
        f"mend   {way}: quart-parity explain {group.code}", "", "  ", "         "
    )


def _exchanges(differences: Iterable[Difference]) -> list[list[Difference]]:
    return [
        list(several)
        for _, several in groupby(differences, lambda one: (one.scenario, one.request, one.target))
    ]


def _some(exchanges: list[list[Difference]]) -> list[list[Difference]]:
    """The first of each route, as long as they are few."""
    firsts: dict[str, list[Difference]] = {}
    for one in exchanges:
        firsts.setdefault(route_of(one[0]), one)
    return list(firsts.values())[:_WHOLE]


def _rest(exchanges: list[list[Difference]], teller: Teller) -> Iterator[Line]:
    """What is not shown, by route."""
    counts: dict[str, int] = {}
    for one in exchanges:
        route = route_of(one[0])
        counts[route] = counts.get(route, 0) + 1
    yield [(f"and in {_number(len(exchanges), 'more exchange')}:", "dim")]
    yield from _counted(counts, teller, "routes")


def _accepted(differences: Iterable[Difference], shower: Shower) -> Iterator[Line]:
    """What someone lives with: on one line for what is alike, or whole."""
    accepted = [one for one in differences if one.accepted is not None]
    if shower.manner.verbose:
        for exchange in _exchanges(accepted):
            yield []
            yield from shower.lines(exchange)
        return
    alike: dict[tuple[str, str, str], list[Difference]] = {}
    for one in accepted:
        key = route_of(one), _POSITION.sub("[*]", one.path), one.accepted or ""
        alike.setdefault(key, []).append(one)
    if alike:
        yield []
    for (route, place, reason), several in alike.items():
        path = place if len({one.path for one in several}) > 1 else several[0].path
        often = f", {len(several)} times" if len(several) > 1 else ""
        where, why = shower.teller.text(f"{route}  {path}"), shower.teller.text(reason)
        yield from shower.teller.beside((where, "cyan"), (f"accepted: {why}{often}", "dim"))


def _causes(report: Report, teller: Teller) -> Iterator[Line]:
    """What caused how many differences, the worst first."""
    if not report.causes:
        return
    from ..divergences import DIVERGENCES, SEVERITIES

    known = [DIVERGENCES[code] for code in report.causes if code != PORT]
    yield []
    yield [("cause  differences", "dim")]
    for entry in sorted(known, key=lambda one: (SEVERITIES.index(one.severity), one.code)):
        head = f"{entry.code}  {report.causes[entry.code]:11}  "
        yield from teller.headed(head, "yellow", f"{entry.severity}: {entry.title}")
    if own := report.causes.get(PORT):
        head = f"port   {own:11}  "
        yield from teller.headed(head, "bold red", "no known divergence: the port itself")
    if known:
        hint = "What to do about one of them: quart-parity explain CODE"
        yield from teller.prose(hint, "dim")


def _places(title: str, counts: dict[str, int], teller: Teller) -> Iterator[Line]:
    """Where something was not called a difference."""
    if counts:
        yield []
        yield from teller.prose(title, "dim")
        yield from _counted(counts, teller, "places")


def _counted(counts: dict[str, int], teller: Teller, nouns: str) -> Iterator[Line]:
    """The most frequent first."""
    often = sorted(counts, key=lambda name: -counts[name])
    for name in often[:_PLACES]:
        yield [(f"{counts[name]:6}  {cut(teller.text(name))}", "")]
    if len(often) > _PLACES:
        yield [(f"        … and {len(often) - _PLACES} more {nouns}", "dim")]


def _notes(report: Report, teller: Teller) -> Iterator[Line]:
    for failure in report.failures:
        where = f"{failure.scenario}, request {failure.request}: " if failure.scenario else ""
        yield []
        yield from teller.prose(f"error: {teller.text(where + failure.message)}", "bold red")
    notes = [f"causes are missing: {report.unexplained}"] if report.unexplained else []
    for lacking in report.unmet:
        yield []
        yield from teller.prose(f"error: {teller.text(lacking)}", "bold red")
    told = (f"accept {pattern!r} covers nothing any more" for pattern in report.stale)
    stale = [one for one in told if one not in report.unmet]
    for note in (*notes, *report.notes, *stale):
        yield []
        yield from teller.prose(f"note: {teller.text(note)}", "yellow")
