"""What a view may return, converted by Flask's rules."""

from collections.abc import AsyncIterator, Iterator, Mapping
from functools import lru_cache
from inspect import isasyncgen, isgenerator
from typing import Any

from quart import Quart, has_request_context, request
from quart import Response as QuartResponse
from quart.typing import ResponseTypes
from werkzeug.datastructures import Headers
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as WerkzeugResponse

from .base import mixed
from .responses import Response, coerce
from .switches import mends
from .wsgi import make_environ, run_wsgi

_DATA = (str, bytes, bytearray)
_ITERATORS = (Iterator, AsyncIterator)
_RESPONSES = (QuartResponse, WerkzeugResponse)


class Results(Quart):
    """Converts the results of views, hooks and error handlers as `Flask.make_response` does."""

    async def make_response(self, result: Any) -> ResponseTypes:
        """Make a response of `result`, always one of `response_class`.

        Beyond what Quart's method of this name takes: a status as text, headers as a tuple of
        pairs and with repeated names, any iterator, a WSGI application.

        Raises:
            TypeError: The view returned None or something else that is no response.
        """
        value, status, headers = self._unpack(result)
        if not isinstance(value, _DATA):
            value = await self._evaluate(value)
        if status is not None and not isinstance(status, int) and not mends("QP001", self):
            status = int(status)
        if isinstance(value, _RESPONSES):
            return _with(value, status, headers)
        return self._construct(value, status, headers)

    def _unpack(self, result: Any) -> tuple[Any, Any, Any]:
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
        if isinstance(second, tuple) and not mends("QP003", self):
            raise TypeError("Quart takes a tuple in second place for a status")
        if isinstance(second, Headers | dict | tuple | list):
            return value, None, second
        return value, second, None

    async def _evaluate(self, value: Any) -> Any:
        """A response, or the iterator that is to be the body of one."""
        if isinstance(value, dict | list):
            return self._coerced(self.json.response(value))
        if isinstance(value, _RESPONSES):
            return self._coerced(value)
        if isinstance(value, HTTPException):
            environ = _environ() if mends("QP006", self) else None
            return self._coerced(value.get_response(environ))
        if isinstance(value, _ITERATORS):
            if isgenerator(value) or isasyncgen(value) or mends("QP002", self):
                return value
        elif callable(value) and mends("QP005", self):
            return coerce(await _run(value), mixed(Response, self.response_class))
        raise _not_convertible(value)

    def _coerced(self, response: Any) -> Any:
        """The response as one of the application's class.

        Quart leaves it as it is. A class that extends this one stays what it is, as in Flask.
        """
        wanted: Any = mixed(Response, self.response_class)
        if isinstance(response, wanted):
            return response
        if isinstance(response, QuartResponse):
            theirs: Any = type(response)
            own = mixed(Response, theirs)
            if issubclass(own, wanted) or not mends("QP006", self):
                return coerce(response, own)
        return coerce(response, wanted) if mends("QP006", self) else response

    def _construct(self, value: Any, status: Any, headers: Any) -> ResponseTypes:
        """A new response; its class is given status and headers itself, as by Flask."""
        response_class: type[QuartResponse] = mixed(Response, self.response_class)
        if status is None and headers is None:
            return response_class(value)
        if isinstance(headers, Headers):
            # Flask's class keeps the very object, and a constant gathers everyone's cookies.
            headers = headers.copy()
        elif headers and not isinstance(headers, dict | Mapping):
            headers = list(headers)
        if _is_told(response_class, headers) and not mends("QP004", self):
            return _with(response_class(value), status, headers)
        return response_class(value, status=status, headers=headers)


def _with(response: ResponseTypes, status: Any, headers: Any) -> ResponseTypes:
    if status is not None:
        response.status = status
    if headers:
        response.headers.update(headers)
    return response


def _is_told(response_class: Any, headers: Any) -> bool:
    """Whether it matters that the class is given the headers, and not updated with them.

    It does to a constructor of the application's own, to repeated names, and to a length.
    """
    if _has_own_constructor(response_class):
        return True
    if not headers:
        return False
    if isinstance(headers, Headers):
        return "content-length" in headers
    names = headers if isinstance(headers, Mapping) else [pair[0] for pair in headers]
    distinct = {str(name).lower() for name in names}
    return len(distinct) < len(names) or "content-length" in distinct


@lru_cache(maxsize=256)
def _has_own_constructor(response_class: Any) -> bool:
    known = (*Response.__mro__, *QuartResponse.__mro__)
    return any("__init__" in vars(cls) for cls in response_class.__mro__ if cls not in known)


async def _run(application: Any) -> WerkzeugResponse:
    try:
        return await run_wsgi(application, request)
    except TypeError as error:
        raise _not_convertible(application) from error


def _not_convertible(value: object) -> TypeError:
    if value is None:
        return TypeError(f"The view for {_endpoint()!r} returned None, which is no response.")
    return TypeError(
        f"The view for {_endpoint()!r} returned an object of type {type(value).__name__}, which"
        " is no response: return text, bytes, a dict, a list, an iterator, a response, a WSGI"
        " application, or a tuple of one of these with a status or headers."
    )


def _endpoint() -> str | None:
    return request.endpoint if has_request_context() else None


def _environ() -> Any:
    return make_environ(request, b"") if has_request_context() else None
