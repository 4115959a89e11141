"""Applications that are watched in their server, called here as a server would."""

import asyncio
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import pytest
from flask import Flask, got_request_exception
from quart import Quart
from quart.signals import got_request_exception as raised_in_quart
from werkzeug.test import EnvironBuilder

from quart_parity.serving.notes import Note, read_notes
from quart_parity.serving.noting import NotedASGI, NotedWSGI, Notes
from tests.builders import Message, Receive, Send, asgi, piece, start, wsgi

Log = Callable[[], list[Note]]


@pytest.fixture
def notes(tmp_path: Path) -> Iterator[Notes]:
    """Notes in a file, of no application once the test is over."""
    notes = Notes(tmp_path / "notes")
    yield notes
    got_request_exception.disconnect(notes._handled)
    raised_in_quart.disconnect(notes._handled_in_quart)
    os.close(notes._file)


@pytest.fixture
def log(notes: Notes, tmp_path: Path) -> Log:
    """All that was noted."""
    return lambda: read_notes(tmp_path / "notes", 0)[0]


def escaped(log: Log) -> Note:
    """The one note of an exception that left the application."""
    (note,) = [note for note in log() if note.escaped]
    return note


class Server:
    """Asks a WSGI application once, and keeps what it gets."""

    def __init__(self, environ: Message | None = None) -> None:
        self.environ: Message = environ or {}
        self.got: list[Any] = []
        self.answer: Any = None
        self.raised: BaseException | None = None

    def start(self, status: str, headers: Any, *args: Any) -> Callable[[bytes], None]:
        self.got.append(status)
        return self.got.append

    def ask(self, app: Any) -> "Server":
        try:
            self.answer = app(self.environ, self.start)
            try:
                self.got.extend(self.answer)
            finally:
                if hasattr(self.answer, "close"):
                    self.answer.close()
        except BaseException as error:
            self.raised = error
        return self


class Pieces:
    """An application's iterable with everything that one can have."""

    def __init__(self, *pieces: bytes | BaseException, closing: BaseException | None = None):
        self._pieces = iter(pieces)
        self._closing = closing
        self.closed = 0

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        piece = next(self._pieces)
        if isinstance(piece, BaseException):
            raise piece
        return piece

    def close(self) -> None:
        self.closed += 1
        if self._closing is not None:
            raise self._closing


class Unready:
    """An iterable that cannot even begin."""

    def __iter__(self) -> Iterator[bytes]:
        raise LookupError("no such shelf")


def failing(environ: Message, start_response: Callable[..., Any]) -> Iterable[bytes]:
    raise LookupError("no such shelf")


def failing_later(environ: Message, start_response: Callable[..., Any]) -> Iterable[bytes]:
    start_response("200 OK", [])
    raise LookupError("no such shelf")


def failing_in_writing(environ: Message, start_response: Callable[..., Any]) -> Iterable[bytes]:
    start_response("201 Created", [])(b"half")
    raise LookupError("no such shelf")


def leaving(environ: Message, start_response: Callable[..., Any]) -> Iterable[bytes]:
    raise SystemExit(3)


ERROR = LookupError("no such shelf")
RAISING: dict[str, tuple[Any, int | None, bool, int | None]] = {
    "in the call": (failing, None, False, None),
    "after the head": (failing_later, 200, False, None),
    "after writing": (failing_in_writing, 201, True, None),
    "as it begins": (wsgi(body=Unready()), 200, False, 0),
    "before the first piece": (wsgi(body=Pieces(ERROR)), 200, False, 0),
    "after a piece of nothing": (wsgi(body=Pieces(b"", ERROR)), 200, False, 0),
    "after the first piece": (wsgi(body=Pieces(b"half", ERROR)), 200, True, 4),
    "in close": (wsgi(body=Pieces(b"whole", closing=ERROR)), 200, True, 5),
}
"""Where a WSGI application raises: the status it began with, whether it had, and its bytes."""


@pytest.mark.parametrize(("app", "status", "begun", "body"), RAISING.values(), ids=RAISING)
def test_an_exception_is_noted_and_goes_on_to_the_server(
    notes: Notes, log: Log, app: Any, status: int | None, begun: bool, body: int | None
) -> None:
    """Wherever it comes out, it is told once with how far the answer was, and the end is last."""
    server = Server().ask(NotedWSGI(app, notes))
    note = escaped(log)

    assert isinstance(server.raised, LookupError)
    assert note.raised is not None
    assert note.raised[:2] == ("LookupError", "no such shelf")
    assert (note.status, note.begun) == (status, begun)
    assert log()[-1] == Note(1, ended=True, body=body)
    assert log()[0] == Note(1)


