"""A side whose applications are called in this process, each built once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any
from weakref import WeakSet

from .drivers import DRIVERS, Driver
from .drivers.noting import NotingDriver
from .drivers.unawaited import Noter
from .errors import ScenarioError, StartError
from .hooks import HookModules
from .routes import routes_of
from .scenario import Scenario
from .sessions import sessions_of
from .sides import Served
from .targets import Target, config_of, protocol_of


@dataclass(slots=True)
class InProcessSide:
    """Builds *target* once for each configuration, when a scenario first needs it."""

    target: Target
    timeout: float
    ticks: bool = False
    patience: float = 0.0
    is_elsewhere: bool = False
    _served: dict[str, Served] = field(default_factory=dict)
    _hooks: HookModules = field(default_factory=HookModules)
    _noters: WeakSet[Noter] = field(default_factory=WeakSet)

    @property
    def name(self) -> str:
        return self.target.name

    @contextmanager
    def serve(self, scenario: Scenario, fresh: bool) -> Iterator[Served]:
        """The application for *scenario*, with a factory's configuration or its own for a while.

        Raises `ScenarioError` where a fresh one is asked of a target that has no factory.
        """
        self._enter()
        if not self.target.is_factory:
            with self._instance(scenario, fresh) as served:
                yield served
        elif fresh or scenario.fresh:
            served = self.start(partial(self.target.make, scenario.config))
            try:
                yield served
            finally:
                served.driver.close()
        else:
            key = repr(scenario.config)
            if key not in self._served:
                self._served[key] = self.start(partial(self.target.make, scenario.config))
            yield self._served[key]

    @contextmanager
    def _instance(self, scenario: Scenario, fresh: bool) -> Iterator[Served]:
        """Lay the config over the instance's own, which the next scenario finds as it was."""
        if fresh or scenario.fresh:
            raise ScenarioError(
                f"scenario {scenario.name!r} asks for a fresh application, and target"
                f" {self.target.name!r} is an instance: name its factory"
            )
        app = self.target.make({})
        config = config_of(app, self.target.name) if scenario.config else {}
        before = dict(config)
        config.update(scenario.config)
        try:
            if "" not in self._served:
                self._served[""] = self.start(lambda: app)
            yield replace(self._served[""], is_borrowed=bool(scenario.config))
        finally:
            config.clear()
            config.update(before)

    def start(self, make: Callable[[], Any]) -> Served:
        """Serve what *make* makes; raises `StartError`."""
        noter = Noter()
        self._noters.add(noter)
        try:
            with noter.making():
                app, driver = self._drive(make)
        except BaseException:
            noter.close()
            raise
        run = getattr(driver, "run", asyncio.run)

        def hook(module: str, function: str, side: str) -> None:
            self._enter()
            self._hooks.call(module, function, side, app, run)

        return Served(
            NotingDriver(driver, noter, self.timeout),
            lambda: sessions_of(app),
            routes=lambda: routes_of(app),
            settle=noter.settle,
            hook=hook,
            run=run,
            app=app,
        )

    def _drive(self, make: Callable[[], Any]) -> tuple[Any, Driver]:
        app = make()
        protocol = protocol_of(app, self.target)
        try:
            return app, DRIVERS[protocol](app, self.timeout)
        except StartError as error:
            raise StartError(f"target {self.target.name!r}: {error}") from error

    def _enter(self) -> None:
        if self.target.home is not None:
            self.target.home.enter()

    def prepare(self, scenario: Scenario, fresh: bool) -> None:
        """It starts where it is played."""

    def leave(self, served: Served) -> None:
        """Never use *served* again: it blocks its thread, and so cannot be closed either."""
        if isinstance(served.driver, NotingDriver):
            served.driver.noter.abandon()
        self._served = {
            key: kept for key, kept in self._served.items() if kept.driver is not served.driver
        }

    def close(self) -> None:
        """End every application of this side."""
        self._enter()
        while self._served:
            self._served.popitem()[1].driver.close()

    def kill(self) -> None:
        """Nothing of it outlives the process; what goes on in this one is as it was before."""
        for noter in list(self._noters):
            noter.close()
