"""HTTP/1.1 over one connection (RFC 9112)."""

from __future__ import annotations

import re
from time import perf_counter

from ..exchange import BROKE_OFF, RawRequest
from .answers import (
    BODY_LIMIT,
    EXPECT_SECONDS,
    HEAD_LIMIT,
    IDLE_SECONDS,
    SURPLUS_LIMIT,
    Answer,
    BrokenError,
    UnansweredError,
    body_over_limit,
    count,
    has_no_body,
    head_over_limit,
    surplus,
    waits_for_continue,
)
from .heads import CHUNKED, TO_THE_END, Head, body_length, parse_fields, parse_head, shown, tokens
from .sockets import ClosedError, Socket, TimeIsUpError

_BLANK_LINE = re.compile(rb"\n\r?\n")
_CHUNK_SIZE = re.compile(rb"([0-9A-Fa-f]{1,16})[ \t]*(?:;[^\x00]*)?\r\n\Z")
_TLS_RECORDS = (0x15, 0x16)
"""An alert and a handshake (RFC 8446, 5.1)."""
_CHUNK_LINE_LIMIT = 4096
_SMALL = 64 * 1024
"""Bytes of a body that are sent in one piece with the head."""
_SILENCE = 0.02
"""Seconds in which surplus bytes come, if any do: they are sent with what they follow."""


