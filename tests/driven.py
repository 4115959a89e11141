"""Applications that two drivers are compared with: each path is another one.

What they hold is made where they are imported, so that it is the same in each process.
"""

import asyncio
from collections.abc import Callable, Iterable, Iterator
from threading import Thread
from typing import Any

import flask
import quart

from tests.builders import Message, Receive, Send, asgi, piece, start, wsgi
from tests.test_asgi_driver import VIOLATIONS as ASGI_VIOLATIONS
from tests.test_wsgi_driver import VIOLATIONS as WSGI_VIOLATIONS
from tests.test_wsgi_driver import Body, twice

WSGIApp = Callable[[Message, Callable[..., Any]], Iterable[Any]]
ASGIApp = Callable[[Message, Receive, Send], Any]


class OddError(Exception):
    def __str__(self) -> str:
        raise LookupError("no text")


Make = Callable[[], BaseException]
ERRORS: dict[str, Make] = {
    "an error": lambda: LookupError("gone"),
    "an exit": lambda: SystemExit(3),
    "a cancellation": asyncio.CancelledError,
    "an error without a text": OddError,
    "an error with half a character": lambda: ValueError("\udc80"),
}


def failing(body: Iterable[bytes], error: Make) -> WSGIApp:
    def app(environ: Message, start_response: Any) -> Iterator[bytes]:
        start_response("200 OK", [])
        yield from body
        raise error()

    return app


def closing(environ: Message, start_response: Any) -> Any:
    class Closing(Body):
        def close(self) -> None:
            raise LookupError("closing")

    start_response("204 NO CONTENT", [])
    return Closing()


def writing(environ: Message, start_response: Any) -> list[bytes]:
    start_response("200 OK", [])(b"first ")
    return [b"second"]


def of_environ(environ: Message, start_response: Any) -> list[bytes]:
    """All of the environ that can be compared, and the body."""
    body = environ.pop("wsgi.input").read()
    environ.pop("wsgi.errors").write("something to log\n")
    start_response("200 OK", [])
    return [repr((sorted(environ.items()), body)).encode()]


def of_json(environ: Message, start_response: Any) -> list[bytes]:
    """What the standard library raises at the application."""
    import json

    return [json.loads("{")]


WSGI_CASES: dict[str, WSGIApp] = {
    **{name: wsgi(**given) for name, (given, _) in WSGI_VIOLATIONS.items()},
    **{f"{name} at once": failing([], error) for name, error in ERRORS.items()},
    **{f"{name} later": failing([b"half"], error) for name, error in ERRORS.items()},
    "an answer": wsgi("404 Gone Fishing", [("X-A", "1"), ("x-a", "é")], [b"a", b"", b"b"]),
    "a long answer": wsgi(body=[b"x" * 100_000] * 30),
    "no start": lambda environ, start_response: [],
    "a body first": lambda environ, start_response: [b"x"],
    "not iterable": lambda environ, start_response: 1,  # type: ignore[return-value, dict-item]
    "answered anew": twice(b"", True),
    "answered anew too late": twice(b"begun", True),
    "started twice": twice(b"", False),
    "closing": closing,
    "writing": writing,
    "environ": of_environ,
    "json": of_json,
}


def _pick(cases: dict[str, Any], path: str) -> Any:
    return cases[path.rpartition("/")[2]]


def wsgi_app(environ: Message, start_response: Callable[..., Any]) -> Iterable[Any]:
    app: WSGIApp = _pick(WSGI_CASES, environ["PATH_INFO"])
    return app(environ, start_response)


def raising(error: Make, *messages: Message) -> ASGIApp:
    async def app(scope: Message, receive: Receive, send: Send) -> None:
        await asgi(*messages)(scope, receive, send)
        raise error()

    return app


async def of_scope(scope: Message, receive: Receive, send: Send) -> None:
    """The scope, and every message that is received up to the disconnect."""
    got = [await receive()]
    while got[-1].get("more_body"):
        got.append(await receive())
    await send(start())
    await send(piece(repr((sorted(scope.items()), got)).encode()))
    await send({"type": "http.response.push", "path": (await receive())["type"]})


async def hanging(scope: Message, receive: Receive, send: Send) -> None:
    await send(start())
    await send(piece(b"half", True))
    await asyncio.get_running_loop().create_future()


async def waiting(scope: Message, receive: Receive, send: Send) -> None:
    """Wait for a disconnect that does not come before the answer."""
    await receive()
    await receive()


