"""The response class: Werkzeug's rules of length, closing and conditional requests on Quart."""

import inspect
from collections.abc import AsyncIterable, Awaitable, Callable, Iterable
from typing import Any, Self, TypeVar, cast

from quart import Request
from quart import Response as QuartResponse
from quart.utils import run_sync
from quart.wrappers.response import DataBody, ResponseBody
from werkzeug.http import generate_etag
from werkzeug.wrappers import Response as WerkzeugResponse

from .bodies import Chunk, IterableBody, RangeBody, close_body, joined
from .names import Names
from .switches import mends, switched
from .wsgi import conditional_environ

Body = ResponseBody | Chunk | bytearray | Iterable[Any] | AsyncIterable[Any]
OnClose = Callable[[], object] | Callable[[], Awaitable[object]]
_TEXT = (str, bytes)
C = TypeVar("C", bound=OnClose)
R = TypeVar("R", bound=QuartResponse)


class Response(Names):
    """Quart's response with what Flask's has and Quart's lacks.

    A list, a tuple or nothing has a length (Quart streams them), a `bytearray` is a body of
    those bytes (Quart iterates its numbers), and sources are closed after use. Where Flask's
    method is synchronous and has to read or close a body, this one is awaited.
    """

    iterable_body_class = IterableBody

    def __init__(
        self,
        response: Body | None = None,
        *args: Any,
        direct_passthrough: bool = False,
        **kwargs: Any,
    ) -> None:
        """Take `status`, `headers`, `mimetype` and `content_type` beside the body, in this order.

        They are handed on as they come, for the constructor of a class of the application's own.
        """
        if not isinstance(response, _TEXT):
            response = self._body_of(response)
        super().__init__(cast(Any, response), *args, **kwargs)
        if direct_passthrough:
            if not mends("QP010"):
                raise TypeError("Quart's responses take no argument 'direct_passthrough'")
            self.direct_passthrough = True

    def _body_of(self, response: Body | None) -> Any:
        if response is None or isinstance(response, list | tuple):
            return self.data_body_class(joined(response or ())) if mends("QP008") else response
        if isinstance(response, bytearray) and mends("QP007"):
            return bytes(response)
        return response

    @classmethod
    def force_type(cls, response: Any, environ: object = None) -> Self:
        """The response as one of this class; see `coerce`.

        Raises:
            TypeError: For a WSGI application, which cannot be run here: return it from the view.
        """
        if not mends("QP010"):
            raise AttributeError(f"type object {cls.__name__!r} has no attribute 'force_type'")
        if isinstance(response, QuartResponse | WerkzeugResponse):
            return coerce(response, cls)
        raise TypeError(f"cannot make a {cls.__name__} of {response!r}; return it from the view")

    @switched("QP010")
    def call_on_close(self, func: C) -> C:
        """Run a function, which may be asynchronous, after the response has been sent."""
        vars(self).setdefault("_on_close", []).append(func)
        return func

    @switched("QP010")
    async def close(self) -> None:
        """Close the body and run what was registered with `call_on_close`."""
        await close_response(self)

    @switched("QP010")
    async def __aenter__(self) -> Self:
        return self

    @switched("QP010")
    async def __aexit__(self, *exc_info: object) -> None:
        await self.close()

    @switched("QP013")
    async def freeze(self) -> None:
        """Read the body into memory; set its length and, if there is none, an ETag."""
        data = await self.get_data(as_text=False)
        self.response = self.data_body_class(data)
        self.content_length = len(data)
        await self.add_etag()

    @switched("QP013")
    async def add_etag(self, overwrite: bool = False, weak: bool = False) -> None:
        """Tag the body with its SHA-1, as Werkzeug does (Quart: MD5)."""
        if overwrite or "etag" not in self.headers:
            self.set_etag(generate_etag(await self.get_data(as_text=False)), weak)

    @switched("QP012")
    async def get_json(self, force: bool = False, silent: bool = False) -> Any:
        """The body parsed as JSON, or None where the mimetype is another.

        Raises:
            ValueError: The body is no JSON, and not `silent`. (Quart has that the wrong way
                round in `Response.get_json`.)
        """
        if not (force or self.is_json):
            return None
        data = await self.get_data(as_text=False)
        try:
            return self.json_module.loads(data)
        except ValueError:
            if not silent:
                raise
            return None

    @switched("QP011")
    async def make_conditional(
        self,
        request: Request,
        accept_ranges: bool | str = False,
        complete_length: int | None = None,
    ) -> Self:
        """Answer `If-*` and `Range` by Werkzeug's rules (RFC 9110, 13 and 14).

        Sets `Date`, and the status to 206, 304 or 412 where the request asks for it. Quart's
        `_process_range_request` knows no suffix ranges and raises another 416.

        Raises:
            RequestedRangeNotSatisfiable: None of the ranges, or more than one, can be served.
        """
        rules = _ConditionalRules(None, self.status, self.headers)
        rules.make_conditional(conditional_environ(request), accept_ranges, complete_length)
        self.status = rules.status
        if rules.range is not None:
            await self._narrow(*rules.range)
        if request.method in {"GET", "HEAD"}:
            await self._ensure_content_length()
        return self

    async def _narrow(self, start: int, length: int) -> None:
        make_conditional = getattr(self.response, "make_conditional", None)
        if make_conditional is not None:
            await make_conditional(start, start + length)
        else:
            self.response = RangeBody(self.response, start, start + length)

    async def _ensure_content_length(self) -> None:
        if self.automatically_set_content_length and "content-length" not in self.headers:
            length = await self._length()
            if length is not None:
                self.content_length = length


class _ConditionalRules(WerkzeugResponse):
    """Stands in for a response in Werkzeug's `make_conditional`; shares its headers."""

    automatically_set_content_length = False
    default_mimetype = None
    range: tuple[int, int] | None = None
    """First byte and length of the part to send."""

    def _wrap_range_response(self, start: int, length: int) -> None:
        self.range = (start, length)


def coerce(response: QuartResponse | WerkzeugResponse, response_class: type[R]) -> R:
    """The response as one of the application's class, as Flask's `force_type` does it.

    Quart's `make_response` leaves what routing, `abort` and `redirect` made of Werkzeug's
    class, whose `get_data` cannot be awaited. As in Flask, `__init__` does not run again.
    """
    if isinstance(response, response_class):
        return response
    if isinstance(response, QuartResponse):
        response.__class__ = response_class
        return cast(R, response)
    converted = response_class.__new__(response_class)
    vars(converted).update(vars(response), timeout=Ellipsis)
    converted.response = (
        response_class.data_body_class(joined(cast(Any, response.response)))
        if response.is_sequence
        else IterableBody(response.response)
    )
    return converted


def needs_closing(response: QuartResponse) -> bool:
    """Whether anything is to be done once the response has been sent."""
    return not isinstance(response.response, DataBody) or bool(vars(response).get("_on_close"))


async def close_response(response: QuartResponse) -> None:
    """Close the body, then run what `call_on_close` registered, blocking ones in a thread."""
    if not isinstance(response.response, DataBody):
        await close_body(response.response)
    for func in vars(response).get("_on_close", ()):
        result = func() if inspect.iscoroutinefunction(func) else await run_sync(func)()
        if inspect.isawaitable(result):
            await result
