"""Telling frames of HTTP/2 apart before h2 sees them (RFC 9113, 4.1)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from h2.errors import ErrorCodes

from .answers import BrokenError

_SETTINGS, _GOAWAY = 4, 7
_HEADER = 9
_GOAWAY_LIMIT = 16 * 1024


@dataclass(frozen=True, slots=True)
class GoAway:
    last_stream: int
    code: int

    def __str__(self) -> str:
        return f"GOAWAY: {error_name(self.code)}"


class Frames:
    """Takes the GOAWAY frames out of what comes.

    h2 takes nothing more after one, while a server that means to end still answers the streams
    up to the last one that it names (RFC 9113, 6.8).
    """

    def __init__(self) -> None:
        self.goaway: GoAway | None = None
        self.has_begun = False
        """Whether the server's settings have come."""
        self._received = bytearray()
        self._passing = 0

    def split(self, data: bytes) -> Iterator[bytes]:
        """Give what h2 may have, no more than a frame at a time."""
        self._received += data
        while True:
            if self._passing and self._received:
                piece = self._cut(min(self._passing, len(self._received)))
                self._passing -= len(piece)
                yield piece
            elif self._passing or not self._next():
                return
            self.has_begun = self.has_begun or not self._passing

    def _next(self) -> bool:
        """Look at the next frame; False where too little of it has come."""
        header = self._received[:_HEADER]
        if len(header) < _HEADER:
            return False
        length, kind = int.from_bytes(header[:3]), header[3]
        if not self.has_begun and kind != _SETTINGS:
            raise BrokenError("what came is no answer in HTTP/2")
        if kind != _GOAWAY or not 8 <= length <= _GOAWAY_LIMIT:
            self._passing = _HEADER + length
            return True
        if len(self._received) < _HEADER + length:
            return False
        payload = self._cut(_HEADER + length)[_HEADER:]
        last_stream = int.from_bytes(payload[:4]) & 0x7FFFFFFF
        self.goaway = GoAway(last_stream, int.from_bytes(payload[4:8]))
        return True

    def _cut(self, size: int) -> bytes:
        piece = bytes(self._received[:size])
        del self._received[:size]
        return piece


def error_name(code: int | None) -> str:
    """An error code as RFC 9113, 7 calls it."""
    known = {int(each): each.name for each in ErrorCodes}
    return known.get(code or 0, f"error {code}")
