"""Files: compat sends Flask's headers, ranges and errors, and stock Quart does not."""

import asyncio
import io
import os
from collections.abc import Generator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.compat.sides import (
    COMPAT,
    FLASK,
    ROOT_PATH,
    STOCK,
    Answer,
    Make,
    Side,
    cases,
    run_asgi,
    steps,
)

DIGITS = Path(ROOT_PATH, "static", "digits.txt")
MODIFIED = datetime(2025, 6, 1, 12, 0, 0, tzinfo=UTC)


@pytest.fixture(autouse=True, scope="module")
def _dated_files() -> None:
    for folder in ("data", "static"):
        for path in Path(ROOT_PATH, folder).iterdir():
            os.utime(path, (MODIFIED.timestamp(), MODIFIED.timestamp()))


def sends(what: Any, **kwargs: Any) -> Make:
    """A view that sends a file; a function makes what is sent, for each request anew."""

    @steps
    def make(side: Side) -> Generator[Any, Any, Any]:
        return (yield side.send_file(what() if callable(what) else what, **kwargs))

    return make


def sends_from(directory: str, path: str, **kwargs: Any) -> Make:
    """A view that sends a file of a directory."""

    @steps
    def make(side: Side) -> Generator[Any, Any, Any]:
        return (yield side.send_from_directory(directory, path, **kwargs))

    return make


def digits_io() -> io.BytesIO:
    """The digits, in memory."""
    return io.BytesIO(DIGITS.read_bytes())


def zero(path: str | None) -> int:
    """A lifetime by path."""
    return len(path or "") * 0


FILES: dict[str, Make] = {
    "absolute": sends(str(DIGITS)),
    "path-object": sends(DIGITS),
    "relative": sends("static/digits.txt"),
    "attachment": sends(DIGITS, as_attachment=True),
    "named": sends(DIGITS, download_name="o.html"),
    "attachment-named": sends(DIGITS, as_attachment=True, download_name='n "q".csv'),
    "non-ascii": sends("data/é ü.txt", as_attachment=True),
    "non-ascii-inline": sends("data/é ü.txt"),
    "encoding": sends("data/archive.tar.gz"),
    "encoding-attached": sends("data/archive.tar.gz", as_attachment=True),
    "empty": sends("data/empty.bin"),
    "mimetype": sends(DIGITS, mimetype="application/x-digits"),
    "unconditional": sends(DIGITS, conditional=False),
    "no-etag": sends(DIGITS, etag=False),
    "own-etag": sends(DIGITS, etag="mine"),
    "last-modified": sends(DIGITS, last_modified=datetime(2020, 1, 1, tzinfo=UTC)),
    "last-modified-number": sends(DIGITS, last_modified=1_000_000_000),
    "max-age": sends(DIGITS, max_age=60),
    "max-age-zero": sends(DIGITS, max_age=0),
    "max-age-function": sends(DIGITS, max_age=zero),
    "in-memory": sends(digits_io, mimetype="text/plain"),
    "in-memory-named": sends(digits_io, download_name="a.txt", as_attachment=True),
    "in-memory-own-etag": sends(digits_io, mimetype="text/plain", etag="mine"),
    "opened": sends(lambda: DIGITS.open("rb"), mimetype="text/plain"),
    "opened-without-buffer": sends(lambda: DIGITS.open("rb", buffering=0), download_name="a.txt"),
    "from-directory": sends_from("static", "digits.txt"),
    "from-directory-attached": sends_from("static", "digits.txt", as_attachment=True, max_age=5),
    "from-directory-absolute": sends_from(str(DIGITS.parent), "digits.txt"),
}

ERRORS: dict[str, Make] = {
    "missing": sends("static/none"),
    "text-mode": sends(lambda: io.StringIO("x"), mimetype="text/plain"),
    "no-mimetype": sends(digits_io),
    "no-name": sends(digits_io, mimetype="text/plain", as_attachment=True),
    "directory": sends("static", mimetype="text/plain"),
}

ABSENT: dict[str, Make] = {
    "missing": sends_from("static", "none"),
    "outside": sends_from("static", "../conftest.py"),
    "directory": sends_from(".", "static"),
}


def etag_of(make: Make) -> str:
    """The ETag that Flask gives what a view sends."""
    return str(FLASK.get(make).field("etag"))


