"""Finding causes disturbs nothing: neither the applications nor the run."""

from __future__ import annotations

import gc
import logging
import threading
import warnings
from collections.abc import Callable, Iterator
from signal import SIGINT, pthread_kill
from threading import Event
from typing import Any

import flask
import pytest
import quart
from jinja2 import DictLoader

from quart_parity import Report, Request, Scenario, check
from quart_parity.compat import FlaskCompat
from quart_parity.compat.threads import WORKERS
from quart_parity.runner import Runner

LEFT_BEHIND = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
"""A loop that is blocked cannot be closed; what it holds is collected some time."""
SCENARIO = Scenario("s", [Request(path="/created")])


def flask_app() -> flask.Flask:
    app = flask.Flask(__name__)
    app.secret_key = "a key for tests"
    visits: list[int] = []

    @app.get("/created")
    def created() -> Any:
        visits.append(1)
        return f"number {len(visits)}", "201 CREATED"

    @app.get("/read")
    def read() -> Any:
        return str(flask.session.get("name"))

    @app.get("/blocked")
    def blocked() -> Any:
        return "done"

    return app


def quart_app(
    app_class: type[quart.Quart] = quart.Quart, blocked: Callable[[], None] = lambda: None
) -> quart.Quart:
    app = app_class(__name__)
    app.secret_key = "a key for tests"
    visits: list[int] = []

    @app.get("/created")
    async def created() -> Any:
        visits.append(1)
        return f"number {len(visits)}", "201 CREATED"

    @app.get("/read")
    async def read() -> Any:
        return str(quart.session.get("name"))

    @app.get("/blocked")
    async def block() -> Any:
        blocked()
        return "done"

    return app


@pytest.fixture(autouse=True)
def _collected() -> Iterator[None]:
    """What interruptions and blocked applications leave behind is gone before the next test."""
    before = set(threading.enumerate())
    # What is logged is kept for reports, with its traceback and whatever is in that.
    logging.disable()
    yield
    with warnings.catch_warnings():
        # Loops that nobody closed any more go with their threads.
        warnings.simplefilter("ignore")
        # Compat keeps its idle workers for the next request; one that it has dropped ends.
        kept = {thread for worker in list(WORKERS._alive) for thread in worker._threads}
        for thread in set(threading.enumerate()) - before - kept:
            thread.join(10)
        for worker in list(WORKERS._alive):
            # What it has done last is gone when it has done something else.
            worker.submit(int).result(10)
        gc.collect()
    logging.disable(logging.NOTSET)


@pytest.fixture
def released(monkeypatch: pytest.MonkeyPatch) -> Iterator[Event]:
    """An event on which a view blocks, set at the end."""
    monkeypatch.setattr("quart_parity.worker.GRACE", 0.3)
    event = Event()
    yield event
    event.set()


def causes(report: Report) -> set[tuple[str, ...] | None]:
    return {one.divergences for one in report.differences}


@pytest.mark.parametrize("kinds", ["instance, factory", "factory, instance", "same, same"])
def test_applications_that_remember_are_played_in_step(kinds: str) -> None:
    """What one side has counted and the other has not is never taken for the port's error."""
    ours, theirs = flask_app(), quart_app()
    reference, candidate = {
        "instance, factory": (ours, quart_app),
        "factory, instance": (flask_app, theirs),
        "same, same": (flask_app, lambda: theirs),
    }[kinds]

    assert causes(check(reference, candidate, [SCENARIO])) == {("QP001",)}
    assert type(theirs) is quart.Quart


class Closed(quart.Quart):
    """A class that nothing can be derived from."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        raise TypeError("not to be extended")


@pytest.mark.parametrize("is_factory", [True, False])
def test_a_class_that_takes_no_compat_is_reported(is_factory: bool) -> None:
    """Where compat cannot be put in the report says so, and the application is as it was."""
    app = quart_app(Closed)
    views = app.view_functions
    report = check(flask_app, (lambda: app) if is_factory else app, [SCENARIO])

    assert causes(report) == {None}
    assert "not to be extended" in str(report.unexplained)
    assert app.view_functions is views


def test_a_second_run_finds_causes_again() -> None:
    """A runner may run twice; its experiments do not wait for the first run's thread."""
    runner = Runner(flask_app, quart_app, timeout=20)
    found = [result for _ in range(2) for result in runner.run([SCENARIO])]

    assert [{one.divergences for one in each.differences} for each in found] == [{("QP001",)}] * 2


