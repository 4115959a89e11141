"""What goes out on ASGI: responses in the order, and for as long, as WSGI servers send Flask's."""

import asyncio
from functools import partial
from typing import Any, Literal

from hypercorn.typing import ASGIReceiveCallable, ASGISendCallable
from quart import Quart, Request
from quart import Response as QuartResponse
from quart.debug import traceback_response
from quart.wrappers.response import DataBody
from werkzeug.datastructures import Headers
from werkzeug.exceptions import ClientDisconnected
from werkzeug.wrappers import Response as WerkzeugResponse

from .bodies import encoded
from .fields import is_bodiless, wire_fields
from .receiving import Receiving
from .responses import Response, close_response, coerce, needs_closing
from .switches import mends, settle


class HTTPConnection(Receiving):
    """Answers one request as a WSGI server does with Flask.

    Takes the place of `ASGIHTTPConnection.__call__`, which ends whatever is under way when the
    client leaves; of `handle_request`, which takes every `TimeoutError` for its own; and of
    `_send_response`, which starts before the body has given anything, and reads bodies that HTTP
    forbids. A body in memory is sent with fewer tasks and messages than Quart's.
    """

    _stage: Literal["making", "sending", "closing"] = "making"
    """What is done about the response; what is done of a disconnect depends on it."""
    _gone = False
    """Whether the client left while the response was being made, so that none is sent."""
    _expired = False
    """Whether RESPONSE_TIMEOUT has passed."""
    _receiver: asyncio.Task[None]
    _handler: asyncio.Task[None]
    _ended: asyncio.Future[None]

    async def __call__(self, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        """Answer the request, and raise what handling it or the server's `receive` raised."""
        settle(self.app)
        request = self._create_request_from_scope(send)
        loop = asyncio.get_running_loop()
        self._ended = loop.create_future()
        # The receiver first, so that a view finds a body that is there already.
        self._receiver = loop.create_task(self.handle_messages(request, receive))
        self._handler = loop.create_task(self.handle_request(request, send))
        self._receiver.add_done_callback(partial(self._on_received, request))
        self._handler.add_done_callback(self._on_handled)
        try:
            await self._ended
        except asyncio.CancelledError:
            self._handler.cancel()
            self._receiver.cancel()
            raise
        tasks = (self._handler, self._receiver)
        # What is cancelled refers to this connection, and to the request with its body: all of it
        # is free at once where this connection does not refer to that.
        del self._handler, self._receiver
        for task in tasks:
            if not task.cancelled() and (error := task.exception()) is not None:
                raise error

    def _on_handled(self, handler: asyncio.Task[None]) -> None:
        if self._receiver.done():
            self._end()
        else:
            self._receiver.cancel()

    def _on_received(self, request: Request, receiver: asyncio.Task[None]) -> None:
        if self._handler.done():
            self._end()
        elif receiver.cancelled() or receiver.exception() is not None:
            self._handler.cancel()
        else:
            self._on_disconnect(request)

    def _end(self) -> None:
        if not self._ended.done():
            self._ended.set_result(None)

    def _on_disconnect(self, request: Request) -> None:
        """Stop sending, as WSGI servers do; what makes a response or closes it goes on.

        Servers tell of a disconnect after the end of a response, too.
        """
        if self._stage == "sending":
            self._stop_sending()
        elif self._stage == "making" and mends("QP039", self.app):
            self._gone = True
            _cut_short(request)
        elif self._stage == "making":
            self._handler.cancel()

    def _stop_sending(self) -> None:
        """Cancel once only: what the response does about it is not to be cancelled in turn."""
        self._stage = "closing"
        self._handler.cancel()

    async def handle_request(self, request: Request, send: ASGISendCallable) -> None:
        """Make a response, send it and close it; what any of these raises reaches the server."""
        try:
            response = await self.app.handle_request(request)
        except Exception as error:
            if not (self.app.debug or self.app.testing) or mends("QP037", self.app):
                raise
            response = await traceback_response(error)
        if isinstance(response, WerkzeugResponse):
            response = coerce(response, Response)
        try:
            if not self._gone:
                body: Any = request.body
                body.settle()
                await self._send_in_time(send, response)
        finally:
            self._stage = "closing"
            if needs_closing(response) and mends("QP009", self.app):
                await close_response(response)

    async def _send_in_time(self, send: ASGISendCallable, response: QuartResponse) -> None:
        """Send the response; RESPONSE_TIMEOUT ends that in silence, as in Quart."""
        timer = self._start_timer(response)
        self._stage = "sending"
        try:
            await self._send_response(send, response)
        except TimeoutError:
            if mends("QP018", self.app):
                raise
        except asyncio.CancelledError:
            if not self._expired:
                raise
            self._handler.uncancel()
        finally:
            if timer is not None:
                timer.cancel()

    def _start_timer(self, response: QuartResponse) -> asyncio.TimerHandle | None:
        """Have sending ended in time; costs less than `asyncio.wait_for`, and no task."""
        seconds, expire = response.timeout, self._expire
        if seconds is Ellipsis:
            seconds = self.app.config["RESPONSE_TIMEOUT"]
            if seconds == Quart.default_config["RESPONSE_TIMEOUT"]:
                expire = self._expire_by_default
        if seconds is None:
            return None
        return asyncio.get_running_loop().call_later(seconds, expire)

    def _expire_by_default(self) -> None:
        if not mends("QP019", self.app):
            self._expire()

    def _expire(self) -> None:
        if self._stage == "sending":
            self._expired = True
            self._stop_sending()

    async def _send_response(self, send: ASGISendCallable, response: Any) -> None:
        start: Any = {
            "type": "http.response.start",
            "status": response.status_code,
            "headers": wire_fields(response, self.app),
        }
        body = response.response
        if self._is_bodiless(response) and mends("QP014", self.app):
            await send(start)
            await send(_part(b"", more=False))
        elif type(body) is DataBody:
            await send(start)
            await send(_part(body.data[body.begin : body.end], more=False))
        else:
            await self._send_stream(send, start, body)

    def _is_bodiless(self, response: QuartResponse) -> bool:
        return self.scope["method"] == "HEAD" or is_bodiless(response.status_code)

    async def _send_stream(self, send: ASGISendCallable, start: Any, body: Any) -> None:
        """Send what the body gives as it comes; nothing before its first bytes (PEP 3333).

        So the server can still answer 500 when the body fails before. It is closed after the last
        message, and to its end.
        """
        closes_last = mends("QP009", self.app)
        async with body as chunks:
            try:
                await self._send_chunks(send, start, chunks)
                if closes_last:
                    await send(_part(b"", more=False))
            finally:
                if closes_last:
                    self._stage = "closing"
        if not closes_last:
            await send(_part(b"", more=False))

    async def _send_chunks(self, send: ASGISendCallable, start: Any, chunks: Any) -> None:
        started = not mends("QP017", self.app)
        if started:
            await send(start)
        async for chunk in chunks:
            data = encoded(chunk)
            if data and not started:
                await send(start)
                started = True
            if data:
                await send(_part(data, more=True))
                # To a client that has left servers send without waiting, and where the body does
                # not wait either nothing else would run, nor the disconnect be noticed.
                await asyncio.sleep(0)
        if not started:
            await send(start)

    async def _send_push_promise(self, send: ASGISendCallable, path: str, headers: Headers) -> None:
        if not self._gone:
            await super()._send_push_promise(send, path, headers)


def _cut_short(request: Request) -> None:
    """Have a body of which the rest will never come raise what Werkzeug raises for it."""
    body = request.body
    if not body._complete.is_set():
        body._must_raise = body._must_raise or ClientDisconnected()
        body.set_complete()


def _part(body: bytes, *, more: bool) -> Any:
    return {"type": "http.response.body", "body": body, "more_body": more}
