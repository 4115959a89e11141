"""Starting and ending: which teardown functions are called; and mount points."""

import asyncio
from typing import Any

import pytest
import quart

from quart_parity.compat import FlaskCompat
from tests.compat.sides import CompatQuart


def serve(app: Any) -> None:
    """Start and end serving, with one request in between."""

    async def run() -> None:
        async with app.test_app() as serving:
            await serving.test_client().get("/")

    asyncio.run(run())


def test_nothing_is_torn_down_where_nothing_was_set_up() -> None:
    """A teardown function that relies on `before_request` keeps no server from starting."""
    app, closed = CompatQuart(__name__), []

    @app.before_request
    async def opens() -> None:
        quart.g.database = "open"

    @app.teardown_appcontext
    async def closes(error: object) -> None:
        closed.append(quart.g.database)

    serve(app)

    assert closed == ["open"]


def test_functions_of_serving_are_torn_down() -> None:
    """Where the application has functions for start or end, their contexts are torn down."""
    app, events = CompatQuart(__name__), []
    app.before_serving(lambda: events.append("before"))
    app.after_serving(lambda: events.append("after"))
    app.teardown_appcontext(lambda error: events.append("teardown"))
    serve(app)

    assert events == ["before", "teardown", "teardown", "after", "teardown"]


def test_generators_of_serving_are_torn_down() -> None:
    """A `while_serving` function counts at both ends."""
    app, events = CompatQuart(__name__), []
    app.teardown_appcontext(lambda error: events.append("teardown"))

    @app.while_serving
    async def lifespan() -> Any:
        events.append("start")
        yield
        events.append("end")

    serve(app)

    assert events == ["start", "teardown", "teardown", "end", "teardown"]


class Own(quart.Quart):
    """Starts in a way of its own."""

    started = False

    async def startup(self) -> None:
        self.started = True
        await super().startup()


def test_own_startup_is_called() -> None:
    """An application's own `startup` is called as before."""
    app = FlaskCompat.apply(Own(__name__))
    serve(app)

    assert app.started


def ask(app: Any, *paths: str, root_path: str) -> list[Any]:
    """Statuses, or targets of redirects, and bodies without slashes at the ends of lines."""

    async def get(path: str) -> Any:
        response = await app.test_client().get(path, root_path=root_path)
        return response.location or (response.status_code, await response.get_data(as_text=True))

    async def get_all() -> list[Any]:
        return [await get(path) for path in paths]

    return asyncio.run(get_all())


def mounted() -> Any:
    """An application that tells what it was asked for; 404s are short."""
    app = CompatQuart(__name__)

    async def view(path: str = "") -> str:
        return f"{quart.request.script_root} {quart.request.path} {quart.url_for('view')}"

    async def missing(error: object) -> Any:
        return "missing", 404

    app.add_url_rule("/", "index", view)
    app.add_url_rule("/<path:path>", "view", view, defaults={"path": "x"})
    app.add_url_rule("/x", "view", view)
    app.register_error_handler(404, missing)
    return app


@pytest.mark.parametrize(
    ("path", "answer"),
    [
        ("/app/", (200, "/app / /app/x")),
        ("/app/x", (200, "/app /x /app/x")),
        ("/appx", (404, "missing")),
        ("/app", "http://localhost/app/"),
        ("/other", (404, "missing")),
    ],
)
def test_mount_points_are_whole_segments(path: str, answer: Any) -> None:
    """Below the mount point is what goes on with a slash; the point itself redirects there."""
    assert ask(mounted(), path, root_path="/app") == [answer]


def test_mount_points_may_end_with_a_slash() -> None:
    """A root path that ends with a slash, or that there is none, is as on stock Quart."""
    assert ask(mounted(), "/app/x", root_path="/app/")[0][0] == 200
    assert ask(mounted(), "/x", root_path="")[0][0] == 200


def test_mount_points_can_be_left_to_quart() -> None:
    """Without its piece a path that merely begins like the mount point is below it."""
    app = mounted()
    app.config["FLASK_COMPAT"] = {"QP053": False}

    assert [status for status, _ in ask(app, "/appx", "/other", root_path="/app")] == [200, 200]
