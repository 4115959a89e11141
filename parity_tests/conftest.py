"""Both applications, side by side: a test that asks for `client` runs on each."""

import os
from collections.abc import Iterator

import pytest

from parity_tests.applications import PROTOCOLS, Applications, Sides
from parity_tests.clients import AsyncClient
from quart_parity.clock import StandingClock, standing_clock

START = 1_800_000_000
"""Where `clock` stands: Fri, 15 Jan 2027 08:00:00 GMT."""


@pytest.fixture(scope="session", autouse=True)
def _plain_environment() -> Iterator[None]:
    """What the developer's shell sets must not reach the factories."""
    with pytest.MonkeyPatch.context() as patch:
        for name in list(os.environ):
            if name.startswith(("PARITY_", "FLASK_", "QUART_")):
                patch.delenv(name)
        yield


@pytest.fixture(scope="session")
def sides(_plain_environment: None) -> Iterator[Sides]:
    """Both sides' applications, kept for the whole run."""
    sides = {side: Applications(side) for side in PROTOCOLS}
    yield sides
    for applications in sides.values():
        applications.close()


@pytest.fixture(params=PROTOCOLS)
def apps(request: pytest.FixtureRequest, sides: Sides) -> Applications:
    """One side's applications."""
    return sides[request.param]


@pytest.fixture
def client(apps: Applications) -> AsyncClient:
    """A new client for one side's application, as its factory makes it without configuration."""
    return apps.client()


@pytest.fixture(params=[("flask", "quart"), ("quart", "flask")], ids="-to-".join)
def crossing(request: pytest.FixtureRequest, sides: Sides) -> tuple[Applications, Applications]:
    """The side that a visit begins on, and the other, on which it goes on."""
    first, second = request.param
    return sides[first], sides[second]


@pytest.fixture
def clock() -> Iterator[StandingClock]:
    """The process's clock, standing at `START` until a test moves it."""
    with standing_clock() as clock:
        clock.move_to(START)
        yield clock
