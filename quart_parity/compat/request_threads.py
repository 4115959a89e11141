"""The thread of a request, bound to the context whose end gives it back."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from functools import partial
from typing import Any, TypeVar

from quart.ctx import RequestContext
from quart.globals import _cv_app, _cv_request, _cv_websocket

from .switches import mends
from .threads import WORKERS, Workers
from .variables import Variables

T = TypeVar("T")

_ATTRIBUTE = "_flask_compat_thread"
"""Where a context holds its `RequestThread`."""


class RequestThread:
    """The one thread of a request, for what runs one after another; all calls from one loop.

    It takes a worker with the first call, and gives it back with the last `release`.
    """

    def __init__(self, workers: Workers = WORKERS) -> None:
        self.variables = Variables()
        self._workers = workers
        self._worker: ThreadPoolExecutor | None = None
        self._last: Future[Any] | None = None
        self._holders = 1

    @property
    def busy(self) -> bool:
        """Whether a function still runs, or waits for a worker."""
        return self._last is not None and not self._last.done()

    def submit(self, function: Callable[[], T]) -> Future[T]:
        """Run a function after those before; its context is that of `variables`."""
        self.variables.enter()
        self._last = future = Future[T]()
        job = partial(_fulfil, future, partial(self.variables.context.run, function))
        if self._worker is None:
            self._workers.take(partial(self._begin, job, future))
        else:
            self._worker.submit(job)
        return future

    def _begin(
        self, job: Callable[[], None], future: Future[Any], worker: ThreadPoolExecutor
    ) -> None:
        if future.cancelled() and not self._holders:
            self._workers.give(worker)
        else:
            self._worker = worker
            worker.submit(job)

    def start(self, function: Callable[[], T]) -> asyncio.Future[T]:
        """The same; beside what runs now, if anything does, on a thread of the event loop's.

        So do the steps of streams where many requests have threads: clients who read slowly
        must not keep the views of others waiting.
        """
        if self.busy or (self._worker is None and self._workers.crowded):
            return start_aside(function)
        return asyncio.wrap_future(self.submit(function))

    async def run(self, function: Callable[[], T]) -> T:
        """The outcome of a function; what it sets in context variables is set here, too.

        What is called while another function runs, be it by that one, runs on a thread of the
        event loop's: it could wait for ever otherwise.
        """
        if self.busy:
            return await start_aside(function)
        try:
            return await asyncio.wrap_future(self.submit(function))
        finally:
            if not self.busy:
                self.variables.leave()

    async def wait(self) -> None:
        """Wait for a function that runs still though its caller was cancelled."""
        if self._last is not None and not self._last.done():
            await asyncio.wait([asyncio.wrap_future(self._last)])

    def hold(self) -> "RequestThread":
        """Keep it for one more user, who releases it once."""
        self._holders += 1
        return self

    def release(self) -> None:
        """Leave it; without users its worker is free for others, unless a function runs still."""
        self._holders -= 1
        if self._last is None or self._holders:
            return
        part = self._workers.drop if self.busy else self._workers.give
        self._last.add_done_callback(lambda _: self._worker and part(self._worker))


def _fulfil(future: Future[T], function: Callable[[], T]) -> None:
    if not future.set_running_or_notify_cancel():
        return
    try:
        future.set_result(_guarded(function))
    except BaseException as error:
        future.set_exception(error)
        # Or the error's frames would hold the future that holds the error.
        del future


def start_aside(function: Callable[[], T]) -> asyncio.Future[T]:
    """Run a function on any thread of the event loop's executor, as Quart runs them all."""
    loop = asyncio.get_running_loop()
    return loop.run_in_executor(None, copy_context().run, _guarded, function)


def _guarded(function: Callable[[], T]) -> T:
    """Call it. A future takes no StopIteration: before Python 3.12 who waits would wait for ever.

    Raises:
        RuntimeError: The function let a StopIteration out.
    """
    try:
        return function()
    except StopIteration as error:
        raise RuntimeError("A plain function raised StopIteration") from error


def current_thread() -> RequestThread | None:
    """The thread of the current request, or else application context, to stay with its context.

    None outside both and in WebSockets, which last too long to hold threads.
    """
    context: Any = _cv_request.get(None)
    if context is None and _cv_websocket.get(None) is None:
        context = _cv_app.get(None)
    owner = _owner(context)
    if owner is None:
        return None
    thread = thread_of(owner) or RequestThread()
    vars(owner)[_ATTRIBUTE] = thread
    return thread


def hold_thread() -> RequestThread | None:
    """The thread on which a stream takes its steps, to be released at its end.

    None where that piece of compat is off.
    """
    if not mends("QP036"):
        return None
    thread = current_thread()
    return RequestThread() if thread is None else thread.hold()


def thread_of(context: Any) -> RequestThread | None:
    """The thread that a request's or application's context has, if it has one."""
    owner = _owner(context)
    thread: RequestThread | None = None if owner is None else vars(owner).get(_ATTRIBUTE)
    return thread


def give_back(context: Any) -> None:
    """Give back the thread that is a context's own, at its end."""
    if context is not None and _ATTRIBUTE in vars(context):
        vars(context).pop(_ATTRIBUTE).release()


def _owner(context: Any) -> Any:
    """The context with whose end the thread is given back: the outermost of the request's own.

    None where the context is not pushed, or not any more.
    """
    tokens = getattr(context, "_cv_tokens", None)
    if not tokens:
        return None
    if isinstance(context, RequestContext) and tokens[0][1] is not None:
        return tokens[0][1]
    return context