def test_an_exit_is_noted_too(notes: Notes, log: Log) -> None:
    """What is no error leaves the application just the same."""
    server = Server().ask(NotedWSGI(leaving, notes))
    note = escaped(log)

    assert isinstance(server.raised, SystemExit)
    assert note.raised is not None
    assert note.raised[0] == "SystemExit"


def test_a_text_that_no_file_takes_is_noted_escaped(notes: Notes, log: Log) -> None:
    """The name of a file that is no UTF-8 comes through, and its exception stays what it was."""
    error = FileNotFoundError(os.fsdecode(b"caf\xe9.txt"))
    server = Server().ask(NotedWSGI(wsgi(body=Pieces(error)), notes))
    note = escaped(log)

    assert server.raised is error
    assert note.raised is not None
    assert note.raised[:2] == ("FileNotFoundError", "caf\\udce9.txt")


def test_close_is_called_though_a_piece_raised(notes: Notes) -> None:
    """The server's closing reaches the application, once."""
    pieces = Pieces(b"half", LookupError())
    Server().ask(NotedWSGI(wsgi(body=pieces), notes))

    assert pieces.closed == 1


def test_an_answer_comes_through_a_piece_at_a_time(notes: Notes, log: Log) -> None:
    """Pieces are not gathered; what was given in all is told when it is closed."""
    pieces = Pieces(b"one", b"", b"two")
    server = Server()
    answer = iter(NotedWSGI(wsgi("404 NOT FOUND", [("X-A", "1")], pieces), notes)({}, server.start))
    first = next(answer)
    ended = [note.ended for note in log()]
    rest = list(answer)
    answer.close()  # type: ignore[attr-defined]  # servers call what is there

    assert (first, rest) == (b"one", [b"", b"two"])
    assert ended == [False, False]
    assert log()[1:] == [Note(1, fields=["x-a"]), Note(1, ended=True, body=6)]
    assert server.got == ["404 NOT FOUND"]


def test_what_is_written_counts(notes: Notes, log: Log) -> None:
    """The old way to give a body (PEP 3333, the write callable) is a way to give it."""

    def app(environ: Message, start_response: Callable[..., Any]) -> Iterable[bytes]:
        start_response("200 OK", [])(b"one")
        return [b"two"]

    server = Server().ask(NotedWSGI(app, notes))

    assert server.got == ["200 OK", b"one", b"two"]
    assert log()[-1] == Note(1, ended=True, body=6)


def test_exc_info_reaches_the_server(notes: Notes, log: Log) -> None:
    """An application that begins a second time is the server's to judge; both heads are told."""
    heads: list[Any] = []

    def app(environ: Message, start_response: Callable[..., Any]) -> Iterable[bytes]:
        start_response("200 OK", [("A", "1")])
        start_response("500 Sorry", [("B", "1")], (LookupError, LookupError(), None))
        return [b"x"]

    def start_response(*args: Any) -> Any:
        heads.append(args)

    NotedWSGI(app, notes)({}, start_response)

    assert [len(head) for head in heads] == [2, 3]
    assert [note.fields for note in log()[1:3]] == [["a"], ["b"]]


class Wrapper:
    """A server's way to send files."""

    def __init__(self, *pieces: bytes) -> None:
        self._pieces = pieces

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._pieces)


class Sized(Wrapper):
    """A server's way to send files whose length it knows."""

    def __len__(self) -> int:
        return 2


UNTOUCHED = {
    "a list": ([b"one", b"two"], 6),
    "a tuple": ((b"one",), 3),
    "nothing": ([], 0),
    "a file": (Wrapper(b"x"), None),
    "a sized file": (Sized(b"x"), None),
}


@pytest.mark.parametrize(("body", "given"), UNTOUCHED.values(), ids=UNTOUCHED)
def test_what_servers_send_in_their_own_way_is_untouched(
    notes: Notes, log: Log, body: Any, given: int | None
) -> None:
    """A list has its length to be sent, and a file wrapper its file: the very object arrives."""
    server = Server({"wsgi.file_wrapper": Wrapper}).ask(NotedWSGI(wsgi(body=body), notes))

    assert server.answer is body
    assert log()[-1] == Note(1, ended=True, body=given)


def test_a_list_that_is_no_body_is_left_to_the_server(notes: Notes, log: Log) -> None:
    """What cannot be counted is nothing; the server finds out what is wrong with it."""
    body: Any = [None]
    server = Server().ask(NotedWSGI(wsgi(body=body), notes))

    assert server.answer is body
    assert log()[-1] == Note(1, ended=True, body=0)


