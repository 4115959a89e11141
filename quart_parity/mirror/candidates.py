"""The port beside a test's application: made at the first request, on a thread of its own."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar

from flask import Flask

from ..drivers.noting import NotingDriver
from ..drivers.protocol import no_answer
from ..drivers.unawaited import Noter
from ..errors import QuartParityError, StartError
from ..exchange import Exchange, RawRequest, Unawaited
from ..in_process import InProcessSide
from ..modules import Home
from ..sessions import Sessions, no_sessions
from ..sides import START, Served
from ..targets import Target
from ..worker import Watch, Worker
from .behind import Watched
from .instances import Instance, Instances, config_of
from .origins import Origin, State, read_origin, told

T = TypeVar("T")
_ABSENT = object()


@dataclass(frozen=True, slots=True)
class Change:
    """Of the reference's config, between two requests."""

    values: Mapping[str, Any]
    removed: frozenset[str] = frozenset()


@dataclass(eq=False, slots=True)
class Candidate:
    """One port, as long as the application that it stands beside."""

    side: InProcessSide
    thread: Worker | Watch
    """What it is asked on; where it is asked there already, what waits for it."""
    origin: Origin
    restore: Callable[[Any, Any], Any] | None = None
    instances: Instances = field(default_factory=Instances)
    served: Served | None = None
    failure: str | None = None
    """Why it does not answer any more."""
    watched: Watched = field(init=False)
    _instance: Instance | None = None
    """Where others ask the same application."""
    _config: dict[str, Any] = field(default_factory=dict)
    """The reference's, as it was carried over last."""
    _own: dict[str, Any] = field(default_factory=dict)
    """What the port itself has by the names that were carried over later."""

    def __post_init__(self) -> None:
        copies = self.origin.copies
        self.watched = Watched(lambda: copies.files if copies else ())

    def start(self) -> None:
        """Make it, with the state that it begins with; `failure` says why where that fails."""
        try:
            self._do(self._start, START)
        except Exception as error:
            why = error if isinstance(error, QuartParityError) else told(error)
            self.failure = f"the port could not be made: {why}"
            self._end()

    def _start(self) -> None:
        target, config = self.side.target, self.origin.of_port(self.origin.config)
        if target.is_factory:
            self.begin(self.side.start(partial(target.make, config)))
            return
        self._instance = instance = self.instances.of(target.make({}), self.side.start)
        instance.turn(self)
        config_of(instance.served.app).update(config)
        self.begin(instance.served)

    def begin(self, served: Served) -> None:
        """Give an application the state that it begins with; raises `StartError`."""
        self.served = served
        if self.restore is None:
            return
        try:
            outcome = self.restore(served.app, self.origin.snapshot)
            if inspect.isawaitable(outcome):
                served.run(outcome)
        except Exception as error:
            raise StartError(f"its state could not be restored: {told(error)}") from error

    def follow(self, config: Mapping[str, Any]) -> Change | None:
        """Carry over what a test has changed in the reference's config since the last request."""
        before, self._config = self._config, dict(config)
        if self._instance is not None:
            self._instance.turn(self)
        if not before:
            return None
        values = {n: value for n, value in config.items() if before.get(n, _ABSENT) is not value}
        change = Change(values, frozenset(before.keys() - config.keys()))
        if not (change.values or change.removed):
            return None
        self.carry(change)
        return change

    def carry(self, change: Change) -> None:
        """Change the port's config likewise; what is removed is then what it was without."""
        config = config_of(self.served.app) if self.served is not None else {}
        for name in change.removed:
            own = self._own.pop(name, _ABSENT)
            if own is _ABSENT:
                config.pop(name, None)
            else:
                config[name] = own
        for name in change.values:
            if name in config and name not in self.origin.config:
                self._own.setdefault(name, config[name])
        config.update(self.origin.of_port(change.values))

    def look_behind(self, is_first: bool) -> dict[str, None]:
        """Notes on what the reference has stored, and the port has not.

        What was written since the last request of a test before reaches it before the *is_first*
        of a test, as it reaches a port that is new.
        """
        copies = self.origin.copies
        if copies is None:
            return {}
        changed = self.watched.changed()
        if not is_first:
            text = "the test changed {} itself before a request, and not the port's copy"
            return copies.notes | {text.format(path.name): None for path in changed}
        try:
            copies.renew(changed)
        except OSError as error:
            return copies.notes | {
                f"the port has not what was written before the test: {error}": None
            }
        return copies.notes

    def send(self, request: RawRequest) -> Exchange:
        served = self.served
        if served is None:
            return Exchange(request, broken=self.failure)
        exchange = self._do(partial(served.driver.send, request))
        return exchange or Exchange(request, broken=no_answer(self.side.timeout))

    def settle(self) -> tuple[Unawaited, ...]:
        """What it left unawaited that no exchange has told of."""
        return (self._do(self.served.settle) or ()) if self.served else ()

    def sessions(self) -> Sessions:
        return self.served.sessions() if self.served else no_sessions()

    def run(self, work: Callable[[Served], T]) -> T | None:
        """Do something on its thread; None where it does not answer any more."""
        served = self.served
        return None if served is None else self._do(partial(work, served))

    def _do(self, job: Callable[[], T], patience: float = 0.0) -> T | None:
        def begun(watch: Watch) -> T:
            watch.begin(patience)
            return job()

        return self.work(begun)

    def work(self, job: Callable[[Watch], T]) -> T | None:
        """Do something that takes several turns on its thread."""
        if isinstance(self.thread, Watch):
            return job(self.thread)
        done: list[T] = []
        served = self.served
        for noter in self._noters():
            noter.resume()

        def begun(watch: Watch) -> None:
            try:
                done.append(job(watch))
            finally:
                # It hung, and nobody waits any more: whoever comes back closes it.
                if watch.given_up and served is not None:
                    served.driver.close()

        with self._at_home():
            if self.thread.run(begun):
                return done[0]
        if self.served is not None:
            self.side.leave(self.served)
        if self._instance is not None:
            self.instances.drop(self._instance)
        self.served, self.failure = None, f"the port hangs: {no_answer(self.side.timeout)}"
        return None

    def pause(self) -> None:
        """No test of the mirror's runs: have nobody hear what others do in this process."""
        for noter in self._noters():
            noter.pause()

    def _noters(self) -> list[Noter]:
        driver = self.served.driver if self.served else None
        return [driver.noter] if isinstance(driver, NotingDriver) else []

    @contextmanager
    def _at_home(self) -> Iterator[None]:
        """With the modules in sight that lie beside the port's, and not those of the suite."""
        home = self.side.target.home
        if home is None:
            yield
            return
        home.enter()
        try:
            yield
        finally:
            Home.leave()

    def close(self) -> None:
        """End it, and forget its state."""
        try:
            self._end()
        finally:
            self.watched.close()
            self.origin.forget()

    def _end(self) -> None:
        """Not to answer any more, and not to be there for nobody."""
        served, self.served = self.served, None
        instance, self._instance = self._instance, None
        if instance is not None:
            if not instance.release(self):
                return
            self.instances.drop(instance)
        if served is not None:
            self._do(served.driver.close)


def candidate_of(
    app: Flask, state: State, target: Target, timeout: float, thread: Worker, instances: Instances
) -> Candidate:
    """The port that is to stand beside an application, made; `failure` says why where it is not."""
    side = InProcessSide(target, timeout)
    try:
        origin, failure = read_origin(app, state), None
    except StartError as error:
        origin, failure = Origin({}), str(error)
    side.is_elsewhere = origin.copies is not None and bool(origin.copies.paths)
    candidate = Candidate(side, thread, origin, state.restore, instances, failure=failure)
    if failure is None:
        candidate.start()
    return candidate
