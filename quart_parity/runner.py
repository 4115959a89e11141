"""Where all of it meets: play scenarios on both sides, compare, report."""

from __future__ import annotations

from asyncio import to_thread
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from threading import get_ident
from time import perf_counter
from typing import TYPE_CHECKING, Any

from .clock import Clock, one_at_a_time, passing_clock, standing_clock
from .coverage import Coverage
from .errors import UsageError
from .hooks import Hooks
from .judging import judge
from .modules import Home
from .noise import Noise
from .pairing import Known
from .report import Keep, Report, Result
from .routes import Route
from .scenario import Request, Scenario, check_accept
from .sources import Walk
from .stage import Both, Stage
from .url_maps import NAME, compare_maps
from .views import Views
from .windows import Windows
from .wiring import Wiring, is_remote
from .worker import Worker

if TYPE_CHECKING:
    from .attribution import Attribution

TIMEOUT = 30.0
"""Seconds that an application has for each answer."""
MAX_TIMEOUT = 86_400.0
Maps = tuple[list[Route], list[Route] | None]


def check(
    reference: Any,
    candidate: Any,
    scenarios: Iterable[Scenario],
    *,
    accept: Mapping[str, str] | None = None,
    fresh: bool = False,
    timeout: float = TIMEOUT,
    causes: bool = True,
    wiring: Wiring | None = None,
) -> Report:
    """Play *scenarios* on both sides and report every difference.

    The sides are targets as text (``"shop:create_app()"``, ``"http://127.0.0.1:5000"``),
    application objects or factories; *wiring* puts them on servers. The process's clock stands
    still meanwhile, unless a side has one of its own. Raises `UsageError` for what is wrong in the
    call, `StartError` where a side does not start.
    """
    options: dict[str, Any] = {"fresh": fresh, "timeout": timeout, "causes": causes}
    runner = Runner(reference, candidate, accept=accept, wiring=wiring, **options)
    for _ in runner.run(scenarios):
        pass
    return runner.report


async def check_async(
    reference: Any, candidate: Any, scenarios: Iterable[Scenario], **options: Any
) -> Report:
    """`check` without blocking the event loop; the same arguments."""
    return await to_thread(check, reference, candidate, scenarios, **options)


