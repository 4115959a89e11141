"""Trying out what becomes of a Quart application when compat mends it, or mends all but some."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, wait
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from typing import Any

import quart
from jinja2.environment import copy_cache

from . import compat
from .compat.switches import ON, PIECES, override
from .compat.threads import WORKERS
from .drivers import Driver
from .drivers.background import SECONDS
from .drivers.hearing import EARS
from .drivers.noting import NotingDriver
from .errors import QuartParityError, StartError
from .exchange import Exchange, RawRequest
from .in_process import InProcessSide
from .names import exchanged_names
from .scenario import Scenario
from .sides import Served

_CLOSING = "QP009"
"""The piece without which files stay open."""


class Pieces(frozenset[str]):
    """The pieces that are on, with a note of which are asked for."""

    off: frozenset[str]
    asked: list[set[str]]
    """What was asked for before the first exchange, then for each exchange."""

    @classmethod
    def but(cls, off: Iterable[str] = ()) -> Pieces:
        """All pieces but *off*."""
        pieces = cls(PIECES)
        pieces.put_off(off)
        return pieces

    def put_off(self, off: Iterable[str]) -> None:
        """Put these off in place of those that were, and forget what was asked for."""
        self.off, self.asked = frozenset(off), [set()]

    def __contains__(self, code: object) -> bool:
        self.asked[-1].add(str(code))
        return super().__contains__(code) and code not in self.off


def can_be_mended(app: object) -> bool:
    """Whether it is a Quart application itself, and not something around one."""
    return isinstance(app, quart.Quart)


@contextmanager
def mended(app: quart.Quart, pieces: Pieces) -> Iterator[None]:
    """Put compat into an application for a while; raises `StartError` where it does not fit."""
    theirs = type(app)
    with _kept(vars(app), "view_functions", "jinja_env", ON), _lent(vars(app).get("jinja_env")):
        try:
            try:
                compat.FlaskCompat.apply(app)
            except Exception as error:
                raise StartError(f"compat cannot be put into {app!r}: {error}") from error
            override(app, pieces)
            yield
        finally:
            app.__class__ = theirs


@contextmanager
def _lent(environment: Any) -> Iterator[None]:
    """Leave an environment as it was; meanwhile it loads templates anew, in compat's class."""
    if environment is None:
        yield
        return
    namespace = vars(environment)
    before = dict(namespace)
    with _kept(environment.globals, "get_flashed_messages"):
        try:
            environment.cache = copy_cache(environment.cache)
            yield
        finally:
            namespace.clear()
            namespace.update(before)


@contextmanager
def _kept(namespace: dict[str, Any], *names: str) -> Iterator[None]:
    """Have these names mean in the end what they meant before."""
    before = {name: namespace[name] for name in names if name in namespace}
    try:
        yield
    finally:
        for name in names:
            namespace.pop(name, None)
        namespace.update(before)


def _let_go() -> None:
    """Wait until none of compat's threads holds what it did last.

    One that has given its result may keep it for as long as it waits for a processor.
    """
    done = list[Future[int]]()
    for worker in list(WORKERS._alive):
        # It may have been dropped meanwhile.
        with suppress(RuntimeError):
            done.append(worker.submit(int))
    wait(done, SECONDS)


class _Noting:
    """A driver that has what is asked for noted for each exchange."""

    def __init__(self, driver: Driver, pieces: Pieces) -> None:
        self._driver = driver
        self._pieces = pieces

    def send(self, request: RawRequest) -> Exchange:
        self._pieces.asked.append(set())
        return self._driver.send(request)

    def close(self) -> None:
        self._driver.close()


class SameApplicationError(QuartParityError):
    """A factory made no new application."""


def anew(side: InProcessSide) -> InProcessSide:
    """The side with applications of its own; raises `SameApplicationError` where it gets none."""

    def made(config: Mapping[str, Any]) -> Any:
        app = side.target.make(config)
        if any(served.app is app for served in side._served.values()):
            raise SameApplicationError(f"target {side.target.name!r} makes one application only")
        return app

    return InProcessSide(replace(side.target, make=made), side.timeout)


class InProcessTrial(InProcessSide):
    """The candidate once more, to be mended: in applications of its own, or in the very same."""

    def __init__(self, side: InProcessSide, own: bool) -> None:
        self.pieces = Pieces.but()
        self._shared = None if own else side
        self._apps: dict[int, Any] = {}
        self._mending = ExitStack()
        self._serving: Served | None = None
        target = anew(side).target if own else side.target
        super().__init__(replace(target, make=self._making(target.make)), side.timeout)

    def _making(self, make: Callable[[Mapping[str, Any]], Any]) -> Callable[..., Any]:
        def made(config: Mapping[str, Any]) -> Any:
            app = make(config)
            self._mend(app)
            return app

        return made

    def _mend(self, app: Any) -> None:
        if id(app) not in self._apps and can_be_mended(app):
            self._apps[id(app)] = app
            self._mending.enter_context(mended(app, self.pieces))

    @contextmanager
    def trial(self, off: Iterable[str]) -> Iterator[None]:
        """All of compat but the pieces *off* in what is played meanwhile."""
        self.pieces.put_off(off)
        self._share()
        # Its modules are out of sight while the other side's home is entered.
        self._enter()
        self._apps = {}
        with self._silence(), ExitStack() as self._mending:
            self._mending.enter_context(exchanged_names())
            for served in self._served.values():
                self._mend(served.app)
            yield

    @contextmanager
    def _silence(self) -> Iterator[None]:
        """Collect what the experiment leaves open as long as nobody is warned of it."""
        if _CLOSING not in self.pieces.off:
            yield
            return
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ResourceWarning)
            yield
            for served in self._served.values():
                if isinstance(served.driver, NotingDriver):
                    served.driver.rest()
            _let_go()
            # Also what an earlier collection has set aside while a thread still held it.
            EARS.garbage.collect_all()

    @property
    def asked(self) -> list[set[str]]:
        return self.pieces.asked[1:]

    def _share(self) -> None:
        if self._shared is not None:
            self._served = self._shared._served

    @contextmanager
    def serve(self, scenario: Scenario, fresh: bool) -> Iterator[Served]:
        with super().serve(scenario, fresh) as self._serving:
            yield self.noted(self._serving)

    def noted(self, served: Served) -> Served:
        """The application, with what it asks for noted."""
        return replace(served, driver=_Noting(served.driver, self.pieces))

    def leave(self, served: Served) -> None:
        if self._serving is not None:
            super().leave(self._serving)
            if self._shared is not None:
                self._shared.leave(self._serving)
                self._share()
