"""Both applications, side by side.

A test that asks for `parity` has each request answered by both, which must agree, and asserts on
Flask's answer. One that asks for `client` runs on each side: it sees what a test client tidies up.
"""

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask, got_request_exception
from quart import Quart

import flask_app
import quart_app
from parity_tests.applications import PROTOCOLS, Applications, Sides
from parity_tests.clients import AsyncClient, read_answer
from quart_parity.clock import StandingClock, standing_clock
from quart_parity.mirror.pair import ParityClient

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


@pytest.fixture
def config() -> dict[str, Any]:
    """That of both applications behind `parity`; a parameter of this name takes its place."""
    return {}


@pytest.fixture(scope="session")
def references(_plain_environment: None) -> dict[str, Flask]:
    """The Flask applications that `parity` has asked, by their config."""
    return {}


@pytest.fixture
def parity_reference(config: dict[str, Any], references: dict[str, Flask]) -> Flask:
    """The one application with this config; the port beside it lives as long."""
    key = repr(sorted(config.items()))
    if key not in references:
        references[key] = flask_app.create_app(config)
    return references[key]


@pytest.fixture
def parity_candidate(config: dict[str, Any]) -> Callable[[Flask, dict[str, Any]], Quart]:
    """Makes the port of the same config, and of nothing that the reference has made of it."""
    return lambda _app, _carried: quart_app.create_app(config)


@pytest.fixture
def parity(
    clock: StandingClock, parity: ParityClient, monkeypatch: pytest.MonkeyPatch
) -> ParityClient:
    """The plugin's client, and more: while the clock stands both answers have the same bytes."""
    send = parity.open

    def send_alike(*args: Any, **kwargs: Any) -> Any:
        answer = send(*args, **kwargs)
        assert parity.last is not None
        ours, theirs = map(read_answer, parity.last)
        assert (theirs.status, theirs.fields, theirs.body) == (ours.status, ours.fields, ours.body)
        return answer

    monkeypatch.setattr(parity, "open", send_alike)
    return parity


@pytest.fixture
def raised() -> Iterator[list[BaseException]]:
    """The exceptions that reached Flask; by `parity` those that reached Quart are the same."""
    heard: list[BaseException] = []

    def hear(sender: object, exception: BaseException, **extra: object) -> None:
        heard.append(exception)

    with got_request_exception.connected_to(hear):
        yield heard


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
