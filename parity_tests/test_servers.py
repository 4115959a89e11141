"""The real servers: ``flask run``, Hypercorn and ``quart run``, over sockets."""

import re
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from parity_tests.servers import COMMANDS, DEADLINE, HOST, ROOT, Server, serve

pytestmark = pytest.mark.wire

KEY = "one key for all servers"
NOTES = (ROOT / "flask_app/files/notes.txt").read_bytes()
PAIRS = [("flask", "hypercorn"), ("hypercorn", "flask"), ("flask", "quart"), ("quart", "flask")]

Start = Callable[..., Server]


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Start]:
    """Starts each server with each key at most once, and ends all of them."""
    running: dict[tuple[str, str], Server] = {}
    with ExitStack() as stack:

        def start(name: str, key: str = KEY) -> Server:
            if (name, key) not in running:
                log = tmp_path_factory.mktemp("servers") / f"{name}.log"
                environment = {"PARITY_SECRET_KEY": key}
                running[name, key] = stack.enter_context(serve(name, log, environment))
            return running[name, key]

        yield start


@pytest.fixture(params=COMMANDS)
def server(request: pytest.FixtureRequest, start: Start) -> Server:
    """One of the servers, with the key that all of them share."""
    return start(request.param)


@pytest.fixture(params=PAIRS, ids="-to-".join)
def pair(request: pytest.FixtureRequest, start: Start) -> tuple[Server, Server]:
    """The server that a visit begins on, and another of the other side, on which it goes on."""
    first, second = request.param
    return start(first), start(second)


def converse(server: Server, *requests: bytes) -> tuple[bytes, bytes]:
    """What comes up to the end of the first answer's head, and all that follows.

    The first request is answered before the others are sent; the last one must end the
    connection.
    """
    with socket.create_connection((HOST, server.port), timeout=DEADLINE) as connection:
        connection.sendall(requests[0])
        received = b""
        while b"\r\n\r\n" not in received:
            piece = connection.recv(65536)
            assert piece, received
            received += piece
        connection.sendall(b"".join(requests[1:]))
        while piece := connection.recv(65536):
            received += piece
    head, _, rest = received.partition(b"\r\n\r\n")
    return head, rest


def asking(target: str, connection: str) -> bytes:
    """A GET request with a Connection field, to the byte."""
    return f"GET {target} HTTP/1.1\r\nHost: localhost\r\nConnection: {connection}\r\n\r\n".encode()


def test_the_cookies_walk(server: Server) -> None:
    """A cookie is set, read and deleted over the wire."""
    missing = server.get("/getcookies")
    set_ = server.get("/setcookies?value=over%20the%20wire&httponly=1")
    read = server.get("/getcookies", {"Cookie": set_.cookie})
    deleted = server.get("/deletecookies", {"Cookie": set_.cookie})

    assert (missing.status, missing.text) == (404, "The cookie 'name' is missing.")
    assert set_.headers.getlist("Set-Cookie") == ['name="over the wire"; HttpOnly; Path=/']
    assert (read.status, read.text) == (200, "over the wire")
    assert deleted.headers.getlist("Set-Cookie") == [
        "name=; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; Path=/"
    ]


def test_the_session_walk(server: Server) -> None:
    """Set, check, remove, check: the value exists, and then it is missing."""
    set_ = server.get("/setsession")
    checked = server.get("/checksession", {"Cookie": set_.cookie})
    removed = server.get("/removesession", {"Cookie": set_.cookie})
    checked_again = server.get("/checksession", {"Cookie": removed.cookie})

    assert set_.text == "tom"
    assert checked.text == "session['name'] exists: tom"
    assert removed.cookie == "session="
    assert checked_again.text == "session['name'] is missing"
    assert checked_again.headers.getlist("Vary") == ["Cookie"]


