"""Which port stands beside an application: as options, settings and fixtures say."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from inspect import signature
from pathlib import Path
from typing import Any

from flask import Flask
from flask.sansio.app import App

from ..errors import TargetError
from ..modules import Home
from ..targets import Target, config_of, find_target

Make = Callable[[Mapping[str, Any]], Any]


def find_port(spelled: Any, where: Path) -> Target:
    """The target; raises `TargetError`, `StartError`.

    Modules of a folder that the suite imports from stay in sight, as if it had imported them.
    """
    searched = {str(Path(path).resolve()) for path in sys.path}
    try:
        target = find_target(spelled, where)
        home = target.home
        if home is not None and home.is_shared(searched):
            return replace(target, home=None)
        return target
    finally:
        Home.leave()


def make_of(fixture: Any, app: Flask, where: Path) -> tuple[Make, bool]:
    """What makes the port of a config, and whether it makes a new one each time.

    *fixture* is what `parity_candidate` returned.
    """
    if isinstance(fixture, Target):
        return fixture.make, fixture.is_factory
    if isinstance(fixture, str):
        target = find_port(fixture, where)
        return target.make, target.is_factory
    if isinstance(fixture, App):
        return partial(_given, fixture), False
    if callable(fixture):
        return partial(_made, fixture, app), True
    raise TargetError(
        f"parity_candidate returned {fixture!r}: a target, an application, or a function that makes"
        " one for a Flask application is needed"
    )


def _given(port: Any, config: Mapping[str, Any]) -> Any:
    config_of(port, port.name).update(config)
    return port


def _made(make: Callable[..., Any], app: Flask, config: Mapping[str, Any]) -> Any:
    """A function of two parameters is given the config as well, and does with it what it likes."""
    if len(signature(make).parameters) > 1:
        return make(app, dict(config))
    return _given(make(app), config)
