"""The command."""

from __future__ import annotations

import gc
import logging
import os
import sys
from io import TextIOWrapper
from pathlib import Path

import click

from . import __version__
from .errors import OutputError, QuartParityError, StartError, UsageError
from .masks import Masker
from .report import Failure, Report
from .reporters import REPORTERS
from .runner import TIMEOUT, Runner
from .scenario import Scenario
from .settings import Settings, find_settings, scenario_paths
from .sources import read_scenarios

INTERRUPTED = 130
"""Exit status after Ctrl-C, as shells have it."""


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="quart-parity", message="%(prog)s %(version)s")
def main() -> None:
    """Prove that a Quart port behaves as the Flask application it came from."""


@main.command()
@click.argument("reference", required=False)
@click.argument("candidate", required=False)
@click.option(
    "--scenarios", "files", multiple=True, type=click.Path(path_type=Path), help="A scenario file."
)
@click.option("-k", "names", multiple=True, help="Only scenarios whose name contains this.")
@click.option("--format", "format_", type=click.Choice(list(REPORTERS)), default="text")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Write the report there.")
@click.option("--fresh", is_flag=True, help="A new application for every scenario.")
@click.option("--timeout", type=float, help="Seconds for an answer.")
@click.option(
    "--causes/--no-causes",
    default=None,
    help="Play what differs up to three times more, to find out why; the default.",
)
@click.option("--strict", is_flag=True, help="Accepted differences that no longer occur fail.")
@click.option("--show-secrets", is_flag=True, help="Mask nothing.")
def check(
    reference: str | None,
    candidate: str | None,
    files: tuple[Path, ...],
    names: tuple[str, ...],
    format_: str,
    output: Path | None,
    fresh: bool,
    timeout: float | None,
    causes: bool | None,
    strict: bool,
    show_secrets: bool,
) -> None:
    """Run scenarios on both sides and report every difference.

    REFERENCE and CANDIDATE are spelled as for "flask run": module, module:app,
    module:create_app(), path/to/file.py or path/to/file.py:app. What is not given is read
    from [tool.quart-parity] in pyproject.toml.

    Exit status: 0 parity, 1 differences, 2 wrong usage, 3 a side did not start.
    """
    # Building applications allocates much that lives on; collecting meanwhile finds nothing.
    gc.set_threshold(20_000, 20, 20)
    sides = ("", "")
    try:
        settings, folder = find_settings(Path.cwd())
        sides = _sides(reference, candidate, settings)
        scenarios = _select(read_scenarios(files or scenario_paths(settings, folder)), names)
        _check_writable(output)
        _quiet()
        runner = Runner(
            *sides,
            accept=settings.accept,
            fresh=fresh or settings.fresh,
            causes=settings.causes if causes is None else causes,
            where=folder if reference is None else None,
            timeout=next(t for t in (timeout, settings.timeout, TIMEOUT) if t is not None),
        )
    except QuartParityError as error:
        if isinstance(error, StartError) and (output or format_ != "text"):
            # Whoever reads only the report must not take an older one for a verdict.
            report = Report(*sides, failures=[Failure("", 0, str(error))])
            _write(report, format_, output, Masker(show_secrets))
        sys.exit(_complain(error))
    status = _run(runner, scenarios)
    if names:
        runner.report.stale.clear()
    status = max(status, runner.report.exit_status(strict))
    if runner.report.scenarios or output or format_ != "text":
        status = max(status, _write(runner.report, format_, output, Masker(show_secrets)))
    _exit(status, runner.hung)


@main.command()
@click.argument("code", required=False)
@click.option("--markdown", is_flag=True, help="The whole catalogue as a page.")
def explain(code: str | None, markdown: bool) -> None:
    """Say what a known divergence of Quart is and how to mend it.

    Without CODE, such as QP021, lists all of them.
    """
    from . import explaining

    try:
        if code is not None and markdown:
            raise UsageError("--markdown prints all entries: leave out the code")
        if markdown:
            click.echo(explaining.page(), nl=False)
        elif code is not None:
            _show_markdown(explaining.explained(explaining.find(code)))
        else:
            click.echo("\n".join(explaining.listing()))
    except UsageError as error:
        sys.exit(_complain(error))


def _show_markdown(text: str) -> None:
    """Laid out where somebody reads it, else as it is."""
    if not sys.stdout.isatty():
        click.echo(text, nl=False)
        return
    from rich.console import Console
    from rich.markdown import Markdown

    Console().print(Markdown(text))


def _run(runner: Runner, scenarios: list[Scenario]) -> int:
    """Run to the end, or until no further; the report then holds what was found before."""
    try:
        for _ in runner.run(scenarios):
            pass
    except QuartParityError as error:
        runner.report.failures.append(Failure("", 0, str(error)))
        return _complain(error)
    except KeyboardInterrupt:
        runner.report.failures.append(Failure("", 0, "interrupted"))
        click.echo("quart-parity: interrupted", err=True)
        return INTERRUPTED
    return 0


def _complain(error: QuartParityError) -> int:
    click.echo(f"quart-parity: {error}", err=True)
    return error.exit_status


def _sides(reference: str | None, candidate: str | None, settings: Settings) -> tuple[str, str]:
    if reference is None:
        reference, candidate = settings.reference, settings.candidate
    if reference is None or candidate is None:
        raise UsageError(
            "a reference and a candidate are needed: quart-parity check flask_app quart_app, or"
            " both in [tool.quart-parity] of pyproject.toml"
        )
    return reference, candidate


def _select(scenarios: list[Scenario], names: tuple[str, ...]) -> list[Scenario]:
    """Those whose name contains one of *names*; raises `UsageError` where that is none."""
    if not scenarios:
        raise UsageError(
            "no scenarios: give a file with --scenarios, or name some in [tool.quart-parity]"
            " of pyproject.toml"
        )
    chosen = [one for one in scenarios if not names or any(name in one.name for name in names)]
    if not chosen:
        known = ", ".join(one.name for one in scenarios[:10])
        more = ", …" if len(scenarios) > 10 else ""
        raise UsageError(
            f"no scenario's name contains {' or '.join(names)}; there are {known}{more}"
        )
    return chosen


def _check_writable(output: Path | None) -> None:
    """Find out before the run, and leave what stands in the file as it is."""
    if output is not None:
        try:
            output.open("a").close()
        except OSError as error:
            raise OutputError(f"cannot write {str(output)!r}: {error.strerror}") from None


def _quiet() -> None:
    """What the applications raise is in the report; their frameworks' handlers need not say it."""
    from flask.logging import default_handler as flask_handler
    from quart.logging import default_handler as quart_handler

    for handler in (flask_handler, quart_handler):
        handler.setLevel(logging.CRITICAL + 1)


def _write(report: Report, format_: str, output: Path | None, masker: Masker) -> int:
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
        return _complain(OutputError(f"the report cannot be written: {error.strerror}"))
    return 0


def _exit(status: int, hung: bool) -> None:
    if hung:
        # Python would wait for the thread that a view still blocks.
        sys.stdout.flush()
        os._exit(status)
    # Nothing is left to find in what two frameworks and their applications allocated.
    gc.freeze()
    sys.exit(status)
