"""What comes last: everything by one client, and the ends of sessions and accounts."""

from __future__ import annotations

from collections.abc import Iterator

from ...scenario import Request
from .clients import Client, Trip, chained, spread
from .signs import is_farewell
from .submitting import Submitting
from .targets import Visit
from .writing import sending

LONGEST = 150
"""Requests of one client that does everything, about."""
_LOOKS = 8
"""Pages that are looked at once more, after an end."""


def life(submitting: Submitting) -> Iterator[Trip]:
    """One client that sends every form that works, and then looks at everything."""
    client = submitting.client
    done = [
        submitting.submission(sent)[1]
        for sent in submitting.worked.values()
        if not sent.form.kinds("password")
    ]
    room = LONGEST - sum(map(len, done))
    looks = spread(_pages(client), max(room, LONGEST // 5))
    if done or looks:
        yield Trip("everything, one after the other", [chained([*done, *looks])])


def farewells(submitting: Submitting) -> Iterator[Trip]:
    """What ends a session or an account, and what can be seen after it."""
    client = submitting.client
    looks = spread(_pages(client), _LOOKS)
    forms = [one for one in client.seen.sent.values() if one.is_farewell]
    # A session can be begun again, an account cannot.
    for sent in sorted(forms, key=lambda one: len(one.form.kinds("text", "password"))):
        _, visit = submitting.submission(sent)
        name = f"{sent.form.method} {sent.rule} and after it"
        yield Trip(name, [chained([*looks[:2], visit, *looks])])
    known = {one.target for one in forms}
    for target in sorted(client.seen.farewells - known):
        visit = client.seen.straight(target) or (Request(target=target),)
        yield Trip(f"GET {target} and after it", [chained([*looks[:2], visit, *looks])])
    yield from _sent(client, looks, {form.rule for form in forms})


def _sent(client: Client, looks: list[Visit], known: set[str]) -> Iterator[Trip]:
    """What a script sends: no form and no link leads there."""
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        for route in client.routes:
            if method not in route.methods or not is_farewell(route.endpoint, route.rule):
                continue
            if method != "POST" or route.rule not in known:
                steps = [*looks[:2], sending(client, method, route), *looks]
                yield Trip(f"{method} {route.rule} and after it", [chained(steps)])


def _pages(client: Client) -> list[Visit]:
    return [visit for visit in map(client.usual, client.reading()) if len(visit) == 1]
