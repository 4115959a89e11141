"""What Python tells of a process, and of no application: freed coroutines, new threads."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable
from threading import Thread, current_thread
from types import CoroutineType, FrameType
from typing import TYPE_CHECKING, Protocol
from weakref import WeakSet

from .background import Threads
from .garbage import Garbage

if TYPE_CHECKING:
    from typing import Any

    Coroutine = CoroutineType[Any, Any, Any]

DEPTH = 3
"""Frames that the making of a coroutine is remembered by: a framework's may be before the
application's."""
_TELL = "_warn_unawaited_coroutine"
"""What the interpreter calls, before any filter; and what it would have done stays undone."""


class Listener(Protocol):
    """Whoever is told of what one application does."""

    def note(self, coroutine: Coroutine, freed_in: FrameType | None) -> None:
        """Nobody awaited it."""

    def fail(self, error: Exception) -> None:
        """One of its threads raised this."""


class Ears:
    """Hears what happens on the thread that plays, and on those that it or they begin.

    It is told to the application that played last, until that has settled; what happens elsewhere
    is told as ever. Two applications are never played at once.
    """

    def __init__(self) -> None:
        self.current: Listener | None = None
        self.threads = Threads()
        self.garbage = Garbage()
        self._theirs: WeakSet[Thread] = WeakSet()
        self._open: set[Listener] = set()
        self._tell: Callable[[Coroutine], None]

    def open(self, listener: Listener) -> None:
        if not self._open:
            self._tell = getattr(warnings, _TELL)
            setattr(warnings, _TELL, self._hear)
            # Nothing but this tells of all of them, and of who begins them.
            Thread.start = _start  # type: ignore[method-assign]
            self.garbage.begin()
        self._open.add(listener)

    def close(self, listener: Listener) -> None:
        """Where this is the last one, all is as it was before the first."""
        if self.current is listener:
            self.current = None
        if listener not in self._open:
            return
        self._open.discard(listener)
        if not self._open:
            self._theirs.clear()
            self.threads = Threads()
            if getattr(warnings, _TELL) == self._hear:
                setattr(warnings, _TELL, self._tell)
            if Thread.start is _start:
                Thread.start = _plainly_start  # type: ignore[method-assign]
            self.garbage.end()

    def _hear(self, coroutine: Coroutine) -> None:
        if self.current is not None and self._is_theirs(coroutine):
            self.current.note(coroutine, sys._getframe().f_back)
        else:
            self._tell(coroutine)

    def _is_theirs(self, coroutine: Coroutine) -> bool:
        """Whether an application's thread frees it; or one made it, and garbage is collected
        elsewhere."""
        if current_thread() in self._theirs:
            return True
        return coroutine.cr_origin is not None and not sys.get_coroutine_origin_tracking_depth()

    def add(self, thread: Thread) -> None:
        self._theirs.add(thread)

    def forget(self, thread: Thread) -> None:
        """What it does from now on is nobody's."""
        self._theirs.discard(thread)

    def adopt(self, thread: Thread) -> None:
        """Hear of a thread as well that begins, if it is an application's that begins it."""
        if current_thread() not in self._theirs:
            return
        self.add(thread)
        self.threads.begun.append(thread)
        # What its coroutines are remembered by can be set from within only.
        thread.run = _Run(thread)  # type: ignore[method-assign]

    def hear_error(self, error: Exception) -> bool:
        """Take what the current thread raised; False where it is nobody's."""
        if self.current is None or current_thread() not in self._theirs:
            return False
        self.current.fail(error)
        return True


class _Run:
    """Runs a thread as it would have run."""

    def __init__(self, thread: Thread) -> None:
        self._run = thread.run

    def __call__(self) -> None:
        run = self._run
        # Or the thread would hold what holds it.
        del self._run
        sys.set_coroutine_origin_tracking_depth(DEPTH)
        try:
            run()
        except Exception as error:
            if not EARS.hear_error(error):
                raise


_plainly_start = Thread.start


def _start(self: Thread) -> None:
    EARS.adopt(self)
    _plainly_start(self)


EARS = Ears()
"""The process has one of what they listen to."""
