"""Running plain functions: views, hooks and handlers that are not asynchronous."""

import asyncio
import inspect
from collections.abc import AsyncGenerator, Awaitable, Callable
from functools import partial, wraps
from typing import Any, ParamSpec, TypeVar

from quart import Quart
from quart.ctx import RequestContext
from quart.globals import _cv_app, _cv_request
from quart.utils import run_sync_iterable

from .bodies import ThreadedIterator
from .request_threads import current_thread, give_back, start_aside, thread_of
from .switches import mends

P = ParamSpec("P")
T = TypeVar("T")


class Functions(Quart):
    """Runs the plain functions of one request on one thread that no other request has meanwhile.

    So thread-locals, database connections that are bound to a thread, and context variables live
    from the first hook to the last teardown function, as they do in Flask. Outside requests the
    same holds for an application context. An application's own `ensure_async` or `sync_to_async`
    goes before.
    """

    def sync_to_async(self, func: Callable[P, T]) -> Callable[P, Awaitable[T]]:
        """An asynchronous function that runs a plain one on the thread of the current request.

        A `StopIteration` becomes a RuntimeError: no future can hold one. What is called while
        another plain function of the request runs has a thread of the event loop's executor.
        """
        inherited = super().sync_to_async
        if getattr(inherited, "__func__", None) is not Quart.sync_to_async:
            return inherited(func)
        return _on_thread(func) if mends("QP036", self) else inherited(func)

    async def do_teardown_request(
        self, exc: BaseException | None, request_context: RequestContext | None = None
    ) -> None:
        """Tear down as Quart does; of a cancelled request, once its plain functions have ended."""
        context = request_context or _cv_request.get()
        try:
            thread = thread_of(context) if isinstance(exc, asyncio.CancelledError) else None
            if thread is not None:
                await thread.wait()
            await super().do_teardown_request(exc, request_context)
        finally:
            give_back(context)

    async def do_teardown_appcontext(self, exc: BaseException | None) -> None:
        """Tear down as Quart does, then leave the thread to others."""
        try:
            await super().do_teardown_appcontext(exc)
        finally:
            give_back(_cv_app.get(None))


def _on_thread(func: Callable[P, T]) -> Callable[P, Awaitable[T]]:
    async def run(*args: P.args, **kwargs: P.kwargs) -> Any:
        call = partial(func, *args, **kwargs)
        thread = current_thread()
        result: Any = await (start_aside(call) if thread is None else thread.run(call))
        return _as_async(result) if inspect.isgenerator(result) else result

    return wraps(func)(run)


def _as_async(generator: Any) -> Any:
    if mends("QP009"):
        return _steps(ThreadedIterator(generator))
    return run_sync_iterable(generator)


async def _steps(iterator: ThreadedIterator) -> AsyncGenerator[Any, None]:
    try:
        async for value in iterator:
            yield value
    finally:
        await iterator.aclose()
