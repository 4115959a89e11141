"""Talking to a server over a socket, in HTTP/1.1 or HTTP/2."""

from __future__ import annotations

import ssl
from pathlib import Path
from time import perf_counter
from typing import Protocol

from ..addresses import Address
from ..errors import StartError, UsageError
from ..exchange import Exchange, RawRequest
from .answers import SURPLUS_LIMIT, Answer, BrokenError, NotProcessedError, UnansweredError, count
from .http1 import HTTP1Connection
from .protocol import no_answer
from .sockets import Socket, TimeIsUpError, connect

_IDEMPOTENT = {"GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"}


class Connection(Protocol):
    """One connection, used for one exchange after the other."""

    def leftover(self, deadline: float) -> int | None:
        """How many bytes came unasked; None where it can't be used any more."""

    def exchange(self, request: RawRequest, answer: Answer, deadline: float) -> None:
        """Send *request* and fill *answer*; raises `BrokenError` or `TimeIsUpError`."""

    def close(self) -> None: ...


class HTTPDriver:
    """One server, spoken to over one connection while it lasts; does not connect by itself."""

    def __init__(self, address: Address, timeout: float, ca_file: Path | None = None) -> None:
        self.address = address
        self._timeout = timeout
        self._connection: Connection | None = None
        self._context = _tls(address, ca_file) if address.scheme == "https" else None

    def reach(self) -> None:
        """Connect, for the first request to come; raises `StartError`."""
        try:
            self._connection = self._connection or self._connect(perf_counter() + self._timeout)
        except BrokenError as error:
            reason = str(error)
        except TimeIsUpError:
            reason = no_answer(self._timeout)
        else:
            return
        raise StartError(f"{self.address} cannot be reached: {reason}")

    def send(self, request: RawRequest) -> Exchange:
        """Play one exchange; never takes longer than the timeout, and raises nothing."""
        answer, broken = Answer(), None
        try:
            broken = self._exchange(request, answer, perf_counter() + self._timeout)
        except BrokenError as error:
            broken = str(error)
        except TimeIsUpError:
            broken = no_answer(self._timeout)
        except BaseException:
            self.close()
            raise
        if broken is not None:
            self.close()
        return Exchange(request, answer.response(), None, broken, answer.wire())

    def close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def _exchange(self, request: RawRequest, answer: Answer, deadline: float) -> str | None:
        """Fill *answer*; returns what is wrong with the connection that it came over."""
        late = self._leave_stale(deadline)
        kept = self._connection is not None
        connection = self._connection = self._connection or self._connect(deadline)
        try:
            connection.exchange(request, answer, deadline)
        except UnansweredError as error:
            # RFC 9112, 9.3.1: the server may have closed it before it saw the request.
            safe = request.method in _IDEMPOTENT or isinstance(error, NotProcessedError)
            if not (kept and safe):
                raise
            self.close()
            connection = self._connection = self._connect(deadline)
            connection.exchange(request, answer, deadline)
        return late

    def _leave_stale(self, deadline: float) -> str | None:
        """Close a connection that cannot be used again; returns what came over it unasked."""
        left = self._connection.leftover(deadline) if self._connection else None
        if left == 0:
            return None
        self.close()
        return (
            None
            if left is None
            else f"{count(left, SURPLUS_LIMIT)} came before the request was sent"
        )

    def _connect(self, deadline: float) -> Connection:
        socket = connect(self.address, deadline)
        try:
            if self._context is not None:
                agreed = socket.encrypt(self._context, self.address.host or "localhost")
                if self.address.http2 and agreed != "h2":
                    raise BrokenError("it does not offer HTTP/2")
            return _http2(socket) if self.address.http2 else HTTP1Connection(socket)
        except BaseException:
            socket.close()
            raise


def _http2(socket: Socket) -> Connection:
    # Three times what HTTP/1.1 takes to import, and rarely asked for.
    from .http2 import HTTP2Connection

    return HTTP2Connection(socket)


def _tls(address: Address, ca_file: Path | None) -> ssl.SSLContext:
    try:
        context = ssl.create_default_context(cafile=ca_file)
    except OSError as error:
        no_certificate = isinstance(error, ssl.SSLError)
        reason = "it holds no certificate" if no_certificate else error.strerror
        raise UsageError(f"CA file {str(ca_file)!r} cannot be read: {reason}") from None
    context.set_alpn_protocols(["h2" if address.http2 else "http/1.1"])
    return context
