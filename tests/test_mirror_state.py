"""What the port begins with: the reference's config and state, copied, shared, or by hooks."""

from pathlib import Path

import pytest

from tests.ported import Suite

VIEWS = """
import sqlite3
from contextlib import closing
from pathlib import Path

app.config.setdefault("GREETING", "hello")

def do(statement, *values):
    with closing(sqlite3.connect(app.config["DATABASE"])) as db, db:
        return db.execute(statement, values).fetchall()

@app.get("/names")
def names():
    return {"names": [name for (name,) in do("SELECT name FROM names ORDER BY name")]}

@app.post("/names/<name>")
def add(name):
    try:
        do("INSERT INTO names VALUES (?)", name)
    except sqlite3.IntegrityError:
        return "taken", 409
    return "added", 201

@app.get("/uploads")
def uploads():
    return sorted(path.name for path in Path(app.config["UPLOADS"]).iterdir())

@app.post("/uploads/<name>")
def upload(name):
    (Path(app.config["UPLOADS"]) / name).touch()
    return "kept"

@app.get("/greeting")
def greeting():
    return app.config["GREETING"] + app.config.get("END", "")
"""
CONFTEST = """
import sqlite3
from contextlib import closing

import pytest
from original import create_app

def reset(path):
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("DROP TABLE IF EXISTS names")
        db.execute("CREATE TABLE names (name PRIMARY KEY)")
        db.execute("INSERT INTO names VALUES ('Ada')")

@pytest.fixture(scope="SCOPE")
def app(tmp_path_factory):
    folder = tmp_path_factory.mktemp("state")
    (folder / "uploads").mkdir()
    config = {"DATABASE": str(folder / "names.db"), "UPLOADS": folder / "uploads", "TESTING": True}
    reset(config["DATABASE"])
    return create_app(config)

@pytest.fixture
def client(app):
    return app.test_client()
"""
EACH = CONFTEST.replace("SCOPE", "function")
ALL = CONFTEST.replace("SCOPE", "session")
REGISTER = """
def test_names(client):
    assert client.post("/names/Bob").status_code == 201
    assert client.post("/names/Bob").status_code == 409
    assert client.get("/names").json == {"names": ["Ada", "Bob"]}
"""


def test_the_port_has_copies(pytester: pytest.Pytester) -> None:
    """By default both sides write, and neither sees what the other has written."""
    tests = """
    import os

    def test_uploads(client, app):
        client.post("/uploads/mine")
        assert client.get("/uploads").json == ["mine"]
        assert os.listdir(app.config["UPLOADS"]) == ["mine"]
    """
    Suite(pytester, VIEWS, REGISTER + "\n", EACH).is_equal()
    Suite(pytester, VIEWS, tests, EACH).is_equal()


def test_a_list_in_the_config_is_the_ports_own(pytester: pytest.Pytester) -> None:
    """What the config holds in lists and the like is not shared, so that a lost write is seen."""
    views = """
    app.config.setdefault("OUTBOX", [])

    @app.post("/send")
    def send():
        app.config["OUTBOX"].append("sent")
        return "sent"

    @app.get("/sent")
    def sent():
        return app.config["OUTBOX"]
    """
    conftest = """
    import pytest
    from original import create_app

    @pytest.fixture
    def client(outbox):
        return create_app({"OUTBOX": outbox}).test_client()

    @pytest.fixture
    def outbox():
        return ["before"]
    """
    tests = """
    def test_outbox(client, outbox):
        client.post("/send")
        assert outbox == client.get("/sent").json == ["before", "sent"]
    """
    suite = Suite(pytester, views, tests, conftest)
    suite.is_equal()
    suite.finds('app.config["OUTBOX"].append("sent")', "pass", "body[1]")


def test_what_is_shared_is_written_twice(pytester: pytest.Pytester) -> None:
    """With one database for both, what the reference has registered is refused to the port."""
    suite = Suite(pytester, VIEWS, REGISTER, EACH, ["--parity-state=share"])
    text = suite.finds(
        "", "", "status", "201", "409", 'client.post("/names/Bob").status_code == 201'
    )

    assert "1 difference" in text or "differences" in text
    assert "body.names" not in text


