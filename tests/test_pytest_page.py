"""What docs/pytest.md tells people to write does what it says."""

import re
from pathlib import Path
from textwrap import dedent

import pytest

ROOT = Path(__file__).resolve().parents[1]
NOTES = """
import flask
import quart


def create_app(config=None):
    app = flask.Flask("notes")
    app.config.from_mapping(SECRET_KEY="key", MAIL_FROM="shop@shop.example")
    app.config.from_mapping(config)
    app.extensions["notes"] = []

    @app.get("/notes")
    def shown():
        return app.extensions["notes"]

    @app.post("/notes")
    def add():
        app.extensions["notes"].append(flask.request.get_json()["text"])
        return "kept", 201

    @app.get("/name")
    def name():
        return app.config["MAIL_FROM"], {"X-Made-With": "Flask"}

    return app


def create_port(config=None):
    app = quart.Quart("notes")
    app.config.from_mapping(SECRET_KEY="key", MAIL_FROM="shop@shop.example")
    app.config.from_mapping(config)
    app.extensions["notes"] = []

    @app.get("/notes")
    async def shown():
        return app.extensions["notes"]

    @app.post("/notes")
    async def add():
        app.extensions["notes"].append((await quart.request.get_json())["text"])
        return "kept", STATUS

    @app.get("/name")
    async def name():
        return app.config["MAIL_FROM"], {"X-Made-With": "Quart"}

    return app
"""
FIXTURES = """
import pytest

from notes_of_the_page import create_app


@pytest.fixture
def app():
    return create_app()


@pytest.fixture
def client(app):
    return app.test_client()
"""
SETTINGS = """
[tool.quart-parity]
reference = "notes_of_the_page:create_app()"
candidate = "notes_of_the_page:create_port()"

[tool.pytest.ini_options]
asyncio_mode = "auto"
asyncio_default_fixture_loop_scope = "function"
"""
IMPORTS = "import pytest\n\nfrom notes_of_the_page import create_port\n\n"


def snippet(name: str) -> str:
    """The Python code of the page under this name."""
    text = (ROOT / "docs" / "pytest.md").read_text("utf-8")
    found = re.search(rf"<!-- {re.escape(name)} -->\n```python\n(.*?)```\n", text, re.DOTALL)
    assert found is not None
    return found[1]


def run(
    pytester: pytest.Pytester, suite: str, *arguments: str, conftest: str = "", status: int = 201
) -> pytest.RunResult:
    """Run a suite of the notes, whose port answers with *status* where one is added."""
    notes = NOTES.replace("STATUS", str(status))
    pytester.makepyfile(notes_of_the_page=notes, test_page=IMPORTS + suite)
    pytester.makeconftest(FIXTURES + conftest)
    pytester.makepyprojecttoml(SETTINGS)
    pytester.syspathinsert()
    plain = "-p", "quart_parity.pytest_plugin", "-p", "no:flask", "-p", "no:randomly"
    return pytester.runpytest_inprocess(*plain, *arguments)


def test_options_are_all_there() -> None:
    """The page has a row for each option that the plugin adds."""
    page = (ROOT / "docs" / "pytest.md").read_text("utf-8")
    source = (ROOT / "quart_parity" / "pytest_plugin.py").read_text("utf-8")
    rows = re.findall(r"^\| `(--parity[\w-]*)", page, re.MULTILINE)

    assert set(rows) == set(re.findall(r'^ +"(--parity[\w-]*)",$', source, re.MULTILINE))
    assert len(set(rows)) == 5


def test_a_port_is_made_by_a_function(pytester: pytest.Pytester) -> None:
    """A function that stands for the port has the say over its configuration."""
    test = "\ndef test_name(client):\n    client.get('/name')\n"
    accept = "--parity-accept", "header.x-made-with=each names its own"
    outcome = run(pytester, snippet("make the port") + test, "--parity=check", *accept)

    outcome.assert_outcomes(failed=1)
    outcome.stdout.fnmatch_lines(
        ['*reference  "shop@shop.example"', '*candidate  "port@shop.example"']
    )


def test_markers(pytester: pytest.Pytester) -> None:
    """Tests say that they are not mirrored, or that they live with a difference."""
    outcome = run(pytester, snippet("the marker"), "--parity=check")

    outcome.assert_outcomes(passed=2)
    outcome.stdout.fnmatch_lines(["1 exchange of 1 test mirrored, 0 differences (1 accepted)"])


@pytest.mark.parametrize("hooks", [True, False], ids=["with the hooks", "without"])
def test_hooks_hand_over_what_is_in_memory(pytester: pytest.Pytester, hooks: bool) -> None:
    """Notes that the original holds reach the port by the hooks, and not without."""
    suite = """
    def test_notes(app, client):
        app.extensions["notes"].append("tea")

        assert client.get("/notes").json == ["tea"]
    """
    conftest = snippet("the hooks") if hooks else ""
    outcome = run(pytester, dedent(suite), "--parity=check", conftest=conftest)

    outcome.assert_outcomes(passed=hooks, failed=not hooks)


@pytest.mark.parametrize("both", [True, False], ids=["to both", "to the original"])
def test_what_is_done_to_both_is_no_difference(pytester: pytest.Pytester, both: bool) -> None:
    """A test that writes to the original alone finds a difference, and none if to both."""
    suite = snippet("do it to both")
    given = suite if both else suite.replace("(app, *ports)", "(app,)")
    outcome = run(pytester, given, "--parity=check")

    assert (given == suite) is both
    outcome.assert_outcomes(passed=both, failed=not both)


@pytest.mark.parametrize("status", [201, 200], ids=["alike", "otherwise"])
def test_the_fixture_holds_the_port_to_the_answer(pytester: pytest.Pytester, status: int) -> None:
    """Both forms of the fixture's tests pass, and fail where the port answers otherwise."""
    outcome = run(pytester, snippet("the fixture"), status=status)
    told = outcome.stdout.str().count("\n  POST /notes\n")

    outcome.assert_outcomes(passed=2 * (status == 201), failed=2 * (status == 200))
    assert told == 2 * (status == 200)
