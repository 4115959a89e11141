"""A curl line sends what was sent: the same bytes, and no more."""

import socket
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from shutil import which
from threading import Thread

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from quart_parity.exchange import RawRequest, parse_base
from quart_parity.masks import Masker
from quart_parity.reporters.curl import curl

pytestmark = [
    pytest.mark.wire,
    pytest.mark.skipif(which("curl") is None, reason="curl is not installed"),
]
BASE = parse_base("http://localhost")
SHELLS = [shell for shell in ("sh", "bash", "zsh") if which(shell)]
Sent = tuple[str, list[str], bytes]
"""Request line, fields and body; fields of one name in their order."""


def made(
    method: str = "GET",
    target: str = "/",
    *headers: tuple[str, str],
    body: bytes | None = None,
    chunks: tuple[bytes, ...] | None = None,
) -> RawRequest:
    framing = []
    if body is not None:
        framing = [("Content-Length", str(len(body)))]
    if chunks is not None:
        framing = [("Transfer-Encoding", "chunked")]
    pieces = chunks or ((body,) if body else ())
    return RawRequest(method, target, (("Host", "localhost"), *headers, *framing), pieces, BASE)


class Recorder:
    """A server that answers nothing of interest, and keeps what it was sent."""

    def __init__(self) -> None:
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._port = self._listening.getsockname()[1]
        self.address = f"http://127.0.0.1:{self._port}"
        self.seen: list[bytes] = []
        self._thread = Thread(target=self._serve)
        self._thread.start()

    def _serve(self) -> None:
        data = b""
        while data != b"STOP\r\n\r\n":
            connection, _ = self._listening.accept()
            with closing(connection):
                connection.settimeout(10)
                data = _read(connection)
                self.seen.append(data)
                connection.sendall(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")

    def stop(self) -> None:
        with socket.create_connection(("127.0.0.1", self._port)) as connection:
            connection.sendall(b"STOP\r\n\r\n")
        self._thread.join(10)
        self._listening.close()


def _read(connection: socket.socket) -> bytes:
    """One request, to the end of its body."""
    data = b""
    while b"\r\n\r\n" not in data:
        data += connection.recv(65_536)
    head, _, body = data.partition(b"\r\n\r\n")
    fields = [line.lower().partition(b":") for line in head.split(b"\r\n")]
    length = next((int(value) for name, _, value in fields if name == b"content-length"), 0)
    chunked = any(name == b"transfer-encoding" for name, _, _ in fields)
    while len(body) < length or (chunked and not body.endswith(b"0\r\n\r\n")):
        body += connection.recv(65_536)
    return head + b"\r\n\r\n" + (_joined(body) if chunked else body)


def _joined(body: bytes) -> bytes:
    """What stands in the chunks (RFC 9112, 7.1), however many there are."""
    size, _, rest = body.partition(b"\r\n")
    length = int(size, 16)
    return rest[:length] + _joined(rest[length + 2 :]) if length else b""


@pytest.fixture(scope="module")
def recorder() -> Iterator[Recorder]:
    recorder = Recorder()
    yield recorder
    recorder.stop()


def received(line: str, recorder: Recorder, shell: str = "sh", folder: Path | None = None) -> Sent:
    """What arrives where the shell runs the line, in *folder*."""
    environment = {"SIDE": recorder.address, "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"}
    recorder.seen.clear()
    # On its standard input, since an argument has an end.
    script = line.encode()
    subprocess.run(
        [shell],
        input=script,
        env=environment,
        cwd=folder,
        capture_output=True,
        timeout=30,
        check=True,
    )
    head, _, body = recorder.seen[0].partition(b"\r\n\r\n")
    first, *fields = head.decode("latin-1").split("\r\n")
    return first, _sorted(fields), body


def sent(request: RawRequest) -> Sent:
    fields = [f"{name}: {value}" for name, value in request.headers]
    first = f"{request.method} {request.target} HTTP/1.1"
    return first, _sorted(fields), b"".join(request.chunks)


def _sorted(fields: list[str]) -> list[str]:
    pairs = [field.partition(":") for field in fields]
    plain = [(name, value.strip(" \t")) for name, _, value in pairs]
    return [f"{name}: {value}" for name, value in sorted(plain, key=lambda pair: pair[0])]


FORM = ("Content-Type", "application/x-www-form-urlencoded")
MULTIPART = ("Content-Type", "multipart/form-data; boundary=xx")
PARTS = b'--xx\r\nContent-Disposition: form-data; name="f"; filename="a"\r\n\r\n\xff\x00\r\n--xx--'
JSON = ("Content-Type", "application/json")
ODD = 'it\'s 100% "a" `b` $HOME \\ !x'
REQUESTS: dict[str, RawRequest] = {
    "a page": made(),
    "curl's own headers": made("GET", "/", ("User-Agent", "x"), ("Accept", "*/*")),
    "an empty header": made("GET", "/", ("X-A", ""), ("Accept", "")),
    "a header twice": made("GET", "/", ("X-A", "2"), ("X-A", "1")),
    "cookies": made("GET", "/", ("Cookie", 'a=1; b="2 3"'), ("Cookie", "c=4")),
    "quotes": made("GET", "/", ("X-A", ODD)),
    "UTF-8 in a header": made("GET", "/", ("X-A", "é".encode().decode("latin-1"))),
    "latin-1 in a header": made("GET", "/", ("X-A", "-é%'!")),
    "a control character in a header": made("GET", "/", ("X-A", "a\tb\x7f")),
    "a form": made("POST", "/", FORM, body=b"a=1&b=%20"),
    "a form put": made("PUT", "/", FORM, body=b"a=1"),
    "a body of a GET": made("GET", "/", FORM, body=b"a=1"),
    "a body without a type": made("POST", "/", body=b"x"),
    "a file by its name": made("POST", "/", FORM, body=b"@/etc/hostname"),
    "JSON": made("PATCH", "/", JSON, body='{"a": "é\u202e\\n\'"}'.encode()),
    "a multipart form": made("POST", "/", MULTIPART, body=PARTS),
    "every byte": made("POST", "/", body=bytes(range(256))),
    "a hyphen": made("POST", "/", body=b"-n\0"),
    "a long body": made("POST", "/", FORM, body=b"a" * 150_000),
    "a body that curl would ask for": made("POST", "/", FORM, body=b"a" * 1_100_000),
    "no body": made("POST", "/", body=b""),
    "no body, no length": made("POST"),
    "chunks": made("POST", "/", FORM, chunks=(b"a=", b"1")),
    "chunks of a PUT": made("PUT", "/", chunks=(b"\0", b"\r\n")),
    "no chunk": made("POST", "/", chunks=()),
    "a head": made("HEAD", "/a"),
    "a head with a body": made("HEAD", "/a", body=b"x"),
    "a method of its own": made("M-SEARCH"),
    "a method with an apostrophe": made("A'B"),
    "all": made("OPTIONS", "*"),
    "dots": made("GET", "/a/./b/../c/.."),
    "encoded dots": made("GET", "/a/%2e%2E/b"),
    "two slashes": made("GET", "//a//b"),
    "brackets": made("GET", "/{a,b}?c[]=[1-3]"),
    "an empty query": made("GET", "/a?"),
    "a question mark more": made("GET", "/a?b?c"),
    "a fragment": made("GET", "/a#b"),
    "what no URL holds": made("GET", '/a"<>\\^`|b'),
    "a backslash": made("GET", "/\\..\\a"),
    "an at sign": made("GET", "/a@b:c"),
    "a whole URL": made("GET", "http://other.example/a"),
    "another host": RawRequest("GET", "/", (("Host", "shop.example:8080"),), (), BASE),
}


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize("request_", REQUESTS.values(), ids=REQUESTS)
def test_a_line_sends_what_was_sent(
    request_: RawRequest, shell: str, recorder: Recorder, tmp_path: Path
) -> None:
    """Line, fields and body arrive as they were, and nothing besides; a body that the line does
    not show is read from the file that it names."""
    line = curl(request_, Masker(show_secrets=True))
    (tmp_path / "BODY").write_bytes(b"".join(request_.chunks))

    assert received(line, recorder, shell, tmp_path) == sent(request_)


def test_a_line_with_an_address_needs_no_variable(recorder: Recorder) -> None:
    """The line runs as it stands."""
    request_ = made("GET", "/a?b=1&c='")
    line = curl(request_, Masker(), recorder.address)

    assert "$SIDE" not in line
    assert received(line, recorder) == sent(request_)


# curl sends no field whose value is nothing but form feeds and vertical tabs.
VALUES = st.text(st.characters(max_codepoint=255, exclude_characters="\0\r\n"), max_size=30).filter(
    lambda value: value.strip(" \t\v\f") or not value.strip(" \t")
)
TARGETS = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), max_size=30)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(VALUES, TARGETS, st.binary(max_size=60))
@example("", "?", b"")
@example("-x", "%25'#", b"'%s\\")
def test_every_byte_survives_the_shell(
    recorder: Recorder, value: str, target: str, body: bytes
) -> None:
    """No quote, escape or control character in a value, target or body is lost or obeyed."""
    request_ = made("POST", f"/{target}", ("X-A", value), body=body)
    line = curl(request_, Masker(show_secrets=True))

    assert received(line, recorder) == sent(request_)
