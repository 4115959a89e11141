"""The command."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
from click.shell_completion import get_completion_class

from . import __version__
from .choices import (
    find_limit,
    find_noise,
    find_runner,
    find_scenarios,
    find_sides,
    overridden,
    select,
    server_names,
)
from .errors import QuartParityError, StartError, UsageError
from .options import CHECK, MASKS, SCENARIOS, SERVERS, TARGETS, TIMEOUT
from .output import (
    Reports,
    check_savable,
    check_writable,
    complain,
    leave,
    quiet,
    write_scenarios,
)
from .progress import progress
from .repeating import find_again
from .report import Failure, Report, Result
from .reporters import Manner
from .runner import Runner
from .scenario import Scenario
from .settings import Settings, find_settings, scenario_paths
from .showing import find_keep, find_masker, find_reports
from .sources import Walk, read_scenarios

INTERRUPTED = 130
"""Exit status after Ctrl-C, as shells have it."""
EXAMPLES = """\b
Examples:
  quart-parity check shop_flask shop_quart
  quart-parity check shop_flask shop_quart --login login.toml --save made.json
  quart-parity check shop --reference-rev main
  quart-parity check shop shop --reference-dir old --candidate-dir new
  quart-parity check shop_flask shop_quart --scenarios visit.har --serve
  quart-parity check http://127.0.0.1:5000 http://127.0.0.1:8000 --scenarios cart.toml
"""


class _Interruptible(click.Group):
    """Commands that end with the status of an interrupt wherever they are interrupted."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            click.echo("quart-parity: interrupted", err=True)
            sys.exit(INTERRUPTED)


@click.group(cls=_Interruptible, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="quart-parity", message="%(prog)s %(version)s")
def main() -> None:
    """Prove that a Quart port behaves as the Flask application it came from."""


@main.command(epilog=EXAMPLES)
@CHECK
def check(
    reference: str | None,
    candidate: str | None,
    files: tuple[Path, ...],
    names: tuple[str, ...],
    **options: Any,
) -> None:
    """Play the same requests on both sides and report every difference.

    REFERENCE and CANDIDATE are spelled as for "flask run": module, module:app,
    module:create_app(), path/to/file.py or path/to/file.py:app; or they are running servers:
    http://host:port, https://host:port, http+unix:///path/to/socket, with h2+ in front for
    HTTP/2. Without scenarios, they are made from the reference's URL map and its answers. What is
    not given is read from [tool.quart-parity] in pyproject.toml, which takes every option.

    Exit status: 0 parity, 1 differences, 2 wrong usage, 3 a side did not start.
    """
    # Building applications allocates much that lives on; collecting meanwhile finds nothing.
    gc.set_threshold(20_000, 20, 20)
    sides, settings, reports = ("", ""), Settings(), None
    try:
        settings, folder = find_settings(Path.cwd())
        settings = overridden(settings, options)
        sides = find_sides(reference, candidate, settings)
        chosen = find_scenarios(files, names, settings, folder)
        wanted = find_reports(settings)
        check_writable(path for _, path in wanted)
        check_savable(settings.save)
        given = () if reference is None else sides
        again = find_again(given, files, settings, options, folder)
        quiet()
        where = folder if reference is None else Path.cwd()
        if where != Path.cwd():
            # What the file names is where its applications expect to be, as at its own place.
            settings = settings.located(Path.cwd())
            wanted = find_reports(settings)
            files = tuple(file.absolute() for file in files)
            os.chdir(where)
        manner = Manner(settings.verbose, settings.quiet, settings.html_all, again, where)
        reports = Reports(wanted, find_masker(settings), manner)
        noise = None
        if settings.noise:
            twice = find_scenarios(files, names, settings, folder)
            noise = find_noise(sides[0], settings, where, twice.scenarios)
        runner = find_runner(sides, settings, where, noise=noise, keep=find_keep(settings))
    except (QuartParityError, KeyboardInterrupt) as error:
        if isinstance(error, StartError | KeyboardInterrupt) and reports is not None:
            # Whoever reads only the report must not take an older one for a verdict.
            reports.end(Report(*sides, failures=[Failure("", 0, str(error) or "interrupted")]))
        if isinstance(error, KeyboardInterrupt):
            raise
        sys.exit(complain(error))
    runner.report.notes += chosen.notes
    runner.report.is_coverage_whole = settings.coverage
    with progress(chosen.scenarios, settings.quiet) as watch:
        status = _run(runner, chosen.scenarios, reports.add, watch)
    runner.report.notes += chosen.made.notes() if chosen.made else []
    if settings.save and chosen.made:
        status = max(status, write_scenarios(chosen.made.scenarios, Path(settings.save)))
    if names:
        runner.report.stale.clear()
    unmet = runner.report.lacking(settings.strict, settings.require_coverage)
    runner.report.unmet = unmet
    status = max(status, runner.report.exit_status())
    reports.end(runner.report)
    leave(max(status, reports.status), runner.hung)


