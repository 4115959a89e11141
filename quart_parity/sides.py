"""One side of a comparison: its applications, each built once, and clients for them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from .drivers import DRIVERS, Driver
from .errors import ScenarioError, StartError
from .scenario import Scenario
from .sessions import Sessions, sessions_of
from .targets import Target, config_of, protocol_of


@dataclass(slots=True)
class Served:
    """A running application."""

    app: Any
    driver: Driver

    def sessions(self) -> Sessions:
        """Asked after the requests: factories may leave configuring to the first of them."""
        return sessions_of(self.app)


@dataclass(slots=True)
class Side:
    """Builds *target* once for each configuration, when a scenario first needs it."""

    target: Target
    timeout: float
    _served: dict[str, Served] = field(default_factory=dict)

    @contextmanager
    def serve(self, scenario: Scenario, fresh: bool) -> Iterator[Served]:
        """The application for *scenario*, with a factory's configuration or its own for a while.

        Raises `StartError` where it cannot be started, `ScenarioError` where a fresh one is asked
        of a target that has no factory.
        """
        self._enter()
        if not self.target.is_factory:
            with self._instance(scenario, fresh) as served:
                yield served
        elif fresh or scenario.fresh:
            served = self._start(self.target.make(scenario.config))
            try:
                yield served
            finally:
                served.driver.close()
        else:
            key = repr(scenario.config)
            if key not in self._served:
                self._served[key] = self._start(self.target.make(scenario.config))
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
                self._served[""] = self._start(app)
            yield self._served[""]
        finally:
            config.clear()
            config.update(before)

    def _start(self, app: Any) -> Served:
        protocol = protocol_of(app, self.target)
        try:
            return Served(app, DRIVERS[protocol](app, self.timeout))
        except StartError as error:
            raise StartError(f"target {self.target.name!r}: {error}") from error

    def _enter(self) -> None:
        if self.target.home is not None:
            self.target.home.enter()

    def leave(self, served: Served) -> None:
        """Never use *served* again: it blocks its thread, and so cannot be closed either."""
        self._served = {key: kept for key, kept in self._served.items() if kept is not served}

    def close(self) -> None:
        """End every application of this side."""
        self._enter()
        while self._served:
            self._served.popitem()[1].driver.close()