def test_what_is_shared_serves_tests_that_write_by_themselves(pytester: pytest.Pytester) -> None:
    """With one database for both, the port sees what a test writes between two requests."""
    tests = """
    from conftest import reset
    import sqlite3

    def test_names(client, app):
        client.get("/names")
        db = sqlite3.connect(app.config["DATABASE"])
        db.execute("INSERT INTO names VALUES ('Bob')")
        db.commit()
        db.close()
        assert client.get("/names").json == {"names": ["Ada", "Bob"]}
    """
    Suite(pytester, VIEWS, tests, EACH, ["--parity-state=share"]).is_equal()
    Suite(pytester, VIEWS, tests, EACH).finds("", "", "body.names[1]", "the test changed names.db")


def test_a_database_that_is_reset_before_each_test(pytester: pytest.Pytester) -> None:
    """An application that serves all tests, on a database that a fixture resets, is mirrored: what
    was written before a test's first request reaches the port."""
    tests = """
import pytest
from conftest import reset

@pytest.fixture(autouse=True)
def _reset(app):
    reset(app.config["DATABASE"])

@pytest.mark.parametrize("again", range(3))
""" + REGISTER.strip().replace("(client)", "(client, again)")
    Suite(pytester, VIEWS, tests, ALL).is_equal(3)


def test_state_goes_on_from_test_to_test(pytester: pytest.Pytester) -> None:
    """An application that serves several tests has one port, which keeps what it stored."""
    tests = """
    def test_first(client):
        client.post("/names/Bob")
        client.post("/uploads/mine")

    def test_second(client, app):
        assert client.get("/names").json == {"names": ["Ada", "Bob"]}
        assert client.get("/uploads").json == ["mine"]
        (app.config["UPLOADS"] / "mine").unlink()
        (app.config["UPLOADS"] / "other").touch()

    def test_third(client):
        assert client.get("/uploads").json == ["other"]
    """
    Suite(pytester, VIEWS, tests, ALL).is_equal(3)


def test_what_a_port_lost_is_found_in_a_later_test(pytester: pytest.Pytester) -> None:
    """A port that stores nothing is found by the next test that reads, if nobody wrote between."""
    tests = """
    def test_first(client):
        client.post("/names/Bob")

    def test_second(client):
        client.get("/names")
    """
    insert = 'do("INSERT INTO names VALUES (?)", name)'
    Suite(pytester, VIEWS, tests, ALL).finds(insert, "pass", "body.names[1]", passed=1, failed=1)


HOOKS = """
import pytest
from original import create_app

def pytest_parity_snapshot(reference):
    return list(reference.names)

ASYNCdef pytest_parity_restore(candidate, snapshot):
    assert not candidate.names
    candidate.names.extend(snapshot)

@pytest.fixture
def client():
    app = create_app({"TESTING": True})
    app.names.append("Ada")
    return app.test_client()
"""
IN_MEMORY = """
app.names = []

@app.get("/names")
def names():
    return {"names": app.names}

@app.post("/names/<name>")
def add(name):
    app.names.append(name)
    return "added"
"""
USE = """
def test_names(client):
    client.post("/names/Bob")
    assert client.get("/names").json == {"names": ["Ada", "Bob"]}
"""


@pytest.mark.parametrize("kind", ["", "async "])
def test_hooks_carry_what_no_config_names(kind: str, pytester: pytest.Pytester) -> None:
    """What one hook reads off the reference the other gives the port, a coroutine function too."""
    Suite(pytester, IN_MEMORY, USE, HOOKS.replace("ASYNC", kind)).is_equal()
    without = HOOKS.replace("ASYNC", kind).replace("candidate.names.extend", "list")
    Suite(pytester, IN_MEMORY, USE, without).finds("", "", "body.names[1]")


def test_hooks_serve_where_files_are_shared(pytester: pytest.Pytester) -> None:
    """The hooks are called with `--parity-state=share`, too."""
    conftest = HOOKS.replace("ASYNC", "")
    Suite(pytester, IN_MEMORY, USE, conftest, ["--parity-state=share"]).is_equal()


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (
            "return list(reference.names)",
            "return reference.missing",
            "snapshot of 'original' failed",
        ),
        (
            "assert not candidate.names",
            "raise KeyError(snapshot[0])",
            "could not be restored: KeyError",
        ),
    ],
)
def test_a_hook_that_raises_is_told(
    before: str, after: str, told: str, pytester: pytest.Pytester
) -> None:
    """What a hook raises fails the test with its place, and the request gets its answer."""
    conftest = HOOKS.replace("ASYNC", "").replace(before, after)
    tests = """
    def test_names(client):
        assert client.get("/names").json == {"names": ["Ada"]}
        print("answered")
    """
    text = Suite(pytester, IN_MEMORY, tests, conftest).finds("", "", told, "conftest.py")

    assert "answered" in text


