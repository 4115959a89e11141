"""What a test does to the reference behind its client's back, told where something differs."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from quart_parity.mirror.behind import Watched
from tests.ported import Suite

LOCK = "import sqlite3, sys; sqlite3.connect(sys.argv[1], timeout=0).execute('BEGIN IMMEDIATE')"
VIEWS = """
import sqlite3
from contextlib import closing

def do(statement, *values):
    with closing(sqlite3.connect(app.config["DATABASE"])) as db, db:
        return db.execute(statement, values).fetchall()

@app.get("/names")
def names():
    return {"names": [name for (name,) in do("SELECT name FROM names")]}

@app.post("/names/<name>")
def add(name):
    do("INSERT INTO names VALUES (?)", name)
    return "added"

@app.get("/greeting")
def greeting():
    return message()
"""
CONFTEST = """
import sqlite3
from contextlib import closing

import pytest
from original import create_app

@pytest.fixture
def database(tmp_path):
    return tmp_path / "names.db"

@pytest.fixture
def do(database):
    def do(statement):
        with closing(sqlite3.connect(database)) as db, db:
            return db.execute(statement).fetchall()
    return do

@pytest.fixture
def client(database, do):
    do("PRAGMA journal_mode = DELETE")
    do("CREATE TABLE names (name)")
    do("INSERT INTO names VALUES ('Ada')")
    return create_app({"DATABASE": str(database), "TESTING": True}).test_client()
"""
CHANGED = "note: the test changed names.db itself before a request, and not the port's copy"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "names.db"
    with closing(sqlite3.connect(path)) as made, made:
        made.execute("CREATE TABLE names (name)")
    return path


@pytest.fixture
def watched(path: Path) -> Iterator[Watched]:
    watched = Watched(lambda: [path])
    yield watched
    watched.close()


def write(path: Path) -> None:
    with closing(sqlite3.connect(path)) as opened, opened:
        opened.execute("INSERT INTO names VALUES ('Ada')")


def write_at_once(path: Path) -> None:
    """Within the tick of the clock in which it was written before."""
    before = path.stat()
    write(path)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def replace(path: Path) -> None:
    other = path.with_name("other")
    other.write_bytes(path.read_bytes())
    before = path.stat()
    os.utime(other, ns=(before.st_atime_ns, before.st_mtime_ns))
    other.replace(path)


@pytest.mark.parametrize("change", [write, write_at_once, replace, Path.unlink])
def test_a_write_is_seen(change: Callable[[Path], None], path: Path, watched: Watched) -> None:
    """A file that is written into, replaced or deleted has changed; before a request none has."""
    write(path)
    before = watched.changed()
    watched.remember()
    unchanged = watched.changed()
    change(path)

    assert before == unchanged == []
    assert watched.changed() == [path]


@pytest.mark.parametrize("is_open", [False, True])
@pytest.mark.parametrize("stays_open", [False, True])
def test_a_write_into_the_log_is_seen(
    is_open: bool, stays_open: bool, path: Path, watched: Watched
) -> None:
    """With a write-ahead log a write is seen as well, whoever else has the database open."""
    with closing(sqlite3.connect(path)) as other, closing(sqlite3.connect(path)) as writer:
        other.execute("PRAGMA journal_mode = WAL")
        other.execute("INSERT INTO names VALUES ('Ada')")
        other.commit()
        if not is_open:
            other.close()
        watched.remember()
        writer.execute("INSERT INTO names VALUES ('Bob')")
        writer.commit()
        if not stays_open:
            writer.close()

        assert watched.changed() == [path]


@pytest.mark.parametrize("mode", ["DELETE", "WAL"])
@pytest.mark.parametrize("is_open", [False, True])
@pytest.mark.parametrize("stays_open", [False, True])
def test_reading_is_no_change(
    mode: str, is_open: bool, stays_open: bool, path: Path, watched: Watched
) -> None:
    """Who only reads has changed nothing, also where that makes the files of a log."""
    with closing(sqlite3.connect(path)) as other:
        other.execute(f"PRAGMA journal_mode = {mode}")
        if not is_open:
            other.close()
        watched.remember()
        with closing(sqlite3.connect(path)) as reader:
            reader.execute("SELECT * FROM names").fetchall()
            if not stays_open:
                reader.close()

            assert watched.changed() == []


def test_files_come_and_go(tmp_path: Path) -> None:
    """Files that are new among those to be watched, and those that are gone, have changed."""
    files = [tmp_path / "one", tmp_path / "two"]
    files[0].write_text("1")
    watched = Watched(tmp_path.iterdir)
    watched.remember()
    files[0].unlink()
    files[1].write_text("2")

    assert sorted(watched.changed()) == files


def test_looking_keeps_the_locks(path: Path, watched: Watched) -> None:
    """A transaction that is open while its file is looked at keeps other processes out."""
    with closing(sqlite3.connect(path)) as opened:
        opened.execute("BEGIN IMMEDIATE")
        watched.remember()
        watched.changed()
        other = subprocess.run(
            [sys.executable, "-c", LOCK, path], capture_output=True, text=True, check=False
        )

    assert "database is locked" in other.stderr


def test_no_descriptor_is_left(path: Path, watched: Watched) -> None:
    """When it is closed, it has as few files open as before, also if one was replaced."""
    before = len(os.listdir("/proc/self/fd"))
    watched.remember()
    replace(path)
    watched.changed()
    during = len(os.listdir("/proc/self/fd"))
    watched.close()

    assert during == before + 1
    assert len(os.listdir("/proc/self/fd")) == before


def suite(pytester: pytest.Pytester, tests: str) -> Suite:
    return Suite(pytester, VIEWS + "\nfrom notices import message\n", tests, CONFTEST)


@pytest.fixture(autouse=True)
def _shared_module(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(notices='def message():\n    return "hello"\n')


def test_a_write_before_the_first_request_reaches_the_port(pytester: pytest.Pytester) -> None:
    """What is in the database at the first request, the port has too, and goes on with."""
    suite(
        pytester,
        """
        def test_names(client, do):
            do("INSERT INTO names VALUES ('Bob')")
            assert client.get("/names").json == {"names": ["Ada", "Bob"]}
            client.post("/names/Cid")
            assert client.get("/names").json == {"names": ["Ada", "Bob", "Cid"]}
            assert len(do("SELECT * FROM names")) == 3
            client.post("/names/Dan")
            assert len(client.get("/names").json["names"]) == 4
        """,
    ).is_equal()


def test_a_write_between_two_requests_is_told(pytester: pytest.Pytester) -> None:
    """Where the test itself has written into the database, the account of the difference says so,
    and once only."""
    text = suite(
        pytester,
        """
        def test_names(client, do):
            client.get("/names")
            do("INSERT INTO names VALUES ('Bob')")
            client.get("/names")
            do("INSERT INTO names VALUES ('Cid')")
            client.get("/names")
        """,
    ).finds("", "", "body.names[1]", CHANGED)

    assert text.count(CHANGED) == 1


@pytest.mark.parametrize("act", ["SELECT * FROM names", "PRAGMA user_version"])
def test_reading_is_not_told(act: str, pytester: pytest.Pytester) -> None:
    """Where a test has only read, the account of a difference says nothing of it."""
    text = suite(
        pytester,
        f"""
        def test_names(client, do):
            client.get("/names")
            do("{act}")
            client.get("/names")
        """,
    ).finds('"names": [', '"names": ["Eve"] + [', "body.names[0]")

    assert "note:" not in text


def test_a_write_that_changes_no_answer_is_not_told(pytester: pytest.Pytester) -> None:
    """Where nothing differs, nothing is told of what the test did."""
    suite(
        pytester,
        """
        def test_names(client, do):
            client.get("/names")
            do("CREATE TABLE other (name)")
            client.get("/names")
        """,
    ).is_equal()


@pytest.mark.parametrize(
    "act",
    [
        'monkeypatch.setattr("original.extra", lambda: "patched", raising=False)',
        'monkeypatch.setattr(original, "extra", lambda: "patched", raising=False)',
    ],
)
def test_what_is_replaced_in_the_reference_is_told(act: str, pytester: pytest.Pytester) -> None:
    """A function that a test replaces in the reference's module is named in the account."""
    suite(
        pytester,
        f"""
        import original

        def test_names(client, monkeypatch):
            {act}
            client.get("/names")
        """,
    ).finds(
        '"names": [',
        '"names": ["Eve"] + [',
        "note: the test replaced original.extra for the reference, and nothing of the port's",
    )


