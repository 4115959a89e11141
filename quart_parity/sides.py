"""One side of a comparison, as playing sees it."""

from __future__ import annotations

from asyncio import run
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Protocol

from .drivers import Driver
from .exchange import Unawaited
from .routes import Route
from .scenario import Scenario
from .sessions import Sessions

START = 60.0
"""Seconds that a process has to start, beyond those for an answer."""


def _stay(elapsed: float) -> None:
    """The application's clock is the process's."""


def _no_routes() -> list[Route] | None:
    """Nobody can ask the application for its URL map."""
    return None


def _settled() -> tuple[Unawaited, ...]:
    """Nobody looks for what the application left."""
    return ()


@dataclass(slots=True)
class Served:
    """A running application."""

    driver: Driver
    sessions: Callable[[], Sessions]
    """Asked after the requests: factories may leave configuring to the first of them."""
    move: Callable[[float], None] = _stay
    """Sets the application's own clock to so many seconds after the scenario's start."""
    routes: Callable[[], list[Route] | None] = _no_routes
    """The application's URL map, where it has one that can be asked for."""
    settle: Callable[[], tuple[Unawaited, ...]] = _settled
    """Ends a scenario: what the application began is given its time, and what it dropped is
    collected. Returns the coroutines that nobody awaited, and that no exchange has told of."""
    hook: Callable[[str, str, str], None] | None = None
    """Calls ``function(side, app)`` of a module where the application is; it is given the module's
    name or file, the function's name, and ``reference`` or ``candidate``. Does nothing where the
    module has no such function, and raises `HookError` where it fails. None where the application
    is out of reach: the function is called in this process then, with None as the application."""
    run: Callable[[Any], Any] = run
    """Runs a coroutine where the application's own run, between two requests."""
    app: Any = None
    """The application itself, where it is in this process."""
    is_borrowed: bool = False
    """Whether its configuration, and so its key, is the scenario's for just as long as that is
    played."""


class Side(Protocol):
    """The reference or the candidate: where its applications come from."""

    timeout: float
    """Seconds for an answer."""

    @property
    def name(self) -> str:
        """As it was spelled, or the application's name."""

    @property
    def ticks(self) -> bool:
        """Whether its applications have a clock of their own, which nobody can stop."""

    @property
    def patience(self) -> float:
        """Seconds that its applications have to start, beyond those for an answer."""

    @property
    def is_elsewhere(self) -> bool:
        """Whether its files lie in a folder of their own, whose path says nothing."""

    def serve(self, scenario: Scenario, fresh: bool) -> AbstractContextManager[Served]:
        """The application for *scenario*.

        Raises `StartError` where it cannot be started, `ScenarioError` where the scenario asks of
        it what it cannot do.
        """

    def prepare(self, scenario: Scenario, fresh: bool) -> None:
        """Begin to start what the scenario is going to need, and do not wait for it."""

    def leave(self, served: Served) -> None:
        """Never use *served* again: it does not answer any more."""

    def close(self) -> None:
        """End every application of this side, on the thread that played them."""

    def kill(self) -> None:
        """End what would outlive this process, from any thread."""
