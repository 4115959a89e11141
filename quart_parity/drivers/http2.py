"""HTTP/2 over one connection, one stream after the other (RFC 9113), by h2."""

from __future__ import annotations

import re
from collections.abc import Iterable
from time import perf_counter

from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.events import (
    DataReceived,
    Event,
    InformationalResponseReceived,
    ResponseReceived,
    StreamEnded,
    StreamReset,
    TrailersReceived,
)
from h2.exceptions import DenialOfServiceError, InvalidBodyLengthError, ProtocolError
from h2.settings import SettingCodes
from hpack.struct import Header

from ..exchange import BROKE_OFF, Headers, RawRequest
from .answers import (
    EXPECT_SECONDS,
    HEAD_LIMIT,
    IDLE_SECONDS,
    Answer,
    BrokenError,
    NotProcessedError,
    UnansweredError,
    count,
    has_no_body,
    head_over_limit,
    surplus,
    waits_for_continue,
)
from .frames import Frames, error_name
from .heads import shown, tokens
from .sockets import ClosedError, Socket

_CONNECTION_FIELDS = {
    "connection",
    "keep-alive",
    "proxy-connection",
    "transfer-encoding",
    "upgrade",
}
_WINDOW = 16 * 1024 * 1024

Fields = list[tuple[bytes, bytes]]


class HTTP2Connection:
    """One connection, whose streams have one request each."""

    def __init__(self, socket: Socket) -> None:
        """Exchange settings (RFC 9113, 3.4); raises `BrokenError` or `TimeIsUpError`."""
        self._socket = socket
        self._h2 = H2Connection(
            H2Configuration(validate_outbound_headers=False, normalize_inbound_headers=False)
        )
        self._h2.initiate_connection()
        self._h2.update_settings(
            {
                SettingCodes.ENABLE_PUSH: 0,
                SettingCodes.INITIAL_WINDOW_SIZE: _WINDOW,
                SettingCodes.MAX_HEADER_LIST_SIZE: HEAD_LIMIT,
            }
        )
        self._h2.increment_flow_control_window(_WINDOW)
        self._frames = Frames()
        self._stream = 0
        self._unsent = memoryview(b"")
        self._held_until = 0.0
        """When the body is sent without waiting any longer for ``100 Continue``; 0 for now."""
        self._has_ended = False
        self._is_reusable = True
        self._greet()
        self._idle_since = perf_counter()

    def _greet(self) -> None:
        self._flush()
        try:
            while not self._frames.has_begun:
                self._take_in()
        except ClosedError:
            raise BrokenError("the connection was closed before HTTP/2 began") from None
        except ProtocolError as error:
            raise BrokenError(_violation(error, "")) from None

    def _take_in(self) -> list[Event]:
        """Read what comes next, and answer what is no stream's."""
        pieces = self._frames.split(self._socket.read())
        events = [event for piece in pieces for event in self._h2.receive_data(piece)]
        self._flush()
        return events

    def leftover(self, deadline: float) -> int | None:
        """0, or None where it can't be used any more; between streams nothing is unasked."""
        if not self._is_reusable or perf_counter() - self._idle_since > IDLE_SECONDS:
            return None
        self._socket.deadline = deadline
        try:
            while self._socket.comes(0):
                self._take_in()
        except (BrokenError, ClosedError, ProtocolError):
            return None
        return None if self._frames.goaway else 0

    def exchange(self, request: RawRequest, answer: Answer, deadline: float) -> None:
        """Send *request* and fill *answer*; raises `BrokenError` or `TimeIsUpError`."""
        self._socket.deadline, self._is_reusable = deadline, False
        self._has_ended = False
        try:
            self._send(request)
            while not self._has_ended:
                self._receive(answer)
        except ProtocolError as error:
            raise BrokenError(_violation(error, request.method)) from None
        except ClosedError:
            raise self._closed(answer) from None
        if answer.body and has_no_body(request.method, answer.status):
            size = len(answer.body)
            answer.body.clear()
            raise BrokenError(surplus(size))
        self._is_reusable = not (self._unsent or self._socket.refused)
        self._idle_since = perf_counter()

    def close(self) -> None:
        self._socket.close()

    def _send(self, request: RawRequest) -> None:
        self._stream = self._h2.get_next_available_stream_id()
        body = b"".join(request.chunks)
        self._unsent = memoryview(body)
        self._h2.send_headers(self._stream, request_fields(request), end_stream=not body)
        self._held_until = 0.0
        if body and waits_for_continue(request.headers):
            self._held_until = perf_counter() + self._socket.patience(EXPECT_SECONDS)
        self._send_body()

    def _send_body(self) -> None:
        """Send as much of the body as the server has room for."""
        while self._unsent and not self._held_until:
            room = self._h2.local_flow_control_window(self._stream)
            if room <= 0:
                break
            piece = self._unsent[: min(room, self._h2.max_outbound_frame_size)]
            self._unsent = self._unsent[len(piece) :]
            self._h2.send_data(self._stream, bytes(piece), end_stream=not self._unsent)
        self._flush()

    def _flush(self) -> None:
        self._socket.write(self._h2.data_to_send())

    def _receive(self, answer: Answer) -> None:
        """Take in what comes next, and send what it makes room for."""
        if self._held_until and not self._socket.comes(self._held_until - perf_counter()):
            self._held_until = 0.0
            self._send_body()
        for piece in self._frames.split(self._socket.read()):
            for event in self._h2.receive_data(piece):
                self._take(event, answer)
        goaway = self._frames.goaway
        if not self._has_ended and goaway and goaway.last_stream < self._stream:
            raise NotProcessedError(f"the server turned the request away ({goaway})")
        if self._has_ended:
            self._flush()
        else:
            self._send_body()

    def _take(self, event: Event, answer: Answer) -> None:
        if getattr(event, "stream_id", None) != self._stream:
            return
        if isinstance(event, ResponseReceived | InformationalResponseReceived):
            self._take_head(event, answer)
        elif isinstance(event, DataReceived):
            self._h2.acknowledge_received_data(event.flow_controlled_length, self._stream)
            answer.add(event.data)
        elif isinstance(event, TrailersReceived):
            answer.trailers = _fields(event.headers)
        elif isinstance(event, StreamEnded):
            self._has_ended = True
        elif isinstance(event, StreamReset) and event.remote_reset and not self._has_ended:
            begun = f"{BROKE_OFF}: " if answer.status else ""
            name = error_name(event.error_code)
            raise BrokenError(f"{begun}the server reset the stream ({name})")

    def _take_head(
        self, event: ResponseReceived | InformationalResponseReceived, answer: Answer
    ) -> None:
        answer.version = "2"
        status, fields = _status(event.headers), _fields(event.headers)
        if isinstance(event, ResponseReceived):
            answer.status, answer.headers = status, fields
            return
        answer.add_interim(status, fields)
        if status == 100:
            self._held_until = 0.0

    def _closed(self, answer: Answer) -> BrokenError:
        why = f" ({self._frames.goaway})" if self._frames.goaway else ""
        if answer.status:
            came = count(len(answer.body))
            return BrokenError(f"{BROKE_OFF}: the connection ended after {came} of the body{why}")
        if answer.interim:
            return BrokenError(f"the connection was closed after interim responses only{why}")
        return UnansweredError(f"the connection was closed before an answer{why}")


