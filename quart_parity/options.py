"""The command's options; what is not given is None, and taken from the settings of its name."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from .reporters import REPORTERS

Command = Callable[..., None]


def _all_of(*decorators: Callable[[Command], Command]) -> Callable[[Command], Command]:
    """Arguments and options that go together, in the order of their help."""

    def decorate(command: Command) -> Command:
        for decorator in reversed(decorators):
            command = decorator(command)
        return command

    return decorate


def _flag(*names: str, help: str) -> Callable[[Command], Command]:
    return click.option(*names, is_flag=True, default=None, help=help)


def _text(name: str, metavar: str, help: str, **kwargs: Any) -> Callable[[Command], Command]:
    return click.option(name, metavar=metavar, help=help, **kwargs)


def _file(*names: str, help: str) -> Callable[[Command], Command]:
    return click.option(*names, type=click.Path(), help=help)


TARGETS = _all_of(
    click.argument("reference", required=False), click.argument("candidate", required=False)
)
SCENARIOS = _all_of(
    click.option(
        "--scenarios",
        "files",
        multiple=True,
        type=click.Path(path_type=Path),
        help="A scenario file, or a recording: .toml, .json or .har.",
    ),
    click.option(
        "-k",
        "names",
        multiple=True,
        help="Only the scenario of this name, or those whose name contains it.",
    ),
)
TIMEOUT = click.option("--timeout", type=float, help="Seconds for an answer.")
MASKS = _all_of(
    _flag("--show-secrets", help="Mask nothing but the applications' keys."),
    _text("--mask", "NAME", "Mask values of this name as well; * is anything.", multiple=True),
    _text("--unmask", "NAME", "Show values of this name.", multiple=True),
)
SERVERS = _all_of(
    _text("--reference-server", "NAME", "Serves the reference, else flask."),
    _text("--candidate-server", "NAME", "Serves the candidate, else hypercorn."),
    _flag("--http2", help="The servers speak HTTP/2, without TLS."),
)
_MADE = _all_of(
    _flag(
        "--url-map/--no-url-map",
        help="Make scenarios from the reference's URL map; the default where there are no others.",
    ),
    _file("--login", help="A scenario file: made scenarios are played once more after it."),
    _file("--save", help="Write the made scenarios there, as a scenario file."),
    _flag("--coverage", help="Show all that was compared: route, method, status, session."),
    _flag("--require-coverage", help="A route that never answered below 400 fails."),
)
_JUDGED = _all_of(
    _flag(
        "--correspond/--no-correspond",
        help="Take tokens and ids that each side generates as equal where both use them alike;"
        " the default.",
    ),
    _flag(
        "--noise/--no-noise", help="Accept what the reference itself answers otherwise each time."
    ),
    _flag(
        "--causes/--no-causes",
        help="Play what differs up to three times more, to find out why; the default.",
    ),
    _flag("--strict/--no-strict", help="Accepted differences that no longer occur fail."),
)
_STATE = _all_of(
    _flag("--fresh/--no-fresh", help="A new application for every scenario."),
    _text("--setup", "COMMAND", "Run for each side before every scenario, to reset its state."),
    _text("--teardown", "COMMAND", "Run for each side after every scenario."),
    _text("--hooks", "MODULE", "Has setup(side, app) or teardown(side, app), to do the same."),
)
_WORLDS = _all_of(
    _flag("--isolate/--no-isolate", help="Run each side in a process of its own."),
    _text("--reference-rev", "REVISION", "The reference is this revision of the repository."),
    *(
        option
        for side in ("reference", "candidate")
        for option in (
            _file(f"--{side}-dir", help=f"The folder of the {side}."),
            _text(f"--{side}-python", "PYTHON", f"The interpreter of the {side}."),
            _text(f"--{side}-env", "NAME=VALUE", "A variable of its environment.", multiple=True),
        )
    ),
)
_SERVED = _all_of(
    _flag("--serve/--no-serve", help="Start each side on a server, and talk to that."),
    SERVERS,
    _text("--secret-key-env", "VARIABLE", "Holds the key of running servers."),
    _file("--ca-file", help="Whom to trust for https."),
)
_SHOWN = _all_of(
    click.option(
        "--format",
        type=click.Choice(list(REPORTERS)),
        multiple=True,
        help="Of the report; else text. text and github go together.",
    ),
    _file("-o", "--output", help="Write the report there."),
    _file("--html", help="Write a page there as well."),
    _flag("--html-all", help="The page has exchanges without difference, too."),
    _file("--junit", help="Write JUnit's XML there as well."),
    _file("--markdown", help="Write a comment for a pull request there as well."),
    _file("--jsonl", help="Write each exchange there as a line of JSON, as it comes."),
    _flag("-v", "--verbose", help="Show exchanges that differ whole."),
    _flag("-q", "--quiet", help="No progress, and of the report the closing line."),
    MASKS,
)
CHECK = _all_of(TARGETS, SCENARIOS, _MADE, _JUDGED, _STATE, TIMEOUT, _WORLDS, _SERVED, _SHOWN)
