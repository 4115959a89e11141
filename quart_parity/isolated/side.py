"""A side whose applications live in processes of their own."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from threading import Lock

from ..errors import StartError
from ..scenario import Scenario
from ..sides import START, Served
from .application import IsolatedApplication
from .process import WorkerProcess, start_process, travels
from .revisions import checked_out
from .world import World

HOME = str(Path(__file__).resolve().parents[2])
"""Where this package lies."""
KEPT = 32
"""Applications of one side at a time; the one that was not needed for longest makes room."""


class IsolatedSide:
    """Starts *target* once for each configuration, when a scenario first needs it.

    Each application has a process: one that ends takes no other one's state with it.
    """

    patience = START

    def __init__(self, target: str, world: World, timeout: float, where: Path | None) -> None:
        self.name = target
        self.timeout = timeout
        self._ticks: bool | None = None
        self.is_elsewhere = bool(world.folder or world.revision)
        self.protocol: str | None = None
        """What its applications speak, once one of them has come up."""
        self._world = replace(world, folder=(world.folder or where or Path.cwd()).resolve())
        self._revised: tuple[str, str] | None = None
        self._revision = ExitStack()
        self._kept: dict[str, IsolatedApplication] = {}
        self._ready: list[IsolatedApplication] = []
        self._all: list[IsolatedApplication] = []
        self._changing = Lock()
        self._killed = False

    @property
    def ticks(self) -> bool:
        """Its clock can be stopped where time-machine is installed for its interpreter."""
        if self._ticks is None:
            self._ticks = self._world.python is not None and not travels(
                _interpreter(self._world.python), _environment(self._world)
            )
        return self._ticks

    def anew(self) -> IsolatedSide:
        """The same side with applications of its own, in the very same folder."""
        side = IsolatedSide(self.name, self._world, self.timeout, None)
        side._revised, side.is_elsewhere = self._revised, self.is_elsewhere
        return side

    @contextmanager
    def serve(self, scenario: Scenario, fresh: bool) -> Iterator[Served]:
        """The application for *scenario*; a fresh one is ended after it.

        Raises `StartError` where it does not come up, `UsageError` where git does not know the
        revision.
        """
        if fresh or scenario.fresh:
            app = self._ready.pop() if self._ready else self._spawn(scenario)
            try:
                yield self._up(app)
            finally:
                self._close(app)
        else:
            yield self._up(self._found(scenario))

    def prepare(self, scenario: Scenario, fresh: bool) -> None:
        """Start what the scenario is going to need, and do not wait for it."""
        if fresh or scenario.fresh:
            self._ready.append(self._spawn(scenario))
        else:
            self._found(scenario)

    def _found(self, scenario: Scenario) -> IsolatedApplication:
        key = repr(scenario.config)
        app = self._kept.pop(key, None)
        while app is None and len(self._kept) >= KEPT:
            self._close(self._kept.pop(next(iter(self._kept))))
        # The last one is the one that was needed last.
        self._kept[key] = app or self._spawn(scenario)
        return self._kept[key]

    def _spawn(self, scenario: Scenario) -> IsolatedApplication:
        with self._changing:
            self._check_alive()
            folder = str(self._folder())
            app = IsolatedApplication(
                self.name, folder, scenario.config, self.timeout, self._start, self._revised
            )
            self._all.append(app)
        return app

    def _check_alive(self) -> None:
        if self._killed:
            raise StartError(f"target {self.name!r}: its processes were ended")

    def _folder(self) -> Path:
        """Where the application lies, once the revision's files do."""
        folder, revision = self._world.folder or Path.cwd(), self._world.revision
        if revision is None:
            return folder
        taken = self._revision.enter_context(checked_out(folder, revision))
        root = next(one for one in (taken, *taken.parents) if _is_temporary(one))
        depth = len(taken.relative_to(root).parts)
        self._revised = str([folder, *folder.parents][depth]), str(root)
        self._world = replace(self._world, folder=taken, revision=None)
        return taken

    def _start(self) -> WorkerProcess:
        folder = self._world.folder or Path.cwd()
        python = _interpreter(self._world.python)
        environment = _environment(self._world)
        doomed = self._revised[1] if self._revised else None
        return start_process(self.name, python, folder, environment, doomed)

    def _up(self, app: IsolatedApplication) -> Served:
        try:
            app.wait()
        except BaseException:
            self._forget(app)
            raise
        self.protocol = app.protocol
        return Served(
            app,
            app.sessions,
            app.move,
            routes=app.routes,
            settle=app.settle,
            hook=app.hook,
        )

    def _forget(self, app: IsolatedApplication) -> None:
        self._kept = {key: kept for key, kept in self._kept.items() if kept is not app}
        with self._changing:
            self._all = [one for one in self._all if one is not app]

    def _close(self, app: IsolatedApplication) -> None:
        try:
            app.close()
        finally:
            self._forget(app)

    def leave(self, served: Served) -> None:
        """End the process of *served* at once: it does not answer any more."""
        for app in self._all:
            if app is served.driver:
                app.end(0)
                self._forget(app)

    def close(self) -> None:
        """End every application of this side; raises `StartError` where one does not shut down."""
        with self._revision, ExitStack() as ending:
            for app in self._all:
                ending.callback(self._close, app)

    def kill(self) -> None:
        """End every process at once, and start none any more; from any thread."""
        with self._changing:
            self._killed = True
            apps = self._all
        for app in apps:
            app.end(0)
        with suppress(OSError):
            self._revision.close()


def _is_temporary(folder: Path) -> bool:
    return folder.name.startswith("quart-parity-")


def _environment(world: World) -> dict[str, str]:
    """This process's, with the world's own, in which both sides behave alike."""
    # Sets of texts are in the same order on both sides, as they are in one process.
    made = {"PYTHONHASHSEED": "0", **os.environ, **world.environment}
    if world.python is not None:
        # It tells where this interpreter's library is.
        made.pop("PYTHONHOME", None)
    elif not HOME.endswith("-packages"):
        # A port may import compat, which is no installed package here.
        made["PYTHONPATH"] = os.pathsep.join(filter(None, [made.get("PYTHONPATH"), HOME]))
    return made


def _interpreter(python: str | None) -> str:
    """A path is one from here, and not from the side's own folder."""
    if python is None:
        return sys.executable
    return os.path.abspath(python) if os.sep in python else python
