"""The two sides with the thread that they are played on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from time import perf_counter

from .clock import Clock
from .drivers.protocol import no_answer
from .errors import HookError, QuartParityError, StartError, UnplayableError
from .exchange import Exchange
from .hooks import Hooks
from .playing import Plan, Played, make_plan, play
from .scenario import Scenario
from .sides import Side
from .worker import Watch, Worker

Both = tuple[Played, Played]
"""The reference's and the candidate's part in a scenario."""

BATCH = 0.1
"""Seconds of playing between two results: a change of threads is a change of processors, and the
applications then find none of their memory in its caches."""


@dataclass(slots=True)
class Stage:
    """Plays scenarios on both sides, on a worker that leaves behind what blocks it."""

    reference: Side
    candidate: Side
    fresh: bool
    timeout: float
    worker: Worker
    clock: Clock
    observe: Callable[[Scenario, Both], None] | None = None
    """Told of each scenario as soon as it is played, on the thread that plays them and before the
    next one is asked for: what answers hold may decide what comes then."""
    hooks: tuple[Hooks, Hooks] | None = None
    """What is done around each scenario on the reference and on the candidate."""
    error: QuartParityError | KeyboardInterrupt | None = None
    """What went wrong behind what was played last."""
    hung: bool = False
    """Whether a blocked thread was left behind, which may keep the process from ending."""

    def play(self, pending: Iterator[Scenario]) -> list[tuple[Scenario, Both]]:
        """Play scenarios for a while, each on both sides; none where none is left."""
        played: list[tuple[Scenario, Both]] = []
        plan: Plan | None = None
        both: Both | None = None
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
                    both = self._both()
                    if not self.hooks:
                        # Else it starts on what its hooks have set up.
                        self.candidate.prepare(scenario, self.fresh)
                for current in both:
                    if not current.is_done(plan) and watch.begin(current.side.patience):
                        try:
                            play(plan, current, self.fresh, self.clock, watch)
                        except UnplayableError as error:
                            current.failure = str(error)
                if watch.given_up:
                    return
                played.append((plan.scenario, both))
                if self.observe is not None:
                    self.observe(plan.scenario, both)
                plan = both = None

        try:
            while not self.worker.run(job):
                self._give_up(current)
        except (QuartParityError, KeyboardInterrupt) as error:
            if not played:
                raise
            self.error = error
        return list(played)

    def _both(self) -> Both:
        ours, theirs = self.hooks or (None, None)
        return Played(self.reference, hooks=ours), Played(self.candidate, hooks=theirs)

    def _give_up(self, played: Played | None) -> None:
        """Leave an application that blocks its thread; another one takes the next request."""
        self.hung = True
        if played is None or played.served is None:
            name = played.side.name if played else "?"
            raise StartError(f"target {name!r} did not start: {no_answer(self.timeout)}")
        played.side.leave(played.served)
        if played.hooking is not None:
            raise HookError(f"{played.hooking} did not end within {self.timeout:g} s")
        played.known_sessions, played.served = played.served.sessions(), None
        if played.sending is not None:
            played.keep(Exchange(played.sending, broken=no_answer(self.timeout)), {})

    def close(self) -> None:
        """End the applications of both sides."""

        def job(watch: Watch) -> None:
            try:
                self.reference.close()
            finally:
                self.candidate.close()

        self.hung |= not self.worker.run(job)

    def kill(self) -> None:
        """End what would outlive this process, from any thread."""
        for hooks in self.hooks or ():
            hooks.kill()
        try:
            self.reference.kill()
        finally:
            self.candidate.kill()
