"""Which routes of the reference a suite has asked for."""

from __future__ import annotations

from weakref import WeakKeyDictionary

from flask import Flask

from ..coverage import Coverage
from ..routes import routes_of
from .visits import Visit


class Reached:
    """Counts over all applications of a suite; those with the same rules are one."""

    def __init__(self) -> None:
        self._coverages: dict[tuple[object, ...], Coverage] = {}
        self._of: WeakKeyDictionary[Flask, Coverage] = WeakKeyDictionary()

    def meet(self, app: Flask) -> None:
        """Before an application's first request."""
        # Reading a map takes longer than making the application does.
        rules = tuple(
            (rule.rule, rule.host, frozenset(rule.methods or ()))
            for rule in app.url_map.iter_rules()
        )
        if rules not in self._coverages:
            self._coverages[rules] = Coverage(routes_of(app) or [])
        self._of[app] = self._coverages[rules]

    def add(self, visit: Visit) -> None:
        coverage = self._of.get(visit.reference)
        if coverage is not None:
            sessions = visit.ours.sessions()
            coverage.add(visit.ours.exchanges, visit.theirs.exchanges, sessions)

    @property
    def counts(self) -> dict[str, int]:
        """Of each method and rule, how often it was asked."""
        counts: dict[str, int] = {}
        for coverage in self._coverages.values():
            for line in coverage.lines:
                name = f"{line.method} {line.route.rule}"
                asked = sum(line.alone.values()) + sum(line.with_session.values())
                counts[name] = counts.get(name, 0) + asked
        return counts