ASGI_CASES: dict[str, ASGIApp] = {
    **{name: asgi(*messages) for name, (messages, _) in ASGI_VIOLATIONS.items()},
    **{f"{name} at once": raising(error) for name, error in ERRORS.items()},
    **{f"{name} later": raising(error, start(), piece(b"a")) for name, error in ERRORS.items()},
    "an answer": asgi(start(404, [(b"x-a", b"1"), (b"x-a", b"\xe9")]), piece(b"a", True), piece()),
    "a long answer": asgi(start(), *[piece(b"x" * 100_000, True)] * 30, piece()),
    "scope": of_scope,
    "hanging": hanging,
    "waiting": waiting,
}


async def asgi_app(scope: Message, receive: Receive, send: Send) -> None:
    if scope["type"] != "http":
        raise NotImplementedError
    app: ASGIApp = _pick(ASGI_CASES, scope["path"])
    await app(scope, receive, send)


def _text(error: Exception) -> tuple[str, int]:
    return f"handled {type(error).__name__}", 418


flask_app = flask.Flask("shop")
quart_app = quart.Quart("shop")
for app in (flask_app, quart_app):
    app.secret_key = "key"
    app.logger.disabled = True
    app.register_error_handler(KeyError, _text)


@flask_app.get("/int")
def flask_int() -> str:
    return str(int("x"))


@flask_app.get("/number")
def flask_number() -> Any:
    return 1.5


@flask_app.get("/handled")
def flask_handled() -> str:
    raise KeyError("none")


@flask_app.get("/chained")
def flask_chained() -> str:
    try:
        return str(1 // 0)
    except ZeroDivisionError as error:
        raise OddError from error


@flask_app.get("/frameworks")
def flask_frameworks() -> str:
    flask.abort(999)


@flask_app.get("/session")
def flask_session() -> str:
    flask.session["name"] = "ada"
    return "in"


@flask_app.post("/body")
def flask_body() -> list[Any]:
    files = {name: file.read().decode() for name, file in flask.request.files.items()}
    return [flask.request.url, flask.request.form, flask.request.get_data(as_text=True), files]


async def forgotten() -> None: ...


@flask_app.get("/forgotten")
def flask_forgotten() -> str:
    forgotten()  # type: ignore[unused-coroutine] # what is to be found
    return ""


flask_done: list[str] = []
quart_done: list[str] = []
kept: list[asyncio.Future[None]] = []


@flask_app.get("/thread")
def flask_thread() -> str:
    Thread(target=flask_done.append, args=["in a thread"]).start()
    return str(flask_done)


@flask_app.get("/thread-fails")
def flask_thread_fails() -> str:
    Thread(target=int, args=["x"]).start()
    return str(flask_done)


@quart_app.get("/thread")
async def quart_thread() -> str:
    Thread(target=quart_done.append, args=["in a thread"]).start()
    return str(quart_done)


@quart_app.get("/background")
async def quart_background() -> str:
    async def later() -> None:
        await asyncio.sleep(0.01)
        quart_done.append("later")

    quart_app.add_background_task(later)
    quart_app.add_background_task(quart_done.append, "in a worker")
    return str(quart_done)


@quart_app.get("/background-fails")
async def quart_background_fails() -> str:
    async def later() -> None:
        await asyncio.sleep(0)
        raise LookupError("later")

    quart_app.add_background_task(later)
    return str(quart_done)


@quart_app.get("/callback-fails")
async def quart_callback_fails() -> str:
    asyncio.get_running_loop().call_soon(int, "x")
    await asyncio.sleep(0)
    return str(quart_done)


@quart_app.get("/endless")
async def quart_endless() -> str:
    kept.append(asyncio.ensure_future(asyncio.sleep(3600)))
    return str(quart_done)


@quart_app.get("/int")
async def quart_int() -> str:
    return str(int("x"))


@quart_app.get("/number")
async def quart_number() -> Any:
    return 1.5


@quart_app.get("/handled")
async def quart_handled() -> str:
    raise KeyError("none")


@quart_app.get("/plain")
def quart_plain() -> str:
    raise LookupError("in a thread")


@quart_app.get("/session")
async def quart_session() -> str:
    quart.session["name"] = "ada"
    return "in"


@quart_app.post("/body")
async def quart_body() -> list[Any]:
    data = await quart.request.get_data(as_text=True)
    return [quart.request.url, data]


@quart_app.get("/forgotten")
async def quart_forgotten() -> str:
    forgotten()  # type: ignore[unused-coroutine] # what is to be found
    return ""


def _paths(app: flask.Flask | quart.Quart) -> list[str]:
    """Those that can be asked for as they are."""
    rules = app.url_map.iter_rules()
    return [rule.rule[1:] for rule in rules if "GET" in (rule.methods or ()) and not rule.arguments]


FRAMEWORK_PATHS = {"flask_app": _paths(flask_app), "quart_app": _paths(quart_app)}
