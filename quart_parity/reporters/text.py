"""The report for a person at a terminal; plain where there is none."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby
from json import dumps
from typing import Any, TextIO

from ..aspects import ASPECTS, ON_THE_WIRE
from ..coverage import as_lines
from ..masks import Masker
from ..report import PORT, Difference, Report
from ..values import MISSING
from .excerpt import LINES, excerpt
from .json import plain

Line = list[tuple[str, str]]
"""Pieces of one line, each with its style in rich's words."""

_LONG = 100
"""Characters from which on two texts are shown as an excerpt of what differs."""
_MOST = 1_000
"""Characters shown of any other value, and of a line of a log."""
_PLACES = 20
"""Places shown of each kind."""
_CORRESPONDING = "values that correspond: each side made its own, and used it as the other did"
_NOISE = "noise: accepted, since there the reference differs from itself"
_LOG_LINES = 40
"""Lines shown of a log."""

# Control and format characters, lone surrogates, line and paragraph separators: an application
# that sends them must not reset the terminal, nor turn a line's direction around.
_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)


def write_text(report: Report, file: TextIO, masker: Masker) -> None:
    """Write the report, in colour where *file* is a terminal that has any."""
    lines = _lines(report, masker)
    if file.isatty():
        _write_rich(lines, file)
    else:
        file.writelines("".join(visible(text) for text, _ in line) + "\n" for line in lines)


def _write_rich(lines: Iterator[Line], file: TextIO) -> None:
    from rich.console import Console
    from rich.text import Text

    console = Console(file=file, highlight=False, soft_wrap=True)
    for line in lines:
        console.print(Text.assemble(*((visible(text), style) for text, style in line)))


def visible(text: str) -> str:
    """The text with escapes for what a terminal would obey."""
    return _UNSAFE.sub(lambda match: ascii(match[0])[1:-1], text)


def _lines(report: Report, masker: Masker) -> Iterator[Line]:
    yield [(f"reference  {report.reference}", "")]
    yield [(f"candidate  {report.candidate}", "")]
    yield []
    yield from _table(report)
    exchanges = groupby(report.differences, lambda one: (one.scenario, one.request, one.target))
    for _, differences in exchanges:
        yield from _exchange(list(differences), masker)
    unlisted = report.count + report.accepted - len(report.differences)
    if unlisted:
        yield []
        yield [(f"{unlisted} more differences are counted and not listed.", "dim")]
    yield from _causes(report)
    yield from _places(_CORRESPONDING, report.corresponding, masker)
    yield from _places(_NOISE, report.noise, masker)
    yield from _coverage(report)
    yield from _notes(report, masker)
    yield []
    yield [(summary(report), "green" if report.ok else "bold red")]


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


def _table(report: Report) -> Iterator[Line]:
    """What was compared, and how often it differed."""
    yield [("aspect     differences", "dim")]
    usual = [aspect for aspect in ASPECTS if aspect not in ON_THE_WIRE]
    for aspect in dict.fromkeys([*usual, *report.aspects]):
        count = report.aspects.get(aspect, 0)
        yield [(f"{aspect:9}  {count:11}", "bold red" if count else "")]


def _coverage(report: Report) -> Iterator[Line]:
    """What of the URL map needs attention, or all of it."""
    if report.coverage is not None:
        yield []
        for text in as_lines(report.coverage, report.is_coverage_whole):
            yield [(text, "")]


def _exchange(differences: list[Difference], masker: Masker) -> Iterator[Line]:
    first = differences[0]
    yield []
    target = masker.text(first.target)
    if first.method:
        where = f"  {first.scenario}, request {first.request}"
        yield [(f"{first.method} {target}", "bold"), (where, "dim")]
    else:
        yield [(target, "bold"), (f"  {first.scenario}", "dim")]
    for difference in differences:
        yield from difference_lines(difference, masker)