def test_a_status_that_is_none_is_left_to_the_server(notes: Notes, log: Log) -> None:
    """A head that no server sends is told without a status."""

    def app(environ: Message, start_response: Callable[..., Any]) -> Iterable[bytes]:
        start_response("fine", [])
        raise LookupError

    Server().ask(NotedWSGI(app, notes))

    assert escaped(log).status is None


def test_exchanges_in_threads_have_numbers_of_their_own(notes: Notes, log: Log) -> None:
    """What two clients are told at once is told apart, and each is told whole."""
    together = Barrier(8)

    def app(environ: Message, start_response: Callable[..., Any]) -> Iterable[bytes]:
        together.wait(5)
        start_response("200 OK", [(environ["name"], "")])
        together.wait(5)
        raise LookupError(environ["name"])

    noted = NotedWSGI(app, notes)
    threads = [Thread(target=Server({"name": f"n{n}"}).ask, args=(noted,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    by_number: dict[int, list[Note]] = {}
    for note in log():
        by_number.setdefault(note.exchange, []).append(note)

    assert sorted(by_number) == list(range(1, 9))
    for begin, head, error, end in by_number.values():
        assert begin == Note(begin.exchange)
        assert head.fields is not None
        assert error.raised is not None
        assert error.raised[1] == head.fields[0]
        assert end.ended
    assert len({str(found[1].fields) for found in by_number.values()}) == 8


def test_an_exchange_after_another_has_the_next_number(notes: Notes, log: Log) -> None:
    """A thread that a server uses again does not go on with the exchange before."""
    noted = NotedWSGI(wsgi(), notes)
    Server().ask(noted)
    Server().ask(noted)

    assert [note.exchange for note in log()] == [1, 1, 1, 2, 2, 2]


def raising_flask(together: Barrier) -> Flask:
    app = Flask("shop", static_folder=None)
    app.logger.disabled = True

    @app.get("/<name>")
    def fail(name: str) -> str:
        together.wait(5)
        raise LookupError(name)

    return app


def test_what_flask_handles_is_noted_in_its_exchange(notes: Notes, log: Log) -> None:
    """A view that raises while another one does is told in its own exchange, as no escape."""
    noted = NotedWSGI(raising_flask(Barrier(2)).wsgi_app, notes)
    servers = [Server(EnvironBuilder(f"/{name}").get_environ()) for name in ("one", "two")]
    threads = [Thread(target=server.ask, args=(noted,)) for server in servers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    raised = {note.exchange: note.raised for note in log() if note.raised}

    assert [server.got[0] for server in servers] == ["500 INTERNAL SERVER ERROR"] * 2
    assert sorted(raised) == [1, 2]
    assert {found[1] for found in raised.values()} == {"one", "two"}
    assert all(str(found[2]).startswith("tests/test_noting.py:") for found in raised.values())
    assert not any(note.escaped for note in log())


class Exchange:
    """Asks an ASGI application once, and keeps what it sends."""

    def __init__(self, path: str = "/") -> None:
        self.sent: list[Message] = []
        self.scope: Message = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": "GET",
            "scheme": "http",
            "path": path,
            "raw_path": path.encode(),
            "query_string": b"",
            "root_path": "",
            "headers": [(b"host", b"localhost")],
            "client": ("127.0.0.1", 1),
            "server": ("localhost", 80),
        }
        self._received = 0

    async def receive(self) -> Message:
        self._received += 1
        if self._received > 1:
            await asyncio.Event().wait()
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(self, message: Message) -> None:
        self.sent.append(message)

    async def ask(self, app: Any) -> BaseException | None:
        try:
            await app(self.scope, self.receive, self.send)
        except BaseException as error:
            return error
        return None


def watched(
    call: Any, notes: Notes, surround: Callable[[], AbstractContextManager[None]] = nullcontext
) -> NotedASGI:
    return NotedASGI(call, notes, surround)


def sending(*messages: Message | BaseException) -> Any:
    """An ASGI application that sends these, and raises what can be raised."""

    async def app(scope: Message, receive: Receive, send: Send) -> None:
        for message in messages:
            if isinstance(message, BaseException):
                raise message
            await send(message)

    return app


FAILING: dict[str, tuple[list[Message | BaseException], int | None, bool, int]] = {
    "at once": ([ERROR], None, False, 0),
    "after the head": ([start(201), ERROR], 201, False, 0),
    "after a piece of nothing": ([start(201), piece(b"", True), ERROR], 201, False, 0),
    "after the first piece": ([start(201), piece(b"half", True), ERROR], 201, True, 4),
    "after an empty answer": ([start(204), piece(), ERROR], 204, True, 0),
    "after the answer": ([start(200), piece(b"whole"), ERROR], 200, True, 5),
}


@pytest.mark.parametrize(("messages", "status", "begun", "body"), FAILING.values(), ids=FAILING)
async def test_an_exception_of_asgi_is_noted_and_goes_on(
    notes: Notes,
    log: Log,
    messages: list[Message | BaseException],
    status: int | None,
    begun: bool,
    body: int,
) -> None:
    """Wherever it comes out, it is told once with how far the answer was, and the end is last."""
    exchange = Exchange()
    raised = await exchange.ask(watched(sending(*messages), notes))
    note = escaped(log)

    assert raised is ERROR
    assert exchange.sent == messages[:-1]
    assert (note.status, note.begun) == (status, begun)
    assert log()[-1] == Note(1, ended=True, body=body)


async def test_an_answer_of_asgi_comes_through(notes: Notes, log: Log) -> None:
    """Messages arrive as they were sent; names of fields are told in lower case."""
    messages = [start(200, [(b"X-A", b"1")]), piece(b"one", True), piece(b"two")]
    exchange = Exchange()
    raised = await exchange.ask(watched(asgi(*messages), notes))

    assert raised is None
    assert exchange.sent == messages
    assert log() == [Note(1), Note(1, fields=["x-a"]), Note(1, ended=True, body=6)]


async def test_an_application_that_gives_nothing_is_noted(notes: Notes, log: Log) -> None:
    """To return without an answer is an escape without an exception."""
    await Exchange().ask(watched(asgi(), notes))

    assert log() == [Note(1), Note(1, escaped=True), Note(1, ended=True, body=0)]


@pytest.mark.parametrize(
    ("messages", "escapes"),
    [([start(), piece(b"x")], 0), ([start(), piece(b"x", True)], 1), ([], 1)],
    ids=["complete", "begun", "nothing"],
)
async def test_to_be_cancelled_after_the_answer_is_no_failure(
    notes: Notes, log: Log, messages: list[Message], escapes: int
) -> None:
    """A server that has all of the answer may cancel what goes on; before that it is told."""
    cancelled = asyncio.CancelledError()
    raised = await Exchange().ask(watched(sending(*messages, cancelled), notes))

    assert raised is cancelled
    assert sum(note.escaped for note in log()) == escapes
    assert log()[-1].ended


async def test_what_surrounds_the_exchange_is_entered_and_left(notes: Notes, log: Log) -> None:
    """The application runs within it, also where it raises; the end is told when it is left."""
    steps: list[str] = []

    @contextmanager
    def around() -> Iterator[None]:
        steps.append("in")
        try:
            yield
        finally:
            notes.write(trial=7)
            steps.append("out")

    async def app(scope: Message, receive: Receive, send: Send) -> None:
        steps.append("asked")
        raise LookupError

    await Exchange().ask(watched(app, notes, around))

    assert steps == ["in", "asked", "out"]
    assert [(note.exchange, note.trial, note.ended) for note in log()] == [
        (1, 0, False),
        (1, 7, False),
        (1, 0, False),
        (1, 0, True),
    ]


@pytest.fixture
async def raising_quart() -> Quart:
    """A port whose views raise only once two are asked."""
    app = Quart("shop", static_folder=None)
    app.logger.disabled = True
    together = asyncio.Barrier(2)

    @app.get("/<name>")
    async def fail(name: str) -> str:
        await together.wait()
        raise LookupError(name)

    return app


async def test_what_quart_handles_is_noted_in_its_exchange(
    notes: Notes, log: Log, raising_quart: Quart
) -> None:
    """A view that raises while another one does is told in its own exchange, as no escape."""
    noted = watched(raising_quart.asgi_app, notes)
    exchanges = [Exchange("/one"), Exchange("/two")]
    raised = await asyncio.gather(*(exchange.ask(noted) for exchange in exchanges))
    found = {note.exchange: note.raised[1] for note in log() if note.raised}

    assert raised == [None, None]
    assert [exchange.sent[0]["status"] for exchange in exchanges] == [500, 500]
    assert found == {1: "one", 2: "two"}
    assert not any(note.escaped for note in log())
    assert [sum(n.ended for n in log() if n.exchange == number) for number in (1, 2)] == [1, 1]
