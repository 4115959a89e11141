"""How often which route was answered alike, and how often not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from ...report import Difference, Result
from ..groups import cause_of, rank, route_of
from .details import UNKNOWN, codes
from .spool import Item, items, worst

LISTED = 200
"""Routes that are shown at most."""
ROUTES = 1_000
"""Routes that are counted with one cause at most."""
KEPT = 10_000
"""Routes that are counted at most."""


@dataclass(slots=True)
class Outcome:
    """Of one route, in exchanges."""

    route: str
    """``METHOD RULE``."""
    same: int = 0
    accepted: int = 0
    """Those in which all that differs is accepted."""
    differs: int = 0
    rank: int = 9_999
    """Of the worst that was found; less is worse."""

    @property
    def total(self) -> int:
        return self.same + self.accepted + self.differs

    def bars(self, width: int = 100) -> Iterator[tuple[str, float, float]]:
        """Each outcome that occurred, with where its bar begins and how long it is."""
        at = 0.0
        for name in ("differs", "accepted", "same"):
            length = width * getattr(self, name) / (self.total or 1)
            if length:
                yield name, round(at, 2), round(length, 2)
            at += length


@dataclass(slots=True)
class Caused:
    """What one cause does, of which nothing is accepted."""

    differences: int = 0
    routes: dict[str, None] = field(default_factory=dict)
    """``METHOD RULE`` of the first of them, `ROUTES` at most, in their order."""
    more_routes: bool = False
    """Whether there are others."""
    leads: bool = False
    """Whether it is the worst cause of any difference; the others are told with those."""

    def add(self, route: str) -> None:
        self.differences += 1
        if route in self.routes or len(self.routes) < ROUTES:
            self.routes[route] = None
        else:
            self.more_routes = True


@dataclass(slots=True)
class Outcomes:
    """Counts result by result, in bounded number."""

    exchanges: int = 0
    """All that were compared, whatever is known of their routes."""
    causes: dict[str, Caused] = field(default_factory=dict)
    """By code, `PORT` or `UNKNOWN`."""
    _by_route: dict[str, Outcome] = field(default_factory=dict)

    def add(self, result: Result) -> None:
        self.exchanges += result.exchanges
        for item in items(result, every=True):
            # To a rule of the URL map nothing is sent.
            if item.compared is not None or item.method:
                self._count(item)
        for difference in result.differences:
            if difference.accepted is None:
                self._count_causes(difference)

    def _count_causes(self, difference: Difference) -> None:
        for code in codes(difference):
            self.causes.setdefault(code, Caused()).add(route_of(difference))
        self.causes[cause_of(difference) or UNKNOWN].leads = True

    def _count(self, item: Item) -> None:
        if item.route not in self._by_route and len(self._by_route) >= KEPT:
            return
        outcome = self._by_route.setdefault(item.route, Outcome(item.route))
        outcome.differs += bool(item.open)
        outcome.accepted += bool(item.differences and not item.open)
        outcome.same += not item.differences
        outcome.rank = min(outcome.rank, worst(item.differences))

    @property
    def routes(self) -> list[Outcome]:
        """The worst first, and of those alike the ones in which more differs."""
        every = self._by_route.values()
        return sorted(every, key=lambda one: (one.rank, -one.differs, -one.accepted, one.route))

    @property
    def elsewhere(self) -> int:
        """Exchanges of which no route is known, or of too many."""
        return max(0, self.exchanges - sum(one.total for one in self._by_route.values()))

    @property
    def worst_causes(self) -> list[tuple[str, Caused]]:
        """Of those that lead, the worst first."""
        led = [(code, one) for code, one in self.causes.items() if one.leads]
        return sorted(led, key=lambda pair: rank(None if pair[0] == UNKNOWN else pair[0]))
