"""What comes in on ASGI, made into a request."""

from typing import Any, cast

from hypercorn.typing import ASGIReceiveCallable, ASGISendCallable
from quart import Request as QuartRequest
from werkzeug.datastructures import Headers

from .base import mixed
from .mounts import MountedConnection
from .request_bodies import Body
from .request_headers import RequestHeaders
from .requests import Request
from .switches import mends


class Receiving(MountedConnection):
    """Receives requests as a WSGI server hands them to Flask."""

    def _create_request_from_scope(self, send: ASGISendCallable) -> Request:
        request: Any = super()._create_request_from_scope(send)
        if not isinstance(request, Request):
            # The application has set the class of its requests itself.
            request.__class__ = mixed(Request, request.__class__)
        body = request.body
        if not isinstance(body, Body):
            body.__class__ = mixed(Body, body.__class__)
        body.app = self.app
        limit = request.__class__.max_content_length
        if not isinstance(limit, property) and mends("QP027", self.app):
            body.set_limit(limit, request.content_length)
        elif body.is_refused:
            body.lift_default()
        names = {name for name, _ in request.headers}
        if len(names) < len(request.headers) and mends("QP028", self.app):
            request.headers = _joined(request.headers)
        if self.scope["http_version"] < "1.1":
            self._drop_host(request.headers)
        if type(request.headers) is Headers:
            RequestHeaders.adopt(request.headers)
        return cast(Request, request)

    def _drop_host(self, headers: Headers) -> None:
        """Take out the Host that Quart puts where HTTP/1.0 has none: the server's is to count."""
        is_sent = any(name.lower() == b"host" for name, _ in self.scope["headers"])
        if not is_sent and mends("QP058", self.app):
            del headers["Host"]

    async def handle_messages(self, request: QuartRequest, receive: ASGIReceiveCallable) -> None:
        """Receive the body until the client leaves.

        While it is over the limit no more is received, so that it can still be read whole once a
        view has raised the limit, and needs no memory until then. Once there is a response the rest
        is received and dropped, or the client could not be seen to leave.
        """
        body: Any = request.body
        if body.is_refused:
            await self._wait_for_room(body)
        while (message := await receive())["type"] != "http.disconnect":
            if message["type"] != "http.request":
                continue
            body.append(message.get("body", b""))
            if not message.get("more_body", False):
                body.set_complete()
            elif body.is_refused:
                await self._wait_for_room(body)

    async def _wait_for_room(self, body: Body) -> None:
        if mends("QP027", self.app):
            await body.wait_for_room()


def _joined(headers: Headers) -> Headers:
    """One field for all of a name (RFC 9110, 5.3), as WSGI servers make it, or they would be lost.

    Quart puts the client's address before the fields, under the name of `Remote-Addr`.
    """
    address, *fields = headers
    values: dict[str, str] = {}
    for name, value in fields:
        # RFC 9113, 8.2.3: a comma does not separate cookies.
        separator = "; " if name == "Cookie" else ","
        values[name] = f"{values[name]}{separator}{value}" if name in values else value
    return Headers([address, *values.items()])
