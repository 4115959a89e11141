"""What a test does, as it is done to a port: once, and to others where causes are looked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ..exchange import Exchange, RawRequest
from .candidates import Candidate
from .jars import Jar
from .transactions import Changes, change_session
from .translating import Translation
from .visits import Act, Twin

Sending = Callable[[Candidate, dict[Twin, Jar], dict[str, str]], Exchange]
Earlier = Mapping[str, str]
"""From what the reference made up in tests before to what the port did in its place."""


def sending(twin: Twin, request: RawRequest, earlier: Earlier) -> Sending:
    """A client sends a request."""

    def act(candidate: Candidate, jars: dict[Twin, Jar], forward: dict[str, str]) -> Exchange:
        asked = jars[twin].added(Translation(forward, earlier).request(request))
        exchange = candidate.send(asked)
        jars[twin].take_in(exchange)
        return exchange

    return act


def transacting(twin: Twin, request: RawRequest, changes: Changes, earlier: Earlier) -> Act:
    """A block of `session_transaction` has ended."""

    def act(candidate: Candidate, jars: dict[Twin, Jar], forward: dict[str, str]) -> None:
        translation = Translation(forward, earlier)
        asked = jars[twin].added(translation.request(request))
        own = Changes(translation.value(changes.set), changes.removed)
        cookies = candidate.run(lambda served: change_session(served, asked, own))
        jars[twin].store(asked, cookies or [])

    return act


def changing_jar(twin: Twin, method: str, args: Any, kwargs: Any, earlier: Earlier) -> Act:
    """A test sets or deletes a cookie."""

    def act(candidate: Candidate, jars: dict[Twin, Jar], forward: dict[str, str]) -> None:
        value = Translation(forward, earlier).value
        getattr(jars[twin], method)(*value(args), **value(kwargs))

    return act


def beginning(twin: Twin, cookies: Mapping[Any, Any]) -> Act:
    """A client has cookies already, from when nothing was mirrored."""

    def act(candidate: Candidate, jars: dict[Twin, Jar], forward: dict[str, str]) -> None:
        jars[twin].begin(cookies)

    return act
