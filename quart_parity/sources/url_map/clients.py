"""Kinds of clients, and what one of them does in one scenario."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from msgspec import structs

from ...exchange import Exchange
from ...routes import Route
from ...scenario import Request, Scalar, Scenario, pairs
from .memory import Seen
from .signs import is_farewell
from .targets import Visit, key_of
from .values import typical

Headers = dict[str, Scalar | list[Scalar]]
MOST_SEEDS = 3
"""Combinations of values with which a rule is first asked for."""


@dataclass(slots=True)
class Client:
    """Somebody who uses the application, logged in or not."""

    label: str
    """As it stands in a scenario's name; empty for a visitor."""
    seen: Seen
    routes: list[Route]
    """Those that it asks for."""
    enter: Callable[[], Visit] = tuple
    """What it sends before anything else, made anew for each scenario."""
    headers: Headers = field(default_factory=dict)
    """What it adds to every other request."""
    like: Scenario | None = None
    """Whose base, configuration and accepted differences its scenarios have."""
    account: dict[str, str] = field(default_factory=dict)
    """The fields that let it in."""
    last: Sequence[Exchange] = ()
    """What its last scenario was answered, without what it sent to come in."""
    key: tuple[str, Visit] | None = None
    """What lets it into the API, by the name that it is captured as, and what to send for it."""
    before: Client | None = None
    """Another kind of client, whose way was the same where it was let through."""

    def reading(self) -> list[Route]:
        """Rules for GET, but those that end what the client has begun."""
        return [
            route
            for route in self.routes
            if "GET" in (route.methods or ["GET"]) and not is_farewell(route.endpoint, route.rule)
        ]

    def open_only_here(self) -> list[Route]:
        """Rules for GET that the other kind of client was not let through to."""
        other = self.before
        return [
            route
            for route in self.reading()
            if other is None or not other.seen.succeeded(route, "GET")
        ]

    def usual(self, route: Route) -> Visit:
        """A visit to the rule that was answered well, else any that was made or can be."""
        key = key_of(route)
        for known in (self.seen.answered, self.seen.targets):
            if visits := known.get(key):
                return next(iter(visits.values()))
        return self.seeds(route)[0]

    def seeds(self, route: Route) -> list[Visit]:
        """The rule with values that were seen for such variables, else with typical ones."""
        lists = [self.values_for(route, name) or [""] for name in route.converters]
        count = min(max(map(len, lists), default=1), MOST_SEEDS)
        made = [
            {
                name: values[at % len(values)]
                for name, values in zip(route.converters, lists, strict=True)
            }
            for at in range(count)
        ]
        found = [self.visit(route, values) for values in made]
        return [one for at, one in enumerate(found) if one not in found[:at]]

    def values_for(self, route: Route, name: str) -> list[str]:
        """For one variable, the likeliest first."""
        converter = route.converters[name]
        known = self.seen.shared.values_for(route, name)
        return list(dict.fromkeys([*known, *typical(converter)]))

    def visit(self, route: Route, values: dict[str, str]) -> Visit:
        place = self.seen.shared.place
        host = place.host_for(route)
        return (
            Request(
                target=place.for_rule(route, values),
                headers={"Host": host} if host else {},
            ),
        )


@dataclass(slots=True)
class Trip:
    """What one client does in one scenario."""

    name: str
    visits: list[Visit]

    def steps(self) -> Iterator[tuple[Request, Visit]]:
        """Each request with the visit that it completes; what leads to several is sent once."""
        known: list[Visit] = []
        for visit in self.visits:
            lead = visit[:-1]
            start = len(lead) if lead and lead in known else 0
            known.append(lead)
            for at in range(start, len(visit)):
                yield visit[at], visit[: at + 1]


def dressed(request: Request, headers: Mapping[str, Scalar | list[Scalar]]) -> Request:
    """The request with more headers, where it has none of these names."""
    given = dict(pairs(request.headers))
    names = {name.lower() for name in given}
    more = {name: value for name, value in headers.items() if name.lower() not in names}
    return structs.replace(request, headers={**given, **more}) if more else request


def with_header(visit: Visit, headers: Mapping[str, str]) -> Visit:
    """The visit, with headers on its last request."""
    return (*visit[:-1], dressed(visit[-1], headers))


def by_method(visit: Visit, method: str) -> Visit:
    """The visit, with another method in its end."""
    return (*visit[:-1], structs.replace(visit[-1], method=method, capture={}))


def with_query(visit: Visit, query: str) -> Visit:
    """The visit, with another query in its end."""
    path = (visit[-1].target or "/").partition("?")[0]
    return (*visit[:-1], structs.replace(visit[-1], target=f"{path}?{query}"))


def chained(visits: Iterable[Visit]) -> Visit:
    """All of it one after the other, as one visit: what comes later depends on what was before."""
    return tuple(request for visit in visits for request in visit)


def spread(items: list[Visit], count: int) -> list[Visit]:
    """So many of the items, from all over the list."""
    step = max(len(items) / count, 1) if items else 1
    return [items[int(at * step)] for at in range(min(count, len(items)))]
