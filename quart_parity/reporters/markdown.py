"""The report as a comment for a pull request, or a page of a job."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TextIO

from ..masks import Masker
from ..report import PORT, Difference, Report, Result
from .groups import Group, groups, route_of
from .listing import broken, cause, line, lines, request
from .reporter import Manner
from .text import summary

MARKER = "<!-- quart-parity -->"
"""The first line, by which a program finds the comment that it wrote before."""
LONGEST = 65_000
"""Bytes, of which GitHub takes 65,536 as a comment, and a megabyte as a page of a job."""
_LINES = 24
"""Lines told of one difference."""
_SINGLE = 5
"""Routes of which a difference is told, where a known divergence causes it."""
_TOLD = 50
"""Errors, notes and stale entries that are told."""
_CUT = (
    "\n*{} more entries are left out: a comment holds no more. The other reports have them all.*\n"
)
_BACKTICKS = re.compile("`+")


@dataclass(frozen=True, slots=True)
class MarkdownReporter:
    """What applications sent stands in code only: there nothing is a link, a mention or HTML."""

    file: Callable[[], TextIO]
    masker: Masker
    manner: Manner

    def add(self, result: Result) -> None:
        """The report keeps what it needs."""

    def end(self, report: Report) -> None:
        self.file().write(markdown(report, self.masker))


@dataclass(frozen=True, slots=True)
class _Section:
    """What is folded away under a title; some of its entries may have to be left out."""

    title: str
    """Our own words: it is HTML."""
    entries: list[str]


def markdown(report: Report, masker: Masker) -> str:
    """At most `LONGEST` bytes of UTF-8."""
    found = groups(report.differences)
    head = "".join(f"{text}\n" for text in _head(report, found, masker))
    return head + _fitting(_sections(report, found, masker), LONGEST - _size(head))


def _head(report: Report, found: list[Group], masker: Masker) -> Iterator[str]:
    yield MARKER
    yield f"### Quart-Parity: {_verdict(report)}"
    yield ""
    sides = (span(line(name, masker)) for name in (report.reference, report.candidate))
    yield f"{' and '.join(sides)}: {line(summary(report), masker)}."
    yield ""
    if found:
        yield "| cause | severity | differences | routes | |"
        yield "|---|---|---:|---:|---|"
        yield from (_row(group, report) for group in found)
        yield ""
    if any(_is_known(group) for group in found):
        yield "What to do about one of them: `quart-parity explain CODE`."
        yield ""


def _verdict(report: Report) -> str:
    if report.failures or not report.exchanges:
        return "⚠️ not everything could be compared"
    if report.unmet and not report.count:
        return f"❌ {'; '.join(report.unmet)}"
    if report.count:
        return f"❌ {report.count} difference{'' if report.count == 1 else 's'}"
    return "✅ no difference"


def _row(group: Group, report: Report) -> str:
    """Counts are those of the whole run where it counted them."""
    count = report.causes[group.code] if group.code else report.unknown
    title = group.title.replace("|", r"\|")
    return f"| {cause(group.code)} | {group.severity} | {count} | {len(group.routes)} | {title} |"


def _is_known(group: Group) -> bool:
    return group.code not in (None, PORT)


def _sections(report: Report, found: list[Group], masker: Masker) -> Iterator[_Section]:
    """What nobody knows a mend for first."""
    if report.failures:
        told = [text for one in report.failures[:_TOLD] for text in broken(one, masker)]
        yield _Section("errors", [_block(told[: 2 * _TOLD])])
    for group in sorted(found, key=_is_known):
        yield _Section(_title(group, report), list(_entries(group, masker)))
    notes = [f"causes are missing: {report.unexplained}"] if report.unexplained else []
    notes += [f"{report.unlisted} differences are counted and not listed"] * bool(report.unlisted)
    notes += report.unmet
    notes += report.notes[:_TOLD]
    notes += [f"accept {pattern!r} covers nothing any more" for pattern in report.stale[:_TOLD]]
    if notes:
        yield _Section("notes", [_block([line(note, masker) for note in notes])])


def _title(group: Group, report: Report) -> str:
    count = report.causes[group.code] if group.code else report.unknown
    if _is_known(group):
        return f"{group.code}: what it does in {min(len(group.routes), _SINGLE)} of its routes"
    whose = "the port's own" if group.code == PORT else "without a known cause"
    return f"{whose}: {count} difference{'' if count == 1 else 's'}"


def _entries(group: Group, masker: Masker) -> Iterator[str]:
    """Those alike once: of a known divergence all of a route, else those of one path there."""
    alike: dict[tuple[str, str], list[Difference]] = {}
    for one in group.differences:
        key = route_of(one), "" if _is_known(group) else one.path
        alike.setdefault(key, []).append(one)
    most = _SINGLE if _is_known(group) else None
    yield from (_entry(several, masker) for several in islice(alike.values(), most))


def _entry(alike: list[Difference], masker: Masker) -> str:
    first = alike[0]
    where = f"{span(request(first, masker))} in {span(line(first.scenario, masker))}"
    more = f", and {len(alike) - 1} more like it" if len(alike) > 1 else ""
    return f"{where}{more}\n\n{_block(lines(first, masker, _LINES))}"


def _fitting(sections: Iterable[_Section], room: int) -> str:
    """As many entries, in their order, as there is room for."""
    written, left_out = "", 0
    room -= _size(_CUT) + len(str(sys.maxsize))
    for section in sections:
        start, end = f"<details><summary>{section.title}</summary>\n\n", "</details>\n\n"
        kept = ""
        room -= _size(start + end)
        for entry in section.entries:
            room -= _size(entry) + 1
            # What is cut is cut for good: no small entry takes the place of an earlier one.
            left_out += room < 0
            kept += f"{entry}\n" if room >= 0 else ""
        written += f"{start}{kept}{end}" if kept else ""
    return written + (_CUT.format(left_out) if left_out else "")


def _size(text: str) -> int:
    return len(text.encode())


def span(text: str) -> str:
    """Inline code; *text* is one line."""
    text = text or " "
    ticks = "`" * (_longest_run(text) + 1)
    return (
        f"{ticks} {text} {ticks}" if "`" in text or text != text.strip() else ticks + text + ticks
    )


def _block(told: list[str]) -> str:
    """Fenced code; the fence is longer than any that stands inside."""
    fence = "`" * max(3, *(_longest_run(text) + 1 for text in told))
    return "\n".join([f"{fence}text", *told, fence, ""])


def _longest_run(text: str) -> int:
    return max(map(len, _BACKTICKS.findall(text)), default=0)
