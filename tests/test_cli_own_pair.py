"""The command on somebody's own pair, of which nothing is written down."""

import json
from pathlib import Path

import pytest

from quart_parity import read_scenarios
from tests.conftest import Write
from tests.project import Run, scenario, write_scenarios

SAME = ("our_flask:create_app()", "our_flask:create_app()")
NAME = """
from {framework} import {App}, request, session

def create_app():
    app = {App}("shop", static_folder=None)
    app.secret_key = "key"

    @app.get("/")
    def index():
        return '<form method="post" action="/name"><input name="name" required></form>'

    @app.post("/name")
    {a}def name():
        session["name"] = ({w}request.form){extra}["name"]
        return session["name"]

    return app
"""
VARYING = """
from itertools import count
from flask import Flask

numbers = count({start})

def create_app():
    app = Flask("shop", static_folder=None)

    @app.get("/")
    def index():
        return "<p>made as number %d</p><p>{text}</p>" % next(numbers)

    return app
"""


@pytest.fixture
def pair(write: Write, folder: Path) -> tuple[str, str]:
    """A form on both sides."""
    write(NAME.format(framework="flask", App="Flask", a="", w="", extra=""), "form_flask.py")
    port = NAME.format(framework="quart", App="Quart", a="async ", w="await ", extra="")
    write(port, "form_quart.py")
    return "form_flask", "form_quart"


def test_nothing_need_be_written(pair: tuple[str, str], run: Run) -> None:
    """Every rule is asked for, the form is filled in and sent, and all of it is told."""
    result = run(*pair, "--no-causes", "--coverage")

    assert "POST /name" in result.stdout
    assert "coverage: 2 of 2 methods of 2 rules were answered below 400" in result.stdout


def test_routes_that_one_side_lacks_are_differences(pair: tuple[str, str], run: Run) -> None:
    """They are found without a request, by their rule."""
    result = run("form_flask", "our_flask", "--no-causes", "--format", "json")
    differences = json.loads(result.stdout)["differences"]
    found = {(one["path"], one["target"]) for one in differences}

    assert result.exit_code == 1
    assert {("route./name.methods", "/name"), ("route./visits", "/visits")} <= found


def test_they_can_be_accepted(pair: tuple[str, str], run: Run, folder: Path) -> None:
    """By their path, as any other difference, and the entry is then not stale."""
    (folder / "pyproject.toml").write_text(
        "[tool.quart-parity]\nstrict = true\n[tool.quart-parity.accept]\n"
        "'**' = 'two applications that have nothing to do with each other'\n"
    )
    result = run("form_flask", "our_flask", "--no-causes")

    assert result.exit_code == 0
    assert "stale" not in result.stdout


def test_what_was_made_is_saved(pair: tuple[str, str], run: Run, folder: Path) -> None:
    """The file is played like any other, and comes to the same."""
    first = run(*pair, "--no-causes", "--save", "made.json")
    again = run(*pair, "--no-causes", "--scenarios", "made.json")
    scenarios = read_scenarios([folder / "made.json"])

    assert f"{len(scenarios)} scenarios, written to made.json" in first.stderr
    assert first.stdout.splitlines()[-1].split(" in ")[0] in again.stdout
    assert any(request.method == "POST" for one in scenarios for request in one.requests)


def test_a_route_that_never_answered_well_can_fail(run: Run) -> None:
    """Nobody knows a file of the static folder's, and the report says what would help."""
    usual = run(*SAME, "--no-causes")
    strict = run(*SAME, "--no-causes", "--require-coverage")

    assert (usual.exit_code, strict.exit_code) == (0, 1)
    assert "a value for <path:filename> that there is" in strict.stdout


def test_coverage_is_told_of_written_scenarios(run: Run) -> None:
    """Without the URL map being walked."""
    result = run("our_flask", "our_flask", "--scenarios", "same.json", "--coverage")

    assert result.stdout.count("not asked") == 5
    assert "1 scenario, 1 exchange, 0 differences" in result.stdout


def test_the_references_own_noise_is_accepted(write: Write, run: Run) -> None:
    """What it answers otherwise each time is named, and what the port does otherwise is not."""
    write(VARYING.format(start=0, text="same"), "varying.py")
    write(VARYING.format(start=900, text="same"), "varying_port.py")
    write(VARYING.format(start=900, text="other"), "wrong_port.py")
    loud = run("varying", "varying_port", "--no-causes")
    quiet = run("varying", "varying_port", "--no-causes", "--noise")
    wrong = run("varying", "wrong_port", "--no-causes", "--noise")

    assert (loud.exit_code, quiet.exit_code, wrong.exit_code) == (1, 0, 1)
    assert "accepted: the reference itself differs from one run to the next" in quiet.stdout


