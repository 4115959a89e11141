"""Files: sent whole, conditionally and in ranges."""

from io import FileIO
from pathlib import Path

import pytest
import werkzeug.utils
from werkzeug.datastructures import Headers

from parity_tests.clients import AsyncClient, fields
from quart_parity.clock import StandingClock
from quart_parity.mirror.pair import ParityClient

ROOT = Path(__file__).resolve().parent.parent
NOTES = (ROOT / "flask_app/files/notes.txt").read_bytes()
TEXT = {"Content-Type": "text/plain; charset=utf-8"}
VALIDATORS = {"ETag": '"notes-1"', "Last-Modified": "Tue, 14 Nov 2023 22:13:20 GMT"}
CONDITIONAL = {"Accept-Ranges": "bytes", "Date": "Fri, 15 Jan 2027 08:00:00 GMT"}
INLINE = {"Content-Disposition": "inline; filename=notes.txt"}
NO_CACHE = {"Cache-Control": "no-cache"}
HOUR = {"Cache-Control": "public, max-age=3600", "Expires": "Fri, 15 Jan 2027 09:00:00 GMT"}
ATTACHMENT = "attachment; filename=notes.txt"
UNICODE = "attachment; filename=\"note s.csv\"; filename*=UTF-8''n%C3%B6te%20s.csv"


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("file", TEXT | INLINE | NO_CACHE | CONDITIONAL),
        ("file/unconditional", TEXT | INLINE | NO_CACHE),
        ("file/cached", TEXT | INLINE | HOUR | CONDITIONAL),
        ("file/attachment", TEXT | {"Content-Disposition": ATTACHMENT} | NO_CACHE | CONDITIONAL),
        (
            "file/attachment/unicode",
            {"Content-Type": "text/csv; charset=utf-8", "Content-Disposition": UNICODE}
            | NO_CACHE
            | CONDITIONAL,
        ),
        ("directory/notes.txt", TEXT | INLINE | NO_CACHE | CONDITIONAL),
    ],
)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.usefixtures("clock")
async def test_a_file_is_sent(
    client: AsyncClient, method: str, path: str, headers: dict[str, str]
) -> None:
    """A file comes with its type, name, validators and what caches may do, and no more."""
    answer = await client.request(method, f"/responses/{path}")
    length = {"Content-Length": "193"}

    assert answer.status == 200
    assert answer.fields == fields(Headers(headers | VALIDATORS | length))
    assert answer.body == (NOTES if method == "GET" else b"")


@pytest.mark.usefixtures("clock")
async def test_a_file_from_memory_is_sent(parity: ParityClient) -> None:
    """A file in memory has no name, and the date that the view says."""
    answer = await parity.get("/responses/file/memory")
    modified = {"Last-Modified": "Thu, 29 Feb 2024 12:30:00 GMT", "Content-Length": "11"}

    assert fields(answer.headers) == fields(Headers(TEXT | NO_CACHE | CONDITIONAL | modified))
    assert answer.data == b"from memory"


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("file", {"If-None-Match": '"notes-1"'}, 304),
        ("file", {"If-None-Match": 'W/"notes-1"'}, 304),
        ("file", {"If-None-Match": '"other"'}, 200),
        ("file", {"If-None-Match": '"other", "notes-1"'}, 304),
        ("file", {"If-Modified-Since": "Tue, 14 Nov 2023 22:13:20 GMT"}, 304),
        ("file", {"If-Modified-Since": "Tue, 14 Nov 2023 22:13:19 GMT"}, 200),
        ("file", {"If-Modified-Since": "no date"}, 200),
        ("file", {"If-Match": '"notes-1"'}, 200),
        ("file", {"If-Match": '"other"'}, 412),
        ("file/unconditional", {"If-None-Match": '"notes-1"'}, 200),
        ("file/memory", {"If-Modified-Since": "Thu, 29 Feb 2024 12:30:00 GMT"}, 304),
    ],
)
async def test_a_file_is_conditional(
    parity: ParityClient, path: str, headers: dict[str, str], status: int
) -> None:
    """Whoever has the file gets 304 without a body, and 412 where it must be another one."""
    answer = await parity.get(f"/responses/{path}", headers=headers)

    assert answer.status_code == status
    assert (answer.data == b"") == (status == 304)
    assert ("Content-Length" in answer.headers) == (status != 304)


async def test_an_unchanged_file_keeps_its_validator(
    parity: ParityClient, clock: StandingClock
) -> None:
    """A 304 repeats the ETag and what caches may do, counted from now."""
    clock.shift(60)
    answer = await parity.get("/responses/file/cached", headers={"If-None-Match": '"notes-1"'})

    assert answer.status_code == 304
    assert answer.headers["ETag"] == '"notes-1"'
    assert answer.headers["Cache-Control"] == "public, max-age=3600"
    assert answer.headers["Date"] == "Fri, 15 Jan 2027 08:01:00 GMT"


