"""Plain functions on Quart: one thread for those of a request, and one set of variables."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from typing import Any

import flask
import pytest
import quart
from quart import g, request

from quart_parity.compat import FlaskCompat
from quart_parity.compat.threads import WORKERS
from tests.compat.plain import VARIABLE, fetch, set_variable, workers
from tests.compat.sides import COMPAT, FLASK, CompatQuart, Side

MANY = 8


@pytest.fixture(autouse=True)
def _unused_workers() -> Iterator[None]:
    WORKERS.forget()
    yield
    WORKERS.forget()


def test_requests_at_the_same_time_have_a_thread_each() -> None:
    """No view reads what the hook of another request has put into a thread-local."""
    app, local = CompatQuart(__name__), threading.local()
    together = threading.Barrier(MANY, timeout=10)

    @app.before_request
    def load_user() -> None:
        local.user = request.args["user"]
        together.wait()

    @app.get("/")
    def view() -> str:
        together.wait()
        return str(local.user)

    users = [str(number) for number in range(MANY)]

    assert fetch(app, *(f"/?user={user}" for user in users)) == users
    assert workers() == (MANY, MANY)


def noting(app: Any, noted: list[tuple[str, int]]) -> None:
    """Have every kind of plain function note the thread it runs on."""

    def note(name: str) -> Callable[..., None]:
        return lambda *args, **kwargs: noted.append((name, threading.get_ident()))

    def after(response: Any) -> Any:
        note("after_request")()
        return response

    def handle(error: Exception) -> str:
        note("errorhandler")()
        return "handled"

    def view() -> Any:
        note("view")()
        (flask if isinstance(app, flask.Flask) else quart).after_this_request(after)
        raise KeyError

    blueprint_class: Any = flask.Blueprint if isinstance(app, flask.Flask) else quart.Blueprint
    inner, outer = blueprint_class("inner", __name__), blueprint_class("outer", __name__)
    for place in (inner, outer, app):
        place.before_request(note("before_request"))
        place.after_request(after)
        place.teardown_request(note("teardown_request"))
    app.teardown_appcontext(note("teardown_appcontext"))
    inner.register_error_handler(KeyError, handle)
    inner.add_url_rule("/", view_func=view)
    outer.register_blueprint(inner)
    app.register_blueprint(outer)


def functions_called(side: Side) -> list[tuple[str, int]]:
    """The plain functions that answer one request, in order, with their threads."""
    app = side.app_class(__name__)
    noted: list[tuple[str, int]] = []
    noting(app, noted)
    assert side.call(app).body == b"handled"
    return noted


def test_every_function_of_a_request_runs_on_its_thread() -> None:
    """Hooks, views, error handlers and teardown, nested blueprints' too, share a thread."""
    called, noted = functions_called(FLASK), functions_called(COMPAT)

    assert [name for name, _ in noted] == [name for name, _ in called]
    assert len({thread for _, thread in noted}) == 1


def test_context_processors_and_own_session_interfaces_run_on_the_thread() -> None:
    """What Quart calls in threads beyond the hooks is on the request's thread as well."""
    app, threads = CompatQuart(__name__), []

    class Sessions(quart.sessions.SecureCookieSessionInterface):
        def open_session(self, app: Any, request: Any) -> Any:
            threads.append(threading.get_ident())
            return quart.sessions.SecureCookieSession()

        def save_session(self, app: Any, session: Any, response: Any) -> Any:
            threads.append(threading.get_ident())

    app.session_interface = Sessions()

    @app.context_processor
    def extra() -> dict[str, Any]:
        return {"thread": threading.get_ident()}

    @app.get("/")
    async def view() -> str:
        return await quart.render_template_string("{{ thread }}")

    shown = fetch(app, "/")

    assert {*map(str, threads)} == {*shown}
    assert len(threads) == 2


def test_variables_go_from_function_to_function() -> None:
    """What a plain hook sets in a context variable, views and teardown functions have."""
    app, seen = CompatQuart(__name__), []

    @app.before_request
    def plain() -> None:
        VARIABLE.set(request.args["user"])

    @app.before_request
    async def asynchronous() -> None:
        VARIABLE.set(VARIABLE.get() + "!")

    @app.get("/plain")
    def plain_view() -> str:
        return VARIABLE.get()

    @app.get("/asynchronous")
    async def asynchronous_view() -> str:
        return VARIABLE.get()

    @app.teardown_appcontext
    def teardown(error: object) -> None:
        seen.append(VARIABLE.get())

    answers = fetch(app, "/plain?user=a", "/asynchronous?user=b")

    assert answers == ["a!", "b!"]
    assert sorted(seen) == ["a!", "b!"]
    assert VARIABLE.get() == "unset"


