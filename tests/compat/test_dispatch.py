"""Errors and teardown: compat calls the same functions as Flask, in its order, with its errors."""

import asyncio
from collections.abc import Callable
from typing import Any

import flask
import pytest
import quart
from werkzeug.routing import BaseConverter

from quart_parity.compat import FlaskCompat
from tests.compat.sides import (
    COMPAT,
    FLASK,
    STOCK,
    Answer,
    CompatQuart,
    Make,
    Side,
    call_asgi,
    cases,
)


def fail(side: Side) -> Any:
    """A view that fails."""
    raise ValueError("half done")


def observed(side: Side, make: Make, **config: Any) -> tuple[Any, list[str]]:
    """An application with one view, and what its functions note of each request."""
    app, noted = side.app(make, **config), list[str]()

    def note(name: str) -> Callable[..., Any]:
        return lambda error=None: noted.append(f"{name}: {error!r}")

    def after(response: Any) -> Any:
        noted.append("after_request")
        return response

    app.before_request(lambda: noted.append("before_request"))
    app.after_request(after)
    for name in ("first", "second"):
        app.teardown_request(note(f"{name} of request"))
        app.teardown_appcontext(note(f"{name} of context"))
    return app, noted


def seen(side: Side, make: Make, **kwargs: Any) -> tuple[Answer, list[str]]:
    """The answer to one request, and what the functions noted of it."""
    handlers = kwargs.pop("handlers", {})
    app, noted = observed(side, make, **kwargs.pop("config", {}))
    for error, handler in handlers.items():
        app.register_error_handler(error, handler)
    return side.call(app, **kwargs), noted


def broken_handler(error: Exception) -> Any:
    """A handler of errors that fails, too."""
    raise KeyError("of the handler")


ENDINGS: dict[str, tuple[Make, dict[str, Any]]] = {
    "done": (lambda side: "x", {}),
    "failed": (fail, {}),
    "aborted": (lambda side: side.abort(404), {}),
    "missing": (lambda side: side.abort(404), {"path": "/none", "method": "DELETE"}),
    "handled": (fail, {"handlers": {ValueError: lambda error: ("handled", 200)}}),
    "handled-as-500": (fail, {"handlers": {500: lambda error: ("handled", 500)}}),
    "handler-failed": (fail, {"handlers": {ValueError: broken_handler}}),
    "handler-of-500-failed": (fail, {"handlers": {500: broken_handler}}),
    "propagated": (fail, {"config": {"PROPAGATE_EXCEPTIONS": True}}),
    "testing": (fail, {"config": {"TESTING": True}}),
}


@pytest.mark.parametrize("ending", cases(ENDINGS))
def test_teardown_functions_get_what_flasks_get(ending: tuple[Make, dict[str, Any]]) -> None:
    """All functions are called in Flask's order, and get the error that Flask gives them."""
    make, kwargs = ending
    expected = seen(FLASK, make, **kwargs)

    assert len(expected[1]) >= 5
    assert seen(COMPAT, make, **kwargs) == expected


@pytest.mark.parametrize("code", ["QP038", "QP040"])
def test_each_piece_of_teardown_can_be_off(code: str) -> None:
    """Without the one piece errors are lost as in Quart; without the other the order is Quart's."""
    noted = seen(COMPAT, fail, config={"FLASK_COMPAT": {code: False}})[1]
    errors = {"QP038": "None", "QP040": "ValueError('half done')"}
    names = {"QP038": ["second", "first"], "QP040": ["first", "second"]}

    assert noted[-2:] == [f"{name} of context: {errors[code]}" for name in names[code]]
    assert noted[-4] == f"second of request: {errors[code]}"


def test_teardown_functions_of_blueprints_get_the_error() -> None:
    """So do those of nested blueprints, before the application's."""

    def noted(side: Side) -> list[str]:
        app, notes = observed(side, lambda side: "x")
        inner, outer = side.Blueprint("inner", __name__), side.Blueprint("outer", __name__)
        for blueprint in (inner, outer):
            blueprint.teardown_request(lambda error: notes.append(repr(error)))
        inner.add_url_rule("/inner/fail", "fail", side.function(fail))
        outer.register_blueprint(inner)
        app.register_blueprint(outer)
        side.call(app, "/inner/fail")
        return notes

    assert noted(COMPAT) == noted(FLASK)
    assert noted(COMPAT).count("ValueError('half done')") == 2