@LEFT_BEHIND
@pytest.mark.parametrize("when", ["always", "with compat"])
def test_an_instance_that_blocks_is_left_behind_once(when: str, released: Event) -> None:
    """Scenarios after one that blocks, in the run or in an experiment, are played and explained."""

    def block() -> None:
        if when == "always" or isinstance(quart.current_app, FlaskCompat):
            released.wait(10)

    app = quart_app(blocked=block)
    paths = ["/read", "/blocked", "/read", "/created"]
    scenarios = [Scenario(path, [Request(path=path), Request(path="/read")]) for path in paths]
    report = check(flask_app(), app, scenarios, timeout=0.2)
    found = {(one.target, one.divergences) for one in report.differences}

    assert {("/read", ("QP021",)), ("/created", ("QP001",))} <= found
    assert type(app) is quart.Quart


@LEFT_BEHIND
def test_what_blocks_only_with_compat_is_not_the_ports_error(released: Event) -> None:
    """An experiment that breaks off tells nothing of the status it was made for."""

    def block() -> None:
        if isinstance(quart.current_app, FlaskCompat):
            released.wait(10)
        raise StopAsyncIteration

    app = quart_app(blocked=block)
    report = check(flask_app(), app, [Scenario("s", [Request(path="/blocked")])], timeout=0.2)

    assert {one.path: one.divergences for one in report.differences}["status"] is None


@LEFT_BEHIND
def test_an_interrupted_experiment_leaves_the_application_as_it_was(
    released: Event,
) -> None:
    """Ctrl-C while compat is in the application takes it out again, and names come back."""

    def block() -> None:
        if isinstance(quart.current_app, FlaskCompat):
            pthread_kill(threading.main_thread().ident or 0, SIGINT)
            released.wait(10)

    app = quart_app(blocked=block)
    before = {*vars(app), "shutdown_event"}
    scenario = Scenario("s", [Request(path="/read"), Request(path="/blocked")])
    with pytest.raises(KeyboardInterrupt):
        check(flask_app(), app, [scenario], timeout=20)

    assert type(app) is quart.Quart
    assert set(vars(app)) == before
    assert quart.send_file.__module__ == "quart.helpers"


def templates(app: Any) -> Any:
    app.jinja_loader = DictLoader({"page": "page"})
    app.add_url_rule("/page", "page", lambda: app.jinja_env.get_template("page").render())
    return app


@LEFT_BEHIND
@pytest.mark.filterwarnings("ignore:coroutine 'Template.render_async':RuntimeWarning")
def test_loaded_templates_are_loaded_anew() -> None:
    """A template that Quart has loaded renders as compat's in the experiment, and not after."""
    app = templates(quart_app())
    app.view_functions["page"] = _page
    environment = app.jinja_env
    report = check(templates(flask_app()), app, [Scenario("s", [Request(path="/page")])])
    before = dict(vars(environment))
    check(templates(flask_app()), app, [Scenario("s", [Request(path="/page")])])
    gc.collect()

    assert causes(report) == {("QP051",)}
    assert vars(environment) == before
    assert app.jinja_env is environment


async def _page() -> Any:
    try:
        return quart.current_app.jinja_env.get_template("page").render()
    except RuntimeError:
        # The coroutine that Jinja has made goes here, and not with a traceback later.
        return "not rendered", 500


def test_an_environment_made_in_an_experiment_goes_with_it() -> None:
    """Compat's templates do not stay in an application that had none before."""
    app = quart_app()
    made: list[Any] = []

    async def render() -> Any:
        if isinstance(quart.current_app, FlaskCompat):
            made.append(quart.current_app.jinja_env)
        return "done", "200 OK"

    app.view_functions["block"] = render
    check(flask_app(), app, [Scenario("s", [Request(path="/blocked")])])

    assert made
    assert "jinja_env" not in vars(app)


def test_another_flask_application_is_not_judged_by_quarts_signs() -> None:
    """A candidate that is no Quart has none of Quart's divergences, whatever it looks like."""
    other = flask_app()
    inner = other.wsgi_app

    def unvaried(environ: Any, start: Any) -> Any:
        def begin(status: str, headers: list[Any], *rest: Any) -> Any:
            return start(status, [one for one in headers if one[0] != "Vary"], *rest)

        return inner(environ, begin)

    other.wsgi_app = unvaried  # type: ignore[assignment]  # as middleware is put in
    report = check(flask_app(), other, [Scenario("s", [Request(path="/read")])])

    assert causes(report) == {None}
    assert "Quart applications only" in str(report.unexplained)
