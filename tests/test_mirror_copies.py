"""Databases, files and folders that a config names: copied for the port, and never touched."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from quart_parity.mirror import copies as copying
from quart_parity.mirror import duplicates
from quart_parity.mirror.copies import Copies, Places

LOCK = "import sqlite3, sys; sqlite3.connect(sys.argv[1], timeout=0).execute('BEGIN IMMEDIATE')"


class Parsed:
    """A URL as SQLAlchemy parses it."""

    drivername = "sqlite+pysqlite"

    def __init__(self, database: str, **query: str) -> None:
        self.database = database
        self.query = query

    def set(self, database: str) -> "Parsed":
        return Parsed(database, **self.query)


@pytest.fixture
def outside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project that does not lie where temporary files do; the working folder."""
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    project = tmp_path / "project"
    (project / "instance").mkdir(parents=True)
    (project / "shop").mkdir()
    monkeypatch.chdir(project)
    return project


@pytest.fixture
def copies(outside: Path) -> Iterator[Copies]:
    made = Copies(Places(outside / "instance", outside / "shop", outside))
    yield made
    made.forget()


@pytest.fixture
def temporary(tmp_path: Path) -> Path:
    return tmp_path / "temporary"


def database(path: Path, *names: str) -> Path:
    with closing(sqlite3.connect(path)) as made, made:
        made.execute("CREATE TABLE names (name)")
        made.executemany("INSERT INTO names VALUES (?)", [(name,) for name in names])
    return path


def names(path: str | Path) -> list[str]:
    with closing(sqlite3.connect(path)) as opened:
        return [name for (name,) in opened.execute("SELECT name FROM names")]


def state(folder: Path) -> dict[str, tuple[int, int]]:
    return {
        one.name: (one.stat().st_mtime_ns, one.stat().st_size)
        for one in folder.iterdir()
        if one.is_file()
    }


@pytest.mark.parametrize(
    ("spelled", "before", "after"),
    [
        ("sqlite:///shop.db", "sqlite:///", ""),
        ("sqlite+aiosqlite:///shop.db", "sqlite+aiosqlite:///", ""),
        ("sqlite:///shop.db?timeout=5&cache=shared", "sqlite:///", "?timeout=5&cache=shared"),
        ("sqlite:///{}/instance/shop.db", "sqlite:///", ""),
        (
            "sqlite+pysqlite:///file:{}/instance/shop.db?uri=true",
            "sqlite+pysqlite:///file:",
            "?uri=true",
        ),
        ("file:{}/instance/shop.db?mode=rw", "file:", "?mode=rw"),
        ("file://{}/instance/shop.db", "file:", ""),
        ("{}/instance/shop.db", "", ""),
        ("{}/shop/../instance/shop.db", "", ""),
        ("instance/shop.db", "", ""),
    ],
)
def test_every_spelling_names_the_copy(
    spelled: str, before: str, after: str, outside: Path, copies: Copies
) -> None:
    """A database is copied however it is spelled, and what surrounds its path stays."""
    database(outside / "instance" / "shop.db", "Ada")
    found = copies.made({"DATABASE": spelled.format(outside)})["DATABASE"]

    assert found.startswith(before)
    assert found.endswith(after)
    copy = found.removeprefix(before).removesuffix(after)
    assert names(copy) == ["Ada"]
    assert not Path(copy).is_relative_to(outside)


def test_a_url_is_relative_to_the_instance_folder_and_a_path_to_the_working_one(
    outside: Path, copies: Copies
) -> None:
    """Of two files of one name a URL means that of the instance folder, a path the other."""
    database(outside / "instance" / "shop.db", "instance")
    database(outside / "shop.db", "working")
    found = copies.made({"URI": "sqlite:///shop.db", "PATH": "shop.db"})

    assert names(found["URI"].removeprefix("sqlite:///")) == ["instance"]
    assert names(found["PATH"]) == ["working"]


