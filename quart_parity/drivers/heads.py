"""Reading the head of an HTTP/1 response, and how its body is framed (RFC 9112).

h11 mends what must be told here: it joins repeated ``Content-Length`` fields, lowers the value of
``Transfer-Encoding`` and follows it where both stand there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..exchange import Headers, header_values, is_token
from .answers import BrokenError, has_no_body

_STATUS_LINE = re.compile(r"HTTP/(1\.[0-9]) ([1-9][0-9]{2})(?: ([^\x00\r]*))?\Z")
_LENGTH = re.compile(r"[0-9]{1,19}\Z")


@dataclass(frozen=True, slots=True)
class Head:
    """A status line with the fields after it."""

    version: str
    status: int
    reason: str
    headers: Headers

    def stays_open(self) -> bool:
        """Whether the server keeps the connection (RFC 9112, 9.3)."""
        options = tokens(self.headers, "connection")
        if self.version == "1.0":
            return "keep-alive" in options and "close" not in options
        return "close" not in options


def parse_head(head: bytes) -> Head:
    """Read all up to the empty line; raises `BrokenError`.

    Values are as they came, without the white space around them.
    """
    first, _, rest = head.decode("latin-1").partition("\n")
    line = _STATUS_LINE.match(first.removesuffix("\r"))
    if line is None:
        raise BrokenError(f"the status line is malformed: {shown(first)}")
    return Head(line[1], int(line[2]), line[3] or "", parse_fields(rest))


def parse_fields(lines: str) -> Headers:
    """Read field lines; those continued on the next line are one (RFC 9112, 5.2)."""
    fields: list[tuple[str, str]] = []
    for line in lines.split("\n"):
        line = line.removesuffix("\r")
        if line[:1] in ("\t", " ") and fields:
            name, value = fields[-1]
            fields[-1] = name, " ".join(filter(None, [value, line.strip(" \t")]))
        elif line:
            fields.append(_field(line))
    return tuple(fields)


def _field(line: str) -> tuple[str, str]:
    name, colon, value = line.partition(":")
    if not colon or not is_token(name):
        raise BrokenError(f"a header line is malformed: {shown(line)}")
    if "\r" in value or "\0" in value:
        raise BrokenError(f"the header {name} holds a carriage return or a null")
    return name, value.strip(" \t")


def tokens(headers: Headers, name: str) -> list[str]:
    """The members of a list of tokens (RFC 9110, 5.6.1), in lower case."""
    values = header_values(headers, name)
    members = [member.strip(" \t") for value in values for member in value.lower().split(",")]
    return [member for member in members if member]


CHUNKED, NOTHING, TO_THE_END = -1, 0, -2
"""What a body's length is, where it is no number of bytes."""


def body_length(method: str, head: Head) -> int:
    """How many bytes the body has, `CHUNKED` or `TO_THE_END` (RFC 9112, 6.3).

    Raises `BrokenError` where two clients would read two things.
    """
    if has_no_body(method, head.status) or (method == "CONNECT" and head.status < 300):
        return NOTHING
    codings = tokens(head.headers, "transfer-encoding")
    lengths = header_values(head.headers, "content-length")
    if codings:
        if lengths:
            raise BrokenError("both Content-Length and Transfer-Encoding say how long the body is")
        if head.version == "1.0":
            raise BrokenError("Transfer-Encoding is in an answer of HTTP/1.0")
        return CHUNKED if codings[-1] == "chunked" else TO_THE_END
    return _told_length(lengths) if lengths else TO_THE_END


def _told_length(values: list[str]) -> int:
    told = {value.strip(" \t") for value in ",".join(values).split(",")}
    if len(told) > 1 or not _LENGTH.match(next(iter(told))):
        raise BrokenError(f"Content-Length is {', '.join(values)!r}")
    return int(told.pop())


def shown(text: str) -> str:
    """What was received, short enough for a sentence."""
    text = text.removesuffix("\r")
    return repr(text if len(text) <= 60 else f"{text[:60]}…")
