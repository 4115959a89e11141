"""Every reported difference says what causes it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from io import BytesIO
from typing import Any

import flask
import pytest
import quart
from quart import send_file

from quart_parity import Difference, Report, Request, Scenario, check
from quart_parity.compat import FlaskCompat

KEY = "a key for tests"


def flask_app() -> flask.Flask:
    app = flask.Flask(__name__)
    app.secret_key = KEY

    @app.get("/read")
    def read() -> Any:
        return str(flask.session.get("name"))

    @app.get("/created")
    def created() -> Any:
        return "created", "201 CREATED"

    @app.get("/file")
    def file() -> Any:
        return flask.send_file(BytesIO(b"x"), download_name="a.txt")

    @app.get("/both")
    def both() -> Any:
        return f"flask {flask.session.get('name')}", "201 CREATED"

    visits: list[int] = []

    @app.get("/once")
    def once() -> Any:
        visits.append(1)
        return str(flask.session.get("name")), 409 if visits[1:] else 200

    return app


def quart_app(app_class: type[quart.Quart] = quart.Quart) -> quart.Quart:
    app = app_class(__name__)
    app.secret_key = KEY

    @app.get("/read")
    async def read() -> Any:
        return str(quart.session.get("name"))

    @app.get("/created")
    async def created() -> Any:
        return "created", "201 CREATED"

    @app.get("/file")
    async def file() -> Any:
        return await send_file(BytesIO(b"x"), download_name="a.txt")  # type: ignore[call-arg]  # as in Flask

    @app.get("/both")
    async def both() -> Any:
        return f"quart {quart.session.get('name')}", "201 CREATED"

    visits: list[int] = []

    @app.get("/once")
    async def once() -> Any:
        visits.append(1)
        return str(quart.session.get("name")), 409 if visits[1:] else 200

    return app


def compared(reference: Any, candidate: Any, *paths: str) -> Report:
    return check(reference, candidate, [Scenario("s", [Request(path=path) for path in paths])])


def causes(report: Report) -> dict[str, tuple[str, ...] | None]:
    return {one.path: one.divergences for one in report.differences}


PAIRS = [
    pytest.param(flask_app, quart_app, id="factories"),
    pytest.param(flask_app(), quart_app(), id="instances"),
]
Make = Callable[[], Any]


@pytest.mark.parametrize(("reference", "candidate"), PAIRS)
def test_a_difference_carries_the_code_of_its_cause(reference: Any, candidate: Any) -> None:
    """A session read that does not say so is known, whether the sides are built or given."""
    assert causes(compared(reference, candidate, "/read")) == {"header.vary": ("QP021",)}


@pytest.mark.parametrize(("reference", "candidate"), PAIRS)
def test_each_request_has_its_own_cause(reference: Any, candidate: Any) -> None:
    """What one request is blamed for is not what another is."""
    report = compared(reference, candidate, "/read", "/created")
    found = {(one.request, one.divergences) for one in report.differences}

    assert found == {(0, ("QP021",)), (1, ("QP001",))}


def test_a_function_that_was_imported_from_quart_is_known() -> None:
    """What a module imported by name is tried out with compat's, and is Quart's own again after."""
    report = compared(flask_app, quart_app, "/file")

    assert {one.divergences for one in report.differences} == {("QP026",)}
    assert send_file is quart.send_file
    assert quart.send_file.__module__ == "quart.helpers"


def test_what_no_divergence_causes_is_the_ports_own() -> None:
    """Behind the crash that compat closes, the port's text still differs."""
    mended = type("Mended", (FlaskCompat, quart.Quart), {})
    report = compared(flask_app, lambda: quart_app(mended), "/both")

    assert causes(report) == {"body": ()}
    assert report.causes == {"port": 1}


def test_the_application_is_as_it_was() -> None:
    """An instance that was mended for a while is the stock one again."""
    app = quart_app()
    before = dict(vars(app))
    compared(flask_app(), app, "/read", "/file")
    after = dict(vars(app))

    assert type(app) is quart.Quart
    assert {name: after[name] for name in before} == before
    assert "_flask_compat_on" not in after


def test_a_piece_that_is_switched_off_is_named() -> None:
    """With compat in use, what someone switched off is the cause."""
    app = quart_app(type("Mended", (FlaskCompat, quart.Quart), {}))
    app.config["FLASK_COMPAT"] = {"QP021": False}

    assert causes(compared(flask_app, app, "/read")) == {"header.vary": ("QP021",)}
    assert app.config["FLASK_COMPAT"] == {"QP021": False}


def test_a_wrapped_application_is_judged_by_signs() -> None:
    """Where compat cannot be put in, a difference that can be one thing only is still named."""
    app = quart_app()

    async def wrapped(scope: Any, receive: Any, send: Any) -> None:
        await app(scope, receive, send)

    class Wrapper:
        async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
            await wrapped(scope, receive, send)

    report = compared(flask_app, Wrapper(), "/read", "/both")
    found = {(one.request, one.path): one.divergences for one in report.differences}

    assert found[0, "header.vary"] == ("QP021",)
    assert found[1, "status"] is None


def test_what_cannot_be_repeated_is_judged_by_signs() -> None:
    """An instance that answers otherwise the second time gives no experiment, but no nonsense."""
    report = compared(flask_app(), quart_app(), "/once")

    assert causes(report) == {"header.vary": ("QP021",)}


def test_a_factory_that_works_once_leaves_the_causes_out() -> None:
    """Where no second application can be built the report says so, and differences stay."""
    built: list[quart.Quart] = []

    def once() -> quart.Quart:
        if built:
            raise RuntimeError("no second one")
        built.append(quart_app())
        return built[0]

    report = compared(flask_app, once, "/created")

    assert {one.divergences for one in report.differences} == {None}
    assert "no second one" in str(report.unexplained)


def test_parity_costs_no_experiment() -> None:
    """Where nothing differs nothing is played or built again."""
    built: list[quart.Quart] = []

    def factory() -> quart.Quart:
        built.append(quart_app(type("Mended", (FlaskCompat, quart.Quart), {})))
        return built[-1]

    assert compared(flask_app, factory, "/read", "/created").ok
    assert len(built) == 1


def test_causes_can_be_left_out() -> None:
    """Whoever wants nothing played again gets the differences alone."""
    asked: list[str] = []
    app = quart_app()
    app.before_request(lambda: asked.append(quart.request.path))
    scenario = Scenario("s", [Request(path="/read")])
    [one] = check(flask_app(), app, [scenario], causes=False).differences

    assert one.divergences is None
    assert asked == ["/read"]


def test_differences_cost_three_further_runs_at_most() -> None:
    """The candidate answers each request of a differing scenario four times at most."""
    asked: list[str] = []

    def factory() -> quart.Quart:
        app = quart_app()
        app.before_request(lambda: asked.append(quart.request.path))
        return app

    report = compared(flask_app, factory, "/read", "/created", "/both", "/file")

    assert report.count > 4
    assert max(asked.count(path) for path in asked) <= 4


def test_sides_that_are_no_port_have_no_causes() -> None:
    """Two Flask applications differ by themselves; nothing is said of Quart."""
    other = flask_app()
    other.after_request(lambda response: response.headers.update(x="1") or response)
    [one] = compared(flask_app, other, "/created").differences

    assert isinstance(one, Difference)
    assert one.divergences is None
    assert "quart_parity.attribution" in sys.modules
