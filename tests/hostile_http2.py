"""A server of HTTP/2 whose every frame a test can choose."""

from collections.abc import Callable
from dataclasses import dataclass, field

from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.events import DataReceived, PingAckReceived, RequestReceived, StreamEnded
from h2.settings import SettingCodes
from hyperframe.frame import Frame

from tests.hostile import Peer, Script

Fields = list[tuple[str, str]]


@dataclass(slots=True)
class Request:
    """One stream as far as it was received."""

    stream: int
    fields: Fields
    body: bytearray = field(default_factory=bytearray)
    complete: bool = False


class HTTP2Peer:
    """One connection; answers are sent by h2 while they are sound, else as frames."""

    def __init__(self, peer: Peer, window: int = 65535) -> None:
        self.peer = peer
        config = H2Configuration(
            client_side=False,
            header_encoding="latin-1",
            validate_inbound_headers=False,
            validate_outbound_headers=False,
            normalize_inbound_headers=False,
            normalize_outbound_headers=False,
        )
        self.h2 = H2Connection(config)
        self.pings = 0
        self._requests: dict[int, Request] = {}
        self._given: set[int] = set()
        self.h2.initiate_connection()
        self.h2.update_settings({SettingCodes.INITIAL_WINDOW_SIZE: window})
        self.flush()

    def flush(self) -> None:
        self.peer.send(self.h2.data_to_send())

    def receive(self) -> bool:
        """Take in what comes next; False where the client is gone."""
        if not (data := self.peer.socket.recv(1 << 18)):
            return False
        for event in self.h2.receive_data(data):
            if isinstance(event, RequestReceived):
                fields = [(str(name), str(value)) for name, value in event.headers]
                self._requests[event.stream_id] = Request(event.stream_id, fields)
            elif isinstance(event, DataReceived):
                self._requests[event.stream_id].body += event.data
                self.h2.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
            elif isinstance(event, StreamEnded):
                self._requests[event.stream_id].complete = True
            elif isinstance(event, PingAckReceived):
                self.pings += 1
        self.flush()
        return True

    def request(self, complete: bool = True) -> Request:
        """The next stream, with all of its body or at its first."""
        while True:
            for request in self._requests.values():
                if request.stream not in self._given and (request.complete or not complete):
                    self._given.add(request.stream)
                    return request
            if not self.receive():
                raise ConnectionError("the client is gone")

    def head(
        self, stream: int, *fields: tuple[str, str], status: int = 200, end: bool = False
    ) -> None:
        """Send one block of fields; that of trailers has no status."""
        told = [(":status", str(status)), *fields] if status else [*fields]
        pairs = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in told]
        self.h2.send_headers(stream, pairs, end_stream=end)
        self.flush()

    def data(self, stream: int, data: bytes, end: bool = True, padding: int | None = None) -> None:
        """Send *data*, waiting for room as often as it takes."""
        view = memoryview(data)
        while True:
            room = self.h2.local_flow_control_window(stream)
            piece = bytes(view[: min(room, self.h2.max_outbound_frame_size - 256)])
            view = view[len(piece) :]
            self.h2.send_data(stream, piece, end_stream=end and not view, pad_length=padding)
            self.flush()
            if not view:
                return
            if not self.h2.local_flow_control_window(stream):
                self.receive()

    def frame(self, frame: Frame) -> None:
        """Send a frame as it is, whatever h2 would say."""
        self.peer.send(frame.serialize())


def speaking(script: Callable[[HTTP2Peer], object], window: int = 65535) -> Script:
    """A script for a connection that begins as HTTP/2 does, with so large windows for streams."""
    return lambda peer: script(HTTP2Peer(peer, window))
