"""Calling an ASGI application as a server does (ASGI 3.0, HTTP 2.4 and lifespan 2.0)."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import lru_cache
from threading import Thread
from typing import Any

from quart.signals import got_background_exception, got_request_exception

from ..exchange import Exchange, Headers, Raised, RawRequest, Response
from ..worker import passing
from .background import SECONDS, Tasks
from .lifespan import ASGIApplication, Lifespan, Message
from .protocol import ProtocolError, checked_field, checked_status, no_answer
from .raised import read_raised

_PASSES = 8
"""Tasks that wait for one another, and for one that exits."""


class _Answer:
    """One connection: what the application receives, and what it has sent so far."""

    def __init__(self, request: RawRequest, loop: asyncio.AbstractEventLoop) -> None:
        self.pieces = list(request.chunks) or [b""]
        self.is_left = False
        """Whether the client has gone, with what was enough."""
        self._enough = request.enough
        self.status = 0
        self.headers: Headers = ()
        self.body = bytearray()
        self.complete = False
        self._loop = loop
        self._completed: asyncio.Future[None] | None = None

    async def receive(self) -> Message:
        if self.pieces:
            piece = self.pieces.pop(0)
            return {"type": "http.request", "body": piece, "more_body": bool(self.pieces)}
        if not self.complete:
            # The client stays until it has its answer.
            if self._completed is None or self._completed.done():
                self._completed = self._loop.create_future()
            await self._completed
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        kind = message["type"]
        if kind == "http.response.start":
            if self.status:
                raise ProtocolError("the response was started twice")
            self.headers = tuple(_field(*pair) for pair in message.get("headers", ()))
            self.status = checked_status(message["status"])
        elif kind == "http.response.body":
            if not self.status or self.complete:
                raise ProtocolError(
                    "a body came " + ("after its end" if self.complete else "first")
                )
            self.body += message.get("body", b"")
            self.complete = not message.get("more_body", False)
            if not self.complete and self._enough is not None and len(self.body) >= self._enough:
                self.complete = self.is_left = True
            if self.complete and self._completed and not self._completed.done():
                self._completed.set_result(None)
            if self.complete and self._enough is not None:
                del self.body[self._enough :]
            if self.is_left:
                # Until the application hears that nobody is there.
                await self._loop.create_future()
        elif kind != "http.response.push":
            raise ProtocolError(f"a message of type {kind!r} was sent")


@lru_cache(maxsize=4096)
def _field(name: object, value: object) -> tuple[str, str]:
    if not isinstance(name, bytes) or not isinstance(value, bytes):
        raise ProtocolError(f"header {name!r}: {value!r} is not in bytes")
    return checked_field(name.decode("latin-1"), value.decode("latin-1"))


class _Limit:
    """Cancels a task that takes too long.

    One timer does for all of them, that looks again when it finds a later one: an
    `asyncio.timeout` for each costs a hundredth of what calling an application does.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, seconds: float) -> None:
        self.expired = False
        self._loop = loop
        self._seconds = seconds
        self._task: asyncio.Task[Any] | None = None
        self._until = 0.0
        self._timer: asyncio.TimerHandle | None = None

    def begin(self) -> None:
        """Give the current task its time."""
        self.expired = False
        self._task = asyncio.current_task(self._loop)
        self._until = self._loop.time() + self._seconds
        if self._timer is None:
            self._timer = self._loop.call_at(self._until, self._look)

    def _look(self) -> None:
        self._timer = None
        if self._task is None:
            return
        if self._loop.time() < self._until:
            self._timer = self._loop.call_at(self._until, self._look)
        else:
            self.expired = True
            self._task.cancel()

    def end(self) -> None:
        self._task = None


