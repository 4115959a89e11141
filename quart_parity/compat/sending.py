"""What goes out on ASGI: Werkzeug's rules of headers and bodies, applied as late as there."""

import asyncio
from collections.abc import Coroutine, Iterable
from contextlib import AsyncExitStack
from typing import Any

from hypercorn.typing import ASGISendCallable, HTTPScope
from quart import Quart, Request
from quart import Response as QuartResponse
from quart.typing import ResponseTypes
from quart.wrappers.response import DataBody
from werkzeug.datastructures import Headers
from werkzeug.http import remove_entity_headers
from werkzeug.urls import iri_to_uri
from werkzeug.wrappers import Response as WerkzeugResponse

from .bodies import encoded
from .receiving import Receiving
from .responses import Response, close_response, coerce, needs_closing
from .switches import settle

_URI_FIELDS = ("Location", "Content-Location")


class HTTPConnection(Receiving):
    """Sends responses as a WSGI server sends Flask's.

    Overrides `ASGIHTTPConnection._send_response`, which sends headers and body as they stand,
    starts before the body has given anything, and reads bodies that HTTP forbids.
    """

    def __init__(self, app: Quart, scope: HTTPScope) -> None:
        super().__init__(app, scope)
        settle(app)
        self._response: QuartResponse | None = None
        self._raised: Exception | None = None
        self._opened = AsyncExitStack()

    async def handle_request(self, request: Request, send: ASGISendCallable) -> None:
        """Answer the request, then close the response; what either raises reaches the server.

        Quart's method of this name takes a `TimeoutError` of the application's own for the end
        of RESPONSE_TIMEOUT, and loses every error of a response that a disconnect cancels.
        """
        try:
            await super().handle_request(request, send)
        finally:
            response = self._response
            if response is not None and (self._raised is not None or needs_closing(response)):
                await _to_the_end(self._finish(response))

    async def _send_response(self, send: ASGISendCallable, response: ResponseTypes) -> None:
        if isinstance(response, WerkzeugResponse):
            response = coerce(response, Response)
        self._response = response
        try:
            await self._send_parts(send, response)
        except Exception as error:
            self._raised = error

    async def _finish(self, response: QuartResponse) -> None:
        """Close the response, and raise what broke its sending unless closing fails, too."""
        try:
            if self._raised is not None:
                raise self._raised
        finally:
            await self._opened.aclose()
            await close_response(response)

    async def _send_parts(self, send: ASGISendCallable, response: QuartResponse) -> None:
        start: Any = {
            "type": "http.response.start",
            "status": response.status_code,
            "headers": wire_headers(response),
        }
        body = response.response
        if self.scope["method"] == "HEAD" or is_bodiless(response.status_code):
            await send(start)
            await send(_part(b"", more=False))
        elif isinstance(body, DataBody):
            await send(start)
            await send(_part(body.data[body.begin : body.end], more=False))
        else:
            await self._send_stream(send, start, response)

    async def _send_stream(
        self, send: ASGISendCallable, start: Any, response: QuartResponse
    ) -> None:
        """Send what the body gives as it comes; nothing before its first bytes (PEP 3333).

        So the server can still answer 500 when the body fails before. Such a body is closed here,
        in the context that it ran in; one that was read to its end, once that is sent.
        """
        started = False
        body: Any = response.response
        async with AsyncExitStack() as opened:
            async for chunk in await opened.enter_async_context(body):
                data = encoded(chunk)
                if data and not started:
                    await send(start)
                    started = True
                if data:
                    await send(_part(data, more=True))
            self._opened = opened.pop_all()
        if not started:
            await send(start)
        await send(_part(b"", more=False))


async def _to_the_end(closing: Coroutine[Any, Any, None]) -> None:
    """Wait for `closing`, though it be cancelled; its error goes before the cancellation.

    Once the end of a response is sent the server tells of a disconnect, at which Quart's
    `ASGIHTTPConnection.__call__` cancels what is still to be done, but raises its errors.
    """
    task = asyncio.ensure_future(closing)
    cancelled = None
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError as error:
        cancelled = error
    await task
    if cancelled is not None:
        raise cancelled


def _part(body: bytes, *, more: bool) -> Any:
    return {"type": "http.response.body", "body": body, "more_body": more}


def is_bodiless(status: int) -> bool:
    """Whether a response of this status has no body (RFC 9110, 6.4.1)."""
    return 100 <= status < 200 or status in (204, 304)


def wire_headers(response: QuartResponse) -> list[tuple[bytes, bytes]]:
    """The header fields as Werkzeug's `get_wsgi_headers` computes them, encoded as WSGI does.

    Raises:
        UnicodeEncodeError: A field is not Latin-1; WSGI servers refuse it, too.
    """
    headers = response.headers
    names = {name.lower() for name, _ in headers}
    if "location" in names or "content-location" in names:
        headers = _with_uris(headers)
    if is_bodiless(response.status_code):
        headers = _without_body_fields(headers, response.status_code)
    elif "content-length" not in names:
        headers = _with_length(headers, response)
    return _encode(headers)


def _encode(headers: Iterable[tuple[str, str]]) -> list[tuple[bytes, bytes]]:
    return [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]


def _with_uris(headers: Headers) -> Headers:
    headers = headers.copy()
    for name in _URI_FIELDS:
        values = headers.getlist(name)
        if values:
            headers[name] = iri_to_uri(values[-1])
    return headers


def _without_body_fields(headers: Headers, status: int) -> Headers:
    headers = headers.copy()
    if status == 304:
        remove_entity_headers(headers)
    else:
        headers.remove("Content-Length")
    return headers


def _with_length(headers: Headers, response: QuartResponse) -> Headers:
    body = response.response
    if not (response.automatically_set_content_length and isinstance(body, DataBody)):
        return headers
    headers = headers.copy()
    headers["Content-Length"] = str(len(body.data[body.begin : body.end]))
    return headers
