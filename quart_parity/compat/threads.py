"""Worker threads that belong to one request at a time, as a WSGI server gives it one."""

import os
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from weakref import WeakSet

MOST = 1000
"""How many workers there are at most; a server that calls Flask has a thread a request, too."""
KEPT = 32
"""How many of them are kept while no request has them."""


class Workers:
    """Executors of one thread each; whoever takes one has it alone.

    Beyond the limit what takes one is kept waiting, in order, until another gives one back.
    """

    def __init__(self, most: int = MOST, kept: int = KEPT) -> None:
        self._most = most
        self._kept = kept
        self.forget()

    def forget(self) -> None:
        """Begin anew: no thread outlives a fork."""
        self._lock = Lock()
        self._alive: WeakSet[ThreadPoolExecutor] = WeakSet()
        self._idle: list[ThreadPoolExecutor] = []
        self._waiting: deque[Callable[[ThreadPoolExecutor], None]] = deque()

    @property
    def crowded(self) -> bool:
        """Whether more than half of the workers there may be are taken."""
        return 2 * (len(self._alive) - len(self._idle)) > self._most

    def take(self, ready: Callable[[ThreadPoolExecutor], None]) -> None:
        """Call `ready` with a worker, at once or when there is one."""
        with self._lock:
            if not self._idle and len(self._alive) >= self._most:
                self._waiting.append(ready)
                return
            worker = self._idle.pop() if self._idle else self._hire()
        ready(worker)

    def give(self, worker: ThreadPoolExecutor) -> None:
        """Give back a worker that has nothing to do."""
        with self._lock:
            ready = self._waiting.popleft() if self._waiting else None
            keep = ready is None and len(self._idle) < self._kept
            if keep:
                self._idle.append(worker)
            elif ready is None:
                self._alive.discard(worker)
        if ready is not None:
            ready(worker)
        elif not keep:
            worker.shutdown(wait=False)

    def drop(self, worker: ThreadPoolExecutor) -> None:
        """Let the thread of a worker end, so that what it remembers reaches no other request."""
        worker.shutdown(wait=False)
        with self._lock:
            self._alive.discard(worker)
            if not self._waiting:
                return
            ready, successor = self._waiting.popleft(), self._hire()
        ready(successor)

    def _hire(self) -> ThreadPoolExecutor:
        worker = ThreadPoolExecutor(1, thread_name_prefix="quart-request")
        self._alive.add(worker)
        return worker


WORKERS = Workers()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=WORKERS.forget)
