"""What a WSGI application raises, before and in its body, and what Flask answers for it."""

import asyncio
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import flask
import pytest

from tests.builders import Message, raw_request, send_wsgi


def failing(body: Iterable[bytes], error: BaseException) -> Any:
    """An application whose body raises after its pieces."""

    def app(environ: Message, start_response: Any) -> Iterator[bytes]:
        start_response("200 OK", [])
        yield from body
        raise error

    return app


def test_an_exception_before_the_body_leaves_no_answer() -> None:
    """A server has sent nothing yet, and answers itself."""
    exchange = send_wsgi(failing([], LookupError("gone")))

    assert exchange.response is None
    assert exchange.raised is not None
    assert exchange.raised.text == "gone"


def test_an_exception_in_the_body_leaves_what_was_sent() -> None:
    """What came before the exception is in the exchange with it."""
    exchange = send_wsgi(failing([b"half"], LookupError("gone")))

    assert exchange.raised is not None
    assert exchange.response is not None
    assert exchange.response.body == b"half"


@pytest.mark.parametrize(
    "error", [SystemExit(3), asyncio.CancelledError(), GeneratorExit()], ids=repr
)
def test_whatever_is_raised_ends_the_exchange_and_not_the_run(error: BaseException) -> None:
    """Exceptions beyond `Exception` are the application's too."""
    raised = send_wsgi(failing([], error)).raised

    assert raised is not None
    assert raised.type == type(error).__qualname__


def test_an_interrupt_is_not_the_applications() -> None:
    """Ctrl-C ends the run."""
    with pytest.raises(KeyboardInterrupt):
        send_wsgi(failing([], KeyboardInterrupt()))


def test_an_exception_whose_text_raises_is_read_all_the_same() -> None:
    """A broken __str__ breaks no run."""

    class OddError(Exception):
        def __str__(self) -> str:
            raise LookupError("no text")

    raised = send_wsgi(failing([], OddError())).raised

    assert raised is not None
    assert raised.type.endswith("OddError")


def test_an_exception_that_flask_answers_is_in_the_exchange() -> None:
    """What reaches the framework is read with its text and the place of the application's code."""
    app = flask.Flask("shop")

    @app.get("/")
    def index() -> str:
        return str(int("x"))

    app.logger.disabled = True
    exchange = send_wsgi(app)

    assert exchange.response is not None
    assert exchange.response.status == 500
    assert exchange.raised is not None
    assert exchange.raised.type == "ValueError"
    assert exchange.raised.text == "invalid literal for int() with base 10: 'x'"
    assert "test_wsgi_exceptions.py:" in str(exchange.raised.place)


def test_an_exception_of_the_framework_has_no_text() -> None:
    """Frameworks word their own errors differently: only the type is read."""
    app = flask.Flask("shop")

    @app.get("/")
    def index() -> Any:
        return 1.5

    app.logger.disabled = True
    raised = send_wsgi(app).raised

    assert raised is not None
    assert (raised.type, raised.text) == ("TypeError", None)


def test_an_exception_belongs_to_its_own_exchange() -> None:
    """One failure is not told again with the next answer."""
    app = flask.Flask("shop")
    app.add_url_rule("/", view_func=lambda: str(1 // 0), endpoint="bad")
    app.logger.disabled = True

    assert send_wsgi(app).raised is not None
    assert send_wsgi(app, raw_request(target="/none")).raised is None


def test_what_another_application_raises_meanwhile_is_not_this_ones() -> None:
    """Flask's signal is sent for every application in the process, on whatever thread."""
    other = flask.Flask("failing")

    @other.get("/")
    def fail() -> str:
        raise LookupError("gone")

    app = flask.Flask("quiet")

    @app.get("/")
    def ask() -> str:
        with ThreadPoolExecutor() as thread:
            exchange = thread.submit(send_wsgi, other).result()
        return str(exchange.raised and exchange.raised.text)

    exchange = send_wsgi(app)

    assert exchange.response is not None
    assert (exchange.response.body, exchange.raised) == (b"gone", None)