def test_a_session_goes_on_at_the_other_server(pair: tuple[Server, Server]) -> None:
    """With one PARITY_SECRET_KEY, what one server signs the other reads, changes and returns."""
    first, second = pair
    begun = first.get("/setsession?name=visitor")
    there = second.get("/checksession", {"Cookie": begun.cookie})
    changed = second.get("/sessions/update", {"Cookie": begun.cookie})
    back = first.get("/sessions/read/get", {"Cookie": changed.cookie})

    assert there.text == "session['name'] exists: visitor"
    assert back.text == "updated"


@pytest.mark.parametrize(
    ("target", "length"),
    [
        ("/setcookies", "18"),
        ("/responses/bytes", "256"),
        ("/responses/file", "193"),
        ("/responses/stream/generator", None),
    ],
)
def test_head_sends_no_body(server: Server, target: str, length: str | None) -> None:
    """HEAD has the length of GET where there is one, and then the connection's end."""
    request = asking(target, "close").replace(b"GET", b"HEAD")
    head, rest = converse(server, request)
    lengths = re.findall(rb"(?im)^content-length: (\d+)\r?$", head)

    assert head.startswith(b"HTTP/1.1 200 ")
    assert lengths == ([] if length is None else [length.encode()])
    assert rest == b""


@pytest.mark.parametrize(
    "target", ["/responses/empty/204", "/responses/empty/204/body", "/responses/empty/204/json"]
)
def test_a_204_is_followed_by_nothing(server: Server, target: str) -> None:
    """A 204 has neither a body nor a length, whatever the view returned."""
    head, rest = converse(server, asking(target, "close"))

    assert head.startswith(b"HTTP/1.1 204 ")
    assert b"content-length" not in head.lower()
    assert rest == b""


@pytest.mark.parametrize("name", ["hypercorn", "quart"])
@pytest.mark.parametrize("target", ["/responses/empty/204/body", "/responses/empty/304/body"])
def test_a_connection_goes_on_after_no_body(start: Start, name: str, target: str) -> None:
    """On a connection that is kept, the next answer begins right behind a 204 or 304."""
    following = asking("/responses/string", "close")
    head, rest = converse(start(name), asking(target, "keep-alive"), following)

    assert head.startswith((b"HTTP/1.1 204 ", b"HTTP/1.1 304 "))
    assert rest.startswith(b"HTTP/1.1 200 ")
    assert rest.endswith(b"\r\n\r\na string")


@pytest.mark.parametrize(
    ("wanted", "first", "last"), [("0-9", 0, 9), ("100-", 100, 192), ("-5", 188, 192)]
)
def test_a_range_of_the_file(server: Server, wanted: str, first: int, last: int) -> None:
    """A part of the file is a 206 with its place, its length and these bytes."""
    answer = server.get("/responses/file", {"Range": f"bytes={wanted}"})

    assert answer.status == 206
    assert answer.headers["Content-Range"] == f"bytes {first}-{last}/193"
    assert answer.headers["Content-Length"] == str(last - first + 1)
    assert answer.body == NOTES[first : last + 1]


def test_a_stream_arrives_whole(server: Server) -> None:
    """A body without a length comes with all its pieces."""
    answer = server.get("/responses/stream/generator")

    assert (answer.status, answer.text) == (200, "one, two, thrée")
    assert "Content-Length" not in answer.headers


@pytest.mark.parametrize("name", ["hypercorn", "quart"])
def test_the_start_page_is_the_same(start: Start, name: str) -> None:
    """The page of routes is that of the original, to the byte."""
    pages = [start(each).get("/") for each in ("flask", name)]

    assert [page.status for page in pages] == [200, 200]
    assert pages[1].body == pages[0].body
    assert b"/setcookies" in pages[0].body


@pytest.mark.parametrize("name", COMMANDS)
def test_the_documented_error_is_in_the_log(start: Start, name: str) -> None:
    """Without a key, setting a session is a 500 with the reason in the server's log."""
    keyless = start(name, key="")
    reading = keyless.get("/checksession")
    setting = keyless.get("/setsession")

    assert (reading.status, reading.text) == (200, "session['name'] is missing")
    assert setting.status == 500
    assert (
        "RuntimeError: The session is unavailable because no secret key was set."
        in keyless.log.read_text()
    )