def test_containers_and_other_types_keep_their_kind(outside: Path, copies: Copies) -> None:
    """Paths in dicts, lists and tuples are replaced, and each value stays what it was."""
    path = database(outside / "shop.db", "Ada")
    config: dict[str, Any] = {
        "SQLALCHEMY_BINDS": {"users": f"sqlite:///{path}", "logs": {"url": f"sqlite:///{path}"}},
        "FILES": [path, (str(path),)],
        "URL": Parsed(str(path), timeout="5"),
    }
    found = copies.made(config)
    binds, url = found["SQLALCHEMY_BINDS"], found["URL"]
    copy = binds["users"].removeprefix("sqlite:///")

    assert names(copy) == ["Ada"]
    assert binds["logs"] == {"url": binds["users"]}
    assert found["FILES"] == [Path(copy), (copy,)]
    assert isinstance(url, Parsed)
    assert (url.database, url.query) == (copy, {"timeout": "5"})
    assert config["SQLALCHEMY_BINDS"]["users"] == f"sqlite:///{path}"


def test_one_file_has_one_copy(outside: Path, copies: Copies) -> None:
    """Two spellings of one file, also by a link, name one copy."""
    path = database(outside / "shop.db", "Ada")
    (outside / "link.db").symlink_to(path)
    found = copies.made({"A": str(path), "B": "sqlite:///shop.db", "C": str(outside / "link.db")})

    assert f"sqlite:///{found['A']}" == found["B"]
    assert found["C"] == found["A"] != str(path)


@pytest.mark.parametrize(
    "value",
    [
        "templates",
        "en",
        "x" * 5000,
        "a\0b",
        "line\nline",
        "https://shop.example/a.db",
        "postgresql:///shop.db",
        "",
        ".",
        "/",
        "/etc/hostname",
        b"shop.db",
        7,
        None,
        {"en"},
        lambda: "shop.db",
    ],
    # Of a function or an object the representation is another in each process.
    ids=lambda value: "function" if callable(value) else repr(value)[:20],
)
def test_what_names_no_state_stays(value: Any, outside: Path, copies: Copies) -> None:
    """Values that name neither a database nor a test's file are left, and nothing is made."""
    (outside / "templates").mkdir()
    (outside / "uploads").mkdir()
    config = {"VALUE": value, "DEEP": {"VALUE": [value]}, "UPLOADS": str(outside / "uploads")}
    found = copies.made(config)

    assert all(found[name] is config[name] for name in config)
    assert copies.folder is None


def test_a_container_of_itself_stays(copies: Copies) -> None:
    """A dict that holds itself is the very same afterwards."""
    config: dict[str, Any] = {"SELF": {}}
    config["SELF"]["again"] = config["SELF"]

    assert copies.made(config)["SELF"] is config["SELF"]


def test_words_are_no_folders_of_a_temporary_project(tmp_path: Path) -> None:
    """Where the project lies among temporary files, its own folders and what holds it stay."""
    (tmp_path / "dark").mkdir()
    copies = Copies(Places(tmp_path / "instance", tmp_path / "shop", tmp_path))
    config = {"THEME": "dark", "BASE": str(tmp_path)}

    assert copies.made(config) == config


@pytest.mark.parametrize(
    ("value", "key"),
    [
        ("sqlite://", "URI"),
        ("sqlite:///:memory:", "URI"),
        ("sqlite:///:memory:?check_same_thread=false", "URI"),
        ("sqlite+aiosqlite://", "URI"),
        (":memory:", "URI"),
        ("file::memory:?cache=shared", "URI"),
        ("sqlite:///file:shared?mode=memory&cache=shared&uri=true", "URI"),
        ({"users": "sqlite://"}, "URI.users"),
        (Parsed(""), "URI"),
    ],
    ids=lambda value: "parsed" if isinstance(value, Parsed) else repr(value),
)
def test_a_database_in_memory_is_noted(value: Any, key: str, copies: Copies) -> None:
    """A database that no file holds stays as it is spelled, and a note names its key."""
    found = copies.made({"URI": value})

    assert found["URI"] is value
    assert list(copies.notes) == [
        f"{key} is a database in memory: the port has its own, which begins empty"
    ]


