"""The walk: kinds of clients one after the other, and what each of them does."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count

from ...exchange import Exchange
from ...routes import Route
from ...scenario import Scenario
from .clients import Client, Trip, dressed
from .crawling import asking, at_the_edges, conditionally, crawl, leads, methods, with_odd_cookies
from .ending import farewells, life
from .entering import entering, guest, key_holder
from .memory import Seen
from .shared import Shared
from .submitting import Submitting
from .targets import Names, Visit, make_place
from .writing import bodies, keys

EXCHANGES = 6_000
"""Requests that are made of one URL map, at most."""
_VISITORS = 0.45
"""The share of them that a visitor has, where there is somebody to log in."""
_BEFORE_THE_ENDS = 0.92


@dataclass(slots=True)
class URLMap:
    """A walk over a URL map: every rule and method, with what the reference's answers teach.

    *login* is played first by a second client; without it, one logs in with the account that it
    made, where pages have forms for that. The same reference gives the same scenarios, with
    *limit* requests at most.
    """

    login: Scenario | None = None
    base: str = "http://localhost"
    limit: int = EXCHANGES
    _sent: int = 0
    _names: set[str] = field(default_factory=set)
    _current: tuple[Client, str, list[Visit | None]] | None = None
    _number: Iterator[int] = field(default_factory=lambda: count(1))

    def begin(self, routes: list[Route]) -> Iterator[Scenario]:
        """Raises `ScenarioError` for a base that is none."""
        routes = [route for route in routes if not route.build_only]
        login = self.login
        taken = frozenset(name for one in (login.requests if login else []) for name in one.capture)
        shared = Shared(make_place(self.base, routes), Names(taken))
        known: list[tuple[Client, Submitting]] = []
        for client in self._clients(shared, routes, known):
            submitting = Submitting(client, self._number)
            known.append((client, submitting))
            yield from self._play(client, self._usual(client, submitting))
        for ending in (life, Submitting.passwords, farewells):
            for client, submitting in known:
                yield from self._play(client, ending(submitting), at_last=True)

    def learn(self, scenario: Scenario, exchanges: Sequence[Exchange]) -> None:
        """Take in what the reference answered to the scenario that was given last."""
        if self._current is None or scenario.name != self._current[1]:
            return
        client, _, visits = self._current
        for visit, exchange in zip(visits, exchanges, strict=False):
            if visit is not None:
                client.seen.take_in(visit, exchange)
        client.last = exchanges[visits.count(None) :]

    def _clients(
        self, shared: Shared, routes: list[Route], known: list[tuple[Client, Submitting]]
    ) -> Iterator[Client]:
        """A visitor; who is logged in, as given or found out; who has a key, if one was got."""
        visitor = Client("", Seen(shared), routes)
        yield visitor
        if self.login is not None:
            yield guest(self.login, visitor)
        elif (member := entering(visitor, known[0][1])) is not None:
            yield member
        holders = [client for client, _ in known if client.key is not None]
        if holders:
            yield key_holder(holders[-1], [client for client, _ in known])

    def _usual(self, client: Client, submitting: Submitting) -> Iterator[Trip]:
        """All but what ends something, in the order in which one thing teaches another."""
        yield from crawl(client)
        yield from leads(client)
        yield from submitting.forms()
        yield from submitting.after()
        yield from crawl(client)
        yield from submitting.forms()
        yield from keys(client)
        yield from methods(client)
        yield from conditionally(client)
        yield from bodies(client, ("POST", "PUT", "PATCH"))
        yield from crawl(client)
        yield from submitting.otherwise()
        yield from submitting.forms(removing=True)
        yield from bodies(client, ("DELETE",))
        yield from submitting.otherwise(removing=True)
        yield from at_the_edges(client)
        yield from asking(client)
        yield from with_odd_cookies(client)

    def _play(
        self, client: Client, trips: Iterable[Trip], at_last: bool = False
    ) -> Iterator[Scenario]:
        """The trips as scenarios, as long as there are requests left for them."""
        for trip in trips:
            share = 1.0 if at_last else self._share(client)
            room = int(self.limit * share) - self._sent
            # What comes of a trip that is left out is not what came of the one before.
            client.last = ()
            scenario = self._scenario(client, trip)
            if scenario is not None and len(scenario.requests) <= room:
                self._sent += len(scenario.requests)
                self._names.add(scenario.name)
                yield scenario

    def _share(self, client: Client) -> float:
        """What clients may have sent together before it is another's turn."""
        alone = self.login is None and not client.seen.doors
        return _VISITORS if not client.label and not alone else _BEFORE_THE_ENDS

    def _scenario(self, client: Client, trip: Trip) -> Scenario | None:
        enter = client.enter()
        steps = list(trip.steps())
        if not steps:
            return None
        like = client.like
        scenario = Scenario(
            self._unique(f"{trip.name}, {client.label}" if client.label else trip.name),
            [*enter, *(dressed(request, client.headers) for request, _ in steps)],
            base=self.base,
            config=like.config if like else {},
            accept=like.accept if like else {},
        )
        before: list[Visit | None] = [None] * len(enter)
        self._current = client, scenario.name, [*before, *(visit for _, visit in steps)]
        return scenario

    def _unique(self, name: str) -> str:
        tries = (name if n == 1 else f"{name} ({n})" for n in count(1))
        return next(tried for tried in tries if tried not in self._names)
