"""The command."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from . import __version__
from .choices import find_limit, find_sides, find_wiring, select, server_names
from .errors import QuartParityError, StartError, UsageError
from .masks import Masker
from .output import check_writable, complain, leave, quiet, write
from .report import Failure, Report
from .reporters import REPORTERS
from .runner import Runner
from .scenario import Scenario
from .settings import Settings, find_settings, scenario_paths
from .sources import read_scenarios

INTERRUPTED = 130
"""Exit status after Ctrl-C, as shells have it."""

Command = Callable[..., None]


def _all_of(*decorators: Callable[[Command], Command]) -> Callable[[Command], Command]:
    """Arguments and options that several commands have, in the order of their help."""

    def decorate(command: Command) -> Command:
        for decorator in reversed(decorators):
            command = decorator(command)
        return command

    return decorate


_targets = _all_of(
    click.argument("reference", required=False), click.argument("candidate", required=False)
)
_scenarios = _all_of(
    click.option(
        "--scenarios",
        "files",
        multiple=True,
        type=click.Path(path_type=Path),
        help="A scenario file.",
    ),
    click.option("-k", "names", multiple=True, help="Only scenarios whose name contains this."),
)
_timeout = click.option("--timeout", type=float, help="Seconds for an answer.")
_servers = _all_of(
    click.option("--reference-server", metavar="NAME", help="Serves the reference, else flask."),
    click.option(
        "--candidate-server", metavar="NAME", help="Serves the candidate, else hypercorn."
    ),
    click.option("--http2", is_flag=True, help="The servers speak HTTP/2, without TLS."),
)


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


@main.command()
@_targets
@_scenarios
@click.option("--format", "format_", type=click.Choice(list(REPORTERS)), default="text")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Write the report there.")
@click.option("--fresh", is_flag=True, help="A new application for every scenario.")
@_timeout
@click.option(
    "--causes/--no-causes",
    default=None,
    help="Play what differs up to three times more, to find out why; the default.",
)
@click.option(
    "--serve/--no-serve", default=None, help="Start each side on a server, and talk to that."
)
@_servers
@click.option("--secret-key-env", metavar="VARIABLE", help="Holds the key of running servers.")
@click.option("--ca-file", type=click.Path(path_type=Path), help="Whom to trust for https.")
@click.option("--strict", is_flag=True, help="Accepted differences that no longer occur fail.")
@click.option("--show-secrets", is_flag=True, help="Mask nothing.")
def check(
    reference: str | None,
    candidate: str | None,
    files: tuple[Path, ...],
    names: tuple[str, ...],
    format_: str,
    output: Path | None,
    strict: bool,
    show_secrets: bool,
    **options: Any,
) -> None:
    """Run scenarios on both sides and report every difference.

    REFERENCE and CANDIDATE are spelled as for "flask run": module, module:app,
    module:create_app(), path/to/file.py or path/to/file.py:app; or they are running servers:
    http://host:port, https://host:port, http+unix:///path/to/socket, with h2+ in front for
    HTTP/2. What is not given is read from [tool.quart-parity] in pyproject.toml.

    Exit status: 0 parity, 1 differences, 2 wrong usage, 3 a side did not start.
    """
    # Building applications allocates much that lives on; collecting meanwhile finds nothing.
    gc.set_threshold(20_000, 20, 20)
    sides = ("", "")
    try:
        settings, folder = find_settings(Path.cwd())
        sides = find_sides(reference, candidate, settings)
        scenarios = select(read_scenarios(files or scenario_paths(settings, folder)), names)
        check_writable(output)
        quiet()
        runner = _runner(sides, folder if reference is None else None, folder, settings, options)
    except QuartParityError as error:
        if isinstance(error, StartError) and (output or format_ != "text"):
            # Whoever reads only the report must not take an older one for a verdict.
            report = Report(*sides, failures=[Failure("", 0, str(error))])
            write(report, format_, output, Masker(show_secrets))
        sys.exit(complain(error))
    status = _run(runner, scenarios)
    if names:
        runner.report.stale.clear()
    status = max(status, runner.report.exit_status(strict))
    if runner.report.scenarios or output or format_ != "text":
        status = max(
            status, write(runner.report, format_, output, Masker(show_secrets, runner.report.keys))
        )
    leave(status, runner.hung)


def _runner(
    sides: tuple[str, str],
    where: Path | None,
    folder: Path,
    settings: Settings,
    options: dict[str, Any],
) -> Runner:
    causes: bool | None = options["causes"]
    return Runner(
        *sides,
        accept=settings.accept,
        fresh=options["fresh"] or settings.fresh,
        causes=settings.causes if causes is None else causes,
        where=where,
        timeout=find_limit(options["timeout"], settings),
        wiring=find_wiring(folder, settings, options),
    )


@main.command()
@_targets
@_servers
def serve(reference: str | None, candidate: str | None, http2: bool, **options: Any) -> None:
    """Start each side on a server, say where, and keep both running until interrupted.

    For looking at them side by side. REFERENCE and CANDIDATE are spelled as for check.
    """
    from .serving.both import serve as serve_both

    try:
        settings, folder = find_settings(Path.cwd())
        sides = find_sides(reference, candidate, settings)
        serve_both(
            *sides,
            server_names(options, settings),
            where=folder if reference is None else None,
            http2=http2 or settings.http2,
            say=click.echo,
        )
    except QuartParityError as error:
        sys.exit(complain(error))


@main.command()
@_targets
@_scenarios
@_timeout
@click.option("--show-secrets", is_flag=True, help="Mask nothing.")
def matrix(
    reference: str | None,
    candidate: str | None,
    files: tuple[Path, ...],
    names: tuple[str, ...],
    timeout: float | None,
    show_secrets: bool,
) -> None:
    """Run scenarios on every pair of servers, and print a table in Markdown.

    Flask on flask run, gunicorn and waitress, each beside Quart on Hypercorn, uvicorn and
    granian; both on Hypercorn over HTTP/2. The pairs that differ are reported below the table.
    """
    from .matrix import HEADER, PAIRS, row, runners_on

    try:
        settings, folder = find_settings(Path.cwd())
        scenarios = select(read_scenarios(files or scenario_paths(settings, folder)), names)
        runners = runners_on(
            PAIRS,
            *find_sides(reference, candidate, settings),
            accept=settings.accept,
            timeout=find_limit(timeout, settings),
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
    _show_below(reports, show_secrets)
    sys.exit(status)


def _show_below(reports: list[Report], show_secrets: bool) -> None:
    """What the table of pairs does not say: notes once, and the reports of what differs."""
    for note in dict.fromkeys(note for report in reports for note in report.notes):
        click.echo(f"\n{Masker(show_secrets).text(note)}")
    for report in reports:
        if report.exit_status():
            click.echo()
            write(report, "text", None, Masker(show_secrets, report.keys))


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
        return complain(error)
    except KeyboardInterrupt:
        runner.report.failures.append(Failure("", 0, "interrupted"))
        click.echo("quart-parity: interrupted", err=True)
        return INTERRUPTED
    return 0
