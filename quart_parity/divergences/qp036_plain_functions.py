"""Plain functions of one request on several threads."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import Context, ContextVar
from typing import Any

from flask import Flask
from quart import Quart

from .divergence import Divergence

_user = ContextVar("_user", default="nobody")


def original() -> Flask:
    app = Flask("original")
    _fill(app)

    @app.get("/")
    def user() -> Any:
        return _user.get()

    return app


def port() -> Quart:
    app = Quart("port")
    _fill(app)

    @app.get("/")
    async def user() -> Any:
        return _user.get()

    return app


def _fill(app: Flask | Quart) -> None:
    """The functions that are plain on both: a port may keep such, says Quart."""
    threads: set[int] = set()
    app.extensions["threads"] = threads

    def note(error: object = None) -> None:
        threads.add(threading.get_ident())

    @app.before_request
    def hook() -> None:
        note()
        _user.set("alice")

    @app.get("/stream")
    def stream() -> Any:
        note()
        yield _user.get()
        note()

    @app.get("/exhausted")
    def exhausted() -> Any:
        return next(iter([]))

    app.teardown_request(note)
    app.teardown_appcontext(note)


class _Busy(ThreadPoolExecutor):
    """The pool of a busy server: other requests take the threads in between, so that each job of
    this one gets a thread that it did not have before."""

    def __init__(self) -> None:
        super().__init__()
        self._used: list[ThreadPoolExecutor] = []

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        self._used.append(ThreadPoolExecutor(1))
        return self._used[-1].submit(fn, *args, **kwargs)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        for executor in self._used:
            executor.shutdown(wait, cancel_futures=cancel_futures)
        super().shutdown(wait, cancel_futures=cancel_futures)


def observe(app: Any) -> Any:
    """Three answers, and on how many threads the functions of the second ran. The first shows a
    variable, the third is to a StopIteration: stock Quart gives none on Python 3.11."""
    # In a context of its own, for Flask leaves its variables set.
    user = Context().run(_get, app, "/")
    app.extensions["threads"].clear()
    stream = Context().run(_get, app, "/stream")
    return user, stream, len(app.extensions["threads"]), Context().run(_get, app, "/exhausted")


def _get(app: Any, path: str) -> Any:
    if isinstance(app, Quart):
        return asyncio.run(_get_async(app, path))
    response = app.test_client().get(path)
    return response.status_code, response.text


async def _get_async(app: Quart, path: str) -> Any:
    loop = asyncio.get_running_loop()
    loop.set_default_executor(_Busy())
    stuck = asyncio.Event()
    loop.set_exception_handler(lambda _loop, _context: stuck.set())
    waiting = asyncio.create_task(stuck.wait())
    answering = asyncio.create_task(app.test_client().get(path))
    await asyncio.wait([answering, waiting], return_when=asyncio.FIRST_COMPLETED)
    if not answering.done():
        return "no answer"
    response: Any = await answering
    return response.status_code, await response.get_data(as_text=True)


DIVERGENCE = Divergence(
    code="QP036",
    title="Plain functions of one request run on different threads, which requests share",
    area="hooks",
    severity="security",
    flask="All functions of a request run on one thread, which no other request uses meanwhile."
    " What a `before_request` function puts into a `threading.local` or a `ContextVar` is there"
    " in the view and in the teardown functions. An exception `StopIteration` is a 500.",
    quart="Each plain (not asynchronous) function runs on whichever thread of the pool is free:"
    " under load a view reads what another request's hook has put into a `threading.local`, so one"
    " user gets another's data; `scoped_session.remove()` in a teardown function reaches another"
    " thread's session; an SQLite connection refuses the thread. A `ContextVar` that a plain"
    " function sets has its old value afterwards. On Python 3.11 a `StopIteration` that leaves a"
    " plain function leaves the request without an answer for ever, and nothing is logged.",
    cause="`quart.utils.run_sync` calls `run_in_executor(None, copy_context().run, …)` anew for"
    " each function, through `quart.app.Quart.sync_to_async`; a future takes no `StopIteration`.",
    affects={"quart": ">=0.19"},
    by_hand="Make every view, hook and handler `async def` and keep what belongs to a request in"
    " `g`, never in a `threading.local`; or override `sync_to_async`.",
    by_compat="`sync_to_async` runs the plain functions of a request, from the first hook to the"
    " last `teardown_appcontext`, and the steps of its plain generators, on one thread of its own"
    " and in one context, whose variables are carried over to and from asynchronous functions. Two"
    " at once (`asyncio.gather`) still have two threads, and where many requests have one already"
    " generators step on any. A `StopIteration` becomes a"
    " `RuntimeError`. `url_value_preprocessor` functions, template filters and what else Quart"
    " calls on the event loop's thread stays there.",
    original=original,
    port=port,
    observe=observe,
)
