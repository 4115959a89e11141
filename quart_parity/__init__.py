"""Proves that a Quart port behaves as the Flask application it came from."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .errors import QuartParityError, ScenarioError, StartError, TargetError, UsageError
    from .report import Difference, Failure, Report, Result
    from .runner import check, check_async
    from .scenario import Capture, File, Request, Scenario
    from .sources import read_scenarios

__version__ = "0.1.0"

__all__ = [
    "Capture",
    "Difference",
    "Failure",
    "File",
    "QuartParityError",
    "Report",
    "Request",
    "Result",
    "Scenario",
    "ScenarioError",
    "StartError",
    "TargetError",
    "UsageError",
    "check",
    "check_async",
    "read_scenarios",
]

_HOMES = {
    "errors": "QuartParityError ScenarioError StartError TargetError UsageError",
    "report": "Difference Failure Report Result",
    "runner": "check check_async",
    "scenario": "Capture File Request Scenario",
    "sources": "read_scenarios",
}


def __getattr__(name: str) -> Any:
    # PEP 562: whoever imports quart_parity.compat in production gets nothing else of it.
    for module, names in _HOMES.items():
        if name in names.split():
            return getattr(import_module(f".{module}", __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
