"""Where the command's words go, and how it ends."""

from __future__ import annotations

import gc
import logging
import os
import sys
from io import TextIOWrapper
from pathlib import Path

import click

from .errors import OutputError, QuartParityError
from .masks import Masker
from .report import Report
from .reporters import REPORTERS
from .scenario import Scenario


def complain(error: QuartParityError) -> int:
    click.echo(f"quart-parity: {error}", err=True)
    return error.exit_status


def check_writable(output: Path | None) -> None:
    """Find out before the run, and leave what stands in the file as it is."""
    if output is not None:
        try:
            output.open("a").close()
        except OSError as error:
            raise OutputError(f"cannot write {str(output)!r}: {error.strerror}") from None


def quiet() -> None:
    """What the applications raise is in the report; their frameworks' handlers need not say it."""
    from flask.logging import default_handler as flask_handler
    from quart.logging import default_handler as quart_handler

    for handler in (flask_handler, quart_handler):
        handler.setLevel(logging.CRITICAL + 1)


def write(report: Report, format_: str, output: Path | None, masker: Masker) -> int:
    """Write the report; an exit status, of which 0 says that it was written."""
    try:
        if output is None:
            if isinstance(sys.stdout, TextIOWrapper):
                # A terminal or pipe without UTF-8 shows what it can.
                sys.stdout.reconfigure(errors="backslashreplace")
            REPORTERS[format_](report, sys.stdout, masker)
            sys.stdout.flush()
        else:
            with output.open("w", encoding="utf-8", errors="backslashreplace") as file:
                REPORTERS[format_](report, file, masker)
            if report.scenarios:
                click.echo(f"{report.count} differences, written to {output}")
    except BrokenPipeError:
        # Whoever read has seen enough; nothing more can be said there, not even on exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        if output is None:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return complain(OutputError(f"the report cannot be written: {error.strerror}"))
    return 0


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
