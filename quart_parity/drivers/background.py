"""What a request begins and does not wait for: under a server it goes on after the answer."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Thread, current_thread
from time import perf_counter
from types import CodeType
from typing import Any

from .raised import is_application

SECONDS = 1.0
"""How long what a request began may go on before the next one; what lasts longer is not waited for
again, nor is what is made by the same function."""
_PASSES = 8
"""How many steps those get that have been running for longer."""
_EXECUTORS = ThreadPoolExecutor.submit.__code__.co_filename
"""Their threads wait for more to do, for as long as the process lasts."""


class Tasks:
    """The tasks of one application's loop, of which there is one for each connection at least."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._made: list[asyncio.Task[Any]] = []
        self._lasting: set[asyncio.Task[Any]] = set()
        self._kinds: set[CodeType | None] = set()
        # Loops know their tasks, but weakly, with those that have ended, and without order.
        loop.set_task_factory(self._make)

    def _make(
        self, loop: asyncio.AbstractEventLoop, coroutine: Any, **options: Any
    ) -> asyncio.Task[Any]:
        task = asyncio.Task(coroutine, loop=loop, **options)
        self._made.append(task)
        return task

    def keep(self, own: asyncio.Task[Any] | None = None) -> None:
        """Do not wait for those that run now, of which *own* is the driver's."""
        self._lasting.update(self._begun())
        self._lasting.discard(own)

    def _begun(self) -> set[asyncio.Task[Any]]:
        made, self._made = self._made, []
        return {task for task in made if not task.done()}

    def go_on(self, seconds: float) -> None:
        """Let them run between two requests, and wait for those that this one has begun."""
        # What a task raises holds the frames below it, and must not hold the task by them: asyncio
        # tells of what nobody has retrieved when it is freed.
        if any(not task.done() for task in self._made) or self._lasting:
            self._loop.run_until_complete(self._run(perf_counter() + seconds))
        self._made.clear()

    async def _run(self, until: float) -> None:
        itself = asyncio.current_task()
        tasks = self._begun() - {itself}
        for _ in range(_PASSES):
            await asyncio.sleep(0)
        while tasks and (left := until - perf_counter()) > 0:
            endless = {task for task in tasks if _kind(task) in self._kinds}
            late = await _wait(tasks - endless, left)
            self._kinds.update(map(_kind, late))
            self._lasting |= endless | late
            tasks = self._begun() - {itself}
        self._lasting |= tasks
        self._lasting = {task for task in self._lasting if not task.done()}


async def _wait(tasks: set[asyncio.Task[Any]], seconds: float) -> set[asyncio.Task[Any]]:
    """Those that take longer."""
    return (await asyncio.wait(tasks, timeout=seconds))[1] if tasks else set()


def _kind(task: asyncio.Task[Any]) -> CodeType | None:
    """The application's function that it runs, below what a framework put around it."""
    codes = list[CodeType]()
    step: Any = task.get_coro()
    while step is not None:
        code = getattr(step, "cr_code", None) or getattr(step, "gi_code", None)
        if code is not None:
            codes.append(code)
        step = getattr(step, "cr_await", None) or getattr(step, "gi_yieldfrom", None)
    return next((one for one in codes if is_application(one.co_filename)), next(iter(codes), None))


class Threads:
    """The threads that applications begin."""

    def __init__(self) -> None:
        self.begun: list[Thread] = []
        """Those that nobody has waited for yet."""
        self._kinds: set[object] = set()

    def join(self, seconds: float) -> list[Thread]:
        """Wait for those that were begun, and for what these begin; returns those that last."""
        until = perf_counter() + seconds
        late: list[Thread] = []
        while self.begun:
            thread = self.begun.pop(0)
            kind = _target(thread)
            if thread is current_thread() or getattr(kind, "co_filename", None) == _EXECUTORS:
                continue
            if kind not in self._kinds:
                thread.join(max(until - perf_counter(), 0))
            if thread.is_alive():
                self._kinds.add(kind)
                late.append(thread)
        return late


def _target(thread: Thread) -> object:
    """The function that it runs, while it does."""
    target = getattr(thread, "_target", None)
    while isinstance(target, partial):
        target = target.func
    return getattr(target, "__code__", target) or type(thread)
