"""What arguments and settings together come to."""

from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import fields

from quart_parity import Request, Scenario, UsageError
from quart_parity.choices import find_scenarios, find_sides, find_wiring, overridden, select
from quart_parity.cli import main
from quart_parity.isolated.world import World
from quart_parity.settings import Settings, find_settings
from quart_parity.sources import Walk
from tests.project import scenario, write_scenarios

ARGUMENTS = {"reference", "candidate", "files", "names"}
"""Not options, or none that settings hold under their own name."""


def test_every_option_is_a_setting() -> None:
    """What the command takes, pyproject.toml takes as well, and the other way round."""
    options = {parameter.name for parameter in main.commands["check"].params}
    settings = {field.name for field in fields(Settings)}

    assert options - ARGUMENTS == settings - {"reference", "candidate", "scenarios", "accept"}


def test_every_option_is_explained() -> None:
    """Nobody has to guess."""
    options = [one for one in main.commands["check"].params if one.param_type_name == "option"]

    assert [one.name for one in options if not getattr(one, "help", None)] == []


def test_paths_in_settings_are_the_projects(tmp_path: Path) -> None:
    """They are relative to pyproject.toml, wherever the command is run; a name is searched for."""
    (tmp_path / "pyproject.toml").write_text(
        "[tool.quart-parity]\nlogin = 'login.toml'\nreference-dir = '../old'\n"
        "reference-python = '../old/bin/python'\ncandidate-python = 'python3.12'\n"
    )
    below = tmp_path / "below"
    below.mkdir()
    settings, _ = find_settings(below)

    assert settings.login == str(tmp_path / "login.toml")
    assert settings.reference_dir == str(tmp_path / "../old")
    assert settings.reference_python == str(tmp_path / "../old/bin/python")
    assert settings.candidate_python == "python3.12"


OVERRIDDEN: dict[str, tuple[Settings, dict[str, Any], Settings]] = {
    "nothing given": (Settings(fresh=True), {"fresh": None}, Settings(fresh=True)),
    "switched off": (Settings(fresh=True), {"fresh": False}, Settings(fresh=False)),
    "zero": (Settings(timeout=3), {"timeout": 0.0}, Settings(timeout=0.0)),
    "variables beside variables": (
        Settings(reference_env={"A": "1", "B": "1"}),
        {"reference_env": ("B=2=3", "C=")},
        Settings(reference_env={"A": "1", "B": "2=3", "C": ""}),
    ),
    "no variables": (
        Settings(reference_env={"A": "1"}),
        {"reference_env": ()},
        Settings(reference_env={"A": "1"}),
    ),
    "a server's name": (
        Settings(),
        {"candidate_server": "uvicorn"},
        Settings(candidate_server="uvicorn", serve=True),
    ),
    "a server's name, not served": (
        Settings(),
        {"http2": True, "serve": False},
        Settings(http2=True),
    ),
}


@pytest.mark.parametrize(("settings", "given", "expected"), OVERRIDDEN.values(), ids=OVERRIDDEN)
def test_the_command_line_comes_before_the_settings(
    settings: Settings, given: dict[str, Any], expected: Settings
) -> None:
    """What it gives stands in their place, and what it does not give leaves them."""
    assert overridden(settings, given) == expected


@pytest.mark.parametrize("text", ["A", "=1", ""])
def test_a_variable_has_a_name_and_a_value(text: str) -> None:
    """The error shows how to write it."""
    with pytest.raises(UsageError, match=r"--reference-env: .* write NAME=VALUE"):
        overridden(Settings(), {"reference_env": (text,)})


@pytest.mark.parametrize("name", ["reference_rev", "candidate_dir", "setup", "save", "output"])
def test_an_empty_option_is_a_mistake(name: str, tmp_path: Path) -> None:
    """A variable of a script that is not set must not leave the option out."""
    spelled = name.replace("_", "-")
    (tmp_path / "pyproject.toml").write_text(f"[tool.quart-parity]\n{spelled} = ''\n")

    with pytest.raises(UsageError, match=f"--{spelled} is given, and empty"):
        overridden(Settings(), {name: ""})
    with pytest.raises(UsageError, match=f"{spelled} is empty"):
        find_settings(tmp_path)


def test_a_format_is_one_that_there_is() -> None:
    """A misspelled one in the settings is told like one on the command line."""
    with pytest.raises(UsageError, match="no format 'yaml': text, json"):
        overridden(Settings(format="yaml"), {})


