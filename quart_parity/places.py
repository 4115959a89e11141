"""Where in an application a value stands: named alike for every request that gets it."""

from __future__ import annotations

import re

from .generated import SHORTEST
from .paths import Label, Path, format_path

_OF_THE_CLIENT = frozenset({"session", "cookie"})
_POSITION = re.compile(r"\[\d+\]")


def place(path: Path, method: str, target: str) -> str:
    """The path with a star for each position; of what is not the client's own, with the route."""
    text = format_path(tuple(part for part in path if not isinstance(part, Label)))
    text = _POSITION.sub("[*]", text)
    return text if path[0] in _OF_THE_CLIENT else f"{text} of {method} {route(target)}"


def route(target: str) -> str:
    """The target's path, with an ellipsis for each part that is a number, or may be an id."""
    parts = target.partition("?")[0].split("/")
    return "/".join("…" if len(part) >= SHORTEST or part.isdigit() else part for part in parts)
