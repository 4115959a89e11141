"""Where all of it meets: play scenarios on both sides, compare, report."""

from __future__ import annotations

from asyncio import to_thread
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path as FilePath
from time import perf_counter
from typing import Any

from .clock import Clock, standing_clock
from .comparison import Found, are_same, compare
from .drivers.protocol import no_answer
from .errors import QuartParityError, StartError, UsageError
from .exchange import Exchange
from .modules import Home
from .paths import Path, matches, parse_pattern
from .playing import Captures, Plan, Played, make_plan, play
from .report import Difference, Failure, Report, Result
from .scenario import Scenario, check_accept
from .sessions import Keyring
from .sides import Side
from .targets import find_target
from .values import MISSING
from .worker import Watch, Worker

Pair = tuple[Scenario, tuple[Played, Played]]
"""A scenario with the reference's and the candidate's part in it."""

BATCH = 0.1
"""Seconds of playing between two results: a change of threads is a change of processors, and the
applications then find none of their memory in its caches."""
TIMEOUT = 30.0
"""Seconds that an application has for each answer."""
MAX_TIMEOUT = 86_400.0


def check(
    reference: Any,
    candidate: Any,
    scenarios: Iterable[Scenario],
    *,
    accept: Mapping[str, str] | None = None,
    fresh: bool = False,
    timeout: float = TIMEOUT,
) -> Report:
    """Play *scenarios* on both sides and report every difference.

    The sides are targets as text (``"shop:create_app()"``), application objects or factories.
    The process's clock stands still meanwhile. Raises `UsageError` for what is wrong in the
    call, `StartError` where a side does not start.
    """
    runner = Runner(reference, candidate, accept=accept, fresh=fresh, timeout=timeout)
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

    def __init__(
        self,
        reference: Any,
        candidate: Any,
        *,
        accept: Mapping[str, str] | None = None,
        fresh: bool = False,
        timeout: float = TIMEOUT,
        where: FilePath | None = None,
    ) -> None:
        self._accept = dict(accept or {})
        try:
            check_accept(self._accept)
        except ValueError as error:
            raise UsageError(str(error)) from None
        if not 0 < timeout <= MAX_TIMEOUT:
            raise UsageError(f"timeout must be seconds, at most {MAX_TIMEOUT:g}, not {timeout!r}")
        self._reference = Side(find_target(reference, where), timeout)
        self._candidate = Side(find_target(candidate, where), timeout)
        self._fresh = fresh
        self._timeout = timeout
        self.report = Report(self._reference.target.name, self._candidate.target.name)
        self._error: QuartParityError | None = None
        self.hung = False
        """Whether a blocked thread was left behind, which may keep the process from ending."""

    def run(self, scenarios: Iterable[Scenario]) -> Iterator[Result]:
        """Play, compare and count; yields each result once the report has it."""
        began = perf_counter()
        unused: dict[tuple[str, str], None] = {}
        used: set[tuple[str, str]] = set()
        pending = _checked(scenarios)
        worker = Worker(self._timeout)
        interrupted = False
        try:
            with standing_clock() as (clock, now):
                while batch := self._play(pending, worker, clock, now):
                    for scenario, both in batch:
                        accept = self._accept | scenario.accept
                        result = judge(scenario, accept, *both)
                        unused |= dict.fromkeys(accept.items())
                        used |= result.used
                        self.report.add(result)
                        self.report.seconds = perf_counter() - began
                        yield result
                    if self._error is not None:
                        raise self._error
        except KeyboardInterrupt:
            # Whoever interrupts does not want to wait for what is playing.
            self.hung = interrupted = True
            raise
        finally:
            if not interrupted:
                self.hung |= not worker.run(self._close)
            worker.close()
            Home.leave()
        self.report.stale = [pattern for pattern, reason in unused if (pattern, reason) not in used]

    def _close(self, watch: Watch) -> None:
        self._reference.close()
        self._candidate.close()

    def _play(
        self, pending: Iterator[Scenario], worker: Worker, clock: Clock, now: float
    ) -> list[Pair]:
        """Play scenarios for a while, each on both sides; none where none is left.

        What goes wrong is kept in `_error`, behind what was played before.
        """
        played: list[Pair] = []
        plan: Plan | None = None
        both: tuple[Played, Played] | None = None
        current: Played | None = None

        def job(watch: Watch) -> None:
            nonlocal plan, both, current
            until = perf_counter() + BATCH
            while True:
                if plan is None or both is None:
                    if perf_counter() > until and played:
                        return
                    if (scenario := next(pending, None)) is None:
                        return
                    plan = make_plan(scenario)
                    both = Played(self._reference), Played(self._candidate)
                for current in both:
                    if not current.is_done(plan) and watch.begin():
                        play(plan, current, self._fresh, clock, now, watch)
                if watch.given_up:
                    return
                played.append((plan.scenario, both))
                plan = both = None

        try:
            while not worker.run(job):
                self._give_up(current)
        except QuartParityError as error:
            if not played:
                raise
            self._error = error
        return played

    def _give_up(self, played: Played | None) -> None:
        """Leave an application that blocks its thread; another one takes the next request."""
        self.hung = True
        if played is None or played.served is None:
            name = played.side.target.name if played else "?"
            raise StartError(f"target {name!r} did not start: {no_answer(self._timeout)}")
        played.side.leave(played.served)
        played.known_sessions, played.served = played.served.sessions(), None
        if played.sending is not None:
            played.keep(Exchange(played.sending, broken=no_answer(self._timeout)), {})


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