def test_ignored_errors_are_kept_from_teardown_functions() -> None:
    """`should_ignore_error` decides of errors that are answered and of propagated ones."""

    def noted(side: Side, propagate: bool) -> list[str]:
        app, notes = observed(side, fail, PROPAGATE_EXCEPTIONS=propagate)
        app.should_ignore_error = lambda error: isinstance(error, ValueError)
        side.call(app)
        return notes

    for propagate in (False, True):
        assert noted(COMPAT, propagate) == noted(FLASK, propagate)
        assert noted(COMPAT, propagate)[-1] == "first of context: None"


async def test_errors_of_requests_at_the_same_time_are_kept_apart() -> None:
    """Of overlapping requests each teardown function gets the error of its own."""
    app = CompatQuart(__name__)
    told: dict[str, str] = {}
    arrived, together = 0, asyncio.Event()

    @app.route("/<name>")
    async def view(name: str) -> str:
        nonlocal arrived
        arrived += 1
        if arrived == 4:
            together.set()
        await together.wait()
        if name.startswith("bad"):
            raise ValueError(name)
        return name

    @app.teardown_request
    async def note(error: BaseException | None) -> None:
        told[quart.request.path] = repr(error)

    paths = ["/bad1", "/good1", "/bad2", "/good2"]
    await asyncio.gather(*(call_asgi(app, path, "GET") for path in paths))

    assert told == {
        "/bad1": "ValueError('bad1')",
        "/bad2": "ValueError('bad2')",
        "/good1": "None",
        "/good2": "None",
    }


async def test_cancelled_request_is_torn_down_with_the_cancellation() -> None:
    """A request that is cancelled tells teardown functions so, also while an error is handled."""
    app = CompatQuart(__name__)
    told: list[Any] = []
    waiting = asyncio.Event()

    @app.route("/")
    async def view() -> str:
        raise ValueError

    @app.errorhandler(500)
    async def handler(error: Any) -> str:
        waiting.set()
        await asyncio.Event().wait()
        return "never"

    @app.teardown_request
    async def note(error: BaseException | None) -> None:
        told.append(type(error))

    request = app.test_request_context("/").request
    task = asyncio.create_task(app.handle_request(request))
    await waiting.wait()
    task.cancel()

    with pytest.raises(asyncio.CancelledError):
        await task
    assert told == [asyncio.CancelledError]


async def test_contexts_outside_requests_are_torn_down_in_reverse() -> None:
    """An application context alone calls its functions in reverse, and tells the signal."""
    app, noted = observed(COMPAT, lambda side: "x")
    signalled: list[Any] = []

    async def receiver(sender: Any, exc: Any) -> None:
        signalled.append(exc)

    connected = quart.signals.appcontext_tearing_down.connected_to(receiver, app)
    with connected, pytest.raises(ZeroDivisionError):
        async with app.app_context():
            raise ZeroDivisionError

    assert noted == [f"{name} of context: ZeroDivisionError()" for name in ("second", "first")]
    assert list(map(type, signalled)) == [ZeroDivisionError]


def test_teardown_of_the_applications_own_goes_before() -> None:
    """A class that tears down by itself, below or above compat, is not bypassed."""
    called: list[str] = []

    class Below(quart.Quart):
        """Somebody's Quart."""

        async def do_teardown_appcontext(self, exc: BaseException | None) -> None:
            called.append("below")
            await super().do_teardown_appcontext(exc)

        async def handle_request(self, request: Any) -> Any:
            called.append("request")
            return await super().handle_request(request)

    class App(FlaskCompat, Below):
        """With compat."""

    app = App(__name__)
    app.teardown_appcontext(lambda error: called.append("1"))
    app.teardown_appcontext(lambda error: called.append("2"))
    COMPAT.call(app)

    assert called == ["request", "below", "1", "2"]


class FlaskStore(flask.sessions.SecureCookieSessionInterface):
    """Sessions that cannot be opened for one path."""

    def open_session(self, app: Any, request: Any) -> Any:
        if request.path == "/down":
            raise ConnectionError("down")
        return super().open_session(app, request)


class QuartStore(quart.sessions.SecureCookieSessionInterface):
    """The same, asynchronous."""

    async def open_session(self, app: Any, request: Any) -> Any:
        if request.path == "/down":
            raise ConnectionError("down")
        return await super().open_session(app, request)


