"""The file that other interpreters run: its syntax, its imports and its messages."""

import ast
import datetime
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from quart_parity.isolated import worker
from quart_parity.isolated.worker import Channel, GarbageError, pack, unpack

FILE = Path(worker.__file__)
OLDEST = (3, 8)
SINCE_THEN = {"tomllib", "zoneinfo", "graphlib"}
"""Modules that the oldest interpreter's library lacks."""


def test_it_is_written_in_the_syntax_of_python_38() -> None:
    """An interpreter that is years old can read it."""
    ast.parse(FILE.read_text(), feature_version=OLDEST)

    # What the parser does not know the age of.
    source = FILE.read_text()
    assert "removeprefix" not in source
    assert "ast.unparse" not in source


def test_it_imports_the_standard_library_only() -> None:
    """The interpreter of an application may have nothing else to offer."""
    nodes = list(ast.walk(ast.parse(FILE.read_text())))
    names = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    for node in nodes:
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0
            names.add(str(node.module))

    top = {name.partition(".")[0] for name in names}
    assert top <= sys.stdlib_module_names - SINCE_THEN


def runs(python: str) -> bool:
    """Whether it is an interpreter, and not a stand-in for one that is not installed."""
    return subprocess.run([python, "-V"], capture_output=True, check=False).returncode == 0


FOUND = [shutil.which(f"python3.{minor}") for minor in range(8, 15)]
INTERPRETERS = [sys.executable, *(python for python in FOUND if python and runs(python))]


@pytest.mark.parametrize("python", INTERPRETERS)
def test_other_interpreters_import_it(python: str) -> None:
    """Whatever Python is there, from 3.8 on, finds all that the file asks of it."""
    code = f"import runpy; runpy.run_path({str(FILE)!r}, run_name='imported')"
    done = subprocess.run(
        [python, "-W", "error", "-c", code], capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stderr) == (0, "")


VALUES: list[Any] = [
    None,
    True,
    1,
    1.5,
    "é\udc80",
    b"\x00\xff",
    [1, [2], "dict"],
    (1, (2,)),
    {"a": {"b": [1]}, 2: (3,), None: b""},
    {1, 2},
    frozenset({"a"}),
    datetime.datetime(2024, 2, 29, 12, 30, tzinfo=datetime.UTC),
    datetime.date(2024, 2, 29),
    datetime.time(12, 30),
    datetime.timedelta(days=-1, microseconds=5),
]


@pytest.fixture
def channels() -> Iterator[tuple[Channel, Channel]]:
    """Both ends of a channel."""
    one, other = map(Channel, socket.socketpair())
    yield one, other
    one.close()
    other.close()


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_a_configuration_arrives_as_it_was(value: Any, channels: tuple[Channel, Channel]) -> None:
    """What a scenario file or a caller can give is the same value in the other process."""
    channels[0].send(pack({"X": value}))
    received = channels[1].receive(5)

    assert received is not None
    assert unpack(received[0]) == {"X": value}
    assert type(unpack(received[0])["X"]) is type(value)


@pytest.mark.parametrize("value", [object(), print, [lambda: 1], {"a": Path("x")}], ids=type)
def test_what_only_one_process_has_is_refused(value: Any) -> None:
    """A configuration that cannot be given to another process is not given half."""
    with pytest.raises(TypeError, match="cannot be given to another process"):
        pack(value)


@pytest.mark.parametrize("size", [0, 1, 70_000, 3_000_000])
def test_bytes_of_any_size_arrive(size: int, channels: tuple[Channel, Channel]) -> None:
    """A body comes as it was, be it longer than what a socket holds."""
    body = bytes(range(256)) * (size // 256) + b"x" * (size % 256)
    code = (
        "import sys, socket, runpy; worker = runpy.run_path(sys.argv[1]);"
        "channel = worker['Channel'](socket.socket(fileno=int(sys.argv[2])));"
        "channel.send(*channel.receive())"
    )
    ours, theirs = socket.socketpair()
    command = [sys.executable, "-c", code, str(FILE), str(theirs.fileno())]
    with ours, subprocess.Popen(command, pass_fds=[theirs.fileno()]) as process:
        theirs.close()
        channel = Channel(ours)
        channel.send({"size": size}, body)
        received = channel.receive(10)
        process.wait(10)

    assert received == ({"size": size}, body)


def test_two_messages_are_two(channels: tuple[Channel, Channel]) -> None:
    """What came with one message is not lost for the next."""
    channels[0].send(1, b"a")
    channels[0].send(2, b"b")

    assert [channels[1].receive(5), channels[1].receive(5)] == [(1, b"a"), (2, b"b")]


@pytest.mark.parametrize(
    "garbage", [b"x" * 16, b"QPar" + b"\xff" * 12, b"QPar" + b"\0\0\0\1" + b"\0" * 8 + b"{"]
)
def test_what_is_no_message_is_garbage(garbage: bytes) -> None:
    """An application that writes into the socket is found out, and waits for nothing."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(garbage)

        with pytest.raises(GarbageError):
            Channel(ours).receive(5)


def test_nothing_comes_from_who_is_gone(channels: tuple[Channel, Channel]) -> None:
    """A message that breaks off is none."""
    channels[0]._socket.sendall(b"QPar\0")
    channels[0].close()

    assert channels[1].receive(5) is None


def test_waiting_ends(channels: tuple[Channel, Channel]) -> None:
    """Half a message keeps nobody longer than none."""
    channels[0]._socket.sendall(b"QPar\0")

    with pytest.raises(TimeoutError):
        channels[1].receive(0.01)
