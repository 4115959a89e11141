"""What is done around each scenario on each side, as to put its database back."""

from __future__ import annotations

import importlib
import importlib.util
import inspect
import os
import re
import signal
import subprocess
import sys
from asyncio import run
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryFile
from threading import Lock
from types import ModuleType
from typing import IO, Any

from .drivers.raised import read_raised
from .errors import HookError

GRACE = 2.0
"""Seconds beyond the time limit in which a command's processes are ended."""
_TOLD = 2_000
"""Bytes of a failed command's output that are shown, from its end."""

Run = Callable[[Coroutine[Any, Any, Any]], object]
"""Where a function is async: runs what it returned to its end."""
Hook = Callable[[str, str, str], None]
"""From the module, the function and the side."""


@dataclass(frozen=True, slots=True)
class Hooks:
    """Commands and functions for one side, before and after each of its scenarios.

    A command is given to the shell, with the variables ``QUART_PARITY_SIDE`` (``reference`` or
    ``candidate``) and ``QUART_PARITY_SCENARIO``. A module's functions are ``setup(side, app)`` and
    ``teardown(side, app)``; it may lack either, and they may be async. What is set up by commands
    is set up before by functions, and cleared up after.
    """

    setup: str | None = None
    teardown: str | None = None
    module: str | None = None
    """A dotted name as the application would import it, or a file whose name ends with ``.py``."""
    folder: Path = field(default_factory=Path.cwd)
    side: str = "reference"
    environment: Mapping[str, str] = field(default_factory=dict)
    """Variables for the commands, beside those of this process."""

    _starting: Lock = field(default_factory=Lock)
    _running: list[subprocess.Popen[bytes]] = field(default_factory=list)
    _modules: HookModules = field(default_factory=lambda: HookModules())

    def command(self, which: str, scenario: str, timeout: float) -> None:
        """Run the command for ``setup`` or ``teardown``, if there is one; raises `HookError`."""
        command = self.setup if which == "setup" else self.teardown
        if command is None:
            return
        what = f"{self.told(which, scenario)}: the command {command!r}"
        with TemporaryFile() as output:
            try:
                status = self._run(command, scenario, timeout, output)
            except OSError as error:
                raise HookError(f"{what} cannot be run in {str(self.folder)!r}: {error}") from error
            if status == 0:
                return
            said = _end_of(output)
        how = f"did not end within {timeout:g} s" if status is None else f"ended with {status}"
        raise HookError(f"{what} {how}" + (f", saying: {said}" if said else ""))

    def told(self, which: str, scenario: str) -> str:
        """How errors name it."""
        return f"{which} of the {self.side} for scenario {scenario!r}"

    def _run(self, command: str, scenario: str, timeout: float, output: IO[bytes]) -> int | None:
        """Its exit status, or None where it took too long and was ended with all it started."""
        own = {"QUART_PARITY_SIDE": self.side, "QUART_PARITY_SCENARIO": scenario}
        with self._starting:
            process = subprocess.Popen(  # noqa: S602 - the user's own, which expects a shell
                command,
                shell=True,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=self.folder,
                env={**os.environ, **self.environment, **own},
                start_new_session=True,
            )
            self._running.append(process)
        try:
            return process.wait(timeout)
        except subprocess.TimeoutExpired:
            return None
        finally:
            self._running.remove(process)
            if process.returncode is None:
                _end(process)

    def call(self, which: str, scenario: str, hook: Hook | None) -> None:
        """Call the module's function where the application is; raises `HookError`."""
        if self.module is None:
            return
        try:
            (hook or self._call_here)(self._found(self.module), which, self.side)
        except HookError as error:
            raise HookError(f"{self.told(which, scenario)}: {error}") from error.__cause__

    def _found(self, module: str) -> str:
        """A file by its whole path, in this folder or else the working one; a name as it is."""
        if not module.endswith(".py"):
            return module
        file = self.folder / module
        return str((file if file.is_file() else Path(module)).resolve())

    def _call_here(self, module: str, function: str, side: str) -> None:
        self._modules.call(module, function, side, None, run)

    def kill(self) -> None:
        """End the command that is running, from any thread."""
        with self._starting:
            running = list(self._running)
        for process in running:
            _end(process)


class HookModules:
    """The modules with functions for one side, each imported once."""

    def __init__(self) -> None:
        self._modules: dict[str, ModuleType] = {}

    def call(self, module: str, function: str, side: str, app: Any, run: Run) -> None:
        """Call ``function(side, app)`` if there is one; raises `HookError` where it fails."""
        if module not in self._modules:
            self._modules[module] = self._imported(module)
        found = getattr(self._modules[module], function, None)
        if found is None:
            return
        try:
            if inspect.isawaitable(returned := found(side, app)):
                run(_awaited(returned))
        except (Exception, SystemExit) as error:
            raise _failure(f"{function} of {module!r} failed", error) from error

    def _imported(self, module: str) -> ModuleType:
        try:
            found = _load(module) if module.endswith(".py") else importlib.import_module(module)
        except (Exception, SystemExit) as error:
            raise _failure(f"module {module!r} cannot be imported", error) from error
        if not (hasattr(found, "setup") or hasattr(found, "teardown")):
            raise HookError(
                f"module {module!r} has neither setup(side, app) nor teardown(side, app)"
            )
        return found


async def _awaited(returned: Awaitable[Any]) -> None:
    await returned


def _load(file: str) -> ModuleType:
    """A file as a module of its own, whatever modules are called so."""
    name = "quart_parity_hooks_of_" + re.sub(r"\W", "_", file)
    spec = importlib.util.spec_from_file_location(name, file)
    if spec is None or spec.loader is None:
        raise ImportError(f"{file!r} is no Python file")
    # Dataclasses, among others, look their module up.
    sys.modules[name] = module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    finally:
        del sys.modules[name]
    return module


def _failure(what: str, error: BaseException) -> HookError:
    place = read_raised(error).place
    return HookError(f"{what}: {type(error).__name__}: {error}" + (f" at {place}" if place else ""))


def _end(process: subprocess.Popen[bytes]) -> None:
    """End it with all that it started."""
    with suppress(OSError):
        os.killpg(process.pid, signal.SIGKILL)
    with suppress(subprocess.TimeoutExpired):
        process.wait(GRACE)


def _end_of(output: IO[bytes]) -> str:
    """The last lines of what a command said."""
    size = output.seek(0, os.SEEK_END)
    output.seek(max(0, size - _TOLD))
    return output.read().decode("utf-8", "replace").strip()
