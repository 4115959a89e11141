"""What a long run shows on a terminal while it goes on."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING, Any, TextIO

from .report import Result
from .scenario import Scenario
from .sources import Walk

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

APPEARS = 1.0
"""Seconds of a run before anything is shown."""
_OFTEN = 10
"""Times a second that what is shown changes at most."""
_BAR = 20
"""Columns."""
_FOR_BAR, _FOR_NOUNS = 64, 90
"""Columns from which on there is room for a bar, and for nouns beside it."""
_ERASE = "\r\x1b[2K"
"""To the beginning of the line, and nothing on it."""


@contextmanager
def progress(scenarios: list[Scenario] | Walk, quiet: bool) -> Iterator[Callable[[Result], None]]:
    """Gives what is to be told of each result; nothing is shown where nobody watches."""
    if quiet or not _is_watched(sys.stderr):
        yield lambda result: None
        return
    meter = Meter(len(scenarios) if isinstance(scenarios, list) else None)
    try:
        yield meter.add
    finally:
        meter.stop()


def _is_watched(file: TextIO) -> bool:
    return file.isatty() and os.environ.get("TERM", "") not in ("dumb", "unknown")


@dataclass(slots=True)
class Tally:
    """What a run has come to; pure."""

    total: int | None
    """Scenarios, where it is known how many there are."""
    scenarios: int = 0
    exchanges: int = 0
    differences: int = 0
    """Those that nobody accepted."""

    def add(self, result: Result) -> None:
        self.scenarios += 1
        self.exchanges += result.exchanges
        if result.differences:
            self.differences += sum(one.accepted is None for one in result.differences)

    def words(self, seconds: float, columns: int) -> str:
        """In one line, after so many *seconds* since the run began."""
        done = f"{self.scenarios}" if self.total is None else f"{self.scenarios}/{self.total}"
        speed = f"{self.exchanges / seconds:.0f}" if seconds > 0 else "0"
        time = self._time(seconds)
        if columns < _FOR_NOUNS:
            return f"{done}  {speed}/s  {self.differences} differ  {time}"
        differ = f"{self.differences} difference{'' if self.differences == 1 else 's'}"
        return f"{done} scenarios  {speed} exchanges/s  {differ}  {time}"

    def _time(self, seconds: float) -> str:
        """How long it has yet to go, or how long it has gone."""
        if self.total is None or not self.scenarios:
            return _clock(seconds)
        left = seconds / self.scenarios * max(0, self.total - self.scenarios)
        return f"{_clock(left)} left"


def _clock(seconds: float) -> str:
    minutes, seconds = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


class Meter:
    """Shows a tally on standard error once the run is a long one, until it is stopped."""

    def __init__(self, total: int | None, clock: Callable[[], float] = perf_counter) -> None:
        """*clock* is one that goes on where the applications' stands still."""
        self._tally = Tally(total)
        self._clock = clock
        self._began = clock()
        self._next = self._began + APPEARS
        self._shown: Progress | None = None
        self._task: TaskID | None = None
        self._file = sys.stderr
        self._replaced: dict[str, tuple[TextIO, _Above]] = {}

    def add(self, result: Result) -> None:
        self._tally.add(result)
        now = self._clock()
        if now >= self._next:
            self._next = now + 1 / _OFTEN
            self._show(now)

    def _show(self, now: float) -> None:
        if self._shown is None:
            self._shown = _shown(self._clock, self._file)
            self._task = self._shown.add_task("", total=self._tally.total, words="")
            self._shown.start()
            self._replace()
        if self._task is not None:
            columns = self._shown.console.width
            words = self._tally.words(now - self._began, columns)
            self._shown.update(self._task, completed=self._tally.scenarios, words=words)
            self._shown.refresh()

    def _replace(self) -> None:
        """Standard output as well, unless it is a file or pipe."""
        for name in ("stderr", "stdout"):
            file: TextIO = getattr(sys, name)
            if file.isatty():
                self._replaced[name] = file, _Above(file)
                setattr(sys, name, self._replaced[name][1])

    def stop(self) -> None:
        """Leave nothing behind."""
        if self._shown is not None:
            for name, (file, above) in self._replaced.items():
                above.is_shown = False
                if getattr(sys, name) is above:
                    setattr(sys, name, file)
            self._shown.stop()


class _Above:
    """A terminal while something is shown on it: what others write takes the place of that, which
    is shown anew below.

    Rich has such a file as well, which has no encoding and which click therefore goes around.
    """

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self.is_shown = True
        self._is_begun = False
        """Whether a line of somebody else's goes on."""

    def write(self, text: str) -> int:
        if text and self.is_shown and not self._is_begun:
            self._file.write(_ERASE)
        if text:
            self._is_begun = not text.endswith("\n")
        return self._file.write(text)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)


def _shown(clock: Callable[[], float], file: TextIO) -> Progress:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, ProgressColumn, TextColumn
    from rich.table import Column

    console = Console(file=file)
    text = TextColumn("{task.fields[words]}", table_column=Column(no_wrap=True, overflow="crop"))
    bar: tuple[ProgressColumn, ...] = (BarColumn(_BAR),) if console.width >= _FOR_BAR else ()
    return Progress(
        *bar,
        text,
        console=console,
        auto_refresh=False,
        transient=True,
        redirect_stdout=False,
        redirect_stderr=False,
        get_time=clock,
    )
