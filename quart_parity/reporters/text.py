"""The report for a person at a terminal; plain where there is none."""

from __future__ import annotations

import re
from itertools import groupby
from json import dumps
from typing import Any, TextIO

from rich.console import Console
from rich.table import Table
from rich.text import Text

from ..aspects import ASPECTS
from ..masks import Masker
from ..report import Difference, Report
from ..values import MISSING
from .excerpt import excerpt
from .json import plain

_LONG = 100
"""Characters from which on two texts are shown as a diff."""


# Control and format characters, lone surrogates, line and paragraph separators: an application
# that sends them must not reset the terminal, nor turn a line's direction around.
_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)


def _line(text: str, style: str = "") -> Text:
    """A line in which everything can be seen."""
    return Text(_UNSAFE.sub(lambda match: ascii(match[0])[1:-1], text), style=style)


def write_text(report: Report, file: TextIO, masker: Masker) -> None:
    console = Console(file=file, highlight=False, soft_wrap=True)
    _title(report, console)
    _table(report, console)
    exchanges = groupby(report.differences, lambda one: (one.scenario, one.request))
    for _, differences in exchanges:
        _exchange(list(differences), console, masker)
    unlisted = report.count + report.accepted - len(report.differences)
    if unlisted:
        console.print(f"\n{unlisted} more differences are counted and not listed.", style="dim")
    _notes(report, console, masker)
    console.print()
    console.print(summary(report), style="green" if report.ok else "bold red")


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


def _title(report: Report, console: Console) -> None:
    console.print(_line(f"reference  {report.reference}"))
    console.print(_line(f"candidate  {report.candidate}"))
    console.print()


def _table(report: Report, console: Console) -> None:
    """What was compared, and how often it differed."""
    table = Table("aspect", box=None, pad_edge=False, header_style="dim")
    table.add_column("differences", justify="right")
    for aspect in dict.fromkeys([*ASPECTS, *report.aspects]):
        count = report.aspects.get(aspect, 0)
        table.add_row(aspect, str(count), style="bold red" if count else "")
    console.print(table)


def _exchange(differences: list[Difference], console: Console, masker: Masker) -> None:
    first = differences[0]
    console.print()
    line = _line(f"{first.method} {masker.text(first.target)}", "bold")
    line.append_text(_line(f"  {first.scenario}, request {first.request}", "dim"))
    console.print(line)
    for difference in differences:
        _difference(difference, console, masker)


def _difference(difference: Difference, console: Console, masker: Masker) -> None:
    path = _line(f"  {difference.path}", "cyan" if difference.accepted else "bold red")
    if difference.accepted is not None:
        path.append_text(_line(f"  accepted: {difference.accepted}", "dim"))
    console.print(path)
    ours = masker.value(difference.parts, difference.reference)
    theirs = masker.value(difference.parts, difference.candidate)
    if isinstance(ours, str) and isinstance(theirs, str) and len(ours) + len(theirs) > _LONG:
        for text in excerpt(ours, theirs):
            console.print(_line(f"    {text}", {"-": "red", "+": "green"}.get(text[0], "dim")))
        return
    places = difference.places or ("", "")
    for name, value, place in zip(("reference", "candidate"), (ours, theirs), places, strict=True):
        line = _line(f"    {name}  {_shown(value)}")
        if place:
            line.append_text(_line(f"  at {place}", "dim"))
        console.print(line)


def _shown(value: Any) -> str:
    if value is MISSING:
        return "(missing)"
    text = dumps(plain(value), ensure_ascii=False)
    return text if len(text) <= 10 * _LONG else f"{text[: 10 * _LONG]}… ({len(text)} characters)"


def _notes(report: Report, console: Console, masker: Masker) -> None:
    for failure in report.failures:
        where = f"{failure.scenario}, request {failure.request}"
        console.print()
        console.print(_line(f"error: {where}: {masker.text(failure.message)}", "bold red"))
    for pattern in report.stale:
        console.print()
        console.print(_line(f"note: accept {pattern!r} covers nothing any more", "yellow"))