class Picky(BaseConverter):
    """A URL converter that fails."""

    def to_python(self, value: str) -> str:
        raise LookupError(value)


def early(side: Side, **config: Any) -> tuple[Any, list[str]]:
    """An application in which much fails before anything is dispatched."""
    app, noted = observed(side, lambda side: str(side.session.get("a")), SECRET_KEY="k")
    app.config.from_mapping(config)
    app.session_interface = FlaskStore() if side is FLASK else QuartStore()
    app.url_map.converters["picky"] = Picky
    app.add_url_rule("/picky/<picky:name>", "picky", side.function(lambda side: "x"))
    return app, noted


EARLY: dict[str, dict[str, Any]] = {
    "session": {"path": "/down"},
    "session-head": {"path": "/down", "method": "HEAD"},
    "converter": {"path": "/picky/a"},
    "host": {"headers": [("Host", "a..b")]},
    "nothing": {},
}


@pytest.mark.parametrize("kwargs", cases(EARLY))
@pytest.mark.parametrize("propagate", [False, True], ids=["answered", "propagated"])
def test_early_errors_are_handled_as_by_flask(kwargs: dict[str, Any], propagate: bool) -> None:
    """What fails before dispatching meets the hooks, teardown and propagation that Flask gives."""

    def outcome(side: Side) -> Any:
        app, noted = early(side, PROPAGATE_EXCEPTIONS=propagate)
        return side.call(app, **kwargs), noted

    expected = outcome(FLASK)

    assert expected[1][-1].startswith("first of context")
    assert outcome(COMPAT) == expected


@pytest.mark.parametrize("kwargs", cases(EARLY))
def test_early_errors_meet_the_handlers(kwargs: dict[str, Any]) -> None:
    """Handlers get the errors that they get from Flask, and can read session and request."""

    def outcome(side: Side) -> Any:
        app, noted = early(side)

        def handler(error: Any) -> Any:
            original = getattr(error, "original_exception", None)
            read = "" if original else str(side.session.get("a"))
            return f"{error.code} {original!r} {read} {side.request.endpoint}", error.code

        app.register_error_handler(400, handler)
        app.register_error_handler(500, handler)
        return side.call(app, **kwargs), noted

    assert outcome(COMPAT) == outcome(FLASK)


@pytest.mark.parametrize("name", ["session", "converter", "host"])
def test_stock_quart_lets_early_errors_escape(name: str) -> None:
    """Without compat, or with QP024 off, they reach the server, and no function is called."""
    stock, off = early(STOCK), early(COMPAT, FLASK_COMPAT={"QP024": False})
    answers = [side.call(app, **EARLY[name]) for side, (app, _) in ((STOCK, stock), (COMPAT, off))]

    assert answers[0] == answers[1]
    assert answers[0].status is None
    assert stock[1] == off[1] == []


async def test_contexts_for_tests_raise_what_opening_them_raises() -> None:
    """Outside of requests there is nobody to answer, so that the error is raised."""
    app, _ = early(COMPAT)

    with pytest.raises(ConnectionError):
        async with app.test_request_context("/down"):
            pass
    async with app.test_request_context("/", headers={"Host": "a..b"}) as context:
        copy = context.copy()
        assert copy.request.routing_exception.code == 400
        assert copy.url_adapter is None


async def test_failing_signal_reaches_the_server() -> None:
    """What fails before the context is current cannot be handled, and is raised as it is."""
    app, noted = observed(COMPAT, lambda side: "x")

    async def receiver(sender: Any) -> None:
        raise LookupError("of the signal")

    with quart.signals.appcontext_pushed.connected_to(receiver, app):
        answer = await call_asgi(app, "/", "GET")

    assert answer.raised is LookupError
    assert noted == []


@pytest.mark.parametrize("off", [False, True], ids=["on", "off"])
async def test_queries_that_are_no_utf8_do_no_harm(off: bool) -> None:
    """Raw bytes in the query, which HTTP/2 lets through, do not keep a view from being called."""
    app = COMPAT.app(lambda side: side.request.query_string, FLASK_COMPAT={"QP024": not off})
    request = app.test_request_context("/").request
    request.query_string = b"q=\xff"

    if off:
        with pytest.raises(UnicodeDecodeError):
            await app.handle_request(request)
    else:
        response = await app.handle_request(request)
        assert await response.get_data() == b"q=\xff"
