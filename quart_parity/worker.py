"""A thread for the applications, left behind where one of them blocks it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from queue import Empty, SimpleQueue
from threading import Thread
from time import perf_counter

passing = partial(perf_counter)
"""Seconds that pass even where a suite stops the time: those that do so put another function in the
place of `perf_counter` wherever a module has it, and do not see this one."""
GRACE = 1.0
"""Seconds beyond the time limit in which a driver may still end an exchange by itself."""
ATTENTION = 0.2
"""Seconds after which whoever waits looks up: Ctrl-C just before a wait does not end it."""


class Watch:
    """What the thread tells: until when its current exchange may last."""

    def __init__(self, limit: float) -> None:
        self._limit = limit
        self.until = passing() + limit
        self.given_up = False

    def begin(self, more: float = 0.0) -> bool:
        """Start an exchange, or what may take so many seconds more; False where nobody waits."""
        self.until = passing() + self._limit + more
        return not self.given_up


Job = Callable[[Watch], None]


class Worker:
    """Runs jobs one after the other on a thread without an event loop.

    Flask must not be called inside a running loop, and a blocked application must not block the
    caller; so whatever thread the library is called on, applications run on this one.
    """

    def __init__(self, timeout: float) -> None:
        self._limit = timeout + GRACE
        self._jobs: SimpleQueue[tuple[Job, Watch] | None] = SimpleQueue()
        self._done: SimpleQueue[BaseException | None] = SimpleQueue()
        self._start()

    def _start(self) -> None:
        self._jobs, self._done = SimpleQueue(), SimpleQueue()
        Thread(target=_work, args=(self._jobs, self._done), daemon=True).start()

    def run(self, job: Job) -> bool:
        """Run *job* to its end; False where one exchange took too long and it was left behind.

        What the job raises is raised here.
        """
        watch = Watch(self._limit)
        self._jobs.put((job, watch))
        while (left := watch.until - passing()) > 0:
            try:
                error = self._done.get(timeout=min(left, ATTENTION))
            except Empty:
                continue
            if error is not None:
                raise error
            return True
        watch.given_up = True
        self._start()
        return False

    def close(self) -> None:
        self._jobs.put(None)


def _work(
    jobs: SimpleQueue[tuple[Job, Watch] | None], done: SimpleQueue[BaseException | None]
) -> None:
    while (item := jobs.get()) is not None:
        job, watch = item
        try:
            job(watch)
        except BaseException as error:
            done.put(error)
        else:
            done.put(None)
        if watch.given_up:
            return