@pytest.mark.parametrize(
    ("reference", "candidate", "settings", "expected"),
    [
        ("a", "b", Settings(), ("a", "b")),
        (None, None, Settings(reference="a", candidate="b"), ("a", "b")),
        ("a", None, Settings(reference_rev="main"), ("a", "a")),
        (None, None, Settings(reference_rev="main", candidate="b"), ("b", "b")),
        ("a", "b", Settings(reference_rev="main"), ("a", "b")),
    ],
)
def test_a_revision_needs_one_name_only(
    reference: str | None, candidate: str | None, settings: Settings, expected: tuple[str, str]
) -> None:
    """Who compares a working tree with its past names the application once."""
    assert find_sides(reference, candidate, settings) == expected


WORLDS: dict[str, tuple[Settings, tuple[World | None, World | None]]] = {
    "none": (Settings(), (None, None)),
    "both": (Settings(isolate=True), (World(), World())),
    "a folder": (Settings(candidate_dir="/new"), (None, World(Path("/new")))),
    "an interpreter": (Settings(reference_python="py"), (World(python="py"), None)),
    "variables": (Settings(candidate_env={"A": "1"}), (None, World(environment={"A": "1"}))),
    "a revision": (Settings(reference_rev="main"), (World(revision="main"), None)),
}


@pytest.mark.parametrize(("settings", "worlds"), WORLDS.values(), ids=WORLDS)
def test_a_side_with_something_of_its_own_is_isolated(
    settings: Settings, worlds: tuple[World | None, World | None]
) -> None:
    """The other one stays in this process, unless both are to be apart."""
    assert find_wiring(settings).worlds == worlds


@pytest.fixture
def written(tmp_path: Path) -> list[Path]:
    write_scenarios(tmp_path, "one.json", scenario("one", "/"))
    write_scenarios(tmp_path, "two.json", scenario("two", "/"), scenario("three", "/"))
    return [tmp_path / "one.json", tmp_path / "two.json"]


def test_written_scenarios_are_all_there_is(written: list[Path], tmp_path: Path) -> None:
    """The URL map is not asked where somebody said what to play."""
    chosen = find_scenarios(written, (), Settings(), tmp_path)
    found = chosen.scenarios

    assert isinstance(found, list)
    assert chosen.made is None
    assert [one.name for one in found] == ["one", "two", "three"]


def test_without_scenarios_the_url_map_is_walked(tmp_path: Path) -> None:
    """Nothing need be written."""
    assert isinstance(find_scenarios([], (), Settings(), tmp_path).scenarios, Walk)


def test_written_scenarios_come_before_the_url_maps(written: list[Path], tmp_path: Path) -> None:
    """Both are played where both are asked for."""
    found = find_scenarios(written, (), Settings(url_map=True), tmp_path).scenarios

    assert isinstance(found, Walk)
    assert [one.name for one in found.begin([])][:3] == ["one", "two", "three"]


WRONG: dict[str, tuple[Settings, tuple[str, ...], str]] = {
    "no scenarios": (Settings(url_map=False), (), "no scenarios: give a file"),
    "names of made scenarios": (Settings(url_map=True), ("x",), "give --no-url-map with it"),
    "two logins": (Settings(url_map=True, login="two.json"), (), "is one scenario, not 2"),
    "no login": (Settings(url_map=True, login="no.json"), (), "no.json: cannot be read"),
}


@pytest.mark.parametrize(("settings", "names", "why"), WRONG.values(), ids=WRONG)
def test_what_contradicts_itself_is_refused(
    settings: Settings,
    names: tuple[str, ...],
    why: str,
    written: list[Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The error says what to give instead."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError, match=why):
        find_scenarios([], names, settings, tmp_path)


@pytest.mark.parametrize("name", ["login", "save"])
def test_options_of_the_url_map_are_not_ignored(
    name: str, written: list[Path], tmp_path: Path
) -> None:
    """A login that would never be played is a mistake."""
    settings = Settings(**{name: "x.json"})  # type: ignore[arg-type]
    with pytest.raises(UsageError, match=f"--{name} is for scenarios that are made"):
        find_scenarios(written, (), settings, tmp_path)


def test_a_name_of_its_own_chooses_one_scenario() -> None:
    """One that others contain chooses the scenario that has it; else those that contain it."""
    scenarios = [Scenario(name, [Request(path="/")]) for name in ("a", "a b", "b a")]

    assert [one.name for one in select(scenarios, ("a",))] == ["a"]
    assert [one.name for one in select(scenarios, ("a b", "b a"))] == ["a b", "b a"]
    assert [one.name for one in select(scenarios, (" ",))] == ["a b", "b a"]