def judge(
    scenario: Scenario, accept: Mapping[str, str], reference: Played, candidate: Played
) -> Result:
    """Compare what was played; pure."""
    pairs = list(zip(reference.exchanges, candidate.exchanges, strict=False))
    differences: list[Difference] = []
    failures: list[Failure] = []
    for position, (ours, theirs) in enumerate(pairs):
        found = (
            [] if are_same(ours, theirs) else compare(ours, theirs, *_keys(reference, candidate))
        )
        if scenario.requests[position].capture:
            got = reference.captures[position], candidate.captures[position]
            found += _compare_captures(*got)
            failures += _failed_captures(scenario.name, position, *got)
        differences += [
            _difference(scenario.name, position, ours, theirs, f, accept) for f in found
        ]
    for played in (reference, candidate):
        if played.failure is not None:
            failures.append(Failure(scenario.name, len(played.exchanges), played.failure))
    used = _used(accept, differences)
    return Result(scenario.name, len(pairs), tuple(differences), tuple(failures), used)


def _keys(reference: Played, candidate: Played) -> tuple[Keyring, Keyring]:
    ours, theirs = reference.sessions(), candidate.sessions()
    return Keyring(ours, ours.open, theirs.open), Keyring(theirs, ours.open, theirs.open)


def _compare_captures(reference: Captures, candidate: Captures) -> list[Found]:
    """A value that only one side's answer holds is a difference; unequal values are none."""
    ours = {name: value for name, value in reference.items() if value is not None}
    theirs = {name: value for name, value in candidate.items() if value is not None}
    return [
        (("capture", name), ours.get(name, MISSING), theirs.get(name, MISSING))
        for name in reference
        if (name in ours) != (name in theirs)
    ]


def _failed_captures(
    scenario: str, position: int, reference: Captures, candidate: Captures
) -> list[Failure]:
    return [
        Failure(scenario, position, f"neither side's answer holds what {name!r} captures")
        for name, value in reference.items()
        if value is None and candidate.get(name) is None
    ]


def _difference(
    scenario: str,
    position: int,
    reference: Exchange,
    candidate: Exchange,
    found: Found,
    accept: Mapping[str, str],
) -> Difference:
    path, ours, theirs = found
    raised = [e.raised.place if e.raised else None for e in (reference, candidate)]
    return Difference(
        scenario=scenario,
        request=position,
        method=reference.request.method,
        target=reference.request.target,
        parts=path,
        reference=ours,
        candidate=theirs,
        accepted=next((r for p, r in accept.items() if matches(parse_pattern(p), path)), None),
        places=tuple(raised) if path[0] == "raised" else (),
    )


def _used(
    accept: Mapping[str, str], differences: Iterable[Difference]
) -> frozenset[tuple[str, str]]:
    paths: set[Path] = {difference.parts for difference in differences}
    return frozenset(
        (pattern, reason)
        for pattern, reason in accept.items()
        if any(matches(parse_pattern(pattern), path) for path in paths)
    )
