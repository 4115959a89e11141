"""The applications of one side, each built once and served on one thread."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

from parity_tests.clients import AsyncClient
from quart_parity.client import Client
from quart_parity.drivers import DRIVERS, Driver
from quart_parity.exchange import parse_base

PROTOCOLS = {"flask": "wsgi", "quart": "asgi"}
TIMEOUT = 10.0
"""Seconds that an application has for an answer."""


@dataclass(slots=True)
class Applications:
    """Makes clients for the applications of *side*, ``flask`` or ``quart``."""

    side: str
    _built: dict[str, Driver] = field(default_factory=dict)
    _fresh: list[Driver] = field(default_factory=list)
    _thread: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(max_workers=1))

    def client(
        self, config: Mapping[str, Any] | None = None, base: str = "http://localhost"
    ) -> AsyncClient:
        """A new client for the one application with this *config*, built when first asked for."""
        key = repr(sorted((config or {}).items()))
        if key not in self._built:
            self._built[key] = self._start(config)
        return self._client(self._built[key], base)

    def fresh_client(self, config: Mapping[str, Any] | None = None) -> AsyncClient:
        """A client for an application that is built now, in the environment as it is."""
        self._fresh.append(self._start(config))
        return self._client(self._fresh[-1], "http://localhost")

    def create(self, config: Mapping[str, Any] | None = None) -> Any:
        """The factory's application, not served."""
        return import_module(f"{self.side}_app").create_app(config)

    def close(self) -> None:
        """End every application, and the thread."""
        for driver in [*self._built.values(), *self._fresh]:
            self._thread.submit(driver.close).result()
        self._thread.shutdown()

    def _start(self, config: Mapping[str, Any] | None) -> Driver:
        serve = DRIVERS[PROTOCOLS[self.side]]
        return self._thread.submit(lambda: serve(self.create(config), TIMEOUT)).result()

    def _client(self, driver: Driver, base: str) -> AsyncClient:
        return AsyncClient(Client(driver), parse_base(base), self._thread)


Sides = dict[str, Applications]
"""By side."""