def request_fields(request: RawRequest) -> Fields:
    """The pseudo-fields and the fields of *request* (RFC 9113, 8.3.1), without what concerns a
    connection (8.2.2)."""
    given = [(name.lower(), value) for name, value in request.headers]
    dropped = _CONNECTION_FIELDS.union(tokens(request.headers, "connection"))
    pseudo = [(":method", request.method), (":scheme", request.base.scheme)]
    hosts = [field for field in given if field[0] == "host"]
    if hosts:
        given.remove(hosts[0])
        pseudo.append((":authority", hosts[0][1]))
    pseudo.append((":path", request.target))
    fields = [*pseudo, *(field for field in given if field[0] not in dropped)]
    return [(name.encode("latin-1"), value.encode("latin-1")) for name, value in fields]


def _status(headers: Iterable[Header]) -> int:
    status = next(_text(value) for name, value in headers if name == b":status")
    if not re.fullmatch("[1-9][0-9]{2}", status):
        raise BrokenError(f"the status is {shown(status)}")
    return int(status)


def _fields(headers: Iterable[Header]) -> Headers:
    pairs = ((_text(name), _text(value)) for name, value in headers)
    return tuple(pair for pair in pairs if pair[0][:1] != ":")


def _text(part: bytes | str) -> str:
    return part if isinstance(part, str) else part.decode("latin-1")


def _violation(error: ProtocolError, method: str) -> str:
    if isinstance(error, InvalidBodyLengthError):
        told, came = error.expected_length, error.actual_length
        if method == "HEAD":
            return surplus(came)
        if came > told:
            return f"the body has more than the {count(told)} that Content-Length tells"
        return f"the body ended after {came} of {count(told)}"
    if isinstance(error, DenialOfServiceError):
        return head_over_limit()
    return f"the answer violates HTTP/2 ({error_name(error.error_code)})"
