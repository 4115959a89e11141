"""What causes a mirrored difference: known divergences of Quart, or the port itself."""

import sys
import threading
from pathlib import Path

import pytest

from tests.ported import Suite

VIEWS = """
import sqlite3
from contextlib import closing

def do(statement, *values):
    with closing(sqlite3.connect(app.config["DATABASE"])) as db, db:
        return db.execute(statement, values).fetchall()

@app.post("/names/<name>")
def add(name):
    try:
        do("INSERT INTO names VALUES (?)", name)
    except sqlite3.IntegrityError:
        return "taken", 409
    session["name"] = name
    return "added", "201 CREATED"

@app.get("/name")
def name():
    return session.get("name", "nobody")

@app.get("/names")
def names():
    return {"names": [name for (name,) in do("SELECT name FROM names ORDER BY name")]}

@app.get("/end")
def end():
    return app.config.get("END", "none"), {"X-End": "end"}

@app.get("/cookies")
def cookies():
    return "two", 200, [("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")]
"""
CONFTEST = """
import sqlite3
from contextlib import closing

import pytest
from original import create_app

@pytest.fixture(scope="function")
def app(tmp_path_factory):
    path = tmp_path_factory.mktemp("state") / "names.db"
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("CREATE TABLE names (name PRIMARY KEY)")
    return create_app({"DATABASE": str(path), "SECRET_KEY": "kept by nobody"})

@pytest.fixture
def client(app):
    return app.test_client()
"""
MODULE = CONFTEST.replace('scope="function"', 'scope="module"')
STOCK = """
import port
from quart import Quart, session

port.App = Quart
create_app = port.create_app
"""
PORT_ITSELF = "cause  the port itself"


def suite(pytester: pytest.Pytester, tests: str, conftest: str = CONFTEST, *options: str) -> Suite:
    """A suite whose port is one to stock Quart."""
    (pytester.path / "stock.py").write_text(STOCK)
    return Suite(pytester, VIEWS, tests, conftest, list(options), "stock:create_app()")


def test_a_divergence_is_named(pytester: pytest.Pytester) -> None:
    """Differences that compat closes have its piece's code as their cause, and its mend; the state
    is that of the test's beginning when it is found out."""
    tests = """
    def test_names(client):
        client.post("/names/Ada")
        client.get("/names")
    """
    text = suite(pytester, tests).finds("", "", "QP001", "quart-parity explain QP001")

    assert PORT_ITSELF not in text


def test_several_divergences_are_told_apart(pytester: pytest.Pytester) -> None:
    """Each difference of a test has its own cause, with several clients and sessions set by the
    test, and what the port itself does is told as such."""
    tests = """
    def test_names(client, app):
        other = app.test_client()
        with client.session_transaction() as session:
            session["name"] = "Ada"
        with app.test_client().session_transaction() as session:
            session["name"] = "of a client that sends nothing"
        assert client.get("/name").text == "Ada"
        other.get("/cookies")
        app.config["END"] = "over"
        assert client.get("/end").text == "over"
    """
    text = suite(pytester, tests).finds('"X-End": "end"', '"X-End": "END"', "header.x-end")
    name, cookies, end = (text.partition(f"GET /{one}\n")[2] for one in ("name", "cookies", "end"))

    assert "QP021" in name.partition("GET /cookies")[0]
    assert "QP004" in cookies.partition("GET /end")[0]
    assert PORT_ITSELF in end.partition("=====")[0]
    assert text.count(PORT_ITSELF) == 1


def test_no_cause_is_looked_for_where_none_is_wanted(pytester: pytest.Pytester) -> None:
    """With `causes = false` differences are told alone."""
    (pytester.path / "pyproject.toml").write_text("[tool.quart-parity]\ncauses = false\n")
    tests = """
    def test_names(client):
        client.get("/cookies")
    """
    text = suite(pytester, tests).finds("", "", "cookie.a")

    assert "QP0" not in text
    assert "\n    cause " not in text


MADE = """
import atexit
import port

create = port.create_app
made = []

def create_app(config=None):
    made.append(1)
    return create(config)

"""


@pytest.mark.parametrize("shared", [True, False])
def test_what_is_shared_is_not_done_again(shared: bool, pytester: pytest.Pytester) -> None:
    """With one database for both the port is made once; else new ones are made for experiments."""
    (pytester.path / "counted.py").write_text(MADE)
    tests = """
    def test_names(client):
        client.get("/names")
    """
    one = suite(pytester, tests, CONFTEST, *(["--parity-state=share"] if shared else []))
    one.candidate = "counted:create_app()"
    conftest = one.conftest + "\n\ndef pytest_unconfigure():\n    import counted\n"
    one.conftest = conftest + "    print('made', len(counted.made))\n"
    text = one.finds('"names": [', '"names": ["Eve"] + [', "body.names[0]")

    assert ("made 1\n" in f"{text}\n") is shared
    assert (PORT_ITSELF in text) is not shared


def test_an_application_of_several_tests(pytester: pytest.Pytester) -> None:
    """Of an application that serves a module the first test's causes are found by experiment, and
    those of later ones by what they look like; its port goes on as if nothing had been tried."""
    tests = """
    def test_first(client):
        client.post("/names/Ada")

    def test_second(client):
        assert client.get("/names").json == {"names": ["Ada"]}

    def test_third(client):
        client.post("/names/Bob")

    def test_fourth(client):
        assert client.get("/names").json == {"names": ["Ada", "Bob"]}
    """
    before, after = 'session["name"] = name', "None"
    one = suite(pytester, tests, MODULE)
    one.candidate = "port:create_app()"
    text = one.finds(before, after, "cookie.session", PORT_ITSELF, passed=2, failed=2)
    first = text.partition("test_third _")[0]

    assert PORT_ITSELF in first
    assert PORT_ITSELF not in text.partition("test_third _")[2].partition("=====")[0]


def test_experiments_leave_no_trace(
    pytester: pytest.Pytester, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the run is over there are the threads, modules and temporary files of before."""
    temporary = tmp_path / "own"
    temporary.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    tests = """
    def test_names(client):
        client.post("/names/Ada")
        client.get("/cookies")
    """
    one = suite(pytester, tests)
    one.finds("", "", "QP001", "QP004")
    threads, modules = set(threading.enumerate()), set(sys.modules)
    one.finds("", "", "QP001", "QP004")

    for thread in set(threading.enumerate()) - threads:
        thread.join(10)

    assert set(threading.enumerate()) <= threads
    assert set(sys.modules) - modules == set()
    assert [path.name for path in temporary.iterdir() if path.name.startswith("parity")] == []


FAILING = """
import port

create = port.create_app
made = []

def create_app(config=None):
    made.append(1)
    if len(made) > 1:
        raise RuntimeError("one is enough")
    return create(config)
"""


def test_what_cannot_be_done_again_is_told(pytester: pytest.Pytester) -> None:
    """A port that cannot be made twice is compared all the same; a note says why no cause is."""
    (pytester.path / "failing.py").write_text(FAILING)
    tests = """
    def test_names(client):
        client.get("/names")
    """
    one = suite(pytester, tests)
    one.candidate = "failing:create_app()"
    one.finds(
        '"names": [',
        '"names": ["Eve"] + [',
        "body.names[0]",
        "note: causes were not looked for",
        "one is enough",
    )
