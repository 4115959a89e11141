"""The report as JUnit XML, which CI services list as tests: each scenario is one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from html import escape
from shutil import copyfileobj
from tempfile import SpooledTemporaryFile
from typing import TextIO

from ..masks import Masker
from ..report import Difference, Failure, Report, Result
from .listing import broken, cause, code, line, listed, located
from .reporter import Manner
from .text import summary

CLASS = "quart-parity"
"""What services group the scenarios by."""
LISTED = 100
"""Differences of one scenario that are told at most."""
_LINES = 40
"""Lines told of one."""
_IN_MEMORY = 1024 * 1024
_NAMES = 500_000
"""How many are told apart; GitLab reads no more test cases."""
_NOTHING = "Nothing was compared."

# Anything but XML 1.0's Char (section 2.2). Line breaks are ours: texts have been made visible.
_NO_CHARACTER = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def _spool() -> SpooledTemporaryFile[str]:
    return SpooledTemporaryFile(_IN_MEMORY, "w+", encoding="utf-8", newline="")


@dataclass(slots=True)
class _Counts:
    tests: int = 0
    failures: int = 0
    errors: int = 0

    def attributes(self) -> str:
        return f'tests="{self.tests}" failures="{self.failures}" errors="{self.errors}"'


@dataclass(frozen=True, slots=True)
class JUnitReporter:
    """Test cases wait in a temporary file, since their number stands before them.

    A scenario with differences has failed; one that could not be played is in error. What is
    accepted is its output. GitLab takes a name that comes twice for one test, so the second one is
    numbered.
    """

    file: Callable[[], TextIO]
    masker: Masker
    manner: Manner
    _cases: SpooledTemporaryFile[str] = field(default_factory=_spool)
    _counts: _Counts = field(default_factory=_Counts)
    _names: dict[int, int] = field(default_factory=dict)
    """How often each name was given, by its hash."""

    def add(self, result: Result) -> None:
        open_ = [one for one in result.differences if one.accepted is None]
        accepted = [one for one in result.differences if one.accepted is not None]
        inside = ""
        if result.failures:
            self._counts.errors += 1
            inside = self._error(result.failures, open_)
        elif open_:
            self._counts.failures += 1
            inside = self._failure(open_)
        told = [*self._listed(accepted), *(line(note, self.masker) for note in result.notes)]
        self._case(result.scenario, inside + _output(told), self._place(open_ or accepted))

    def end(self, report: Report) -> None:
        # Those of the run itself belong to no result.
        broken = [one for one in report.failures if not one.scenario]
        if not report.exchanges and not report.failures:
            broken = [Failure("", 0, _NOTHING)]
        if broken:
            self._counts.errors += 1
            self._case("the run itself", self._error(broken, []))
        self._write(report)

    def _write(self, report: Report) -> None:
        file = self.file()
        counts = f'{self._counts.attributes()} time="{report.seconds:.3f}"'
        file.write('<?xml version="1.0" encoding="UTF-8"?>\n')
        file.write(f'<testsuites name="{CLASS}" {counts}>\n')
        name = _quoted(f"{report.reference} and {report.candidate}")
        file.write(f'<testsuite name="{name}" skipped="0" {counts}>\n<properties>\n')
        for side in ("reference", "candidate"):
            value = _quoted(line(getattr(report, side), self.masker))
            file.write(f'<property name="{side}" value="{value}"/>\n')
        file.write("</properties>\n")
        self._cases.seek(0)
        copyfileobj(self._cases, file)
        self._cases.close()
        file.write(f"{_output(self._closing(report))}</testsuite>\n</testsuites>\n")

    def _closing(self, report: Report) -> list[str]:
        told = [summary(report)]
        if report.unexplained:
            told.append(f"causes are missing: {report.unexplained}")
        told += [f"accept {pattern!r} covers nothing any more" for pattern in report.stale]
        return [line(text, self.masker) for text in [*told, *report.notes]]

    def _failure(self, differences: list[Difference]) -> str:
        first = differences[0]
        more = f", and {len(differences) - 1} more" if len(differences) > 1 else ""
        message = line(f"{first.path}: {cause(code(first))}", self.masker) + more
        return _element("failure", code(first) or "unknown", message, self._listed(differences))

    def _error(self, failures: Iterable[Failure], differences: list[Difference]) -> str:
        told = [text for one in failures for text in broken(one, self.masker)][:LISTED] or [""]
        return _element("error", "error", told[0], [*told, *self._listed(differences)])

    def _listed(self, differences: list[Difference]) -> list[str]:
        left = len(differences) - LISTED
        more = [f"… and {left} more differences"] if left > 0 else []
        return [*listed(differences[:LISTED], self.masker, _LINES), *more]

    def _place(self, differences: list[Difference]) -> str:
        """Where the port's view stands for the first of them for which that is known."""
        for difference in differences:
            if place := located(difference.views[1], self.manner.folder):
                return f' file="{_quoted(place[0])}" line="{place[1]}"'
        return ""

    def _case(self, scenario: str, inside: str, place: str = "") -> None:
        self._counts.tests += 1
        name = line(scenario, self.masker)
        count = self._names.get(hash(name), 0) + 1
        if count > 1 or len(self._names) < _NAMES:
            self._names[hash(name)] = count
        numbered = name if count == 1 else f"{name} #{count}"
        self._cases.write(f'<testcase classname="{CLASS}" name="{_quoted(numbered)}"{place}>')
        self._cases.write(f"{inside}</testcase>\n")


def _element(name: str, type_: str, message: str, told: list[str]) -> str:
    """Services show either the message or the text, so the text begins with the message."""
    text = "\n".join(told if told[0] == message else [message, *told])
    start = f'<{name} type="{_quoted(type_)}" message="{_quoted(message)}">'
    return f"{start}{_quoted(text)}</{name}>"


def _output(told: list[str]) -> str:
    return f"<system-out>{_quoted(chr(10).join(told))}</system-out>" if told else ""


def _quoted(text: str) -> str:
    """For content and attributes; what XML cannot hold is written as an escape.

    GitLab and Jenkins attach the file that an output names in double brackets: an application's
    text must not name one.
    """
    text = _NO_CHARACTER.sub(lambda match: ascii(match[0])[1:-1], text)
    return escape(text).replace("[[ATTACHMENT", "[ [ATTACHMENT")