def test_what_does_not_exist_yet_is_made_elsewhere(outside: Path, copies: Copies) -> None:
    """A database that is not there yet gets a path whose folder is there, for URL and path."""
    found = copies.made({"URI": "sqlite:///new.db", "PATH": outside / "other.sqlite3"})
    copied = Path(found["URI"].removeprefix("sqlite:///"))

    for path in (copied, found["PATH"]):
        assert not path.exists()
        assert path.parent.is_dir()
        assert not path.is_relative_to(outside)


def test_an_empty_file_is_copied(temporary: Path, copies: Copies) -> None:
    """What `NamedTemporaryFile` and `mkstemp` leave is copied, with or without an ending."""
    path = temporary / "tmpabc"
    path.touch()
    found = copies.made({"DATABASE": str(path)})["DATABASE"]

    assert found != str(path)
    assert Path(found).read_bytes() == b""


@pytest.mark.parametrize("mode", ["DELETE", "WAL", "TRUNCATE", "PERSIST", "MEMORY"])
@pytest.mark.parametrize("stays_open", [True, False])
def test_the_original_is_not_touched(
    mode: str, stays_open: bool, temporary: Path, copies: Copies
) -> None:
    """Copying changes no file beside the database and adds none, in every journal mode."""
    path = database(temporary / "shop.db", "Ada")
    with closing(sqlite3.connect(path)) as opened:
        opened.execute(f"PRAGMA journal_mode = {mode}")
        opened.execute("INSERT INTO names VALUES ('Bob')")
        opened.commit()
        if not stays_open:
            opened.close()
        before = state(temporary)
        copy = copies.made({"DATABASE": path})["DATABASE"]
        after = state(temporary)

    assert after == before
    assert names(copy) == ["Ada", "Bob"]


def test_what_is_not_committed_is_not_copied_and_noted(temporary: Path, copies: Copies) -> None:
    """A copy has what was there before an open transaction, a note says so, and its lock stays."""
    path = database(temporary / "shop.db", "Ada")
    with closing(sqlite3.connect(path)) as opened:
        opened.execute("INSERT INTO names VALUES ('Bob')")
        copy = copies.made({"DATABASE": path})["DATABASE"]
        other = subprocess.run(
            [sys.executable, "-c", LOCK, path], capture_output=True, text=True, check=False
        )
        opened.commit()

    assert names(copy) == ["Ada"]
    assert names(path) == ["Ada", "Bob"]
    assert "shop.db had a transaction that was not committed" in "".join(copies.notes)
    assert "database is locked" in other.stderr


