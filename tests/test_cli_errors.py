"""Every bad input: its exit status, one clear message on stderr, and no traceback."""

from pathlib import Path

import pytest

from tests.project import SIDES, Run, scenario, started, write_scenarios

BAD: dict[str, tuple[list[str], int, str]] = {
    "no sides": ([], 2, "a reference and a candidate are needed"),
    "one side": (["our_flask"], 2, "a reference and a candidate are needed"),
    "no scenarios": ([*SIDES, "--no-url-map"], 2, "no scenarios: give a file with --scenarios"),
    "no such file": (
        [*SIDES, "--scenarios", "no.json"],
        2,
        "no.json: cannot be read: No such file",
    ),
    "a folder": ([*SIDES, "--scenarios", "folder.json"], 2, "cannot be read: Is a directory"),
    "another ending": ([*SIDES, "--scenarios", "our_flask.py"], 2, "ends in .toml, .json or .har"),
    "broken JSON": ([*SIDES, "--scenarios", "broken.json"], 2, "broken.json: is no JSON"),
    "broken TOML": ([*SIDES, "--scenarios", "broken.toml"], 2, "broken.toml: is no TOML"),
    "an unknown key": ([*SIDES, "--scenarios", "unknown.json"], 2, "scenario 'walk': "),
    "a regex too large": ([*SIDES, "--scenarios", "regex.json"], 2, "regex"),
    "JSON too deep": ([*SIDES, "--scenarios", "deep.json"], 2, "deep.json"),
    "a date in JSON": ([*SIDES, "--scenarios", "date.toml"], 2, "json holds what JSON cannot"),
    "no such name": (
        [*SIDES, "--scenarios", "same.json", "-k", "x"],
        2,
        "contains x; there are same",
    ),
    "no such module": (
        ["nowhere", "our_quart", "--scenarios", "same.json"],
        2,
        "no module 'nowhere'",
    ),
    "no such application": (
        ["our_flask:no", "our_quart", "--scenarios", "same.json"],
        2,
        "'our_flask' has no 'no'",
    ),
    "no application": (
        ["our_flask:create_app.__name__", "our_quart", "--scenarios", "same.json"],
        2,
        "neither a WSGI",
    ),
    "a server that is down": (
        ["http+unix:///nowhere/app.sock", "our_quart", "--scenarios", "same.json"],
        3,
        "http+unix:///nowhere/app.sock cannot be reached",
    ),
    "a server with a path": (
        ["http://127.0.0.1/shop", "our_quart", "--scenarios", "same.json"],
        2,
        "a mount point is written into the base",
    ),
    "a server without its scheme": (
        ["localhost:5000", "our_quart", "--scenarios", "same.json"],
        2,
        "write http://localhost:5000",
    ),
    "a key that is not there": (
        ["our_flask", "our_quart", "--scenarios", "same.json", "--secret-key-env", "NOWHERE"],
        2,
        "no such variable",
    ),
    "an unknown server": (
        ["our_flask", "our_quart", "--scenarios", "same.json", "--candidate-server", "apache"],
        2,
        "'apache'",
    ),
    "a server to be served": (
        ["http://127.0.0.1:1", "our_quart", "--scenarios", "same.json", "--serve"],
        2,
        "is a running server",
    ),
    "fresh without a factory": (
        ["our_flask:app", "our_quart:app", "--scenarios", "same.json", "--fresh"],
        2,
        "is an instance: name its factory",
    ),
    "no folder to write to": (
        [*SIDES, "--scenarios", "same.json", "-o", "no/report"],
        2,
        "cannot write 'no/report': No such file",
    ),
    "a folder to write to": (
        [*SIDES, "--scenarios", "same.json", "-o", "."],
        2,
        "cannot write '.'",
    ),
    "a limit of nothing": ([*SIDES, "--scenarios", "same.json", "--timeout", "0"], 2, "timeout"),
    "a limit below": ([*SIDES, "--scenarios", "same.json", "--timeout", "-1"], 2, "timeout"),
    "no limit": ([*SIDES, "--scenarios", "same.json", "--timeout", "inf"], 2, "timeout"),
    "a limit that is no number": (
        [*SIDES, "--scenarios", "same.json", "--timeout", "nan"],
        2,
        "timeout",
    ),
    "a module that raises": (
        ["raising", "our_quart", "--scenarios", "same.json"],
        3,
        "ZeroDivisionError",
    ),
    "a module that exits": (
        ["exiting", "our_quart", "--scenarios", "same.json"],
        3,
        "SystemExit: 0",
    ),
    "a start-up that exits": (
        ["our_flask:app", "leaving", "--scenarios", "same.json"],
        3,
        "start-up failed: SystemExit: 0",
    ),
    "a start-up that raises": (
        ["our_flask:app", "failing", "--scenarios", "same.json"],
        3,
        "start-up failed: ",
    ),
}
LEAVING = """
from quart import Quart
app = Quart("leaving")

@app.before_serving
async def leave():
    raise {}
"""