def difference_lines(difference: Difference, masker: Masker, lines: int = LINES) -> Iterator[Line]:
    """One difference: its path, both values, and its cause; of long texts so many *lines*."""
    if difference.accepted is None:
        yield [(f"  {difference.path}", "bold red")]
    else:
        yield [(f"  {difference.path}", "cyan"), (f"  accepted: {difference.accepted}", "dim")]
    ours = masker.value(difference.parts, difference.reference)
    theirs = masker.value(difference.parts, difference.candidate)
    texts = isinstance(ours, str) and isinstance(theirs, str) and ours != theirs
    if texts and len(ours) + len(theirs) > _LONG:
        for text in excerpt(ours, theirs, lines):
            yield [(f"    {text}", {"-": "red", "+": "green"}.get(text[0], "dim"))]
    else:
        places = difference.places or (None, None)
        sides = zip(("reference", "candidate"), (ours, theirs), places, strict=True)
        for name, value, place in sides:
            yield [(f"    {name}  {shown(value)}", ""), (f"  at {place}" if place else "", "dim")]
    if difference.divergences is not None:
        codes = ", ".join(difference.divergences)
        yield [(f"    cause      {codes or 'the port itself'}", "yellow" if codes else "")]
    for name, log in zip(("reference", "candidate"), difference.logs, strict=True):
        if log is not None:
            yield from _log(name, masker.text(log))


def _log(name: str, log: str) -> Iterator[Line]:
    """The end of it, where the exception is."""
    lines = log.rstrip().splitlines()
    left_out = len(lines) - _LOG_LINES
    more = f", the last {_LOG_LINES} of {len(lines)} lines" if left_out > 0 else ""
    yield [(f"    log of the {name}{more}", "dim")]
    for line in lines[-_LOG_LINES:]:
        yield [(f"      {_cut(line.expandtabs())}", "dim")]


def shown(value: Any) -> str:
    return "(missing)" if value is MISSING else _cut(dumps(plain(value), ensure_ascii=False))


def _cut(text: str) -> str:
    return text if len(text) <= _MOST else f"{text[:_MOST]}… ({len(text)} characters)"


def _causes(report: Report) -> Iterator[Line]:
    """What caused how many differences, the worst first."""
    if not report.causes:
        return
    from ..divergences import DIVERGENCES, SEVERITIES

    known = [DIVERGENCES[code] for code in report.causes if code != PORT]
    yield []
    yield [("cause  differences", "dim")]
    for entry in sorted(known, key=lambda one: (SEVERITIES.index(one.severity), one.code)):
        yield [
            (f"{entry.code}  {report.causes[entry.code]:11}", "yellow"),
            (f"  {entry.severity}: {entry.title}", ""),
        ]
    if own := report.causes.get(PORT):
        yield [(f"port   {own:11}", "bold red"), ("  no known divergence: the port itself", "")]
    if known:
        yield [("What to do about one of them: quart-parity explain CODE", "dim")]


def _places(title: str, counts: dict[str, int], masker: Masker) -> Iterator[Line]:
    """Where something was not called a difference, the most frequent first."""
    if not counts:
        return
    yield []
    yield [(title, "dim")]
    often = sorted(counts, key=lambda name: -counts[name])
    for name in often[:_PLACES]:
        yield [(f"{counts[name]:6}  {_cut(masker.text(name))}", "")]
    if len(often) > _PLACES:
        yield [(f"        … and {len(often) - _PLACES} more places", "dim")]


def _notes(report: Report, masker: Masker) -> Iterator[Line]:
    for failure in report.failures:
        where = f"{failure.scenario}, request {failure.request}: " if failure.scenario else ""
        yield []
        yield [(f"error: {where}{masker.text(failure.message)}", "bold red")]
    if report.unexplained:
        yield []
        yield [(f"note: causes are missing: {masker.text(report.unexplained)}", "yellow")]
    for note in report.notes:
        yield []
        yield [(f"note: {masker.text(note)}", "yellow")]
    for pattern in report.stale:
        yield []
        yield [(f"note: accept {pattern!r} covers nothing any more", "yellow")]
