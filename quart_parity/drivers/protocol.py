"""What the in-process drivers share: the strictness of a server."""

from __future__ import annotations


class ProtocolError(Exception):
    """The application broke its protocol; a server would refuse the answer."""


def check_value(name: str, value: str) -> None:
    """Raise `ProtocolError` for what no server sends in a field (RFC 9110, 5.5)."""
    if "\n" in value or "\r" in value or "\0" in value:
        raise ProtocolError(f"header {name}: {value!r} holds a line break or a null")


def no_answer(seconds: float) -> str:
    """How an exchange without an answer is told."""
    return f"no answer within {seconds:g} s"