def test_tokens_of_variables_are_good_in_later_functions() -> None:
    """A plain teardown function can reset what a plain hook has set, and has the value before."""
    app, seen = CompatQuart(__name__), []

    @app.before_request
    def hook() -> None:
        g.token = VARIABLE.set("set")

    @app.get("/")
    async def view() -> str:
        return VARIABLE.get()

    @app.teardown_request
    def reset(error: object) -> None:
        VARIABLE.reset(g.token)

    @app.teardown_appcontext
    def teardown(error: object) -> None:
        seen.append((VARIABLE.get(), quart.has_request_context()))

    assert fetch(app, "/") == ["set"]
    assert seen == [("unset", False)]


def exhausted(*args: object) -> Any:
    """Let a StopIteration out."""
    return next(iter([]))


@pytest.mark.parametrize("place", ["view", "hook", "errorhandler"])
def test_stop_iteration_is_a_server_error(place: str) -> None:
    """A StopIteration that leaves a plain function is answered with 500, as in Flask."""
    for side in (FLASK, COMPAT):
        app = side.app_class(__name__)
        app.add_url_rule("/", "view", exhausted if place == "view" else lambda: 1 // 0)
        if place == "hook":
            app.before_request(exhausted)
        if place == "errorhandler":
            app.register_error_handler(ZeroDivisionError, exhausted)

        assert side.call(app).status == 500


def path() -> str:
    """The path of the current request."""
    return request.path


def test_functions_at_the_same_time_do_not_wait_for_each_other() -> None:
    """Plain functions that one request gathers run side by side, as on stock Quart."""
    app = CompatQuart(__name__)
    together = threading.Barrier(2, timeout=10)

    @app.get("/")
    async def view() -> str:
        function = app.ensure_async(together.wait)
        return str(sorted(await asyncio.gather(function(), function())))

    assert fetch(app, "/") == ["[0, 1]"]


def test_plain_functions_can_call_back() -> None:
    """A plain view that waits for a coroutine that needs a thread does not wait for ever."""
    app = CompatQuart(__name__)

    @app.before_request
    async def hook() -> None:
        g.loop = asyncio.get_running_loop()

    @app.get("/")
    def view() -> str:
        nested: Any = app.ensure_async(path)
        return str(asyncio.run_coroutine_threadsafe(nested(), g.loop).result(timeout=10))

    assert fetch(app, "/") == ["/"]


def test_plain_views_can_run_loops_of_their_own() -> None:
    """A plain function can use `asyncio.run`, as in Flask, though Quart has a loop."""
    app = CompatQuart(__name__)

    @app.get("/")
    def view() -> str:
        nested: Any = app.ensure_async(path)
        return str(asyncio.run(nested()))

    assert fetch(app, "/") == ["/"]


class Own(quart.Quart):
    """An application that runs plain functions in its own way."""

    def sync_to_async(self, func: Any) -> Any:
        async def inline(*args: Any, **kwargs: Any) -> Any:
            return func(*args, **kwargs)

        return inline


class MixedOwn(FlaskCompat, Own):
    """The same with compat."""


@pytest.mark.parametrize("make", [MixedOwn, lambda name: FlaskCompat.apply(Own(name))])
def test_own_way_of_running_functions_is_kept(make: Callable[[str], Any]) -> None:
    """An application's own `sync_to_async` goes before that of compat."""
    app = make(__name__)
    app.add_url_rule("/", "view", lambda: str(threading.get_ident()))

    assert fetch(app, "/") == [str(threading.get_ident())]


def test_piece_can_be_switched_off() -> None:
    """Without its piece plain functions run in the event loop's executor."""
    app = CompatQuart(__name__)
    app.config["FLASK_COMPAT"] = {"QP036": False}
    app.before_request(set_variable)
    app.add_url_rule("/", "view", lambda: VARIABLE.get())
    app.add_url_rule("/stream", "stream", lambda: quart.Response(iter(["a", "b"])))

    assert fetch(app, "/", "/stream") == ["unset", "ab"]
    assert workers() == (0, 0)


def test_existing_applications_get_the_threads() -> None:
    """`FlaskCompat.apply` gives an application that exists the same."""
    app = FlaskCompat.apply(quart.Quart(__name__))
    app.before_request(set_variable)
    app.add_url_rule("/", "view", lambda: VARIABLE.get())

    assert fetch(app, "/") == ["set"]
    assert workers() == (1, 1)
