"""Header fields by lower-case name; order counts only within one name (RFC 9110, 5.3)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..exchange import Exchange, Headers
from ..sessions import Keyring
from .times import date_seconds, read_time


def read_headers(exchange: Exchange, keys: Keyring) -> dict[str, Any]:
    """A field's value, or the list of its values where it stands there more than once."""
    headers = exchange.response.headers if exchange.response else ()
    left_out = READ_ELSEWHERE if exchange.wire is None else READ_ELSEWHERE | SERVERS
    return read_fields(exchange, headers, left_out)


def read_fields(exchange: Exchange, headers: Headers, left_out: frozenset[str]) -> dict[str, Any]:
    """The values of each field by its name, but those of some names."""
    fields: dict[str, list[str]] = {}
    for name, value in headers:
        fields.setdefault(name.lower(), []).append(value)
    return {
        name: _read(exchange, name, values)
        for name, values in sorted(fields.items())
        if name not in left_out
    }


def _read(exchange: Exchange, name: str, values: list[str]) -> Any:
    if name in RULES:
        return RULES[name](values)
    if len(values) > 1:
        return values
    return read_time(exchange, values[0], date_seconds(values[0])) or values[0]


def _set(values: list[str], normalize: Callable[[str], str] = str) -> str:
    """The members in order: how they were spread over fields and sorted says nothing."""
    members = {normalize(member.strip()) for value in values for member in value.split(",")}
    return ", ".join(sorted(members - {""}))


def _names(values: list[str]) -> str:
    return _set(values, str.lower)


READ_ELSEWHERE = frozenset({"set-cookie"})
SERVERS = frozenset(
    {
        "alt-svc",  # where else it listens, RFC 7838
        "connection",  # RFC 9110, 7.6.1, as the two that it names for older peers
        "date",  # when it began to answer, RFC 9110, 6.6.1; they overwrite an application's
        "keep-alive",
        "proxy-connection",
        "server",  # its name, RFC 9110, 10.2.4
        "trailer",  # a promise of what the aspect of that name reads, RFC 9110, 6.6.2
        "transfer-encoding",  # framing, RFC 9112, 6.1; HTTP/2 has none of it
        "upgrade",  # RFC 9110, 7.8
        "via",  # the proxies on the way, RFC 9110, 7.6.3
    }
)
"""Fields that servers and proxies add, change and take away: over a wire they say nothing of the
application. Its length is compared, though there are servers that add it: most do not."""
RULES: dict[str, Callable[[list[str]], Any]] = {
    "allow": _set,  # methods, RFC 9110, 10.2.1; Werkzeug sends them in a set's order
    "vary": _names,  # field names, RFC 9110, 12.5.5
}
