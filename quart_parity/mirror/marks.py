"""What the ``parity`` markers of a test say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from ..scenario import check_accept

_MODES = ("off", "check")


@dataclass(frozen=True, slots=True)
class Marks:
    """All of one test's together; its own go before its class's, and those before its module's."""

    is_off: bool = False
    accept: dict[str, str] = field(default_factory=dict)


def read_marks(item: pytest.Item) -> Marks:
    """Raises `ValueError` where one of them is written wrongly."""
    modes: list[str] = []
    accept: dict[str, str] = {}
    for marker in item.iter_markers("parity"):
        modes += _modes(marker.args, marker.kwargs)
        accept = _accept(marker.kwargs) | accept
    return Marks(modes[:1] == ["off"], accept)


def is_mirrored(item: pytest.Item) -> bool:
    """Whether its requests go to the port; where that cannot be told, `check_marks` says so."""
    try:
        return not read_marks(item).is_off
    except ValueError:
        return False


def check_marks(item: pytest.Item) -> None:
    """Fail a test whose markers are written wrongly."""
    try:
        read_marks(item)
    except ValueError as error:
        pytest.fail(f"the parity marker of this test is written wrongly: {error}", pytrace=False)


def _modes(args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Iterable[str]:
    modes = [*args, *(value for name, value in kwargs.items() if name == "mode")]
    if unknown := sorted(kwargs.keys() - {"mode", "accept"}):
        raise ValueError(f"it takes no {unknown[0]!r}: mode, accept")
    if len(modes) > 1:
        raise ValueError("it takes one mode")
    if modes and modes[0] not in _MODES:
        raise ValueError(f"there is no mode {modes[0]!r}: {', '.join(_MODES)}")
    return modes


def _accept(kwargs: Mapping[str, Any]) -> dict[str, str]:
    accept = kwargs.get("accept", {})
    is_mapping = isinstance(accept, Mapping)
    if not is_mapping or any(not isinstance(text, str) for pair in accept.items() for text in pair):
        raise ValueError(f"accept is {accept!r}: a dict of path patterns with reasons is needed")
    check_accept(dict(accept))
    return dict(accept)