def test_what_cannot_be_copied_is_told(pytester: pytest.Pytester) -> None:
    """State that cannot be copied fails the test with the reason, and the request is answered."""
    tests = """
    import sqlite3

    def test_greeting(client, app, monkeypatch):
        def refused(*args):
            raise PermissionError(13, "Permission denied", "names.db")
        monkeypatch.setattr("quart_parity.mirror.copies.copy_file", refused)
        assert client.get("/greeting").text == "hello"
    """
    told = "the state of 'original' cannot be copied: PermissionError: [Errno 13] Permission denied"
    Suite(pytester, VIEWS, tests, EACH).finds("", "", told)


def test_config_is_carried_over(pytester: pytest.Pytester) -> None:
    """What a test changes in the config reaches the port, and what it takes back does too."""
    tests = """
    def test_greeting(client, app, monkeypatch):
        assert client.get("/greeting").text == "hello"
        with monkeypatch.context() as patch:
            patch.setitem(app.config, "GREETING", "good day")
            patch.setitem(app.config, "END", "!")
            assert client.get("/greeting").text == "good day!"
        assert client.get("/greeting").text == "hello"
        app.config["GREETING"] = "good night"
        assert client.get("/greeting").text == "good night"

    def test_new(client, app):
        app.config["NEW"] = {"deep": [1]}
        assert client.get("/greeting").text == "good night"
        app.config["GREETING"] = "hello"
    """
    Suite(pytester, VIEWS, tests, ALL).is_equal(2)


def test_what_the_port_has_of_its_own_comes_back(pytester: pytest.Pytester) -> None:
    """A value of the port's own that a test's config has replaced is the port's own again when the
    test has taken its value away."""
    views = VIEWS.replace('app.config.get("END", "")', 'app.config.get("END", OWN)')
    views = views.replace("app.config.setdefault", 'OWN = ""\napp.config.setdefault', 1)
    tests = """
    def test_greeting(client, app, monkeypatch):
        client.get("/greeting")
        with monkeypatch.context() as patch:
            patch.setitem(app.config, "END", "!")
            assert client.get("/greeting").text == "hello!"
        assert client.get("/greeting").text == "hello"
    """
    suite = Suite(pytester, views, tests, EACH)

    result = suite.run('OWN = ""', 'app.config["END"] = ""; OWN = "lost"')

    result.assert_outcomes(passed=1)


def test_a_database_that_comes_with_a_later_config_is_copied(pytester: pytest.Pytester) -> None:
    """A database that a test puts into the config after the first request is copied then, and
    watched from then on."""
    tests = """
    from conftest import reset
    import sqlite3

    def test_names(client, app, tmp_path):
        client.post("/names/Bob")
        app.config["DATABASE"] = str(tmp_path / "other.db")
        reset(app.config["DATABASE"])
        client.post("/names/Cid")
        assert client.get("/names").json == {"names": ["Ada", "Cid"]}
        SOMETHING
    """
    Suite(pytester, VIEWS, tests.replace("SOMETHING", ""), EACH).is_equal()
    write = 'reset(app.config["DATABASE"]); client.get("/names")'
    suite = Suite(pytester, VIEWS, tests.replace("SOMETHING", write), EACH)
    suite.finds("", "", "the test changed other.db itself")


def test_nothing_is_left_in_the_temporary_folder(
    pytester: pytest.Pytester, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the run is over no copy is left, whether tests passed, failed, or their port hung."""
    temporary = tmp_path / "own"
    temporary.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    Suite(pytester, VIEWS, REGISTER, EACH).is_equal()
    Suite(pytester, VIEWS, REGISTER, ALL).finds('"taken", 409', '"taken", 410', "status")

    assert [one.name for one in temporary.iterdir() if one.name.startswith("parity")] == []
