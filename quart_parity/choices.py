"""What arguments and settings together ask for."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from .errors import UsageError
from .runner import TIMEOUT
from .scenario import Scenario
from .settings import Settings
from .wiring import Wiring


def find_sides(reference: str | None, candidate: str | None, settings: Settings) -> tuple[str, str]:
    if reference is None:
        reference, candidate = settings.reference, settings.candidate
    if reference is None or candidate is None:
        raise UsageError(
            "a reference and a candidate are needed: quart-parity check flask_app quart_app, or"
            " both in [tool.quart-parity] of pyproject.toml"
        )
    return reference, candidate


def select(scenarios: list[Scenario], names: tuple[str, ...]) -> list[Scenario]:
    """Those whose name contains one of *names*; raises `UsageError` where that is none."""
    if not scenarios:
        raise UsageError(
            "no scenarios: give a file with --scenarios, or name some in [tool.quart-parity]"
            " of pyproject.toml"
        )
    chosen = [one for one in scenarios if not names or any(name in one.name for name in names)]
    if not chosen:
        known = ", ".join(one.name for one in scenarios[:10])
        more = ", …" if len(scenarios) > 10 else ""
        raise UsageError(
            f"no scenario's name contains {' or '.join(names)}; there are {known}{more}"
        )
    return chosen


def find_limit(timeout: float | None, settings: Settings) -> float:
    return next(t for t in (timeout, settings.timeout, TIMEOUT) if t is not None)


def find_wiring(folder: Path, settings: Settings, options: dict[str, Any]) -> Wiring:
    """How the sides are reached; raises `UsageError` where the key's variable holds none."""
    variable = options["secret_key_env"] or settings.secret_key_env
    if variable is not None and variable not in os.environ:
        raise UsageError(f"--secret-key-env {variable}: the environment has no such variable")
    if variable is not None and not os.environ[variable]:
        raise UsageError(f"--secret-key-env {variable}: the variable is empty")
    ca_file = options["ca_file"] or (settings.ca_file and folder / settings.ca_file)
    return Wiring(
        servers=server_names(options, settings) if _serves(options, settings) else None,
        http2=options["http2"] or settings.http2,
        secret_key=None if variable is None else os.environ[variable],
        ca_file=ca_file or None,
    )


def _serves(options: dict[str, Any], settings: Settings) -> bool:
    """Whether servers are to be started; naming one on the command line asks for it."""
    asked: bool | None = options["serve"]
    if asked is not None:
        return asked
    named = any(options[name] for name in ("reference_server", "candidate_server", "http2"))
    return named or settings.serve


def server_names(options: dict[str, Any], settings: Settings) -> tuple[str, str]:
    return (
        options["reference_server"] or settings.reference_server or "flask",
        options["candidate_server"] or settings.candidate_server or "hypercorn",
    )