@pytest.mark.parametrize(
    ("wanted", "first", "last"),
    [
        ("0-9", 0, 9),
        ("0-0", 0, 0),
        ("10-19", 10, 19),
        ("100-", 100, 192),
        ("0-", 0, 192),
        ("-5", 188, 192),
        ("150-100000", 150, 192),
    ],
)
async def test_a_range_is_sent(parity: ParityClient, wanted: str, first: int, last: int) -> None:
    """A range of the file is a 206 with these bytes and their place."""
    answer = await parity.get("/responses/file", headers={"Range": f"bytes={wanted}"})

    assert answer.status_code == 206
    assert answer.headers["Content-Range"] == f"bytes {first}-{last}/193"
    assert answer.headers["Content-Length"] == str(last - first + 1)
    assert answer.data == NOTES[first : last + 1]


@pytest.mark.parametrize(
    "wanted", ["bytes=100000-", "bytes=5-1", "bytes=0-4,10-14", "bytes=-0", "lines=0-1"]
)
async def test_a_bad_range_is_refused(parity: ParityClient, wanted: str) -> None:
    """A range outside the file, of several parts, or of no bytes is a 416 that says its size."""
    answer = await parity.get("/responses/file", headers={"Range": wanted})

    assert answer.status_code == 416
    assert answer.headers["Content-Range"] == "bytes */193"


@pytest.mark.parametrize(
    ("validator", "status"),
    [
        ('"notes-1"', 206),
        ('"other"', 200),
        ("Tue, 14 Nov 2023 22:13:20 GMT", 206),
        ("Mon, 01 Jan 2001 00:00:00 GMT", 200),
    ],
)
async def test_a_range_of_another_file_is_not_sent(
    parity: ParityClient, validator: str, status: int
) -> None:
    """With If-Range the part is sent only where it fits to what the client has."""
    headers = {"Range": "bytes=0-9", "If-Range": validator}
    answer = await parity.get("/responses/file", headers=headers)

    assert answer.status_code == status
    assert answer.data == (NOTES[:10] if status == 206 else NOTES)


@pytest.mark.parametrize(
    ("method", "headers"),
    [
        ("GET", {}),
        ("HEAD", {}),
        ("GET", {"If-None-Match": '"notes-1"'}),
        ("GET", {"Range": "bytes=0-9"}),
        ("GET", {"Range": "bytes=5-1"}),
    ],
    ids=["whole", "head", "unchanged", "range", "refused"],
)
async def test_a_file_is_closed(
    client: AsyncClient, monkeypatch: pytest.MonkeyPatch, method: str, headers: dict[str, str]
) -> None:
    """Whatever is sent of a file, it is closed once the request is over."""
    opened: list[FileIO] = []

    def opening(path: str, mode: str) -> FileIO:
        opened.append(FileIO(path, mode))
        return opened[-1]

    monkeypatch.setattr(werkzeug.utils, "open", opening, raising=False)
    # Often enough to see what only some interleavings of threads leave open.
    for _ in range(20):
        await client.request(method, "/responses/file", headers=headers)

    assert [file.closed for file in opened] == [True] * 20


async def test_head_of_a_range_has_its_headers(client: AsyncClient) -> None:
    """HEAD with a range says what GET would, and sends no byte of it."""
    answer = await client.head("/responses/file", headers={"Range": "bytes=0-9"})

    assert (answer.status, answer.body) == (206, b"")
    assert answer.headers["Content-Range"] == "bytes 0-9/193"
    assert answer.headers["Content-Length"] == "10"


@pytest.mark.parametrize(
    ("target", "status"),
    [
        ("/responses/directory/missing.txt", 404),
        ("/responses/directory/", 404),
        ("/responses/directory/..%2Fapp.py", 404),
        ("/responses/directory/..%2F..%2Fpyproject.toml", 404),
        ("/responses/directory/%2Fetc%2Fhostname", 308),
    ],
)
async def test_nothing_outside_a_directory_is_sent(
    client: AsyncClient, target: str, status: int
) -> None:
    """What is not below the directory is a 404; a double slash is merged first, by redirecting."""
    answer = await client.get(None, target=target)

    assert answer.status == status
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"


async def test_a_missing_file_is_an_error(client: AsyncClient) -> None:
    """A view that sends a file that there is not fails."""
    answer = await client.get("/responses/file/missing")

    assert answer.status == 500
    assert answer.raised is not None
    assert answer.raised.type == "FileNotFoundError"