DATE = "Sun, 01 Jun 2025 12:00:00 GMT"
OLD = "Sat, 31 May 2025 12:00:00 GMT"
CONDITIONS: dict[str, dict[str, str]] = {
    "etag-same": {"If-None-Match": "ETAG"},
    "etag-other": {"If-None-Match": '"other"'},
    "date-same": {"If-Modified-Since": DATE},
    "date-old": {"If-Modified-Since": OLD},
    "match-other": {"If-Match": '"other"'},
    "match-same": {"If-Match": "ETAG"},
    "prefix": {"Range": "bytes=0-4"},
    "middle": {"Range": "bytes=50-149"},
    "suffix": {"Range": "bytes=-5"},
    "open": {"Range": "bytes=190-"},
    "over": {"Range": "bytes=190-900"},
    "all": {"Range": "bytes=0-"},
    "unsatisfiable": {"Range": "bytes=900-"},
    "multiple": {"Range": "bytes=0-1,4-5"},
    "garbage": {"Range": "bytes=a-b"},
    "if-range-etag": {"Range": "bytes=0-4", "If-Range": "ETAG"},
    "if-range-other": {"Range": "bytes=0-4", "If-Range": '"other"'},
    "if-range-date": {"Range": "bytes=0-4", "If-Range": DATE},
    "if-range-old": {"Range": "bytes=0-4", "If-Range": OLD},
}


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
@pytest.mark.parametrize("make", cases(FILES))
def test_file_is_sent_as_by_flask(make: Make, method: str) -> None:
    """Body and header fields of a file are Flask's, whatever the arguments."""
    expected = FLASK.get(make, method=method)

    assert expected.status == 200
    assert COMPAT.get(make, method=method) == expected


@pytest.mark.parametrize(
    # Stock Quart leaves open files open, which is a warning in whatever test comes after.
    "make",
    cases({name: make for name, make in FILES.items() if not name.startswith("opened")}),
)
def test_stock_quart_still_needs_the_files(make: Make) -> None:
    """Without compat arguments are refused or shared caches may keep the file."""

    assert STOCK.get(make) != FLASK.get(make)


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize(
    "source", ["absolute", "in-memory", "in-memory-own-etag", "opened", "empty"]
)
@pytest.mark.parametrize("condition", cases(CONDITIONS))
def test_conditional_file_is_answered_as_by_flask(
    condition: dict[str, str], source: str, method: str
) -> None:
    """`If-*` and `Range` are answered with Flask's status, fields and bytes."""
    etag = etag_of(FILES[source])
    headers = [(name, value.replace("ETAG", etag)) for name, value in condition.items()]
    expected = FLASK.get(FILES[source], method=method, headers=headers)

    assert expected.status in {200, 206, 304, 412, 416}
    assert COMPAT.get(FILES[source], method=method, headers=headers) == expected


@pytest.mark.parametrize("make", cases(ERRORS))
def test_unsendable_file_fails_as_in_flask(make: Make) -> None:
    """What cannot be sent raises an exception of the same type."""
    config = {"PROPAGATE_EXCEPTIONS": True}
    expected = FLASK.get(make, config=config)

    assert expected.raised is not None
    assert COMPAT.get(make, config=config) == expected


@pytest.mark.parametrize("make", cases(ABSENT))
def test_absent_file_is_a_404(make: Make) -> None:
    """A file that is missing or lies outside of the directory is not found."""
    expected = FLASK.get(make)

    assert expected.status == 404
    assert COMPAT.get(make) == expected


PATHS = ["/static/page.css", "/static/digits.txt", "/static/none", "/static/../conftest.py"]
LIFETIMES: dict[str, dict[str, Any]] = {
    "default": {},
    "number": {"SEND_FILE_MAX_AGE_DEFAULT": 60},
    "timedelta": {"SEND_FILE_MAX_AGE_DEFAULT": timedelta(minutes=2)},
}


@pytest.mark.parametrize("config", cases(LIFETIMES))
@pytest.mark.parametrize("path", PATHS)
def test_static_files_are_served_as_by_flask(path: str, config: dict[str, Any]) -> None:
    """The static route has Flask's answers, and its lifetime by default: none."""

    def answer(side: Side) -> Answer:
        app = side.app_class(__name__, root_path=ROOT_PATH)
        app.config.from_mapping(config)
        return side.call(app, path)

    assert answer(COMPAT) == answer(FLASK)