@main.command()
@TARGETS
@SERVERS
def serve(reference: str | None, candidate: str | None, **options: Any) -> None:
    """Start each side on a server, say where, and keep both running until interrupted.

    For looking at them side by side. REFERENCE and CANDIDATE are spelled as for check.
    """
    from .serving.both import serve as serve_both

    try:
        settings, folder = find_settings(Path.cwd())
        settings = overridden(settings, options)
        serve_both(
            *find_sides(reference, candidate, settings),
            server_names(settings),
            where=folder if reference is None else None,
            http2=settings.http2,
            say=click.echo,
        )
    except QuartParityError as error:
        sys.exit(complain(error))


@main.command()
@TARGETS
@SCENARIOS
@TIMEOUT
@MASKS
def matrix(
    reference: str | None,
    candidate: str | None,
    files: tuple[Path, ...],
    names: tuple[str, ...],
    **options: Any,
) -> None:
    """Run scenarios on every pair of servers, and print a table in Markdown.

    Flask on flask run, gunicorn and waitress, each beside Quart on Hypercorn, uvicorn and
    granian; both on Hypercorn over HTTP/2. The pairs that differ are reported below the table.
    """
    from .matrix import HEADER, PAIRS, row, runners_on

    try:
        settings, folder = find_settings(Path.cwd())
        settings = overridden(settings, options)
        scenarios = select(read_scenarios(files or scenario_paths(settings, folder)), names)
        runners = runners_on(
            PAIRS,
            *find_sides(reference, candidate, settings),
            accept=settings.accept,
            timeout=find_limit(settings),
            where=folder if reference is None else None,
        )
    except QuartParityError as error:
        sys.exit(complain(error))
    status = 0
    reports: list[Report] = []
    click.echo(HEADER)
    for pair, runner in runners:
        status = max(status, _run(runner, scenarios), runner.report.exit_status())
        reports.append(runner.report)
        click.echo(row(pair, runner.report))
        if status == INTERRUPTED:
            break
    _show_below(reports, settings)
    sys.exit(status)


def _show_below(reports: list[Report], settings: Settings) -> None:
    """What the table of pairs does not say: notes once, and the reports of what differs."""
    for note in dict.fromkeys(note for report in reports for note in report.notes):
        click.echo(f"\n{find_masker(settings).text(note)}")
    for report in reports:
        if report.exit_status():
            click.echo()
            Reports([("text", None)], find_masker(settings), Manner()).end(report)


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
        sys.exit(complain(error))


@main.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print the script with which SHELL completes this command.

    For bash: eval "$(quart-parity completion bash)"
    """
    made = get_completion_class(shell)
    if made is None:
        raise TypeError(f"{shell!r} cannot be completed")
    click.echo(made(main, {}, "quart-parity", "_QUART_PARITY_COMPLETE").source())


def _show_markdown(text: str) -> None:
    """Laid out where somebody reads it, else as it is."""
    if not sys.stdout.isatty():
        click.echo(text, nl=False)
        return
    from rich.console import Console
    from rich.markdown import Markdown

    Console().print(Markdown(text))


def _run(
    runner: Runner, scenarios: list[Scenario] | Walk, *watchers: Callable[[Result], None]
) -> int:
    """Run to the end, or until no further; the report then holds what was found before."""
    try:
        for result in runner.run(scenarios):
            for watch in watchers:
                watch(result)
    except QuartParityError as error:
        runner.report.failures.append(Failure("", 0, str(error)))
        return complain(error)
    except KeyboardInterrupt:
        runner.report.failures.append(Failure("", 0, "interrupted"))
        click.echo("quart-parity: interrupted", err=True)
        return INTERRUPTED
    return 0
