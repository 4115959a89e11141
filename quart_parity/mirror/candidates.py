"""The port beside a test's application: made at the first request, on a thread of its own."""

from __future__ import annotations

import inspect
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, TypeVar

from flask import Flask

from ..drivers.protocol import no_answer
from ..errors import StartError
from ..exchange import Exchange, RawRequest, Unawaited
from ..in_process import InProcessSide
from ..sessions import Sessions, no_sessions
from ..sides import START, Served
from ..targets import Target
from ..worker import Watch, Worker
from .behind import Watched
from .copies import Copies

T = TypeVar("T")
Make = Callable[[Mapping[str, Any]], Any]
"""From the config that is carried over to the port."""
_ABSENT = object()


@dataclass(frozen=True, slots=True)
class State:
    """How the port gets what the reference has stored so far."""

    copies: bool = True
    """Whether files that the config names are copied, or shared."""
    snapshot: Callable[[Flask], Any] | None = None
    """Called before the first request; None where nobody has anything to say."""
    restore: Callable[[Any, Any], Any] | None = None
    """Given the port and the snapshot, before its first request; may be a coroutine function."""


@dataclass(slots=True)
class Origin:
    """What a port begins with: the reference's config and state before its first request."""

    reference_name: str
    config: dict[str, Any]
    snapshot: Any
    copies: Copies | None

    def again(self) -> Origin:
        """The same state once more, for a port that has seen nothing yet."""
        if self.copies is None:
            return self
        copies = Copies(Path(mkdtemp(prefix="parity-")), (self.copies.folder,))
        return Origin(self.reference_name, copies.made(self.config), self.snapshot, copies)

    def forget(self) -> None:
        if self.copies is not None:
            shutil.rmtree(self.copies.folder, ignore_errors=True)


def read_origin(app: Flask, state: State) -> Origin:
    """What the reference has now; raises `StartError` where that cannot be read."""
    config = carried(app)
    copies = None
    if state.copies:
        beside = Path(app.instance_path), Path(app.root_path), Path.cwd()
        copies = Copies(Path(mkdtemp(prefix="parity-")), beside)
        try:
            config = copies.made(config)
        except Exception as error:
            raise StartError(f"the state of {app.name!r} cannot be copied: {error}") from error
    snapshot = None if state.snapshot is None else state.snapshot(app)
    return Origin(app.name, config, snapshot, copies)


def carried(app: Flask) -> dict[str, Any]:
    """The part of the config that is not Flask's default."""
    default = app.default_config
    return {
        name: value
        for name, value in app.config.items()
        if name not in default or default[name] != value
    }


@dataclass(eq=False, slots=True)
class Candidate:
    """One port, as long as the application that it stands beside."""

    side: InProcessSide
    thread: Worker | Watch
    """What it is asked on; where it is asked there already, what waits for it."""
    origin: Origin
    restore: Callable[[Any, Any], Any] | None = None
    served: Served | None = None
    failure: str | None = None
    """Why it does not answer any more."""
    watched: Watched = field(init=False)
    _config: dict[str, Any] = field(default_factory=dict)
    """The reference's, as it was carried over last."""

    def __post_init__(self) -> None:
        copies = self.origin.copies
        self.watched = Watched(list(copies.databases) if copies else [])

    def start(self) -> None:
        """Make it, with the state that it begins with; `failure` says why where that fails."""
        make = partial(self.side.target.make, self.origin.config)
        try:
            self._do(lambda: self.begin(self.side.start(make)), START)
        except Exception as error:
            self.failure = f"the port could not be made: {error}"

    def begin(self, served: Served) -> None:
        """Give an application the state that it begins with."""
        self.served = served
        if self.restore is not None:
            outcome = self.restore(served.app, self.origin.snapshot)
            if inspect.isawaitable(outcome):
                served.run(outcome)

    def follow(self, config: Mapping[str, Any]) -> None:
        """Carry over what a test has changed in the reference's config since the last request."""
        changed = {
            name: value
            for name, value in config.items()
            if self._config.get(name, _ABSENT) is not value
        }
        if changed and self._config and self.served is not None:
            copies = self.origin.copies
            self.served.app.config.update(copies.made(changed) if copies else changed)
        if changed:
            self._config = dict(config)

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
        if self.thread.run(lambda watch: done.append(job(watch))):
            return done[0]
        if self.served is not None:
            self.side.leave(self.served)
        self.served, self.failure = None, f"the port hangs: {no_answer(self.side.timeout)}"
        return None

    def close(self) -> None:
        """End it, and forget its state."""
        served, self.served = self.served, None
        try:
            if served is not None:
                self._do(served.driver.close)
        finally:
            self.origin.forget()


def side_of(make: Make, is_factory: bool, name: str, timeout: float) -> InProcessSide:
    """A side whose applications *make* makes."""
    return InProcessSide(Target(name, make, is_factory), timeout)