class HTTP1Connection:
    """One connection, used for one exchange after the other while HTTP allows it."""

    def __init__(self, socket: Socket) -> None:
        self._socket = socket
        self._received = bytearray()
        self._has_ended = False
        self._is_reusable = True
        self._idle_since = perf_counter()
        self._body: list[bytes] = []
        """What waits for ``100 Continue``."""

    def leftover(self, deadline: float) -> int | None:
        """How many bytes came unasked; None where it can't be used any more."""
        if not self._is_reusable or perf_counter() - self._idle_since > IDLE_SECONDS:
            return None
        self._socket.deadline = deadline
        left = self._settle() if self._socket.comes(0) else 0
        return None if self._has_ended and not left else left

    def exchange(self, request: RawRequest, answer: Answer, deadline: float) -> None:
        """Send *request* and fill *answer*; raises `BrokenError` or `TimeIsUpError`."""
        self._socket.deadline, self._is_reusable = deadline, False
        self._send(request)
        head = self._final_head(answer)
        answer.status, answer.reason, answer.headers = head.status, head.reason, head.headers
        length = body_length(request.method, head)
        self._read_body(answer, length, bool(request.chunks))
        tunnel = head.status == 101 or (request.method == "CONNECT" and head.status < 300)
        if tunnel or length == TO_THE_END:
            return
        self._check_surplus(request.method, head)
        closes = "close" in tokens(request.headers, "connection")
        sent = not (self._body or self._socket.is_sending or self._socket.refused)
        self._is_reusable = sent and head.stays_open() and not closes
        self._idle_since = perf_counter()

    def close(self) -> None:
        self._socket.close()

    def _send(self, request: RawRequest) -> None:
        head, body = request_head(request), framed(request)
        if body and waits_for_continue(request.headers):
            self._body = body
            self._socket.write(head)
        elif sum(map(len, body)) < _SMALL:
            self._socket.write(b"".join([head, *body]))
        else:
            self._socket.write(head, *body)

    def _send_body(self) -> None:
        self._socket.write(*self._body)
        self._body = []

    def _is_answered(self) -> bool:
        """Whether something comes before the body has waited long enough."""
        patience = self._socket.patience(EXPECT_SECONDS)
        return bool(self._received) or self._socket.comes(patience)

    def _final_head(self, answer: Answer) -> Head:
        while True:
            if self._body and not self._is_answered():
                self._send_body()
            head = self._head(bool(answer.interim))
            answer.version = head.version
            if head.status >= 200 or head.status == 101:
                return head
            answer.add_interim(head.status, head.headers)
            if head.status == 100:
                self._send_body()

    def _head(self, begun: bool) -> Head:
        """Read one head; *begun* where something was answered already."""
        searched = 0
        while (end := _BLANK_LINE.search(self._received, searched)) is None:
            searched = max(0, len(self._received) - 2)
            if len(self._received) > HEAD_LIMIT:
                break
            self._check_beginning()
            try:
                self._received += self._socket.read()
            except ClosedError:
                raise self._closed_in_head(begun) from None
        size = end.end() if end else len(self._received)
        if size > HEAD_LIMIT:
            raise BrokenError(head_over_limit())
        self._check_beginning()
        return parse_head(self._take(size))

    def _check_beginning(self) -> None:
        beginning = bytes(self._received[:5])
        if not b"HTTP/".startswith(beginning):
            self._settle()
            if beginning[0] in _TLS_RECORDS:
                raise BrokenError("it speaks TLS, so its address begins with https")
            text = bytes(self._received[:256]).decode("latin-1")
            raise BrokenError(f"what came is no answer in HTTP/1: {shown(text)}")

    def _closed_in_head(self, begun: bool) -> BrokenError:
        if self._received:
            return BrokenError("the connection was closed in the middle of the head")
        if begun:
            return BrokenError("the connection was closed after interim responses only")
        return UnansweredError("the connection was closed before an answer")

    def _read_body(self, answer: Answer, length: int, asked_with_body: bool) -> None:
        try:
            if length == CHUNKED:
                self._read_chunks(answer)
            elif length == TO_THE_END:
                self._read_to_the_end(answer, asked_with_body)
            elif length > BODY_LIMIT:
                raise BrokenError(body_over_limit())
            else:
                self._read_exactly(answer, length)
        except ClosedError:
            of = f"{count(len(answer.body))} of a body in chunks"
            if length != CHUNKED:
                of = f"{len(answer.body)} of {count(length)}"
            raise BrokenError(f"{BROKE_OFF}: the connection ended after {of}") from None

    def _read_exactly(self, answer: Answer, size: int) -> None:
        """Add the next *size* bytes to the body."""
        if self._received and size:
            piece = self._take(min(size, len(self._received)))
            answer.add(piece)
            size -= len(piece)
        while size:
            piece = self._socket.read(size)
            if len(piece) > size:
                self._received += piece[size:]
                piece = piece[:size]
            answer.add(piece)
            size -= len(piece)

    def _read_to_the_end(self, answer: Answer, asked_with_body: bool) -> None:
        try:
            answer.add(self._take(len(self._received)))
            while True:
                answer.add(self._socket.read(BODY_LIMIT))
        except ClosedError as closed:
            # A server that did not read all of the request resets the connection as it closes it.
            if closed.reset and not asked_with_body:
                came = count(len(answer.body))
                reason = f"{BROKE_OFF}: the connection was reset after {came} of the body"
                raise BrokenError(reason) from None

    def _read_chunks(self, answer: Answer) -> None:
        while True:
            line = self._line()
            size = _CHUNK_SIZE.match(line)
            if size is None:
                told = line.decode("latin-1").removesuffix("\n")
                raise BrokenError(f"a chunk of the body does not tell its size: {shown(told)}")
            if not (length := int(size[1], 16)):
                break
            if length > BODY_LIMIT:
                raise BrokenError(body_over_limit())
            self._read_exactly(answer, length)
            if self._line(2) != b"\r\n":
                raise BrokenError("a chunk of the body is longer than the size that it tells")
        lines = bytearray()
        while (line := self._line(HEAD_LIMIT)) not in (b"\r\n", b"\n"):
            lines += line
            if len(lines) > HEAD_LIMIT:
                raise BrokenError(f"the trailers are longer than {HEAD_LIMIT // 1024} KiB")
        answer.trailers = parse_fields(lines.decode("latin-1"))

    def _line(self, limit: int = _CHUNK_LINE_LIMIT) -> bytes:
        """The next line with its end, or the first *limit* bytes of one without."""
        searched = 0
        while (end := self._received.find(b"\n", searched, limit)) < 0:
            searched = len(self._received)
            if searched >= limit:
                return self._take(limit)
            self._received += self._socket.read()
        return self._take(end + 1)

    def _take(self, size: int) -> bytes:
        taken = bytes(self._received[:size])
        del self._received[:size]
        return taken

    def _check_surplus(self, method: str, head: Head) -> None:
        """What stands after this answer would be read as the beginning of the next one."""
        bodiless = has_no_body(method, head.status)
        if not self._received and not self._socket.comes(_SILENCE if bodiless else 0):
            return
        if size := self._settle():
            if bodiless:
                raise BrokenError(surplus(size))
            raise BrokenError(f"{count(size, SURPLUS_LIMIT)} too many came after the body")

    def _settle(self) -> int:
        """How many bytes have come, when no more come."""
        try:
            while len(self._received) < SURPLUS_LIMIT and self._socket.comes(_SILENCE):
                self._received += self._socket.read()
        except (BrokenError, ClosedError):
            self._has_ended = True
        except TimeIsUpError:
            pass
        return min(len(self._received), SURPLUS_LIMIT)


def request_head(request: RawRequest) -> bytes:
    """The request line and the fields, just as they are given."""
    lines = [f"{request.method} {request.target} HTTP/1.1\r\n"]
    lines += [f"{name}: {value}\r\n" for name, value in request.headers]
    return f"{''.join(lines)}\r\n".encode("latin-1")


def framed(request: RawRequest) -> list[bytes]:
    """The body as it goes over the wire."""
    if "chunked" not in tokens(request.headers, "transfer-encoding"):
        return list(request.chunks)
    chunks = [part for chunk in request.chunks for part in (b"%x\r\n" % len(chunk), chunk, b"\r\n")]
    return [*chunks, b"0\r\n\r\n"]
