"""Which rule answers each exchange, and where each side's view for it is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from .errors import QuartParityError
from .exchange import Exchange, header_values
from .places import route as spelled
from .playing import Played
from .report import Compared, Difference, Result
from .routes import Matcher, Route
from .stage import Both

_REMEMBERED = 10_000
"""Requests that need not be looked up again."""
_Told = tuple[str, tuple[str | None, str | None]]
_Listed = TypeVar("_Listed", Difference, Compared)


@dataclass(slots=True)
class Views:
    """Asks for both URL maps the first time that a result lists anything."""

    _maps: tuple[Matcher | None, Matcher | None] | None = None
    _known: dict[tuple[str, str, str, str], _Told] = field(default_factory=dict)

    def told(self, result: Result, both: Both) -> Result:
        """The result with the route, and the views, of all that it lists."""
        if not (result.differences or result.compared):
            return result
        if self._maps is None:
            self._maps = _matcher(both[0]), _matcher(both[1])
        exchanges = both[0].exchanges
        return replace(
            result,
            differences=self._all(result.differences, exchanges),
            compared=self._all(result.compared, exchanges),
        )

    def _all(self, listed: Sequence[_Listed], exchanges: list[Exchange]) -> tuple[_Listed, ...]:
        told = [self._find(exchanges[one.request]) for one in listed]
        return tuple(
            replace(one, route=route, views=views)
            for one, (route, views) in zip(listed, told, strict=True)
        )

    def _find(self, exchange: Exchange) -> _Told:
        request = exchange.request
        host = next(iter(header_values(request.headers, "host")), request.base.authority)
        key = request.method, request.path, host, request.base.root
        if key not in self._known:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            ours, theirs = (one.find(*key) if one else None for one in self._maps or (None, None))
            rule = ours.rule if ours else spelled(request.target)
            self._known[key] = rule, (_view(ours), _view(theirs))
        return self._known[key]


def _view(route: Route | None) -> str | None:
    return route.view if route else None


def _matcher(played: Played) -> Matcher | None:
    """None where nobody can ask for the map."""
    try:
        routes = played.served.routes() if played.served else None
    except QuartParityError:
        return None
    return Matcher(routes) if routes else None
