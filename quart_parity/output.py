"""Where the command's words go, and how it ends."""

from __future__ import annotations

import gc
import logging
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property, partial
from io import TextIOWrapper
from pathlib import Path
from typing import TextIO

import click

from .errors import OutputError, QuartParityError
from .masks import Masker
from .report import Report, Result
from .reporters import REPORTERS, Manner, Reporter
from .scenario import Scenario


def complain(error: QuartParityError) -> int:
    click.echo(f"quart-parity: {error}", err=True)
    return error.exit_status


def check_writable(outputs: Iterable[Path | None]) -> None:
    """Find out before the run, and leave what stands in the files as it is."""
    for output in outputs:
        if output is not None:
            is_new = not output.exists()
            try:
                output.open("a").close()
                if is_new:
                    output.unlink()
            except OSError as error:
                raise OutputError(f"cannot write {str(output)!r}: {error.strerror}") from None


def quiet() -> None:
    """What the applications raise is in the report; their frameworks' handlers need not say it."""
    from flask.logging import default_handler as flask_handler
    from quart.logging import default_handler as quart_handler

    for handler in (flask_handler, quart_handler):
        handler.setLevel(logging.CRITICAL + 1)


@dataclass
class _Written:
    """One report on its way to a file, or to standard output."""

    format: str
    path: Path | None
    file: _File
    make: Callable[[], Reporter]

    @cached_property
    def reporter(self) -> Reporter:
        """Made where there is something to tell: it may have opened a file of its own by then."""
        return self.make()

    @property
    def is_for_people(self) -> bool:
        """Whether nobody misses it where nothing was compared."""
        return self.format == "text" and self.path is None


class _File:
    """Opened by its first use, so that what stands there lasts until it is written anew."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._opened: TextIO | None = None

    def __call__(self) -> TextIO:
        if self._opened is None:
            self._opened = self._open()
        return self._opened

    def _open(self) -> TextIO:
        if sys.stdout is None and self._path is None:
            # Whoever closed it wants to read nothing.
            return open(os.devnull, "w", encoding="utf-8")
        if self._path is not None:
            return self._path.open("w", encoding="utf-8", errors="backslashreplace")
        if isinstance(sys.stdout, TextIOWrapper):
            # A terminal or pipe without UTF-8 shows what it can.
            sys.stdout.reconfigure(errors="backslashreplace")
        return sys.stdout

    def flush(self) -> None:
        if self._opened is not None:
            self._opened.flush()

    def close(self) -> None:
        """Raises `OSError` where the last of it could not be written."""
        self.flush()
        if self._opened is not None and self._path is not None:
            self._opened.close()

    def abandon(self) -> None:
        """Whatever could still not be written is lost."""
        if self._opened is not None and self._path is not None:
            with suppress(OSError):
                self._opened.close()


class Reports:
    """All reports of one run. One that can no longer be written is given up, and the others go on.

    `status` is the exit status that this asks for: 0 where all were written.
    """

    def __init__(
        self, wanted: Iterable[tuple[str, Path | None]], masker: Masker, manner: Manner
    ) -> None:
        self.status = 0
        self._masker = masker
        self._written: list[_Written] = []
        for format_, path in wanted:
            file = _File(path)
            make = partial(REPORTERS[format_], file, masker, manner)
            self._written.append(_Written(format_, path, file, make))
        self._says_on_stderr = any(one.path is None for one in self._written)

    def add(self, result: Result) -> None:
        self._masker.add_keys(result.keys)
        for one in list(self._written):
            with self._giving_up(one):
                one.reporter.add(result)
                one.file.flush()

    def end(self, report: Report) -> None:
        self._masker.add_keys(report.keys)
        for one in list(self._written):
            if not (one.is_for_people and not report.scenarios):
                with self._giving_up(one):
                    one.reporter.end(report)
                    one.file.close()
        for one in self._written:
            if one.path is not None and report.scenarios:
                told = f"{report.count} differences, written to {one.path}"
                click.echo(told, err=self._says_on_stderr)

    @contextmanager
    def _giving_up(self, one: _Written) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            self._written.remove(one)
            one.file.abandon()
            if one.path is None:
                # Nothing more can be said there, not even on exit.
                os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            if not isinstance(error, BrokenPipeError):
                where = f" to {str(one.path)!r}" if one.path else ""
                message = f"the report cannot be written{where}: {error.strerror}"
                self.status = max(self.status, complain(OutputError(message)))


def check_savable(path: str | None) -> None:
    """Find out before the run whether scenarios could be written there."""
    if path is not None:
        from .sources.saving import check_savable as check

        check(Path(path))


def write_scenarios(scenarios: list[Scenario], path: Path) -> int:
    """Write what was made into a scenario file; an exit status, of which 0 says it was written."""
    from .sources.saving import save

    try:
        save(scenarios, path)
    except OutputError as error:
        return complain(error)
    click.echo(f"{len(scenarios)} scenarios, written to {path}", err=True)
    return 0


def leave(status: int, hung: bool) -> None:
    if hung:
        # Python would wait for the thread that a view still blocks.
        sys.stdout.flush()
        os._exit(status)
    # Nothing is left to find in what two frameworks and their applications allocated.
    gc.freeze()
    sys.exit(status)
