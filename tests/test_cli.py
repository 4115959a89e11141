"""The command: what it takes, what it prints, and its exit status."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from quart_parity import __version__
from quart_parity.cli import main
from tests.project import CHECKOUT, SIDES, Run, scenario, started, write_scenarios


def test_parity_is_0(run: Run) -> None:
    """Two sides that agree give a report, nothing on stderr, and status 0."""
    result = run(*SIDES, "--scenarios", "same.json")

    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.splitlines()[-1].startswith("1 scenario, 1 exchange, 0 differences in ")


def test_a_difference_is_1(run: Run) -> None:
    """A difference is shown with its path and both values, and gives status 1."""
    result = run(*SIDES, "--scenarios", "same.json", "--scenarios", "name.json")

    assert (result.exit_code, result.stderr) == (1, "")
    assert "GET /name  other name, request 0" in result.stdout
    assert '  body\n    reference  "flask"\n    candidate  "quart"\n' in result.stdout
    assert "2 scenarios, 2 exchanges, 1 difference in " in result.stdout


def test_settings_say_what_arguments_do_not(folder: Path, run: Run) -> None:
    """Sides, scenarios and accepts come from the nearest pyproject.toml, relative to it."""
    (folder / "pyproject.toml").write_text(
        "[tool.quart-parity]\nreference = 'our_flask'\ncandidate = 'our_quart:app'\n"
        "scenarios = ['*.json']\naccept = {body = 'names differ'}"
    )
    (folder / "below").mkdir()
    os.chdir(folder / "below")
    result = run()

    assert (result.exit_code, result.stderr) == (0, "")
    assert "body  accepted: names differ" in result.stdout
    assert "2 scenarios, 2 exchanges, 0 differences (1 accepted)" in result.stdout


def test_arguments_come_before_settings(folder: Path, run: Run) -> None:
    """Sides and scenarios on the command line take the place of those in the file."""
    (folder / "pyproject.toml").write_text(
        "[tool.quart-parity]\nreference = 'nowhere'\ncandidate = 'nowhere'\nscenarios = ['no']"
    )

    assert run(*SIDES, "--scenarios", "same.json").exit_code == 0


@pytest.mark.parametrize(
    ("names", "count"), [(["same"], 1), (["name"], 1), (["same", "other"], 2), (["a"], 2)]
)
def test_scenarios_are_chosen_by_name(run: Run, names: list[str], count: int) -> None:
    """-k takes those whose name contains the text, and can be given more than once."""
    options = [option for name in names for option in ("-k", name)]
    result = run(*SIDES, "--scenarios", "same.json", "--scenarios", "name.json", *options)

    assert result.stdout.splitlines()[-1].startswith(f"{count} scenario")


def test_the_report_can_be_json(run: Run) -> None:
    """--format json prints nothing but the report."""
    result = run(*SIDES, "--scenarios", "name.json", "--format", "json")
    report = json.loads(result.stdout)

    assert result.exit_code == 1
    assert (report["reference"], report["candidate"]) == SIDES
    assert [d["path"] for d in report["differences"]] == ["body"]


def test_the_report_can_be_a_file(folder: Path, run: Run) -> None:
    """-o writes the report, in its format, and tells where in one line."""
    result = run(*SIDES, "--scenarios", "name.json", "--format", "json", "-o", "report.json")

    assert result.stdout == "1 differences, written to report.json\n"
    assert json.loads((folder / "report.json").read_text())["summary"]["differences"] == 1


def test_a_run_that_fails_leaves_the_file_as_it_was(folder: Path, run: Run) -> None:
    """An older report is not lost to a mistake."""
    (folder / "report").write_text("older")

    assert run("nowhere", "nowhere", "--scenarios", "same.json", "-o", "report").exit_code == 2
    assert (folder / "report").read_text() == "older"


@pytest.mark.parametrize(("setting", "option"), [("false", []), ("true", ["--no-causes"])])
def test_causes_are_left_out_where_asked(
    folder: Path, run: Run, setting: str, option: list[str]
) -> None:
    """Settings and, before them, the option say whether anything is played again."""
    (folder / "pyproject.toml").write_text(f"[tool.quart-parity]\ncauses = {setting}")
    differing = [*SIDES, "--scenarios", "name.json"]

    assert "the port itself" not in run(*differing, *option).stdout
    assert "the port itself" in run(*differing, "--causes").stdout


def test_fresh_makes_a_new_application_for_every_scenario(folder: Path, run: Run) -> None:
    """--fresh asks the factories once for each scenario."""
    write_scenarios(
        folder, "visits.json", scenario("a", "/visits"), scenario("b", "/visits", "/visits")
    )
    (folder / "raw.py").write_text(
        "def app(environ, start_response):\n    start_response('200 OK', [])\n    return []\n"
        "def create(): return app"
    )
    args = ("our_flask:create_app", "raw:create", "--scenarios", "visits.json", "--format", "json")
    shared, fresh = (json.loads(run(*args, *more).stdout) for more in ([], ["--fresh"]))

    assert said(shared) == ["1", "2", "3"]
    assert said(fresh) == ["1", "1", "2"]


def said(report: dict[str, Any]) -> list[str]:
    return [d["reference"] for d in report["differences"] if d["path"] == "body"]


def test_a_stale_accept_is_a_note_and_fails_when_strict(folder: Path, run: Run) -> None:
    """--strict makes a failure of what is accepted in vain."""
    write_scenarios(folder, "stale.json", scenario("same", "/", accept={"header.x": "why"}))
    plain, strict = (run(*SIDES, "--scenarios", "stale.json", *more) for more in ([], ["--strict"]))

    assert (plain.exit_code, strict.exit_code) == (0, 1)
    assert "note: accept 'header.x' covers nothing any more" in plain.stdout


def test_secrets_are_masked_unless_they_are_asked_for(folder: Path, run: Run) -> None:
    """--show-secrets lifts the masks."""
    write_scenarios(folder, "login.json", scenario("login", "/login"))
    masked, shown = (
        run(*SIDES, "--scenarios", "login.json", *more) for more in ([], ["--show-secrets"])
    )

    assert "/?token=<masked 1>" in masked.stdout
    assert "token=one" not in masked.stdout
    assert "token=one" in shown.stdout


def test_an_applications_key_is_never_shown(folder: Path, run: Run) -> None:
    """Not even where all other secrets are asked for."""
    key = "the key of a shop"
    write_scenarios(folder, "key.json", scenario("key", "/key", config={"SECRET_KEY": key}))
    result = run(*SIDES, "--scenarios", "key.json", "--show-secrets")

    assert key not in result.stdout
    assert "<application key>" in result.stdout


def test_an_answer_has_as_long_as_the_limit(folder: Path, run: Run) -> None:
    """--timeout cuts a hung answer off, which is a difference."""
    write_scenarios(folder, "hang.json", scenario("hang", "/hang"))
    result = run(*SIDES, "--scenarios", "hang.json", "--timeout", "0.05")

    assert result.exit_code == 1
    assert '"no answer within 0.05 s"' in result.stdout


def test_a_scenario_that_does_not_work_is_2(folder: Path, run: Run) -> None:
    """What neither side's answer holds cannot be captured: the report says so."""
    request = {"path": "/", "capture": {"t": {"header": "X-None"}}}
    write_scenarios(folder, "capture.json", {"name": "walk", "requests": [request]})
    result = run(*SIDES, "--scenarios", "capture.json")

    assert result.exit_code == 2
    assert "error: walk, request 0: neither side's answer holds what 't' captures" in result.stdout


