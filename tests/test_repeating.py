"""The command that plays again what was played."""

from collections.abc import Sequence
from pathlib import Path
from shlex import split
from typing import Any

import click
import pytest

from quart_parity.choices import overridden
from quart_parity.cli import main
from quart_parity.repeating import _MAKING, _PLAYED, find_again
from quart_parity.settings import Settings
from tests.project import Run, scenario, write_scenarios

SHOWN = {
    *("coverage", "require_coverage", "strict", "format", "output", "html", "html_all", "junit"),
    *("markdown", "jsonl", "verbose", "quiet", "show_secrets", "mask", "unmask", "save"),
}
"""Options that say what is shown, where, and what fails."""


def again(
    options: dict[str, Any],
    files: Sequence[str] = ("a.json",),
    sides: Sequence[str] = ("a", "b"),
    folder: Path = Path(),
    **settings: Any,
) -> str:
    made = overridden(Settings(**settings), options)
    return " ".join(find_again(sides, list(map(Path, files)), made, options, folder))


def test_every_option_is_said_again_or_only_shows() -> None:
    """A new option is not forgotten."""
    check = main.commands["check"]
    options = {one.name for one in check.params if isinstance(one, click.Option)}

    assert options - {"files", "names"} == {*_PLAYED, *_MAKING, *SHOWN}


CHECK = "quart-parity check"
AGAIN: dict[str, tuple[str, str]] = {
    "nothing else": (again({}), f"{CHECK} a b --scenarios a.json"),
    "several files": (
        again({}, ["a.json", "b.har"]),
        f"{CHECK} a b --scenarios a.json --scenarios b.har",
    ),
    "what shows": (
        again({"html": "x.html", "verbose": True, "mask": ("a",), "strict": True}),
        f"{CHECK} a b --scenarios a.json",
    ),
    "flags": (
        again({"correspond": False, "fresh": True, "causes": None}),
        f"{CHECK} a b --scenarios a.json --no-correspond --fresh",
    ),
    "values": (
        again({"timeout": 0.5, "candidate_server": "uvicorn"}),
        f"{CHECK} a b --scenarios a.json --timeout 0.5 --candidate-server uvicorn",
    ),
    "variables": (
        again({"reference_env": ("A=secret", "B=x=y")}),
        f"{CHECK} a b --scenarios a.json --reference-env A=… --reference-env B=…",
    ),
    "settings": (again({}, (), (), fresh=True, url_map=False, setup="x"), CHECK),
    "made": (again({}, ()), ""),
    "made and written": (again({"url_map": True}), ""),
    "made and saved": (
        again({"save": "m.json", "login": "l.toml", "url_map": True}),
        f"{CHECK} a b --scenarios a.json --scenarios m.json --no-url-map",
    ),
    "only made and saved": (
        again({"save": "m.json"}, ()),
        f"{CHECK} a b --scenarios m.json --no-url-map",
    ),
    "a secret": (
        again({"setup": "reset postgres://u:hunter2@db"}),
        f"{CHECK} a b --scenarios a.json --setup reset postgres://u:<masked 1>@db",
    ),
}


@pytest.mark.parametrize(("said", "expected"), AGAIN.values(), ids=AGAIN)
def test_a_command_says_what_was_asked(said: str, expected: str) -> None:
    """Targets, files and what changes what is played; not what only shows, nor settings."""
    assert said == expected


def test_scenarios_of_the_settings_are_named_beside_those_saved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where files are given, those of the settings do not count: all of them are named."""
    monkeypatch.chdir(tmp_path)
    write_scenarios(tmp_path, "walk.json", scenario("walk", "/"))
    folder = Path.cwd()
    saved = str(folder / "made" / "m.json")
    said = again({}, (), folder=folder, scenarios=["*.json"], url_map=True, save=saved)

    assert said == f"{CHECK} a b --scenarios walk.json --scenarios made/m.json --no-url-map"


@pytest.mark.parametrize(
    "given",
    [
        "--scenarios name.json",
        "--save made.json",
        "--url-map --save made.json --scenarios name.json",
    ],
)
def test_the_command_plays_the_difference_again(folder: Path, run: Run, given: str) -> None:
    """What a report says to run finds the same difference in the one scenario that it names."""
    first = run("our_flask", "our_quart", "--no-causes", "--no-noise", *given.split())
    line = next(line for line in first.stdout.splitlines() if line.startswith("  again"))
    command, check, *words = split(line.removeprefix("  again"))
    second = run(*words)

    assert (command, check) == ("quart-parity", "check")
    assert second.exit_code == 1
    assert second.stdout.splitlines()[-1].startswith("1 scenario, ")


def test_what_is_shown_can_be_typed_where_scenarios_are_saved(folder: Path, run: Run) -> None:
    """Also where the settings say that made scenarios are saved: the line plays one of them."""
    (folder / "pyproject.toml").write_text("[tool.quart-parity]\nsave = 'made.json'\n")
    shown = run("our_flask:create_app", "our_quart:create_app", "--no-causes").stdout
    lines = [line.split("again  ")[1] for line in shown.splitlines() if "  again  " in line]
    played = run(*split(lines[0])[2:])

    assert played.exit_code == 1
    assert "1 scenario, " in played.stdout.splitlines()[-1]
