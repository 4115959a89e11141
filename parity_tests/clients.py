"""A small asynchronous client for either application, on the library's own drivers and jar."""

import asyncio
import json
from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Any, Protocol

from werkzeug.datastructures import Headers

from quart_parity import Request
from quart_parity.client import Client
from quart_parity.cookies import SetCookie, parse_set_cookie
from quart_parity.encoding import encode
from quart_parity.exchange import Base, Exchange, Raised


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, as the protocol carried it: a HEAD body or a stray length would show."""

    status: int | None
    """None where the application gave no answer of its own, and a server would say 500."""
    headers: Headers
    """Values are latin-1 text, one character a byte."""
    body: bytes
    raised: Raised | None
    """The exception that reached the framework, or escaped from it."""

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def fields(self) -> Sequence[tuple[str, str]]:
        """All header fields in one order: names do not care for case, repeats keep theirs."""
        return fields(self.headers)

    @property
    def cookies(self) -> dict[str, SetCookie]:
        return set_by(self)


class HasHeaders(Protocol):
    """An answer of either kind of client."""

    @property
    def headers(self) -> Headers: ...


def set_by(answer: HasHeaders) -> dict[str, SetCookie]:
    """The cookies that an answer sets, by name."""
    parsed = map(parse_set_cookie, answer.headers.getlist("Set-Cookie"))
    return {cookie.name: cookie for cookie in parsed if cookie is not None}


def fields(headers: Headers) -> Sequence[tuple[str, str]]:
    """Header fields with lower-case names, sorted by these alone."""
    return sorted(((name.lower(), value) for name, value in headers), key=lambda field: field[0])


def read_answer(exchange: Exchange) -> Answer:
    """Fails the test where a server would refuse what the application sent."""
    assert exchange.broken is None, exchange.broken
    response = exchange.response
    if response is None:
        return Answer(None, Headers(), b"", exchange.raised)
    return Answer(response.status, Headers(response.headers), response.body, exchange.raised)


@dataclass(frozen=True, slots=True)
class AsyncClient:
    """One user agent with one jar; its requests are played on *thread*, never on the loop.

    Flask must not be called inside a running event loop, and the ASGI driver brings its own.
    """

    client: Client
    base: Base
    thread: Executor

    async def request(self, method: str, path: str | None, **parts: Any) -> Answer:
        """Send one request; *parts* are those of a scenario's requests.

        ``cookies`` go into the jar first; a ``Cookie`` header takes the jar's place once. A
        ``target`` in place of the path is sent as it stands.
        """
        for name, value in parts.pop("cookies", {}).items():
            self.client.jar.put(self.base, name, value)
        request = encode(Request(path=path, method=method, **parts), self.base)
        loop = asyncio.get_running_loop()
        return read_answer(await loop.run_in_executor(self.thread, self.client.send, request))

    async def get(self, path: str | None, **parts: Any) -> Answer:
        return await self.request("GET", path, **parts)

    async def head(self, path: str, **parts: Any) -> Answer:
        return await self.request("HEAD", path, **parts)

    async def post(self, path: str, **parts: Any) -> Answer:
        return await self.request("POST", path, **parts)
