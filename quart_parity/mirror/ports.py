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
from ..modules import Home, start_error
from ..targets import Target, find_target, takes_config
from .instances import config_of


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


def port_of(fixture: Any, app: Flask, where: Path) -> Target:
    """What stands for the port of an application; *fixture* is what `parity_candidate` returned.

    Raises `TargetError`, `StartError`.
    """
    if isinstance(fixture, Target):
        return fixture
    if isinstance(fixture, str):
        return find_port(fixture, where)
    count = _count(fixture)
    if isinstance(fixture, App) or count == 3:
        return find_target(fixture)
    if count == 0 or (count is not None and takes_config(fixture)):
        return find_target(fixture)
    if count in (1, 2):
        return Target(_name(fixture), partial(_made, fixture, count, app), True)
    raise TargetError(
        f"parity_candidate returned {fixture!r}: a target, an application, or a function that makes"
        " one for a Flask application is needed"
    )


def _name(function: Any) -> str:
    return getattr(function, "__qualname__", None) or repr(function)


def _count(value: Any) -> int | None:
    """How many arguments it takes by position; None of what is not called to have a port."""
    if not callable(value) or isinstance(value, type):
        return None
    try:
        parameters = signature(value).parameters.values()
    except (TypeError, ValueError):
        return None
    return sum(one.kind in (one.POSITIONAL_ONLY, one.POSITIONAL_OR_KEYWORD) for one in parameters)


def _made(make: Callable[..., Any], count: int, app: Flask, config: Mapping[str, Any]) -> Any:
    """A function of two parameters is given the config as well, and does with it what it likes."""
    try:
        port = make(app, dict(config)) if count > 1 else make(app)
    except Exception as error:
        raise start_error(f"{_name(make)} of parity_candidate failed", error) from error
    if count == 1:
        config_of(port).update(config)
    return port


def has_own_port(item: Any) -> bool:
    """Whether the suite overrides our fixture for the test."""
    found = item.session._fixturemanager.getfixturedefs("parity_candidate", item)
    return found is not None and len(found) > 1
