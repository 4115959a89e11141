"""An application that does not answer: a difference in time, whatever it blocks."""

import asyncio
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from quart import Quart

from quart_parity import Report, StartError, check
from tests.shops import flask_shop, quart_shop, told, walk

SHORT = 0.2
"""Seconds for an answer that never comes."""


@pytest.fixture(autouse=True)
def _little_grace(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give up a blocked thread sooner than a user would want to."""
    monkeypatch.setattr("quart_parity.worker.GRACE", 0.3)


@pytest.fixture
def released() -> Iterator[threading.Event]:
    """An event on which a view blocks; at the end it is set, and its threads are waited for."""
    before = set(threading.enumerate())
    event = threading.Event()
    yield event
    event.set()
    for thread in set(threading.enumerate()) - before:
        # Compat keeps its idle workers for the next request.
        if not thread.name.startswith("quart-request"):
            thread.join(10)


def blocking(event: threading.Event) -> Any:
    """A factory of a Flask application with a view that blocks until the event is set."""

    def create_app() -> Flask:
        app = flask_shop()
        app.add_url_rule("/hang", view_func=lambda: str(event.wait(30)))
        return app

    return create_app


def waiting(event: threading.Event) -> Any:
    """A factory of a Quart application with views that hang, one async and one in a thread."""

    def create_app() -> Quart:
        app = quart_shop()

        @app.get("/hang")
        async def hang() -> str:
            await asyncio.get_running_loop().create_future()
            return ""

        @app.get("/block")
        def block() -> str:
            return str(event.wait(30))

        return app

    return create_app


HANG = {"broken": "no answer within 0.2 s"}


def broken(report: Report) -> list[tuple[int, bool, bool]]:
    """For every exchange that broke: its position, and which side it was."""
    return [
        (request, ours == HANG["broken"], theirs == HANG["broken"])
        for request, path, ours, theirs in told(report)
        if path == "broken"
    ]


def test_a_reference_that_blocks_is_a_difference(released: threading.Event) -> None:
    """A blocked view costs its own exchange; what comes before and after is still compared."""
    scenario = walk("/other", "/hang", "/same")
    report = check(
        blocking(released), quart_shop, [scenario, walk("/other", name="b")], timeout=SHORT
    )

    assert broken(report) == [(1, True, False)]
    assert [(d.scenario, d.request) for d in report.differences if "price" in d.path] == [
        ("walk", 0),
        ("b", 0),
    ]
    assert report.exchanges == 4


def test_a_candidate_that_blocks_is_a_difference(released: threading.Event) -> None:
    """The candidate's thread is given up as the reference's is."""
    report = check(
        flask_shop,
        blocking(released),
        [walk("/same", "/hang"), walk("/same", name="b")],
        timeout=SHORT,
    )

    assert broken(report) == [(1, False, True)]
    assert report.exchanges == 3


@pytest.mark.parametrize("path", ["/hang", "/block"])
@pytest.mark.parametrize("fresh", [False, True], ids=["shared", "fresh"])
def test_a_hung_quart_view_is_a_difference(
    released: threading.Event, path: str, fresh: bool
) -> None:
    """An async view that waits, and a plain one that blocks, are cut off at the limit."""
    report = check(flask_shop, waiting(released), [walk(path)], timeout=SHORT, fresh=fresh)

    assert broken(report) == [(0, False, True)]


def test_sessions_before_a_hang_are_compared_decoded(released: threading.Event) -> None:
    """A side that is given up has not lost the sessions that it gave before."""
    report = check(blocking(released), quart_shop, [walk("/login", "/hang")], timeout=SHORT)

    assert {path for request, path, _, _ in told(report) if request == 0} <= {"header.vary"}


def test_an_application_that_hangs_while_it_is_made_does_not_start(
    released: threading.Event,
) -> None:
    """A factory has as long as an answer."""

    def create_app() -> Flask:
        released.wait(30)
        return Flask("late")

    with pytest.raises(StartError, match=r"did not start: no answer within 0\.2 s"):
        check(create_app, quart_shop, [walk("/same")], timeout=SHORT)
