"""What is known of one way in which Quart departs from Flask."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, get_args

from ..report import Difference
from ..scenario import Request

if TYPE_CHECKING:
    from flask import Flask
    from quart import Quart

Area = Literal["responses", "sessions", "files", "requests", "hooks", "routing"]
Severity = Literal["security", "data loss", "crash", "visible", "cosmetic"]
AREAS: tuple[Area, ...] = get_args(Area)
SEVERITIES: tuple[Severity, ...] = get_args(Severity)
"""The worst first."""
SERVER_ERROR = ("status", "raised", "body", "header.content-length", "header.content-type")
"""The paths of what differs where one side answers a page and the other 500."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Divergence:
    """One entry of the catalogue. Texts are Markdown in the present tense."""

    code: str
    """`QP001` and so on; never given to another divergence."""
    title: str
    """What goes wrong, in one line without a full stop."""
    area: Area
    severity: Severity
    """The worst of its symptoms."""
    flask: str
    """What Flask does."""
    quart: str
    """What Quart does instead; each symptom, where there are several."""
    cause: str
    """The functions in Quart's source, with dotted names, and what about them is the cause."""
    affects: Mapping[str, str]
    """Distributions and the versions of them that have it: `{"quart": ">=0.19"}`."""
    by_hand: str
    """How to write the port so that it does not bite, without compat."""
    by_compat: str
    """What compat does about it."""
    original: Callable[[], Flask]
    """Builds the least Flask application that shows it."""
    port: Callable[[], Quart]
    """Builds its faithful port to stock Quart."""
    requests: tuple[Request, ...] = (Request(path="/"),)
    """Played on both, these show it."""
    shows: tuple[str, ...] = ("**",)
    """Patterns of the paths at which it shows."""
    observe: Callable[[Any], Any] | None = None
    """In place of `requests`, where these cannot show it: calls either application, and returns
    plain values in which the two differ."""
    recognise: Callable[[Difference], bool] | None = None
    """Whether a single difference can be nothing else, for sides that cannot be experimented
    with."""
    intended: str = ""
    """Why compat leaves it alone, wholly or unless it is switched on; empty where it does not."""
    opt_in: bool = False
    """Whether compat mends it only where `FLASK_COMPAT` switches it on."""