@pytest.fixture
def bad(folder: Path) -> Path:
    """The project with everything that can be wrong in it."""
    (folder / "folder.json").mkdir()
    (folder / "broken.json").write_text("{")
    (folder / "broken.toml").write_text("[")
    write_scenarios(folder, "unknown.json", scenario("walk", "/", colour="red"))
    regex = {"path": "/", "capture": {"a": {"regex": "(a{99999999999})"}}}
    write_scenarios(folder, "regex.json", {"name": "walk", "requests": [regex]})
    (folder / "deep.json").write_text('{"scenarios": ' + "[" * 100_000 + "]" * 100_000 + "}")
    date = 'requests = [{ path = "/", json = { when = 2026-01-01T00:00:00Z } }]'
    (folder / "date.toml").write_text(f'[[scenarios]]\nname = "walk"\n{date}')
    (folder / "raising.py").write_text("1 / 0")
    (folder / "exiting.py").write_text("import sys\nsys.exit(0)")
    (folder / "leaving.py").write_text(LEAVING.format("SystemExit(0)"))
    (folder / "failing.py").write_text(LEAVING.format("LookupError('no database')"))
    return folder


@pytest.mark.parametrize(("args", "status", "why"), BAD.values(), ids=BAD)
def test_a_bad_input_is_one_clear_message(
    bad: Path, run: Run, args: list[str], status: int, why: str
) -> None:
    """Wrong usage is 2, a side that does not start 3; stderr says why, stdout says nothing."""
    result = run(*args)
    (line,) = result.stderr.splitlines()

    assert result.exit_code == status
    assert line.startswith("quart-parity: ")
    assert why in line
    assert result.stdout == ""
    assert isinstance(result.exception, SystemExit)


@pytest.mark.parametrize(
    "args",
    [["--format", "xml"], ["--timeout", "soon"], ["--colour"], ["a", "b", "c"]],
    ids=["format", "timeout", "option", "argument"],
)
def test_an_option_that_is_none_is_2(run: Run, args: list[str]) -> None:
    """What the command line does not know is told with its usage."""
    result = run(*args)

    assert result.exit_code == 2
    assert result.stderr.startswith("Usage: ")
    assert "Error: " in result.stderr


SETTINGS: dict[str, tuple[str, str]] = {
    "an unknown key": ("[tool.quart-parity]\ncolour = 1", "[tool.quart-parity]: "),
    "a wrong type": ("[tool.quart-parity]\nfresh = 1", "Expected `bool`, got `int`"),
    "no table": ("tool = 3", "pyproject.toml"),
    "broken": ("[", "pyproject.toml: cannot be read"),
    "no such scenarios": ("[tool.quart-parity]\nscenarios = ['*.none']", "no file matches"),
    "an absolute pattern": ("[tool.quart-parity]\nscenarios = ['/none/*.toml']", "/none/*.toml"),
    "an empty pattern": ("[tool.quart-parity]\nscenarios = ['']", "''"),
    "an accept without a reason": ("[tool.quart-parity]\naccept = {a = ''}", "needs a reason"),
    "a limit below nothing": (
        "[tool.quart-parity]\ntimeout = -5\nscenarios = ['same.json']",
        "timeout",
    ),
    "a limit of nothing": (
        "[tool.quart-parity]\ntimeout = 0\nscenarios = ['same.json']",
        "timeout",
    ),
}


@pytest.mark.parametrize(("settings", "why"), SETTINGS.values(), ids=SETTINGS)
def test_bad_settings_are_one_clear_message(
    folder: Path, run: Run, settings: str, why: str
) -> None:
    """What is wrong in pyproject.toml is wrong usage, and is named."""
    (folder / "pyproject.toml").write_text(settings)
    result = run(*SIDES)
    (line,) = result.stderr.splitlines()

    assert (result.exit_code, line[:14]) == (2, "quart-parity: ")
    assert why in line
    assert isinstance(result.exception, SystemExit)


@pytest.mark.parametrize("side", ["leaving", "failing"])
def test_a_failed_start_says_nothing_else(bad: Path, side: str) -> None:
    """A process that ends early leaves one line on stderr, and no traceback."""
    done = started(bad, "check", "our_flask:app", side, "--scenarios", "same.json")

    assert (done.returncode, done.stdout) == (3, "")
    assert len(done.stderr.splitlines()) == 1
