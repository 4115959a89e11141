"""Inside a served application: telling the side that started it what happens."""

from __future__ import annotations

import os
from asyncio import CancelledError
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from contextvars import ContextVar
from itertools import count
from pathlib import Path
from typing import Any

import msgspec
from flask import got_request_exception as raised_in_flask
from quart.signals import got_request_exception as raised_in_quart

from ..drivers.raised import read_raised
from .handover import utf8
from .notes import Note

Environ = dict[str, Any]
Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
WSGICall = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]
ASGICall = Callable[[Message, Receive, Send], Awaitable[None]]


_number: ContextVar[int] = ContextVar("exchange")


class Notes:
    """A file with a line of JSON for each note on the exchange of the current context."""

    def __init__(self, path: Path) -> None:
        self._numbers = count(1)
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        raised_in_flask.connect(self._handled)
        raised_in_quart.connect(self._handled_in_quart)

    def begin(self) -> None:
        """The application is asked."""
        _number.set(next(self._numbers))
        self.write()

    def write(self, **what: Any) -> None:
        note = Note(_number.get(0), **what)
        # In one call, so that the lines of several threads do not mix.
        os.write(self._file, msgspec.json.encode(note) + b"\n")

    def escaped(self, error: BaseException, status: int | None, begun: bool) -> None:
        """An exception left the application."""
        self.write(raised=_fields(error), escaped=True, status=status, begun=begun)

    def _handled(self, sender: object, exception: BaseException, **extra: object) -> None:
        self.write(raised=_fields(exception))

    async def _handled_in_quart(
        self, sender: object, exception: BaseException, **extra: object
    ) -> None:
        self._handled(sender, exception)


def _fields(error: BaseException) -> tuple[str, str | None, str | None]:
    raised = read_raised(error)
    text, place = (one and utf8(one) for one in (raised.text, raised.place))
    return raised.type, text, place


def _size(piece: object) -> int:
    """Nothing for what is no piece of a body: that is the server's to refuse."""
    return len(piece) if isinstance(piece, bytes | bytearray) else 0


class NotedWSGI:
    """Around a WSGI application (PEP 3333)."""

    def __init__(self, call: WSGICall, notes: Notes) -> None:
        self._call = call
        self._notes = notes

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        self._notes.begin()
        answer = _WSGIAnswer(start_response, self._notes)
        try:
            pieces = self._call(environ, answer.start)
        except BaseException as error:
            self._notes.escaped(error, answer.status, answer.begun)
            self._notes.write(ended=True)
            raise
        # What servers send in a way of their own, they must get as it is.
        if isinstance(pieces, list | tuple):
            self._notes.write(ended=True, body=answer.given + sum(map(_size, pieces)))
        elif hasattr(pieces, "__len__") or type(pieces) is environ.get("wsgi.file_wrapper"):
            self._notes.write(ended=True)
        else:
            return _Watched(pieces, answer, self._notes)
        return pieces


class _WSGIAnswer:
    """How far the answer has come."""

    def __init__(self, start_response: Callable[..., Any], notes: Notes) -> None:
        self._start_response = start_response
        self._notes = notes
        self.status: int | None = None
        self.given = 0

    @property
    def begun(self) -> bool:
        return self.given > 0

    def start(
        self, status: str, headers: list[tuple[str, str]], *args: Any
    ) -> Callable[[bytes], Any]:
        self._notes.write(fields=[name.lower() for name, _ in headers])
        write = self._start_response(status, headers, *args)
        code = status[:3]
        self.status = int(code) if code.isdecimal() else None

        def noted_write(data: bytes) -> Any:
            self.given += len(data)
            return write(data)

        return noted_write


class _Watched:
    """An application's iterable, which tells of the exception that leaves it."""

    def __init__(self, pieces: Iterable[bytes], answer: _WSGIAnswer, notes: Notes) -> None:
        self._pieces = pieces
        self._iterator: Iterator[bytes] | None = None
        self._answer = answer
        self._notes = notes

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        try:
            if self._iterator is None:
                self._iterator = iter(self._pieces)
            piece = next(self._iterator)
        except StopIteration:
            raise
        except BaseException as error:
            self._notes.escaped(error, self._answer.status, self._answer.begun)
            raise
        self._answer.given += _size(piece)
        return piece

    def close(self) -> None:
        try:
            close = getattr(self._pieces, "close", None)
            if close is not None:
                close()
        except BaseException as error:
            self._notes.escaped(error, self._answer.status, begun=True)
            raise
        finally:
            self._notes.write(ended=True, body=self._answer.given)


class NotedASGI:
    """Around an ASGI application (ASGI 3.0); each exchange is played within *surround*."""

    def __init__(
        self, call: ASGICall, notes: Notes, surround: Callable[[], AbstractContextManager[None]]
    ) -> None:
        self._call = call
        self._notes = notes
        self._surround = surround

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        self._notes.begin()
        status: int | None = None
        given, complete = 0, False

        async def noted_send(message: Message) -> None:
            nonlocal status, given, complete
            if message["type"] == "http.response.start":
                status = message["status"]
                names = [name.decode("latin-1").lower() for name, _ in message.get("headers", ())]
                self._notes.write(fields=names)
            elif message["type"] == "http.response.body":
                given += len(message.get("body", b""))
                complete = not message.get("more_body", False)
            await send(message)

        try:
            with self._surround():
                await self._call(scope, receive, noted_send)
        except BaseException as error:
            # A server may cancel what goes on after the answer is complete.
            if not (complete and isinstance(error, CancelledError)):
                self._notes.escaped(error, status, complete or given > 0)
            raise
        else:
            if status is None:
                self._notes.write(escaped=True)
        finally:
            self._notes.write(ended=True, body=given)
