"""What the HTTP drivers share: an answer while it comes, and the ways in which it fails."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..exchange import Headers, Response, Wire

BODY_LIMIT = 128 * 1024 * 1024
"""Bytes of a body that are taken in."""
HEAD_LIMIT = 256 * 1024
"""Bytes of one head, or of the trailers."""
INTERIM_LIMIT = 64
"""Responses before the final one."""
SURPLUS_LIMIT = 64 * 1024
"""Bytes after an answer that are counted."""
BODILESS = "a response that has no body"
EXPECT_SECONDS = 1.0
"""How long a body waits for ``100 Continue`` (RFC 9110, 10.1.1)."""
IDLE_SECONDS = 1.0
"""How long a connection may wait to be used again; servers close those that wait for long."""


class BrokenError(Exception):
    """The answer cannot be what it should; the text is what `Exchange.broken` says.

    It is the same for two servers that do the same, and in each run.
    """


class UnansweredError(BrokenError):
    """The connection was closed before a byte of the answer; the request may not have arrived."""


class NotProcessedError(UnansweredError):
    """The server says that it did not look at the request; sending it again is safe."""


@dataclass(slots=True)
class Answer:
    """What of an answer has come so far."""

    version: str = ""
    status: int = 0
    reason: str = ""
    headers: Headers = ()
    body: bytearray = field(default_factory=bytearray)
    interim: list[tuple[int, Headers]] = field(default_factory=list)
    trailers: Headers = ()

    def add(self, piece: bytes) -> None:
        """Take in a piece of the body; raises `BrokenError` where it grows over the limit."""
        room = BODY_LIMIT - len(self.body)
        self.body += piece if len(piece) <= room else piece[:room]
        if len(piece) > room:
            raise BrokenError(body_over_limit())

    def add_interim(self, status: int, headers: Headers) -> None:
        self.interim.append((status, headers))
        if len(self.interim) > INTERIM_LIMIT:
            raise BrokenError(f"more than {INTERIM_LIMIT} interim responses came")

    def response(self) -> Response | None:
        """None where no final response began."""
        if not self.status:
            return None
        return Response(self.status, self.reason, self.headers, bytes(self.body))

    def wire(self) -> Wire | None:
        if not self.version:
            return None
        return Wire(self.version, tuple(self.interim), self.trailers)


def body_over_limit() -> str:
    return f"the body is longer than {BODY_LIMIT // 1024**2} MiB"


def head_over_limit() -> str:
    return f"the head is longer than {HEAD_LIMIT // 1024} KiB"


def has_no_body(method: str, status: int) -> bool:
    """Whether the response to *method* has no body by definition (RFC 9110, 6.4.1)."""
    return method == "HEAD" or status in (101, 204, 304)


def surplus(size: int) -> str:
    """How bytes after a response that has no body are told."""
    told = count(size, SURPLUS_LIMIT)
    return f"{told} {'follows' if size == 1 else 'follow'} {BODILESS}"


def count(size: int, limit: int = 0) -> str:
    """So many bytes, or more where counting stopped at *limit*."""
    if size == 1:
        return "1 byte"
    return f"{limit} bytes or more" if 0 < limit <= size else f"{size} bytes"


def waits_for_continue(headers: Headers) -> bool:
    return any(
        name.lower() == "expect" and value.strip().lower() == "100-continue"
        for name, value in headers
    )
