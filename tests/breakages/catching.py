"""Shows a breakage to the comparison, in a process that ends with it."""

from __future__ import annotations

import gc
import logging
import sys
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib import import_module
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from multiprocessing import get_context
from types import CodeType
from typing import Any

from quart_parity.paths import format_path
from quart_parity.report import Difference
from quart_parity.runner import Runner
from quart_parity.scenario import Scenario
from quart_parity.settings import find_settings, scenario_paths
from quart_parity.sources import read_scenarios

from .breakage import BROKEN, ROOT, Breakage, OutOfDateError

TIMEOUT = 5.0
"""Seconds for an answer; a broken application may never give one."""
PRELOADED = ["flask_app", "quart", __name__]
"""What no breakage changes, and what imports nothing that one does."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the comparison said of one breakage; None stands for the unbroken port."""

    breakage: Breakage | None
    caught: str | None = None
    """The first difference: its scenario, request and path."""
    error: str | None = None
    """Why it could not be told: the breakage is out of date, or the port did not start."""

    def __str__(self) -> str:
        verdict = self.error or (f"caught by {self.caught}" if self.caught else "SURVIVES")
        return f"{self.breakage or 'unbroken'}: {verdict}"


def outcomes(breakages: Iterable[Breakage | None]) -> Iterator[Outcome]:
    """Try each breakage in a new process; yields in their order."""
    context = get_context("forkserver")
    context.set_forkserver_preload(PRELOADED)
    with context.Pool(maxtasksperchild=1) as pool:
        yield from pool.imap(attempt, breakages)


def attempt(breakage: Breakage | None) -> Outcome:
    """Compare the original with the broken port, in a process that has imported neither.

    Changes this process for good: call it in one of its own, as `outcomes` does.
    """
    gc.disable()
    logging.disable()
    warnings.simplefilter("ignore")
    try:
        if breakage is not None:
            _put_in_place(breakage)
        import_module("quart_app").create_app()
        caught = _first_reproduction(breakage) or _first_difference(breakage)
        return Outcome(breakage, caught=caught)
    except OutOfDateError as error:
        return Outcome(breakage, error=str(error))
    except Exception as error:
        if BROKEN in f"{error} {error.__cause__}":
            # What fails before there is anything to compare is seen by whoever starts it.
            return Outcome(breakage, caught="its own failure")
        return Outcome(breakage, error=f"not compared: {type(error).__name__}: {error}")


def _first_reproduction(breakage: Breakage | None) -> str | None:
    """The first divergence that broken compat no longer closes."""
    if breakage is None or not breakage.file.startswith("quart_parity/compat/"):
        return None
    # Imports compat, which must be broken by then.
    from quart_parity.compat.switches import PIECES
    from quart_parity.divergences import DIVERGENCES
    from tests.reproductions import reproduce_mended

    for code, entry in DIVERGENCES.items():
        if code in PIECES and (found := reproduce_mended(entry)):
            return f"{code}: {format_path(min(found, key=str))}"
    return None


def _first_difference(breakage: Breakage | None) -> str | None:
    for result in Runner("flask_app", "quart_app", timeout=TIMEOUT).run(_scenarios(breakage)):
        for difference in result.differences:
            if difference.accepted is None:
                return _describe(difference)
        for failure in result.failures:
            raise RuntimeError(f"scenario {failure.scenario!r}: {failure.message}")
    return None


def _describe(difference: Difference) -> str:
    return f"{difference.scenario}: {difference.method} {difference.target}: {difference.path}"


def _scenarios(breakage: Breakage | None) -> list[Scenario]:
    """The suite's own, of the breakage's topic first.

    The start page names every route, and so would notice much in place of the route's own.
    """
    settings, folder = find_settings(ROOT)
    scenarios = read_scenarios(scenario_paths(settings, folder))
    if breakage is None:
        return scenarios
    topic = breakage.path.stem
    if topic in ("cookies", "sessions", "responses"):
        scenarios = [one for one in scenarios if "start-page" not in one.name]
    return sorted(scenarios, key=lambda one: not one.name.startswith(topic))


def _put_in_place(breakage: Breakage) -> None:
    """Have the import system take the broken source for the file's; nothing is written."""
    early = [name for name in ("quart_app", "quart_parity.compat") if name in sys.modules]
    if early:
        raise OutOfDateError(f"{', '.join(early)} was imported before it could be broken")
    sys.meta_path.insert(0, _BrokenFinder(breakage))


class _BrokenFinder(MetaPathFinder):
    def __init__(self, breakage: Breakage) -> None:
        self._origin = str(breakage.path)
        self._source = breakage.source()

    def find_spec(self, name: str, path: Any, target: Any = None) -> ModuleSpec | None:
        spec = PathFinder.find_spec(name, path, target)
        if spec is None or spec.origin != self._origin:
            return None
        spec.loader = _BrokenLoader(name, self._origin, self._source)
        return spec


class _BrokenLoader(SourceFileLoader):
    def __init__(self, name: str, path: str, source: str) -> None:
        super().__init__(name, path)
        self._source = source

    def get_code(self, fullname: str) -> CodeType:
        return compile(self._source, self.path, "exec", dont_inherit=True)
