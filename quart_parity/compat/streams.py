"""Streams that keep the request they were made in."""

from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Callable, Iterable
from functools import wraps
from typing import Any, cast, overload

from quart import stream_with_context as quart_stream_with_context
from quart.ctx import AppContext, RequestContext
from quart.globals import _cv_app, _cv_request

from .bodies import Chunk, IterableBody
from .switches import mends

Chunks = Iterable[Chunk] | AsyncIterable[Chunk]


@overload
def stream_with_context(source: Chunks) -> AsyncIterator[Chunk]: ...
@overload
def stream_with_context(source: Callable[..., Chunks]) -> Callable[..., AsyncIterator[Chunk]]: ...
def stream_with_context(source: Chunks | Callable[..., Chunks]) -> Any:
    """Keep `request`, `session` and `g` while a generator streams; also a decorator for one.

    Takes iterators and generator functions, asynchronous or not; blocking ones are stepped in
    worker threads. As in Flask the very contexts of the request are entered again, so their
    teardown functions run once more when the stream ends. Quart's function of this name takes
    asynchronous generator functions only, and starts a new `g`.

    Raises:
        RuntimeError: There is no request.
    """
    if not mends("QP020"):
        return quart_stream_with_context(cast(Any, source))
    if isinstance(source, Iterable | AsyncIterable):
        return _within(*_current_contexts(), source)

    @wraps(source)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        return stream_with_context(source(*args, **kwargs))

    return wrapper


def _current_contexts() -> tuple[AppContext, RequestContext]:
    request_context = _cv_request.get(None)
    if request_context is None:
        raise RuntimeError(
            "'stream_with_context' needs a request: call it in a view or in what a view calls."
        )
    return _cv_app.get(), request_context


async def _within(
    app_context: AppContext, request_context: RequestContext, source: Chunks
) -> AsyncGenerator[Chunk, None]:
    # The application's first, or the request's would push a new one, with a new g.
    async with app_context, request_context, IterableBody(source) as body:
        async for chunk in body:
            yield chunk
