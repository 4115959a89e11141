"""Ports that forget to await, beside an original that answers the same."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Flask
from quart import Quart

from quart_parity import Report, Scenario, check
from quart_parity.drivers.raised import relative
from quart_parity.drivers.unawaited import Noter
from tests.builders import raw_request
from tests.shops import walk

PATIENCE = 10.0
"""Seconds for threads that end at once."""
View = Callable[[], Awaitable[str]] | Callable[[], str]


async def greet() -> None:
    """What nobody awaits."""


forget: Any = greet
"""The same for those who check types, and would find what is to be found here."""


def original(*paths: str) -> Flask:
    """Answers each path alike."""
    app = Flask("original", static_folder=None)
    for path in paths:
        app.add_url_rule(path, path.replace("/", "_"), lambda: "same")
    return app


def port(**views: View) -> Quart:
    """Answers each path, which is a view's name, with what that returns."""
    app = Quart("port", static_folder=None)
    for name, view in views.items():
        app.add_url_rule(f"/{name}", name, view)
    return app


def compared(*scenarios: Scenario, causes: bool = False, **views: View) -> Report:
    """Play the scenarios on both; where there are none, one that asks for each view."""
    paths = [f"/{name}" for name in views]
    return check(original(*paths), port(**views), scenarios or [walk(*paths)], causes=causes)


def forgotten(report: Report) -> list[tuple[str, int, Any, str | None]]:
    """Scenario and request, the names and places that the candidate has, where only it has any."""
    return [
        (one.scenario, one.request, one.candidate, one.places[1])
        for one in report.differences
        if one.path == "unawaited" and not one.reference
    ]


def at(file: str, mark: str) -> str:
    """The place of the line that ends with this comment."""
    lines = Path(file).read_text().splitlines()
    [number] = [n for n, line in enumerate(lines, 1) if line.endswith(f"  # {mark}")]
    return f"{relative(file)}:{number}"


@contextmanager
def noting(noter: Noter) -> Iterator[None]:
    """What an exchange is for the one that notes."""
    noter.begin(raw_request())
    try:
        yield
    finally:
        noter.end(PATIENCE)
