"""What a port begins with: config and state of the application that it stands beside."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask

from ..drivers.raised import read_raised
from ..errors import StartError
from .copies import Copies, Places


@dataclass(frozen=True, slots=True)
class State:
    """How the port gets what the reference has stored so far."""

    copies: bool = True
    """Whether files that the config names are copied, or shared."""
    snapshot: Callable[[Flask], Any] | None = None
    """Called before the first request; None where nobody has anything to say."""
    restore: Callable[[Any, Any], Any] | None = None
    """Given the port and the snapshot, before its first request; may be a coroutine function."""
    temporary: tuple[Path, ...] = ()
    """Folders of the tests' files, beside the system's."""


@dataclass(slots=True)
class Origin:
    """What a port begins with: the reference's config and state before its first request."""

    config: dict[str, Any]
    """The reference's, as far as it is carried over."""
    snapshot: Any = None
    copies: Copies | None = None

    def of_port(self, config: Mapping[str, Any]) -> dict[str, Any]:
        """A part of the reference's config, with the port's own files in it."""
        return dict(config) if self.copies is None else self.copies.made(_own(dict(config)))

    def again(self) -> Origin:
        """The same state once more, for a port that has seen nothing yet."""
        if self.copies is None:
            return self
        return Origin(self.config, self.snapshot, self.copies.again())

    def forget(self) -> None:
        if self.copies is not None:
            self.copies.forget()


def read_origin(app: Flask, state: State) -> Origin:
    """What the reference has now; raises `StartError` where that cannot be read."""
    config = carried(app)
    # The reference changes its own from now on.
    origin = Origin(_own(config) if state.copies else config)
    if state.copies:
        near = Path(app.instance_path), Path(app.root_path), Path.cwd()
        origin.copies = Copies(Places(*near, state.temporary))
        try:
            origin.of_port(origin.config)
        except Exception as error:
            origin.forget()
            raise StartError(
                f"the state of {app.name!r} cannot be copied: {told(error)}"
            ) from error
    try:
        origin.snapshot = None if state.snapshot is None else state.snapshot(app)
    except Exception as error:
        origin.forget()
        raise StartError(f"the snapshot of {app.name!r} failed: {told(error)}") from error
    return origin


def carried(app: Flask) -> dict[str, Any]:
    """The part of the config that is not Flask's default."""
    default = app.default_config
    return {
        name: value
        for name, value in app.config.items()
        if name not in default or default[name] != value
    }


def told(error: Exception) -> str:
    """An error that is not the library's own, with its place."""
    place = read_raised(error).place
    return f"{type(error).__name__}: {error}{f' at {place}' if place else ''}"


def _own(value: Any) -> Any:
    """A value with containers of its own; what else is in them is the very same."""
    if type(value) is dict:
        return {key: _own(one) for key, one in value.items()}
    if type(value) in (list, tuple, deque):
        return type(value)(map(_own, value))
    return value.copy() if type(value) in (set, bytearray) else value