def test_a_view_that_blocks_for_ever_does_not_keep_the_command(folder: Path) -> None:
    """The process ends with its report, whatever the application's threads do."""
    write_scenarios(folder, "block.json", scenario("block", "/block"))
    done = started(folder, "check", *SIDES, "--scenarios", "block.json", "--timeout", "0.1")

    assert done.returncode == 1
    assert "no answer within 0.1 s" in done.stdout
    assert done.stdout.splitlines()[-1].startswith("1 scenario, 1 exchange, 2 differences")


LOADED = """
import sys
from click.testing import CliRunner
from quart_parity.cli import main
result = CliRunner().invoke(main, sys.argv[1:])
print(result.exit_code, *sorted({name.partition(".")[0] for name in sys.modules}))
"""


def test_running_loads_nothing_that_is_not_used(folder: Path) -> None:
    """A JSON report needs no terminal; pytest and Hypothesis are for tests."""
    args = ["check", *SIDES, "--scenarios", "same.json", "--format", "json"]
    done = subprocess.run(
        [sys.executable, "-c", LOADED, *args],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(CHECKOUT)},
        capture_output=True,
        text=True,
        check=True,
    )
    status, *loaded = done.stdout.split()

    assert status == "0"
    assert "time_machine" in loaded
    assert not {"pytest", "_pytest", "rich", "hypothesis"} & set(loaded)


def test_the_command_tells_its_version() -> None:
    """--version is the package's."""
    assert CliRunner().invoke(main, ["--version"]).stdout == f"quart-parity {__version__}\n"


def test_names_are_masked_and_shown_on_demand(run: Run) -> None:
    """--mask and --unmask say of names what their looks do not."""
    write_scenarios(Path(), "login.json", scenario("log in", "/login"))
    login = [*SIDES, "--scenarios", "login.json"]
    masked, shown = run(*login).stdout, run(*login, "--unmask", "TOKEN").stdout
    both = run(*login, "--unmask", "token", "--mask", "t*n").stdout

    assert "token=<masked 1>" in masked
    assert "token=one" in shown
    assert "token=one" not in both
