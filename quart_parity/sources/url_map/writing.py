"""What no form sends: JSON bodies, and the keys that open an API."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from msgspec import UNSET

from ...routes import Route
from ...scenario import Request
from .bodies import complained, variations
from .clients import Client, Headers, Trip, dressed
from .shared import Thing
from .signs import is_farewell
from .targets import Visit, key_of, shape

_ROUNDS = 4
"""How often a body is mended by what the answer complains of."""
_MOST_KEYS = 4
"""What may be a key is tried so often."""


def bodies(client: Client, methods: Iterable[str]) -> Iterator[Trip]:
    """Every rule that takes one of the methods, and that no form goes to."""
    for method in methods:
        for route in client.routes:
            ends = is_farewell(route.endpoint, route.rule)
            if method in route.methods and not ends and not _has_form(client, method, route):
                yield from _body(client, method, route)


def _has_form(client: Client, method: str, route: Route) -> bool:
    forms = client.seen.sent.values()
    return method == "POST" and any(one.rule == route.rule for one in forms)


def _body(client: Client, method: str, route: Route) -> Iterator[Trip]:
    """The rule with what it answered itself, mended by what it complains of, then otherwise."""
    shared, key = client.seen.shared, key_of(route)
    thing = next(iter(shared.things.get(shape(route.rule), [])), Thing({}))
    lead, headers = _proof(client)
    lead = (*lead, *thing.lead)
    asked = Request(method=method, target=_target(client, route), headers=headers)
    body: Any = thing.body
    for round_ in range(_ROUNDS):
        shared.complaints.pop(key, None)
        given = UNSET if method == "DELETE" and not round_ else body
        yield Trip(f"{method} {route.rule} with JSON", [(*lead, having(asked, json=given))])
        said = shared.complaints.get(key)
        if client.seen.reached(route, method) or not said:
            break
        body = complained(body, said, shared.by_key)
    others = [(*lead, request) for request in _otherwise(asked, body)]
    yield Trip(f"{method} {route.rule} in other ways", others)


def sending(client: Client, method: str, route: Route) -> Visit:
    """The rule by that method, without a body, with what proves that it was not forged."""
    lead, headers = _proof(client)
    return (*lead, Request(method=method, target=_target(client, route), headers=headers))


def having(request: Request, **fields: Any) -> Request:
    """The request with other fields, checked as a new one is."""
    known = {"method": request.method, "target": request.target, "headers": request.headers}
    return Request(**(known | fields))


def _otherwise(asked: Request, body: Any) -> Iterator[Request]:
    for _, other in variations(body):
        yield having(asked, json=other)
    typed = dressed(asked, {"Content-Type": "application/json"}).headers
    yield asked
    yield having(asked, headers=typed, body="{broken")
    yield having(asked, headers=typed, body_base64="eyJhIjogIv8ifQ==")
    yield dressed(having(asked, body="{}"), {"Content-Type": "text/plain"})
    yield having(asked, form={"a": "1"})
    yield having(asked, headers={}, json=body)


def _proof(client: Client) -> tuple[Visit, Headers]:
    """What proves that a request was not forged, under the names that are usual."""
    if not client.seen.tokens:
        return (), {}
    visit, name = client.seen.tokens[0]
    return visit, dict.fromkeys(("X-CSRF-Token", "X-CSRFToken"), f"{{{{{name}}}}}")


def _target(client: Client, route: Route) -> str:
    """With the newest values that are known: what was made last is the likeliest to be ours."""
    values = {}
    for name in route.converters:
        known = client.seen.shared.values_for(route, name)
        values[name] = known[-1] if known else (client.values_for(route, name) or ["1"])[0]
    return client.seen.shared.place.for_rule(route, values)


def keys(client: Client) -> Iterator[Trip]:
    """What looks like a key for an API, tried where one was asked for; `Client.key` is it."""
    locked = [route for route in client.reading() if route.rule in client.seen.wants_key]
    if not locked:
        return
    door = client.usual(min(locked, key=lambda route: len(route.converters)))[-1]
    known = sorted(client.seen.keys.items(), key=lambda one: not _issues_key(one[1]))
    for name, visit in known[:_MOST_KEYS]:
        bearing = dressed(door, {"Authorization": f"Bearer {{{{{name}}}}}"})
        yield Trip(f"GET {door.target} with what {visit[-1].target} shows", [(*visit, bearing)])
        answer = client.last[len(visit)] if len(visit) < len(client.last) else None
        if answer is not None and answer.response and answer.response.status < 400:
            client.key = (name, visit)
            return


def _issues_key(visit: Visit) -> bool:
    return re.search("token|key|secret|api", visit[-1].target or "", re.IGNORECASE) is not None