class Runner:
    """Plays scenarios one after the other; `report` grows with each result."""

    _running_on: int | None = None
    """The thread of the run that has the process's clock; there is one at a time."""

    def __init__(
        self,
        reference: Any,
        candidate: Any,
        *,
        accept: Mapping[str, str] | None = None,
        fresh: bool = False,
        timeout: float = TIMEOUT,
        causes: bool = True,
        correspond: bool = True,
        hooks: tuple[Hooks, Hooks] | None = None,
        noise: Noise | None = None,
        coverage: bool = False,
        where: Path | None = None,
        wiring: Wiring | None = None,
        keep: Keep = "none",
    ) -> None:
        """*keep* says which exchanges the results hold whole."""
        self._accept = dict(accept or {})
        try:
            check_accept(self._accept)
        except ValueError as error:
            raise UsageError(str(error)) from None
        if not 0 < timeout <= MAX_TIMEOUT:
            raise UsageError(f"timeout must be seconds, at most {MAX_TIMEOUT:g}, not {timeout!r}")
        wiring = wiring or Wiring()
        with _undisturbed():
            self._sides = wiring.sides(reference, candidate, timeout, where)
        self._fresh = fresh
        self._timeout = timeout
        self._causes = causes
        self._known = Known() if correspond else None
        self._windows = Windows()
        self._views = Views()
        self._keep = keep
        self._hooks = hooks
        self._noise = noise
        self._covers = coverage
        self._maps: Maps | None = None
        self._attribution: Attribution | None = None
        self.report = Report(self._sides[0].name, self._sides[1].name)
        self.report.notes = wiring.notes(*self._sides) + (noise.notes() if noise else [])
        self.hung = False
        """Whether a blocked thread was left behind, which may keep the process from ending."""

    def run(self, scenarios: Iterable[Scenario] | Walk) -> Iterator[Result]:
        """Play, compare, find causes and count; yields each result once the report has it."""
        began = perf_counter()
        unused: dict[tuple[str, str], None] = {}
        used: set[tuple[str, str]] = set()
        with self._staged() as stage:
            pending = self._pending(scenarios, stage)
            while batch := stage.play(pending):
                if (mapped := self._compared_maps()) is not None:
                    used |= mapped.used
                    self.report.add(mapped, is_scenario=False)
                    yield mapped
                for scenario, both in batch:
                    result = self._judge(stage, scenario, both)
                    self._learn(both, result)
                    unused |= dict.fromkeys((self._accept | scenario.accept).items())
                    used |= result.used
                    self.report.add(result)
                    self.report.seconds = perf_counter() - began
                    yield result
                if stage.error is not None:
                    raise stage.error
        self.report.stale = [pattern for pattern, reason in unused if (pattern, reason) not in used]

    def _learn(self, both: Both, result: Result) -> None:
        """Keep what later scenarios are compared by, and count what was compared."""
        ours, theirs = both
        self._windows.add(ours.exchanges, theirs.exchanges)
        if self._known is not None:
            self._known.add(result.pairs)
        if self.report.coverage is not None:
            self.report.coverage.add(ours.exchanges, theirs.exchanges, ours.sessions())

    def _pending(self, scenarios: Iterable[Scenario] | Walk, stage: Stage) -> Iterator[Scenario]:
        if not isinstance(scenarios, Walk):
            return self._covered(_checked(scenarios)) if self._covers else _checked(scenarios)
        walk = scenarios

        def learn(scenario: Scenario, both: Both) -> None:
            walk.learn(scenario, both[0].exchanges)

        stage.observe = learn
        return _checked(self._walked(walk))

    def _walked(self, walk: Walk) -> Iterator[Scenario]:
        """On the thread that plays: asking for a URL map starts the application."""
        routes = self._reference_routes()
        self._maps = routes, self._routes(1)
        yield from walk.begin(routes)

    def _covered(self, scenarios: Iterator[Scenario]) -> Iterator[Scenario]:
        self._reference_routes()
        yield from scenarios

    def _reference_routes(self) -> list[Route]:
        """Those that are covered; raises `UsageError` where nobody can ask for them."""
        routes = self._routes(0)
        if routes is None:
            raise UsageError(
                f"{self._sides[0].name} has no URL map that can be read: without one no scenarios"
                " are made and no coverage is told; give some with --scenarios"
            )
        self.report.coverage = Coverage(routes)
        return routes

    def _routes(self, at: int) -> list[Route] | None:
        """One side's URL map, if anybody can ask for it; it starts on what its setup made."""
        hooks = self._hooks and self._hooks[at]
        if hooks:
            hooks.command("setup", NAME, self._timeout)
        with self._sides[at].serve(_ANY, False) as served:
            routes = served.routes()
        if hooks:
            hooks.command("teardown", NAME, self._timeout)
        return routes

    def _compared_maps(self) -> Result | None:
        """What the URL maps do not share, the first time that they are known."""
        maps, self._maps = self._maps, None
        if maps is None or maps[1] is None:
            return None
        return compare_maps(maps[0], maps[1], self._accept)

    @contextmanager
    def _staged(self) -> Iterator[Stage]:
        worker = Worker(self._timeout)
        self._attribution = None
        interrupted = False
        try:
            with self._clock() as clock:
                Runner._running_on = get_ident()
                stage = Stage(*self._sides, self._fresh, self._timeout, worker, clock)
                stage.hooks = self._hooks
                try:
                    yield stage
                except KeyboardInterrupt:
                    # Whoever interrupts does not want to wait for what is playing.
                    self.hung = interrupted = True
                    raise
                finally:
                    self._end(stage, interrupted)
        finally:
            worker.close()

    def _clock(self) -> AbstractContextManager[Clock]:
        if not any(side.ticks for side in self._sides):
            return standing_clock()
        return passing_clock(self._timeout if any(map(is_remote, self._sides)) else None)

    def _judge(self, stage: Stage, scenario: Scenario, both: Both) -> Result:
        accept = self._accept | scenario.accept
        known, noise, windows = self._known, self._noise, self._windows
        result = judge(scenario, accept, *both, known, noise, windows, self._keep)
        result = self._views.told(result, both)
        interrupted = isinstance(stage.error, KeyboardInterrupt)
        if not (result.differences and self._causes) or interrupted:
            return result
        if self._attribution is None:
            # Imports the catalogue and compat, which parity needs neither of.
            from .attribution import Attribution

            self._attribution = Attribution(stage, self._known)
        result = self._attribution.explain(scenario, both, result)
        self.report.unexplained = self._attribution.unexplained
        return result

    def _end(self, stage: Stage, interrupted: bool) -> None:
        try:
            if not interrupted:
                self._close(stage)
        finally:
            stage.kill()
            if self._attribution is not None:
                self._attribution.kill()
            Home.leave()
            Runner._running_on = None

    def _close(self, stage: Stage) -> None:
        try:
            if self._attribution is not None:
                self._attribution.close()
                self.hung |= self._attribution.hung
        finally:
            stage.close()
            self.hung |= stage.hung


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Import while no run of another thread has its own modules and names in the process."""
    if Runner._running_on == get_ident():
        yield
        return
    with one_at_a_time:
        try:
            yield
        finally:
            Home.leave()


_ANY = Scenario("any", [Request(path="/")])
"""Asks nothing in particular of an application."""


def _checked(scenarios: Iterable[Scenario]) -> Iterator[Scenario]:
    """The scenarios, of which there must be one: nothing compared is no parity."""
    count = 0
    for scenario in () if isinstance(scenarios, str | Scenario) else scenarios:
        if not isinstance(scenario, Scenario):
            raise UsageError(f"{scenario!r} is no Scenario; files are read with read_scenarios")
        count += 1
        yield scenario
    if not count:
        raise UsageError("there is no scenario to play: give a list of Scenario objects")
