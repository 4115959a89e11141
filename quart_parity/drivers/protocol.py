"""What the in-process drivers share: the strictness of a server."""

from __future__ import annotations

from ..exchange import is_field_value, is_token


class ProtocolError(Exception):
    """The application broke its protocol; a server would refuse the answer."""


def checked_field(name: str, value: str) -> tuple[str, str]:
    """The field; raises `ProtocolError` for what no server sends (RFC 9110, 5.1 and 5.5)."""
    if not is_token(name):
        raise ProtocolError(f"header name {name!r} is no token")
    if not is_field_value(value):
        raise ProtocolError(f"header {name}: {value!r} holds a line break or a null")
    return name, value


def checked_status(status: object) -> int:
    """The status code; raises `ProtocolError` where it has not three digits (RFC 9110, 15)."""
    if not isinstance(status, int) or not 100 <= status <= 999:
        raise ProtocolError(f"the status is {status!r}")
    return status


def no_answer(seconds: float) -> str:
    """How an exchange without an answer is told."""
    return f"no answer within {seconds:g} s"
