"""Response bodies that close what they read from, as the WSGI specification asks."""

import asyncio
import inspect
from collections.abc import (
    AsyncGenerator,
    AsyncIterable,
    AsyncIterator,
    Callable,
    Iterable,
    Iterator,
)
from typing import Any

from quart.wrappers import response as quart_response
from quart.wrappers.response import ResponseBody

from .request_threads import hold_thread, start_aside
from .switches import mends

Chunk = str | bytes
"""One piece of a body; text is sent as UTF-8."""
_END: Any = object()
"""What a step gives where there was nothing left."""


def encoded(chunk: Chunk | bytearray | memoryview) -> bytes:
    """The bytes of one chunk.

    Raises:
        TypeError: For anything else, numbers above all: `bytes(120)` would be 120 zeros.
    """
    if isinstance(chunk, bytes):
        return chunk
    if isinstance(chunk, str):
        return chunk.encode()
    return bytes(memoryview(chunk))


class ThreadedIterator:
    """Steps through a blocking iterable in worker threads, one step at a time.

    Unlike Quart's `run_sync_iterable` it remembers the step under way, so that a cancelled
    response does not close a generator that is still running.
    """

    def __init__(self, source: Iterable[Any]) -> None:
        self.source = source
        self._iterator: Iterator[Any] | None = None
        self._step: asyncio.Future[Any] | None = None
        self._closing: asyncio.Future[None] | None = None
        self._thread = hold_thread()

    def __aiter__(self) -> AsyncIterator[Any]:
        return self

    async def __anext__(self) -> Any:
        self._step = self._start(self._next)
        try:
            chunk = await asyncio.shield(self._step)
        except asyncio.CancelledError:
            await asyncio.wait([self._step])
            # An error of the step goes before the cancellation.
            self._step.result()
            raise
        if chunk is _END:
            raise StopAsyncIteration
        return chunk

    def _start(self, function: Callable[[], Any]) -> asyncio.Future[Any]:
        return start_aside(function) if self._thread is None else self._thread.start(function)

    def _next(self) -> Any:
        if self._iterator is None:
            self._iterator = iter(self.source)
        return next(self._iterator, _END)

    async def aclose(self) -> None:
        """Close the iterator and what it came from, once the step under way has ended.

        Happens once, and to its end though it be cancelled; every call has its outcome.
        """
        self._closing = self._closing or asyncio.ensure_future(self._close())
        await asyncio.shield(self._closing)

    async def _close(self) -> None:
        if self._step is not None and not self._step.done():
            await asyncio.wait([self._step])
        try:
            if self._iterator is not None and self._iterator is not self.source:
                await self._close_blocking(self._iterator)
            await self._close_blocking(self.source)
        finally:
            if self._thread is not None:
                self._thread.release()

    async def _close_blocking(self, source: object) -> None:
        close: Callable[[], object] | None = getattr(source, "close", None)
        if close is None:
            return
        if _is_idle(source):
            close()
        else:
            await self._start(close)


def _is_idle(source: object) -> bool:
    """Whether closing runs no code of the generator, and so needs no thread."""
    return inspect.isgenerator(source) and inspect.getgeneratorstate(source) in (
        inspect.GEN_CREATED,
        inspect.GEN_CLOSED,
    )


class IterableBody(quart_response.IterableBody):
    """A streamed body that is closed after use, also when it was never started.

    Quart's body of this name closes asynchronous generators only; files, cursors and
    generators behind it stay open.
    """

    def __init__(self, iterable: AsyncIterable[Any] | Iterable[Any]) -> None:
        self.source = iterable
        self._closes = mends("QP009")
        self._closed = False
        if self._closes and isinstance(iterable, Iterable):
            self.iter = ThreadedIterator(iterable)
        else:
            super().__init__(iterable)

    async def __aexit__(self, *exc_info: Any) -> None:
        if self._closes:
            await self.close()
        else:
            await super().__aexit__(*exc_info)

    async def close(self) -> None:
        """Close the source; a second call does not close it again."""
        if isinstance(self.iter, ThreadedIterator):
            await self.iter.aclose()
        elif self._closes and not self._closed:
            self._closed = True
            await _aclose(self.iter)
            if self.source is not self.iter:
                await _aclose(self.source)


async def _aclose(source: object) -> None:
    close = getattr(source, "aclose", None) or getattr(source, "close", None)
    result = None if close is None else close()
    if inspect.isawaitable(result):
        await result


class RangeBody(ResponseBody):
    """The bytes `start` to `stop` (exclusive) of another body, which is read no further."""

    def __init__(self, body: ResponseBody, start: int, stop: int) -> None:
        self.body = body
        self.start = start
        self.stop = stop
        self._parts: AsyncGenerator[bytes, None] | None = None

    async def __aenter__(self) -> AsyncIterable[bytes]:
        self._parts = self._slices(await self.body.__aenter__())
        return self._parts

    async def __aexit__(self, *exc_info: Any) -> None:
        if self._parts is not None:
            await self._parts.aclose()
        await self.body.__aexit__(*exc_info)

    async def close(self) -> None:
        """Close the body that this one is a part of."""
        await close_body(self.body)

    async def _slices(self, chunks: AsyncIterable[Chunk]) -> AsyncGenerator[bytes, None]:
        position = 0
        async for chunk in chunks:
            data = encoded(chunk)
            part = data[max(self.start - position, 0) : self.stop - position]
            position += len(data)
            if part:
                yield part
            if position >= self.stop:
                return


async def close_body(body: ResponseBody) -> None:
    """Close a body that is not going to be read; bodies that Quart made included."""
    close = getattr(body, "close", None)
    if close is not None:
        await close()
    else:
        await _aclose(getattr(body, "iter", None))


def joined(chunks: Iterable[Chunk]) -> bytes:
    """All chunks of a list or tuple as one."""
    return b"".join(map(encoded, chunks))
