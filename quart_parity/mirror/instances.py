"""Ports that are there once, beside as many of the suite's applications as it has."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from ..sides import Served


def config_of(app: Any) -> dict[str, Any]:
    """Its config; one that nobody sees where it has none."""
    config = getattr(app, "config", None)
    return config if isinstance(config, dict) else {}


@dataclass(eq=False, slots=True)
class Instance:
    """One port that several stand in for, each with the config that it has given it."""

    served: Served
    own: dict[str, Any]
    """Its config as its module left it."""
    holder: object = None
    """Whose config it has."""
    others: dict[object, dict[str, Any]] = field(default_factory=dict)
    """The config of those whose turn it is not."""

    def turn(self, holder: object) -> None:
        """From now on it is asked for *holder*, with the config as that left it."""
        if self.holder is holder:
            return
        config = config_of(self.served.app)
        if self.holder is not None:
            self.others[self.holder] = dict(config)
        self.holder = holder
        _put(config, self.others.pop(holder, self.own))

    def release(self, holder: object) -> bool:
        """It is not asked for *holder* any more; returns whether nobody is left."""
        self.others.pop(holder, None)
        if self.holder is holder:
            self.holder = None
            _put(config_of(self.served.app), self.own)
        return self.holder is None and not self.others


def _put(config: dict[str, Any], values: dict[str, Any]) -> None:
    config.clear()
    config.update(values)


@dataclass(slots=True)
class Instances:
    """Those that are served now: a second event loop for one of them would be one too many."""

    _served: dict[int, Instance] = field(default_factory=dict)

    def of(self, app: Any, start: Callable[[Callable[[], Any]], Served]) -> Instance:
        known = self._served.get(id(app))
        if known is None:
            own = dict(config_of(app))
            self._served[id(app)] = known = Instance(start(lambda: app), own)
        return known

    def drop(self, instance: Instance) -> None:
        self._served.pop(id(instance.served.app), None)
