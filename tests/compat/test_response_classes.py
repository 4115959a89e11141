"""Response classes of the application's own, and what the frameworks make without a view."""

import asyncio
from typing import Any

import pytest
import quart
from quart.testing.connections import WebsocketResponseError
from quart.wrappers.response import IterableBody
from werkzeug.datastructures import Headers
from werkzeug.exceptions import ImATeapot
from werkzeug.wrappers import Response as WerkzeugResponse

from quart_parity import compat
from quart_parity.compat.switches import override
from quart_parity.trials import Pieces
from tests.compat.sides import COMPAT, FLASK, CompatQuart, Side


class Named(ImATeapot):
    """An error that tells whether it got an environ."""

    def get_body(self, environ: Any = None, scope: Any = None) -> str:
        return str(environ is not None)


class KeywordsOnly(quart.Response):
    """A constructor that takes all but the body by name, and looks at the headers."""

    def __init__(self, response: Any = None, **kwargs: Any) -> None:
        super().__init__(response, **kwargs)
        self.headers["X-Made-With"] = f"{self.status_code} {self.headers.get('X-A')}"


class Positional(quart.Response):
    """A constructor that takes all that Quart's takes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.headers["X-Made-With"] = f"{self.status_code} {self.headers.get('X-A')}"


@pytest.mark.parametrize("response_class", [KeywordsOnly, Positional])
def test_constructor_of_the_application_is_given_status_and_headers(response_class: Any) -> None:
    """A class of the application's own sees them as it is made, unless the piece is off."""
    app = COMPAT.app(lambda side: ("x", 201, {"X-A": "1"}))
    app.response_class = response_class
    override(app, pieces := Pieces.but())
    on = COMPAT.call(app)
    pieces.put_off({"QP004"})
    off = COMPAT.call(app)

    assert (on.status, on.field("x-made-with")) == (201, "201 1")
    assert (off.status, off.field("x-made-with")) == (201, "200 None")


class Special(quart.Response):
    """A response with a method of its own."""

    def mark(self) -> None:
        self.headers["X-Marked"] = "special"


@pytest.mark.parametrize("response_class", [quart.Response, compat.Response])
def test_response_of_a_class_that_extends_the_applications_stays_one(response_class: Any) -> None:
    """What a view makes of a class derived from `response_class` keeps its methods in hooks."""
    app = COMPAT.app(lambda side: Special(["a"]))
    app.response_class = response_class
    seen: list[Any] = []

    async def mark(response: Any) -> Any:
        response.mark()
        seen.append(response)
        return response

    app.after_request(mark)
    answer = COMPAT.call(app)

    assert answer.field("x-marked") == "special"
    assert isinstance(seen[0], compat.Response)


def test_own_responses_stay_werkzeugs_without_their_piece() -> None:
    """With the piece off a hook gets what Quart gives it, and the answer is sent all the same."""
    seen: list[type] = []

    async def look(response: Any) -> Any:
        seen.append(type(response))
        return response

    app = COMPAT.app(lambda side: side.abort(403), FLASK_COMPAT={"QP006": False})
    app.after_request(look)

    assert COMPAT.call(app) == FLASK.get(lambda side: side.abort(403))
    assert seen == [WerkzeugResponse]


def test_constant_headers_gather_no_cookies() -> None:
    """A `Headers` object that several requests return is copied; Flask adds to it."""
    constant = Headers({"X-A": "1"})

    async def add(response: Any) -> Any:
        response.set_cookie("secret", "of one user")
        return response

    app = COMPAT.app(lambda side: ("x", constant))
    app.after_request(add)
    answers = [COMPAT.call(app) for _ in range(2)]

    assert answers[0] == answers[1]
    assert list(constant) == [("X-A", "1")]


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
def test_errors_without_a_view_are_flasks(method: str) -> None:
    """Missing pages, wrong methods and redirects to a slash have Flask's answer."""

    def answers(side: Side) -> list[Any]:
        app = side.app_class(__name__)
        app.add_url_rule("/folder/", "folder", side.function(lambda side: "x"))
        return [side.call(app, path, method) for path in ("/missing", "/folder", "/folder/")]

    assert answers(COMPAT) == answers(FLASK)


async def test_websocket_that_is_refused_has_a_response() -> None:
    """What refuses a websocket is converted outside of a request, without an environ."""
    app = CompatQuart(__name__)

    @app.websocket("/")
    async def refuse() -> None:
        raise Named

    with pytest.raises(WebsocketResponseError) as caught:
        async with app.test_client().websocket("/") as connection:
            await connection.receive()
    response: Any = caught.value.response

    assert response.status_code == 418
    assert await response.get_data() == b"False"


async def test_responses_made_outside_of_an_application_are_mended() -> None:
    """Where there is no application to ask, all is on but what has to be asked for."""
    response = compat.Response(bytearray(b"ab"))

    assert (response.content_length, response.is_streamed) == (2, False)


async def test_body_of_numbers_without_its_piece() -> None:
    """With the piece off a `bytearray` is Quart's stream of numbers."""
    app = CompatQuart(__name__)
    app.config["FLASK_COMPAT"] = {"QP007": False}
    async with app.app_context():
        body = compat.Response(bytearray(b"ab")).response

    assert isinstance(body, IterableBody)


def test_concurrent_requests_are_converted_each_for_itself() -> None:
    """Results of overlapping requests do not meet."""
    app = CompatQuart(__name__)

    @app.route("/<int:status>")
    async def view(status: int) -> Any:
        await asyncio.sleep(0)
        return iter([str(status)]), f"{status} X", [("X-A", str(status)), ("X-A", "2")]

    async def answers() -> list[tuple[int, str, list[str]]]:
        client = app.test_client()
        responses = await asyncio.gather(*(client.get(f"/{status}") for status in range(200, 204)))
        return [
            (r.status_code, await r.get_data(as_text=True), r.headers.getlist("X-A"))
            for r in responses
        ]

    assert asyncio.run(answers()) == [
        (status, str(status), [str(status), "2"]) for status in (200, 201, 202, 203)
    ]