def test_a_lock_that_stays_is_an_error(
    temporary: Path, copies: Copies, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A database that somebody keeps to himself is named in an error, after a limited time."""
    monkeypatch.setattr(duplicates, "_PATIENCE", 0.05)
    path = database(temporary / "shop.db", "Ada")
    with closing(sqlite3.connect(path)) as opened:
        opened.execute("BEGIN EXCLUSIVE")
        opened.execute("INSERT INTO names VALUES ('Bob')")

        with pytest.raises(OSError, match=r"shop\.db is locked"):
            copies.made({"DATABASE": path})


def test_folders_are_copied_with_all_that_they_hold(temporary: Path, copies: Copies) -> None:
    """A folder's copy has its databases, files and links; links lead into the copy, and what is
    neither file nor folder is left out."""
    data = temporary / "data"
    (data / "deep" / "deeper").mkdir(parents=True)
    (data / "deep" / "deeper" / "note.txt").write_text("read me")
    database(data / "shop.db", "Ada")
    (data / "inside").symlink_to("deep/deeper")
    (data / "around").symlink_to(data)
    (data / "away").symlink_to("/nowhere/at/all")
    os.mkfifo(data / "pipe")
    with closing(sqlite3.connect(data / "shop.db")) as opened:
        opened.execute("PRAGMA journal_mode = WAL")
        opened.execute("INSERT INTO names VALUES ('Bob')")
        opened.commit()
        found = copies.made({"DATABASE": data / "shop.db", "DATA": data})
    copy = found["DATA"]

    assert found["DATABASE"] == copy / "shop.db"
    assert names(copy / "shop.db") == ["Ada", "Bob"]
    assert sorted(one.name for one in copy.iterdir()) == [
        "around",
        "away",
        "deep",
        "inside",
        "shop.db",
    ]
    assert (copy / "inside" / "note.txt").read_text() == "read me"
    assert (copy / "inside").resolve() == (copy / "deep" / "deeper").resolve()
    assert (copy / "around").resolve() == copy.resolve()
    assert os.readlink(copy / "away") == "/nowhere/at/all"


def test_what_cannot_be_read_is_an_error(
    temporary: Path, copies: Copies, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder that nobody may look into is named in the error."""
    (temporary / "data" / "closed").mkdir(parents=True)
    scan = os.scandir

    def refused(path: Any) -> Any:
        if str(path).endswith("closed"):
            raise PermissionError(13, "Permission denied", str(path))
        return scan(path)

    monkeypatch.setattr(os, "scandir", refused)

    with pytest.raises(PermissionError, match="closed"):
        copies.made({"DATA": str(temporary / "data")})


@pytest.mark.parametrize("kind", ["file", "folder"])
def test_what_is_too_large_is_shared_and_noted(
    kind: str, temporary: Path, copies: Copies, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file or folder beyond the limit is not copied, and a note says that both sides use it."""
    monkeypatch.setattr(copying, "LARGEST", 1000)
    path = temporary / "data"
    if kind == "folder":
        path.mkdir()
    (path / "shop.bin" if kind == "folder" else path).write_bytes(b"x" * 1001)
    found = copies.made({"DATA": str(path)})

    assert found["DATA"] == str(path)
    assert copies.shares
    assert list(copies.notes) == [
        f"{path} is larger than 1 GiB: it is not copied, both sides use it"
    ]


def test_later_copies_are_of_the_beginning(temporary: Path, copies: Copies) -> None:
    """What the port has written is not in the copies that are made for an experiment."""
    data = temporary / "data"
    data.mkdir()
    database(data / "shop.db", "Ada")
    config = {"DATABASE": data / "shop.db", "DATA": str(data)}
    first = copies.made(config)
    with closing(sqlite3.connect(first["DATABASE"])) as opened, opened:
        opened.execute("DELETE FROM names")
    (Path(first["DATA"]) / "new.txt").touch()
    again = copies.again()
    second = again.made(config)
    later = names(second["DATABASE"]), os.listdir(second["DATA"])
    again.forget()

    assert later == (["Ada"], ["shop.db"])
    assert names(first["DATABASE"]) == []


def test_a_database_that_comes_later_does_not_change_what_was_meant(
    outside: Path, copies: Copies
) -> None:
    """A URL goes on to mean the port's file when the reference has made its own elsewhere."""
    first = copies.made({"URI": "sqlite:///new.db"})
    database(outside / "new.db", "Ada")

    assert copies.made({"URI": "sqlite:///new.db"}) == first


def test_nothing_is_left(temporary: Path, copies: Copies) -> None:
    """When the port is gone, so are its copies."""
    path = database(temporary / "shop.db")
    copies.made({"DATABASE": path})
    there = sorted(one.name for one in temporary.iterdir())
    copies.forget()

    assert len(there) == 2
    assert list(temporary.iterdir()) == [path]
