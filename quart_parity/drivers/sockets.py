"""A socket that reads while it still writes, and never waits longer than it may."""

from __future__ import annotations

import select
import socket
import ssl
from collections import deque
from time import perf_counter
from typing import Any

from ..addresses import Address
from .answers import BrokenError

_PIECE = 64 * 1024
_BIG_PIECE = 1024 * 1024
_READING = select.POLLIN | select.POLLPRI


class ClosedError(Exception):
    """The other end sends nothing any more."""

    def __init__(self, reset: bool) -> None:
        super().__init__()
        self.reset = reset
        """Whether it also throws away what it had not read."""


class TimeIsUpError(Exception):
    """The deadline has passed."""


class Socket:
    """One connection; what was written goes out while answers are waited for."""

    def __init__(self, plain: socket.socket, deadline: float) -> None:
        self.deadline = deadline
        """On the clock of `time.perf_counter`."""
        self.refused = False
        """Whether the other end took not all that was written."""
        self._socket = plain
        self._poll = select.poll()
        self._poll.register(plain, _READING)
        self._unsent: deque[memoryview] = deque()
        self._ahead = b""
        self._ended: Exception | None = None

    @property
    def is_sending(self) -> bool:
        return bool(self._unsent)

    def encrypt(self, context: ssl.SSLContext, name: str) -> str | None:
        """Shake hands for TLS; returns the protocol that was agreed on (RFC 7301).

        Raises `BrokenError` or `TimeIsUpError`.
        """
        self._socket.settimeout(self._left())
        try:
            secure = context.wrap_socket(self._socket, server_hostname=name)
        except TimeoutError:
            raise TimeIsUpError from None
        except OSError as error:
            raise BrokenError(_handshake_failure(error)) from None
        secure.setblocking(False)
        self._socket = secure
        return secure.selected_alpn_protocol()

    def write(self, *pieces: bytes) -> None:
        """Send *pieces*, or as much as goes at once; the rest goes out in `read`."""
        if not self.refused:
            self._unsent.extend(memoryview(piece) for piece in pieces if piece)
            self._flush()

    def read(self, size: int = _PIECE) -> bytes:
        """The next bytes, at least one; raises `ClosedError` or `TimeIsUpError`."""
        wanted = _PIECE if size <= _PIECE else _BIG_PIECE
        left = self._left()
        while not self._ahead:
            self._advance(left, wanted)
            left = self._left()
        data, self._ahead = self._ahead, b""
        return data

    def comes(self, seconds: float) -> bool:
        """Whether bytes, or the end, come within so many seconds; sends meanwhile."""
        until = min(perf_counter() + seconds, self.deadline)
        try:
            while not self._ahead:
                left = until - perf_counter()
                self._advance(max(0.0, left), _PIECE)
                if left <= 0:
                    break
        except (BrokenError, ClosedError):
            return True
        return bool(self._ahead)

    def patience(self, seconds: float) -> float:
        """So many seconds, or half of what is left."""
        return min(seconds, max(0.0, self.deadline - perf_counter()) / 2)

    def close(self) -> None:
        self._unsent.clear()
        self._socket.close()

    def _left(self) -> float:
        left = self.deadline - perf_counter()
        if left <= 0:
            raise TimeIsUpError
        return left

    def _advance(self, seconds: float, size: int) -> None:
        """Wait until something can be done, and do it; what was read is in `_ahead` then."""
        if self._ended is not None:
            raise self._ended
        # No record of TLS is as large as what is read at once, so nothing is held back in it.
        mask = _READING | select.POLLOUT if self._unsent else _READING
        self._poll.modify(self._socket, mask)
        if not self._poll.poll(seconds * 1000):
            return
        self._flush()
        try:
            self._ahead = self._socket.recv(size)
        except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
            # Also where TLS had something to say for itself.
            return
        except OSError as error:
            self._ended = _ending(error)
        else:
            self._ended = None if self._ahead else ClosedError(False)
        if self._ended is not None:
            raise self._ended

    def _flush(self) -> None:
        while self._unsent:
            piece = self._unsent[0]
            try:
                sent = self._socket.send(piece)
            except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
                return
            except OSError:
                # It may have answered all the same (RFC 9112, 9.5): the caller reads on.
                self.refused = True
                self._unsent.clear()
                return
            if sent == len(piece):
                self._unsent.popleft()
            else:
                self._unsent[0] = piece[sent:]


def connect(address: Address, deadline: float) -> Socket:
    """Connect to the first place behind *address* that takes it; raises `BrokenError`."""
    failure = "the connection failed: its name has no address"
    for family, where in _places(address):
        left = deadline - perf_counter()
        if left <= 0:
            raise TimeIsUpError
        plain = socket.socket(family, socket.SOCK_STREAM)
        try:
            plain.settimeout(left)
            plain.connect(where)
            return _opened(plain, family, deadline)
        except TimeoutError:
            plain.close()
            raise TimeIsUpError from None
        except OSError as error:
            plain.close()
            failure = _refusal(error)
        except BaseException:
            plain.close()
            raise
    raise BrokenError(failure)


def _opened(plain: socket.socket, family: int, deadline: float) -> Socket:
    if family != socket.AF_UNIX:
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    plain.setblocking(False)
    return Socket(plain, deadline)


def _places(address: Address) -> list[tuple[int, Any]]:
    if address.socket:
        return [(socket.AF_UNIX, address.socket)]
    try:
        found = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return []
    return [(family, where) for family, _, _, _, where in found]


def _refusal(error: OSError) -> str:
    if isinstance(error, ConnectionRefusedError):
        return "the connection was refused"
    return f"the connection failed: {(error.strerror or str(error)).lower()}"


def _ending(error: OSError) -> Exception:
    """How a connection ended; what the other end had sent before is read by now."""
    if not isinstance(error, ssl.SSLError):
        return ClosedError(isinstance(error, ConnectionResetError))
    if isinstance(error, ssl.SSLEOFError | ssl.SSLZeroReturnError):
        return ClosedError(False)
    return BrokenError(f"the TLS connection failed: {_tls_reason(error)}")


def _handshake_failure(error: OSError) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not accepted: {error.verify_message.rstrip('.')}"
    if isinstance(error, ssl.SSLEOFError) or not isinstance(error, ssl.SSLError):
        return "the connection was closed in the TLS handshake"
    if error.reason == "WRONG_VERSION_NUMBER":
        return "it does not speak TLS"
    return f"the TLS handshake failed: {_tls_reason(error)}"


def _tls_reason(error: ssl.SSLError) -> str:
    return (error.reason or "unknown reason").lower().replace("_", " ")