class ASGIDriver:
    """One ASGI application with one event loop for its whole life, started by its lifespan."""

    def __init__(self, app: ASGIApplication, timeout: float) -> None:
        self._app = app
        self._timeout = timeout
        self._error: BaseException | None = None
        self._left: set[asyncio.Task[Any]] = set()
        self._loop = asyncio.new_event_loop()
        if isinstance(self._loop, asyncio.BaseEventLoop):
            # A suite that stops the time would stop the loop.
            self._loop.time = passing  # type: ignore[method-assign]
        self._loop.set_exception_handler(self._fail)
        self._executor = self._new_executor()
        self._is_sending = False
        self._tasks = Tasks(self._loop)
        self._limit = _Limit(self._loop, timeout)
        self._lifespan = Lifespan(app)
        try:
            self._loop.run_until_complete(self._lifespan.start(timeout))
        except BaseException:
            self._end()
            raise
        self._tasks.keep(self._lifespan.task)
        got_request_exception.connect(self._record)
        got_background_exception.connect(self._record_later)

    # Quart runs plain functions that it signals in a thread; this one needs none.
    async def _record(self, sender: object, exception: BaseException, **extra: object) -> None:
        # The signal is every application's; what another driver's raises at the same time is not
        # this one's.
        if asyncio.get_running_loop() is self._loop:
            self._error = exception

    async def _record_later(
        self, sender: object, exception: BaseException, **extra: object
    ) -> None:
        """Take what a background task has raised, unless the request itself did."""
        if asyncio.get_running_loop() is self._loop and self._error is None:
            self._error = exception

    def _fail(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """Take what a task or a callback raised for which nobody waits."""
        error = context.get("exception")
        if error is None or not self._is_sending:
            loop.default_exception_handler(context)
        elif self._error is None:
            self._error = error

    def run(self, coroutine: Coroutine[Any, Any, Any]) -> Any:
        """Run something else on the application's loop, between two requests."""
        outcome = self._loop.run_until_complete(coroutine)
        self._tasks.keep()
        return outcome

    def _new_executor(self) -> ThreadPoolExecutor:
        executor = ThreadPoolExecutor(thread_name_prefix="asyncio")
        self._loop.set_default_executor(executor)
        return executor

    def rest(self) -> None:
        """Wait until the loop's threads hold nothing any more of what they did, if they can end.

        One that has given its result may keep it for as long as it waits for a processor.
        """
        executor, self._executor = self._executor, self._new_executor()
        ending = Thread(target=executor.shutdown, daemon=True)
        ending.start()
        ending.join(SECONDS)

    def send(self, request: RawRequest) -> Exchange:
        until = passing() + self._timeout
        self._error, self._is_sending = None, True
        answer = _Answer(request, self._loop)
        broken = None
        try:
            broken = self._loop.run_until_complete(self._call(request, answer))
            self._tasks.go_on(min(SECONDS, until - passing()))
        except SystemExit as error:
            self._error = error
            self._let_out()
        finally:
            self._is_sending = False
        if answer.is_left:
            broken = self._error = None
        response = None
        if answer.status:
            response = Response(answer.status, "", answer.headers, bytes(answer.body))
            if not (answer.complete or broken or self._error):
                broken = "the application returned before its response was complete"
        elif not (broken or self._error):
            broken = "the application returned without a response"
        return Exchange(request, response, self._raised(), broken)

    def _let_out(self) -> None:
        """Let a `SystemExit` through every task that waits for the one that raised it.

        Each stops the loop once more, which would be in the middle of the next request.
        """
        for _ in range(_PASSES):
            with suppress(SystemExit):
                self._loop.run_until_complete(asyncio.sleep(0))

    async def _call(self, request: RawRequest, answer: _Answer) -> str | None:
        """Run the application; returns how it broke off, if it did."""
        limit = self._limit
        limit.begin()
        try:
            await self._app(scope(request), answer.receive, answer.send)
        except ProtocolError as violation:
            return str(violation)
        except (Exception, asyncio.CancelledError, SystemExit) as error:
            if limit.expired:
                # Loops know their tasks by weak references, and nobody waits for these any more.
                self._left = asyncio.all_tasks(self._loop)
                return no_answer(self._timeout)
            self._error = error
        finally:
            limit.end()
        return None

    def _raised(self) -> Raised | None:
        error, self._error = self._error, None
        return None if error is None else read_raised(error)

    def close(self) -> None:
        got_request_exception.disconnect(self._record)
        got_background_exception.disconnect(self._record_later)
        try:
            self._loop.run_until_complete(self._lifespan.stop(self._timeout))
        finally:
            self._end()

    def _end(self) -> None:
        try:
            self._loop.run_until_complete(self._cancel())
        finally:
            self._loop.close()

    async def _cancel(self) -> None:
        """End what the application left running."""
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._loop.shutdown_asyncgens()
        await self._loop.shutdown_default_executor()


@lru_cache(maxsize=4096)
def _encoded(name: str, value: str) -> tuple[bytes, bytes]:
    return name.lower().encode("ascii"), value.encode("latin-1")


def scope(request: RawRequest) -> Message:
    """The connection scope of *request*."""
    base = request.base
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "method": request.method,
        "scheme": base.scheme,
        "path": request.path.encode("latin-1").decode("utf-8", "replace"),
        "raw_path": request.target.partition("?")[0].encode("ascii"),
        "query_string": request.query.encode("latin-1"),
        "root_path": base.root.encode("latin-1").decode("utf-8", "replace"),
        # Without those with an underscore, as on the other side: see the WSGI driver.
        "headers": [_encoded(*pair) for pair in request.headers if "_" not in pair[0]],
        "client": (request.remote, 50000),
        "server": (base.host, base.port),
        "extensions": {},
    }
