"""Which routes of the reference a suite has asked for."""

from __future__ import annotations

from ..coverage import Coverage
from ..routes import Route
from .visits import Visit


class Reached:
    """Counts over all applications of a suite; those with the same rules are one."""

    def __init__(self) -> None:
        self._coverages: dict[tuple[str, ...], Coverage] = {}
        self._current: Coverage | None = None

    def meet(self, routes: list[Route]) -> None:
        """An application with these rules comes to be."""
        rules = tuple(f"{route.rule} {route.host} {','.join(route.methods)}" for route in routes)
        if rules not in self._coverages:
            self._coverages[rules] = Coverage(routes)
        self._current = self._coverages[rules]

    def add(self, visit: Visit) -> None:
        if self._current is not None:
            sessions = visit.ours.sessions()
            self._current.add(visit.ours.exchanges, visit.theirs.exchanges, sessions)

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
