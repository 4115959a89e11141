"""Exchanges, applications and sessions to show to the library, made in one line each."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any

from flask import Flask
from quart import Quart

from quart_parity.comparison import compare
from quart_parity.drivers.asgi import ASGIDriver
from quart_parity.drivers.wsgi import WSGIDriver
from quart_parity.exchange import Exchange, Raised, RawRequest, Response, parse_base
from quart_parity.paths import format_path
from quart_parity.sessions import Keyring, Sessions, no_sessions, sessions_of

Pairs = Iterable[tuple[str, str]]
Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

TIMEOUT = 5.0
"""Seconds for answers that come at once."""


def raw_request(
    method: str = "GET",
    target: str = "/",
    headers: Pairs = (),
    chunks: Sequence[bytes] = (),
    base: str = "http://localhost",
) -> RawRequest:
    return RawRequest(method, target, tuple(headers), tuple(chunks), parse_base(base))


def answer(
    status: int = 200,
    headers: Pairs = (),
    body: bytes = b"",
    raised: Raised | None = None,
    broken: str | None = None,
) -> Exchange:
    """An exchange with a response."""
    response = Response(status, "", tuple(headers), body)
    return Exchange(raw_request(), response, raised, broken)


def no_answer(raised: Raised | None = None, broken: str | None = None) -> Exchange:
    """An exchange in which the application gave no response."""
    return Exchange(raw_request(), None, raised, broken)


def cookies(*fields: str) -> Exchange:
    """An answer that sets cookies, each by its ``Set-Cookie`` field."""
    return answer(headers=[("Set-Cookie", field) for field in fields])


def keyrings(reference: Sessions, candidate: Sessions) -> tuple[Keyring, Keyring]:
    """What each side's aspects get, as the runner makes it."""
    return Keyring(reference, reference, candidate), Keyring(candidate, reference, candidate)


NO_KEYS = keyrings(no_sessions(), no_sessions())


def found(
    reference: Exchange, candidate: Exchange, keys: tuple[Keyring, Keyring] = NO_KEYS
) -> dict[str, tuple[Any, Any]]:
    """Every difference between two exchanges: its path with both values."""
    return {
        format_path(path): (ours, theirs)
        for path, ours, theirs in compare(reference, candidate, *keys)
    }


def signed(app: Flask | Quart, data: Any) -> str:
    """The cookie value with which *app* keeps *data* in a session."""
    serializer: Any = app.session_interface
    return str(serializer.get_signing_serializer(app).dumps(data))


def keyed(app: Flask | Quart, key: str | None) -> tuple[Flask | Quart, Sessions]:
    """The application with a secret key, and its sessions as the library reads them."""
    app.secret_key = key
    return app, sessions_of(app)


def send_wsgi(app: Any, request: RawRequest | None = None) -> Exchange:
    """One exchange with a WSGI application."""
    driver = WSGIDriver(app)
    try:
        return driver.send(request or raw_request())
    finally:
        driver.close()


def send_asgi(app: Any, request: RawRequest | None = None, timeout: float = TIMEOUT) -> Exchange:
    """One exchange with an ASGI application, from its start-up to its shut-down."""
    driver = ASGIDriver(app, timeout)
    try:
        return driver.send(request or raw_request())
    finally:
        driver.close()


def wsgi(
    status: str = "200 OK", headers: Pairs = (), body: Iterable[Any] = (b"x",)
) -> Callable[[Message, Callable[..., Any]], Iterable[Any]]:
    """A WSGI application that always gives this answer."""

    def app(environ: Message, start_response: Callable[..., Any]) -> Iterable[Any]:
        start_response(status, list(headers))
        return body

    return app


def asgi(*messages: Message) -> Callable[[Message, Receive, Send], Awaitable[None]]:
    """An ASGI application that sends just these messages, and knows no lifespan."""

    async def app(scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            raise NotImplementedError(scope["type"])
        for message in messages:
            await send(message)

    return app


def start(status: int = 200, headers: Iterable[tuple[bytes, bytes]] = ()) -> Message:
    return {"type": "http.response.start", "status": status, "headers": list(headers)}


def piece(body: bytes = b"", more: bool = False) -> Message:
    return {"type": "http.response.body", "body": body, "more_body": more}
