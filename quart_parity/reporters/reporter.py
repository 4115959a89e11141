"""What the command asks of a reporter, and what a reporter is told of the run."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from ..report import Report, Result


@dataclass(frozen=True, slots=True)
class Manner:
    """How a report is to be shown."""

    verbose: bool = False
    """Whether exchanges are shown whole."""
    quiet: bool = False
    """Whether nothing is shown on a terminal but the closing line."""
    every: bool = False
    """Whether exchanges without difference are shown as well, where a format can."""
    again: tuple[str, ...] = ()
    """The command and arguments that play what was played, without what chooses scenarios by name;
    empty where no command did."""
    folder: Path = Path()
    """Files below it are named relative to it."""

    def plays(self, scenario: str) -> str:
        """The command line that plays this scenario; empty where its name cannot be typed."""
        if not (self.again and scenario.isprintable()):
            return ""
        return shlex.join([*self.again, "-k", scenario])

    def named(self, view: str) -> str:
        """A view's ``file:line`` as it is shown."""
        path = Path(view)
        return str(path.relative_to(self.folder)) if path.is_relative_to(self.folder) else view


class Reporter(Protocol):
    """Shows one run: it is told each result as it comes, and in the end the whole report."""

    def add(self, result: Result) -> None:
        """A scenario was compared."""

    def end(self, report: Report) -> None:
        """Nothing more comes; also where the run was broken off or could not begin."""
