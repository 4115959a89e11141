"""What was compared: rules, methods and statuses, with a session and without.

Counts what the reference answered where both sides were asked; says what would help with the rest.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from .exchange import Exchange, RawRequest, header_values
from .routes import Matcher, Route
from .sessions import Sessions

_AUTOMATIC = {"HEAD", "OPTIONS"}
_ANY = "*"
_REMEMBERED = 10_000
"""Requests and session cookies that need not be looked at again."""
_VARIABLE = re.compile(r"<[^>]*>")
_DOOR = re.compile(r"log-?_?in|sign-?_?in|/auth\b", re.IGNORECASE)
"""In an address to which those are sent who are not let in."""


@dataclass(slots=True)
class Line:
    """One rule and method, with how often it was answered how."""

    route: Route
    method: str
    """A star where the rule takes any."""
    alone: dict[int, int] = field(default_factory=dict)
    """By status, where the request had no session; 0 stands for no answer at all."""
    with_session: dict[int, int] = field(default_factory=dict)
    turned_away: int = 0
    """Answers that redirect to where one logs in."""

    @property
    def statuses(self) -> list[int]:
        return sorted({*self.alone, *self.with_session})

    @property
    def is_reached(self) -> bool:
        """Whether the reference answered below 400."""
        return any(0 < status < 400 for status in self.statuses)

    @property
    def is_let_in(self) -> bool:
        """Whether any of that was more than to be sent to log in."""
        counts = [*self.alone.items(), *self.with_session.items()]
        return sum(count for status, count in counts if 0 < status < 400) > self.turned_away


@dataclass(slots=True)
class Coverage:
    """What a run asked of the rules of a map; grows with each scenario."""

    routes: Iterable[Route]
    lines: list[Line] = field(init=False)
    """In the map's order, HEAD and OPTIONS only where a rule has nothing else."""
    _matcher: Matcher = field(init=False)
    _known: dict[tuple[str, str, str], Line | None] = field(default_factory=dict)
    _is_session: dict[str, bool] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.routes = [route for route in self.routes if not route.build_only]
        self._matcher = Matcher(self.routes)
        self.lines = [Line(route, method) for route in self.routes for method in _methods(route)]

    def add(
        self, reference: Sequence[Exchange], candidate: Sequence[Exchange], sessions: Sessions
    ) -> None:
        """Count what was compared of one scenario; *sessions* are the reference's."""
        for exchange, other in zip(reference, candidate, strict=False):
            if exchange.is_servers or other.is_servers:
                continue
            line = self._line(exchange.request)
            if line is not None:
                self._count(line, exchange, sessions)

    @property
    def reached(self) -> int:
        """Lines that were answered below 400."""
        return sum(line.is_reached for line in self.lines)

    @property
    def is_complete(self) -> bool:
        """Whether every rule was answered below 400 with each of its methods."""
        return self.reached == len(self.lines)

    def _line(self, request: RawRequest) -> Line | None:
        """None for what routing itself answers, and for methods that come by themselves."""
        host = next(iter(header_values(request.headers, "host")), request.base.authority)
        key = request.method, request.path, host
        if key not in self._known:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            self._known[key] = self._find(*key, request.base.root)
        return self._known[key]

    def _find(self, method: str, path: str, host: str, root: str) -> Line | None:
        route = self._matcher.find(method, path, host, root)
        return next(
            (one for one in self.lines if one.route is route and one.method in (method, _ANY)), None
        )

    def _count(self, line: Line, exchange: Exchange, sessions: Sessions) -> None:
        status = exchange.response.status if exchange.response else 0
        counts = line.with_session if self._has_session(exchange, sessions) else line.alone
        counts[status] = counts.get(status, 0) + 1
        if exchange.response and 300 < status < 400 and status != 304:
            location = next(iter(header_values(exchange.response.headers, "location")), "")
            line.turned_away += _DOOR.search(location.partition("?")[0]) is not None

    def _has_session(self, exchange: Exchange, sessions: Sessions) -> bool:
        """Whether the request carried a session that the reference can open and that holds any."""
        for text in header_values(exchange.request.headers, "cookie"):
            for cookie in text.split(";"):
                name, _, value = cookie.strip().partition("=")
                if sessions.may_be(name) and self._opens(value, sessions):
                    return True
        return False

    def _opens(self, value: str, sessions: Sessions) -> bool:
        if value not in self._is_session:
            if len(self._is_session) >= _REMEMBERED:
                self._is_session.clear()
            self._is_session[value] = bool(sessions.open(value))
        return self._is_session[value]


def _methods(route: Route) -> list[str]:
    own = [method for method in route.methods if method not in _AUTOMATIC]
    return own or route.methods or [_ANY]


def advice(line: Line) -> str | None:
    """What would help to have the rule answered well; None where it was."""
    if line.is_reached and line.is_let_in:
        return None
    variables = " and ".join(_VARIABLE.findall(line.route.rule))
    statuses = set(line.statuses)
    if line.is_reached or statuses & {401, 403}:
        who = "an account that may" if line.with_session else "--login"
        return f"nobody who asked was let in: {who}"
    if not statuses:
        return f"never asked: a scenario with {variables or 'it'}"
    refused = {status for status in statuses if 0 < status < 500}
    if not refused:
        return "it fails on the reference"
    if refused <= {404, 410} and variables:
        return f"a value for {variables} that there is"
    if line.method in ("GET", _ANY):
        return "a scenario with a query that it takes"
    return "a scenario with a form or body that it takes"


def as_data(coverage: Coverage) -> dict[str, Any]:
    """All of it as plain values, for the JSON report."""
    return {
        "complete": coverage.is_complete,
        "reached": coverage.reached,
        "of": len(coverage.lines),
        "routes": [
            {
                "rule": line.route.rule,
                "method": line.method,
                "statuses": {str(status): line.alone[status] for status in sorted(line.alone)},
                "statuses_with_session": {
                    str(status): line.with_session[status] for status in sorted(line.with_session)
                },
                "reached": line.is_reached,
                "advice": advice(line),
            }
            for line in coverage.lines
        ],
    }


def as_lines(coverage: Coverage, full: bool = False) -> Iterator[str]:
    """The text report's: what needs attention, or with *full* everything, and a summary."""
    told = [(line, advice(line)) for line in coverage.lines]
    shown = [(line, what) for line, what in told if full or what]
    width = max((len(f"{line.method} {line.route.rule}") for line, _ in shown), default=0)
    for line, what in shown:
        name = f"{line.method} {line.route.rule}".ljust(min(width, 50))
        yield f"{name}  {_counted(line)}{f'; {what}' if what else ''}"
    yield summary(coverage)


def _counted(line: Line) -> str:
    """How often each status came, those with a session apart."""
    kinds = [("", line.alone), ("with a session ", line.with_session)]
    parts = [
        label + ", ".join(_times(status, counts[status]) for status in sorted(counts))
        for label, counts in kinds
        if counts
    ]
    return "; ".join(parts) or "not asked"


def _times(status: int, count: int) -> str:
    shown = str(status) if status else "no answer"
    return f"{shown} ({count})" if count > 1 else shown


def summary(coverage: Coverage) -> str:
    """One line: how much of the map was answered below 400."""
    count, reached = len(coverage.lines), coverage.reached
    rules = len({line.route.rule for line in coverage.lines})
    away = sum(line.is_reached and not line.is_let_in for line in coverage.lines)
    text = f"coverage: {reached} of {count} methods of {rules} rules were answered below 400"
    return f"{text}, {away} of them by sending the client to log in" if away else text
