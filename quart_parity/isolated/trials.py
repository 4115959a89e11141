"""Experiments with a candidate in a process of its own: in one more, with compat in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace

from ..errors import StartError
from ..exchange import Exchange, RawRequest
from ..scenario import Scenario
from ..sides import Served
from .application import IsolatedApplication
from .side import HOME, IsolatedSide


class _Asking:
    """A driver that keeps which pieces of compat each exchange has asked for."""

    def __init__(self, app: IsolatedApplication, asked: list[set[str]]) -> None:
        self.app = app
        self._asked = asked

    def send(self, request: RawRequest) -> Exchange:
        """Raises `StartError` where compat cannot be put in."""
        exchange = self.app.send(request)
        error = self.app.trial_told.get("error")
        if error is not None:
            raise StartError(error)
        self._asked.append(set(self.app.trial_told.get("pieces", ())))
        return exchange

    def close(self) -> None:
        self.app.close()


class IsolatedTrial(IsolatedSide):
    """The candidate once more, in processes of its own, to be mended there."""

    def __init__(self, side: IsolatedSide) -> None:
        super().__init__(side.name, side._world, side.timeout, None)
        self._revised = side._revised
        self._number, self._off = 0, list[str]()
        self.asked: list[set[str]] = []
        """The pieces that each exchange of the trial has asked for."""

    @contextmanager
    def trial(self, off: Iterable[str]) -> Iterator[None]:
        """All of compat but the pieces *off* in what is played meanwhile."""
        self._number, self._off = self._number + 1, sorted(off)
        self.asked = []
        yield

    @contextmanager
    def serve(self, scenario: Scenario, fresh: bool) -> Iterator[Served]:
        with super().serve(scenario, fresh) as served:
            app = served.driver
            if not isinstance(app, IsolatedApplication):
                raise TypeError(f"{app!r} is not isolated")
            app.trial = [self._number, self._off, HOME]
            yield replace(served, driver=_Asking(app, self.asked))

    def leave(self, served: Served) -> None:
        if isinstance(served.driver, _Asking):
            super().leave(replace(served, driver=served.driver.app))
