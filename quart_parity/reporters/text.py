"""The report for a person at a terminal; plain where there is none."""

from __future__ import annotations

from difflib import unified_diff
from itertools import groupby, islice
from json import dumps
from typing import Any, TextIO

from rich.console import Console
from rich.table import Table
from rich.text import Text

from ..aspects import ASPECTS
from ..masks import Masker
from ..report import Difference, Report
from ..values import MISSING
from .json import plain

_LONG = 100
"""Characters from which on two texts are shown as a diff."""
_DIFF_LINES = 40


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
    _notes(report, console)
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
    console.print(Text(f"reference  {report.reference}"))
    console.print(Text(f"candidate  {report.candidate}"))
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
    line = Text(f"{first.method} {masker.text(first.target)}", style="bold")
    line.append(f"  {first.scenario}, request {first.request}", style="dim")
    console.print(line)
    for difference in differences:
        _difference(difference, console, masker)


def _difference(difference: Difference, console: Console, masker: Masker) -> None:
    path = Text(f"  {difference.path}", style="cyan" if difference.accepted else "bold red")
    if difference.accepted is not None:
        path.append(f"  accepted: {difference.accepted}", style="dim")
    console.print(path)
    ours = masker.value(difference.parts, difference.reference)
    theirs = masker.value(difference.parts, difference.candidate)
    if isinstance(ours, str) and isinstance(theirs, str) and len(ours) + len(theirs) > _LONG:
        _diff(ours, theirs, console)
        return
    places = difference.places or ("", "")
    for name, value, place in zip(("reference", "candidate"), (ours, theirs), places, strict=True):
        line = Text(f"    {name}  {_shown(value)}")
        if place:
            line.append(f"  at {place}", style="dim")
        console.print(line)


def _shown(value: Any) -> str:
    if value is MISSING:
        return "(missing)"
    text = dumps(plain(value), ensure_ascii=False)
    return text if len(text) <= 10 * _LONG else f"{text[: 10 * _LONG]}… ({len(text)} characters)"


def _diff(reference: str, candidate: str, console: Console) -> None:
    """A unified diff, each line escaped as JSON is, so that no control character gets through."""
    lines = unified_diff(
        reference.splitlines(keepends=True),
        candidate.splitlines(keepends=True),
        "reference",
        "candidate",
        n=1,
    )
    shown = list(islice(lines, _DIFF_LINES + 1))
    for line in shown[:_DIFF_LINES]:
        mark, rest = line[0], dumps(line[1:].rstrip("\n"), ensure_ascii=False)[1:-1]
        style = {"-": "red", "+": "green"}.get(mark, "dim")
        console.print(Text(f"    {mark}{rest[: 10 * _LONG]}", style=style))
    if len(shown) > _DIFF_LINES:
        console.print("    …", style="dim")


def _notes(report: Report, console: Console) -> None:
    for failure in report.failures:
        where = f"{failure.scenario}, request {failure.request}"
        console.print(Text(f"\nerror: {where}: {failure.message}", style="bold red"))
    for pattern in report.stale:
        console.print(Text(f"\nnote: accept {pattern!r} covers nothing any more", style="yellow"))
