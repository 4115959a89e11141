"""Sending bodies into the sides by the drivers, in the pieces in which they arrive."""

from collections.abc import Iterable
from operator import methodcaller
from typing import Any

import flask
from werkzeug.datastructures import MultiDict

from quart_parity.drivers.asgi import ASGIDriver
from quart_parity.drivers.wsgi import WSGIDriver
from quart_parity.exchange import RawRequest, parse_base
from tests.compat.sides import Fields, Make, Side, steps

MULTIPART = [("Content-Type", "multipart/form-data; boundary=b")]
URLENCODED = [("Content-Type", "application/x-www-form-urlencoded")]
JSON = [("Content-Type", "application/json")]
END = b"--b--\r\n"


def part(head: bytes, content: bytes) -> bytes:
    """One part of a multipart form; `head` is its name, and what follows that."""
    disposition = b"Content-Disposition: form-data; name=" + head
    return b"--b\r\n" + disposition + b"\r\n\r\n" + content + b"\r\n"


def send(
    side: Side,
    app: Any,
    chunks: Iterable[bytes] = (),
    headers: Fields = (),
    *,
    declared: bool = True,
    method: str = "POST",
    target: str = "/",
) -> tuple[int, bytes]:
    """Status and body of the answer; 0 where none comes.

    A body is sent with its length or, not `declared`, with chunked transfer coding.
    """
    pieces = tuple(filter(None, chunks))
    length = [("Content-Length", str(sum(map(len, pieces))))]
    framing = length if declared else [("Transfer-Encoding", "chunked")]
    fields = (("Host", "localhost"), *framing, *headers)
    driver: Any = WSGIDriver(app) if side.module is flask else ASGIDriver(app, 10)
    try:
        base = parse_base("http://localhost")
        response = driver.send(RawRequest(method, target, fields, pieces, base)).response
    finally:
        driver.close()
    return (0, b"") if response is None else (response.status, response.body)


def post(
    side: Side, make: Make, chunks: Iterable[bytes], headers: Fields = (), **options: Any
) -> tuple[int, bytes]:
    """The same for a new application with one view."""
    config = options.pop("config", {})
    return send(side, side.app(make, **config), chunks, headers, **options)


def in_pieces(body: bytes, size: int) -> list[bytes]:
    """The body as a network may cut it."""
    return [body[start : start + size] for start in range(0, len(body), size)]


def reading(*calls: Any) -> Any:
    """A view that reads one after the other."""

    @steps
    def view(side: Side) -> Any:
        found = []
        for call in calls:
            value = yield call(side.request)
            found.append(repr(sorted(value) if isinstance(value, MultiDict) else value))
        return found

    return view


def get_data(*args: Any, **kwargs: Any) -> Any:
    return methodcaller("get_data", *args, **kwargs)


def get_json(*args: Any, **kwargs: Any) -> Any:
    return methodcaller("get_json", *args, **kwargs)