def test_a_command_resets_each_side(run: Run, folder: Path) -> None:
    """It runs before every scenario of every side, in the project's folder."""
    write_scenarios(folder, "two.json", scenario("one", "/"), scenario("two", "/"))
    told = 'echo "$QUART_PARITY_SIDE $QUART_PARITY_SCENARIO" >> told'
    result = run("our_flask", "our_flask", "--scenarios", "two.json", "--setup", told)

    assert result.exit_code == 0
    assert (folder / "told").read_text().splitlines() == [
        "reference one",
        "candidate one",
        "reference two",
        "candidate two",
    ]


def test_a_command_that_fails_is_3(run: Run) -> None:
    """Whoever wanted another state must not compare this one."""
    result = run("our_flask", "our_flask", "--scenarios", "same.json", "--setup", "exit 7")

    assert result.exit_code == 3
    assert "'exit 7' ended with 7" in result.stderr


def test_a_login_comes_first(pair: tuple[str, str], run: Run, folder: Path) -> None:
    """Made scenarios are played once more behind it."""
    login = {"path": "/name", "method": "POST", "form": {"name": "somebody"}}
    write_scenarios(folder, "login.json", {"name": "log in", "requests": [login]})
    run(*pair, "--no-causes", "--login", "login.json", "--save", "made.json")
    led = [
        one
        for one in read_scenarios([folder / "made.json"])
        if one.requests[0].form == {"name": "somebody"}
    ]

    assert led
    assert all("logged in" in one.name for one in led)


def test_a_login_that_is_refused_is_told(pair: tuple[str, str], run: Run, folder: Path) -> None:
    """Everything behind it is then played as nobody."""
    login = {"path": "/name", "method": "POST", "form": {"other": "field"}}
    write_scenarios(folder, "login.json", {"name": "log in", "requests": [login]})
    result = run(*pair, "--no-causes", "--login", "login.json")

    assert "note: The login's last request was answered with 400" in result.stdout


@pytest.mark.parametrize("path", ["nowhere/made.json", "made.toml"])
def test_what_cannot_be_saved_is_told_before_the_run(
    pair: tuple[str, str], run: Run, path: str
) -> None:
    """Nobody waits for scenarios that are then lost."""
    result = run(*pair, "--no-causes", "--save", path)

    assert (result.exit_code, result.stdout) == (2, "")
    assert path in result.stderr


def test_settings_mean_the_same_in_a_folder_below(folder: Path, run: Run, write: Write) -> None:
    """Applications that the file names find their files as they do beside it; reports do not."""
    write(
        "from pathlib import Path\nfrom flask import Flask\n\ndef create_app():\n"
        "    app = Flask('shop', static_folder=None)\n    text = Path('data').read_text()\n"
        "    app.add_url_rule('/', 'index', lambda: text)\n    return app\n",
        "settled.py",
    )
    (folder / "data").write_text("here")
    (folder / "pyproject.toml").write_text(
        "[tool.quart-parity]\nreference = 'settled:create_app()'\n"
        "candidate = 'settled:create_app()'\n"
    )
    (folder / "below").mkdir()
    write_scenarios(folder / "below", "login.json", scenario("log in", "/"))
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder / "below")
        result = run("-o", "report.txt", "--save", "made.json", "--login", "login.json", "--noise")

    assert (result.exit_code, result.stderr.count("cannot be read")) == (0, 0)
    written = {path.name for path in (folder / "below").iterdir()} - {"login.json"}
    assert written == {"report.txt", "made.json"}


def test_completion_is_a_script() -> None:
    """The shell's own way to ask the command is in it."""
    from click.testing import CliRunner

    from quart_parity.cli import main

    scripts = [CliRunner().invoke(main, ["completion", name]) for name in ("bash", "zsh", "fish")]

    assert [one.exit_code for one in scripts] == [0, 0, 0]
    assert all("_QUART_PARITY_COMPLETE" in one.stdout for one in scripts)


def test_state_is_set_before_an_application_starts(run: Run, folder: Path, write: Write) -> None:
    """One that cannot do without its data starts on what the command made, also for its map."""
    write(
        "from pathlib import Path\nfrom flask import Flask\n\ndef create_app():\n"
        "    app = Flask('shop', static_folder=None)\n    text = Path('data').read_text()\n"
        "    app.add_url_rule('/', 'index', lambda: text)\n    return app\n",
        "needy.py",
    )
    targets = ("needy:create_app()", "needy:create_app()")
    without = run(*targets, "--no-causes")
    result = run(*targets, "--no-causes", "--setup", "echo here > data")

    assert without.exit_code == 3
    assert result.exit_code == 0
