"""Servers that do just what a test writes down, most of it wrong."""

import socket
import ssl
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event, Thread

from quart_parity.addresses import Address
from quart_parity.drivers.http import HTTPDriver
from quart_parity.exchange import Base, Exchange, RawRequest

CERTIFICATES = Path(__file__).parent / "certificates"
BASE = Base("http", "example.com", 80, "")
PATIENCE = 10.0
"""Seconds after which a test that hangs fails."""


class Peer:
    """One connection, seen from the server."""

    def __init__(self, connection: socket.socket, stop: Event) -> None:
        connection.settimeout(PATIENCE)
        if connection.family == socket.AF_INET:
            # What waits for an acknowledgement is lost where the connection is reset.
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket = connection
        self._stop = stop
        self._received = bytearray()

    def head(self) -> bytes:
        """The next request up to its empty line; nothing where the client closed."""
        while (end := self._received.find(b"\r\n\r\n")) < 0:
            if not (data := self.socket.recv(65536)):
                return b""
            self._received += data
        return self._take(end + 4)

    def body(self, size: int) -> bytes:
        while len(self._received) < size and (data := self.socket.recv(1 << 20)):
            self._received += data
        return self._take(size)

    def _take(self, size: int) -> bytes:
        taken = bytes(self._received[:size])
        del self._received[:size]
        return taken

    def send(self, data: bytes) -> None:
        self.socket.sendall(data)

    def flood(self, data: bytes) -> None:
        """Send *data* again and again, until the client has enough."""
        while not self._stop.is_set():
            self.socket.sendall(data)

    def drip(self, data: bytes) -> None:
        """Send *data* byte by byte, each a moment after the one before."""
        for byte in data:
            self.socket.sendall(bytes([byte]))
            if self._stop.wait(0.005):
                return

    def hang(self) -> None:
        """Do nothing until the client goes."""
        while self.socket.recv(65536):
            pass

    def wait(self, seconds: float = PATIENCE) -> None:
        """Do nothing, not even read, until the test ends."""
        self._stop.wait(seconds)

    def reset(self) -> None:
        """Close with a reset instead of an end."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()


Script = Callable[[Peer], object]


class Server:
    """Plays one script a connection, the last of them also for all further ones."""

    def __init__(
        self, listener: socket.socket, address: Address, scripts: tuple[Script, ...], tls: str
    ) -> None:
        self.address = address
        self.connections = 0
        self._listener, self._scripts = listener, scripts
        self.context = None if not tls else server_context(tls)
        self._stop = Event()
        self._open: list[socket.socket] = []
        self._threads: list[Thread] = []
        self._accepting = Thread(target=self._accept)
        self._accepting.start()

    def _accept(self) -> None:
        while not self._stop.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            script = self._scripts[min(self.connections, len(self._scripts) - 1)]
            self.connections += 1
            thread = Thread(target=self._play, args=(connection, script))
            self._threads.append(thread)
            thread.start()

    def _play(self, connection: socket.socket, script: Script) -> None:
        with connection, suppress(OSError):
            self._open.append(connection)
            if self.context is None:
                script(Peer(connection, self._stop))
                return
            with self.context.wrap_socket(connection, server_side=True) as secure:
                script(Peer(secure, self._stop))

    def join(self) -> None:
        """Wait until every connection has played its script and is closed."""
        for thread in [*self._threads]:
            thread.join(PATIENCE)

    def close(self) -> None:
        self._stop.set()
        # Wakes up who waits in accept, which closing alone does not.
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._accepting.join(PATIENCE)
        for connection in self._open:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        self.join()
        assert not any(thread.is_alive() for thread in self._threads)


def server_context(name: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATES / f"{name}.pem")
    context.set_alpn_protocols(["h2", "http/1.1"])
    return context


@contextmanager
def serving(
    *scripts: Script, timeout: float = PATIENCE, tls: str = "", path: str = "", http2: bool = False
) -> Iterator[tuple[HTTPDriver, Server]]:
    """A driver of a server that plays *scripts*; *tls* names its certificate, *path* its socket."""
    if path:
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(path)
        listener.listen()
        address = Address("https" if tls else "http", "", 0, path, http2)
    else:
        listener = socket.create_server(("127.0.0.1", 0))
        port = listener.getsockname()[1]
        address = Address("https" if tls else "http", "127.0.0.1", port, "", http2)
    server = Server(listener, address, scripts, tls)
    driver = HTTPDriver(address, timeout, CERTIFICATES / "authority.pem" if tls else None)
    try:
        yield driver, server
    finally:
        driver.close()
        server.close()


def asking(
    method: str = "GET",
    target: str = "/",
    headers: tuple[tuple[str, str], ...] = (),
    chunks: tuple[bytes, ...] = (),
) -> RawRequest:
    return RawRequest(method, target, (("Host", "example.com"), *headers), chunks, BASE)


def answering(*answers: bytes) -> Script:
    """Answers each request with the next of *answers*, then closes."""

    def script(peer: Peer) -> None:
        for answer in answers:
            if not peer.head():
                return
            peer.send(answer)

    return script


def answer_to(script: Script, method: str = "GET", timeout: float = PATIENCE) -> Exchange:
    """What the driver makes of a server's one answer."""
    with serving(script, timeout=timeout) as (driver, _):
        return driver.send(asking(method))