@pytest.mark.parametrize(
    "act",
    [
        'monkeypatch.setattr("notices.message", lambda: "patched")',
        'monkeypatch.setattr("time.time", lambda: 1_800_000_000.0)',
        'monkeypatch.setenv("GREETING", "patched")',
    ],
)
def test_what_is_replaced_for_both_is_not_told(act: str, pytester: pytest.Pytester) -> None:
    """What a test replaces in a module that both sides use is in no account."""
    text = suite(
        pytester,
        f"""
        def test_names(client, monkeypatch):
            {act}
            client.get("/names")
        """,
    ).finds('"names": [', '"names": ["Eve"] + [', "body.names[0]")

    assert "note:" not in text


def test_a_database_in_memory_is_told(pytester: pytest.Pytester) -> None:
    """Where a database is in memory, the account of a difference names the key of its config."""
    views = """
    import sqlite3

    kept = sqlite3.connect(app.config["DATABASE"], check_same_thread=False)
    kept.execute("CREATE TABLE names (name)")
    app.kept = kept

    @app.get("/names")
    def names():
        return {"names": [name for (name,) in kept.execute("SELECT name FROM names")]}
    """
    tests = """
    from original import create_app

    def test_names(recwarn):
        app = create_app({"DATABASE": ":memory:"})
        app.kept.execute("INSERT INTO names VALUES ('Ada')")
        app.test_client().get("/names")
    """
    told = "note: DATABASE is a database in memory: the port has its own, which begins empty"
    Suite(pytester, views, tests).finds("", "", "body.names[0]", told)
