"""What a view may return, converted by Flask's rules."""

from collections.abc import AsyncIterator, Iterator
from typing import Any, cast

from quart import Response as QuartResponse
from quart import has_request_context, request
from quart.typing import ResponseTypes
from werkzeug.datastructures import Headers
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as WerkzeugResponse

from .base import AppBase
from .bodies import IterableBody
from .responses import Response, coerce
from .wsgi import make_environ, run_wsgi

_RESPONSES = (QuartResponse, WerkzeugResponse)
_BODIES = (str, bytes, bytearray, Iterator, AsyncIterator)


class Results(AppBase):
    """Converts the results of views, hooks and error handlers as `Flask.make_response` does."""

    async def make_response(self, result: Any) -> ResponseTypes:
        """Make a response of `result`, always one of `response_class`.

        Beyond what Quart's method of this name takes: a status as text or `HTTPStatus`,
        headers as a tuple of pairs and with repeated names, any iterator, a WSGI application.

        Raises:
            TypeError: The view returned None or something else that is no response.
        """
        value, status, headers = _unpack(result)
        if value is None:
            raise TypeError(f"The view for {_endpoint()!r} returned None, which is no response.")
        if isinstance(value, self.response_class):
            response: QuartResponse = value
        elif isinstance(value, _BODIES):
            # Flask lets the class set them, so repeated names are kept as they stand.
            return self._construct(value, status, headers)
        else:
            response = await self._convert(value)
        if status is not None:
            response.status = status
        if headers:
            response.headers.update(headers)
        return response

    def _construct(self, value: Any, status: Any, headers: Any) -> QuartResponse:
        if isinstance(value, bytearray):
            value = bytes(value)
        elif not isinstance(value, str | bytes) and not issubclass(self.response_class, Response):
            value = IterableBody(value)
        return self.response_class(value, status=status, headers=headers)

    async def _convert(self, value: Any) -> QuartResponse:
        if isinstance(value, dict | list):
            return cast(QuartResponse, self.json.response(value))
        if isinstance(value, HTTPException):
            value = value.get_response(_environ())
        elif callable(value) and not isinstance(value, _RESPONSES):
            value = await _run(value)
        if isinstance(value, _RESPONSES):
            return coerce(value, self.response_class)
        raise _not_convertible(value)


def _unpack(result: Any) -> tuple[Any, Any, Any]:
    """The value, status and headers of a result, as it is or in a tuple of two or three."""
    if not isinstance(result, tuple):
        return result, None, None
    if len(result) == 3:
        return result
    if len(result) != 2:
        raise TypeError(
            f"The view for {_endpoint()!r} returned a tuple of {len(result)}; a tuple must be"
            " (body, status, headers), (body, status) or (body, headers)."
        )
    value, second = result
    if isinstance(second, Headers | dict | tuple | list):
        return value, None, second
    return value, second, None


async def _run(application: Any) -> WerkzeugResponse:
    try:
        return await run_wsgi(application, request)
    except TypeError as error:
        raise _not_convertible(application) from error


def _not_convertible(value: object) -> TypeError:
    return TypeError(
        f"The view for {_endpoint()!r} returned an object of type {type(value).__name__}, which"
        " is no response: return text, bytes, a dict, a list, an iterator, a response, a WSGI"
        " application, or a tuple of one of these with a status or headers."
    )


def _endpoint() -> str | None:
    return request.endpoint if has_request_context() else None


def _environ() -> Any:
    return make_environ(request, b"") if has_request_context() else None