@pytest.mark.parametrize("path", ["/o/i/files/digits.txt", "/o/i/files/none"])
def test_static_files_of_nested_blueprints_are_served_as_by_flask(path: str) -> None:
    """So has that of a blueprint, which is Quart's own class."""

    def answer(side: Side) -> Answer:
        app = side.app_class(__name__, root_path=ROOT_PATH, static_folder=None)
        outer = side.Blueprint("outer", __name__, url_prefix="/o")
        inner = side.Blueprint(
            "inner",
            __name__,
            url_prefix="/i",
            root_path=ROOT_PATH,
            static_folder="static",
            static_url_path="/files",
        )
        outer.register_blueprint(inner)
        app.register_blueprint(outer)
        return side.call(app, path, headers=[("Range", "bytes=-3")])

    expected = answer(FLASK)

    assert expected.status in {206, 404}
    assert answer(COMPAT) == expected
    assert expected.status == 404 or answer(STOCK) != expected


def test_lifetime_by_file_is_asked_of_the_application() -> None:
    """An application's own `get_send_file_max_age` decides, for static files and sent ones."""

    def answers(side: Side) -> list[Answer]:
        class App(side.app_class):  # type: ignore[misc, name-defined]  # known at run time
            """Keeps style sheets for an hour."""

            def get_send_file_max_age(self, filename: str | None) -> int | None:
                return 3600 if str(filename).endswith(".css") else None

        app = App(__name__, root_path=ROOT_PATH)
        app.add_url_rule("/css", "css", side.function(sends("static/page.css")))
        return [side.call(app, path) for path in ("/css", "/static/page.css", "/static/digits.txt")]

    assert answers(COMPAT) == answers(FLASK)


def test_x_sendfile_leaves_the_body_to_the_server() -> None:
    """USE_X_SENDFILE names the file in a header field and sends no body."""
    config = {"USE_X_SENDFILE": True}
    expected = FLASK.get(sends(DIGITS), config=config)

    assert expected.field("x-sendfile") == str(DIGITS)
    assert COMPAT.get(sends(DIGITS), config=config) == expected


@pytest.mark.parametrize(
    ("method", "headers"),
    [
        ("GET", []),
        ("HEAD", []),
        ("GET", [("Range", "bytes=0-1")]),
        ("GET", [("If-Modified-Since", DATE)]),
        ("GET", [("Range", "bytes=900-")]),
    ],
    ids=["read", "head", "range", "not-modified", "unsatisfiable"],
)
def test_sent_files_are_closed(method: str, headers: list[tuple[str, str]]) -> None:
    """An open file is closed when it has been sent, also when none of it was."""
    for side in (FLASK, COMPAT):
        file = DIGITS.open("rb")
        size = io.BytesIO(file.read())
        side.get(sends(size, download_name="a.txt"), method=method, headers=headers)
        side.get(sends(file, download_name="a.txt"), method=method, headers=headers)

        assert file.closed
        assert size.closed


def test_large_file_is_read_in_pieces(tmp_path: Path) -> None:
    """A file goes out in pieces of 64 KiB, in order."""
    content = bytes(range(256)) * 1024
    (tmp_path / "large").write_bytes(content)
    app = COMPAT.app(sends(tmp_path / "large", mimetype="a/b"))
    messages: list[Any] = []
    asyncio.run(run_asgi(app, "/", "GET", messages))
    pieces = [message["body"] for message in messages[1:]]

    assert b"".join(pieces) == content
    assert max(map(len, pieces)) == 64 * 1024


def test_response_class_of_the_application_is_constructed() -> None:
    """A file's response is one of `response_class`, made by its constructor, as in Flask."""

    def answer(side: Side) -> Answer:
        class Own(side.Response):  # type: ignore[misc, name-defined]  # known at run time
            """Adds a field to every response that is constructed."""

            def __init__(self, *args: Any, **kwargs: Any) -> None:
                super().__init__(*args, **kwargs)
                self.headers["X-Own"] = "1"

        app = side.app(sends(DIGITS))
        app.response_class = Own
        return side.call(app)

    expected = answer(FLASK)

    assert expected.field("x-own") == "1"
    assert answer(COMPAT) == expected
