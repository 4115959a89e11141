"""Noting the coroutines that nobody awaited, each for the application that made it."""

from __future__ import annotations

import opcode
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread, current_thread
from types import CodeType, FrameType
from typing import TYPE_CHECKING

from ..exchange import RawRequest, Unawaited
from .hearing import DEPTH, EARS
from .raised import is_application, relative

if TYPE_CHECKING:
    from .hearing import Coroutine

REMEMBERED = 100_000
"""Requests that are known to have been sent before."""
_POP_TOP = opcode.opmap["POP_TOP"]


class Noter:
    """Notes what one application leaves behind, from its making to its end."""

    def __init__(self) -> None:
        self.errors: list[Exception] = []
        """What its threads have raised."""
        self._found: list[Unawaited] = []
        self._sent: set[int] = set()
        self._remembers = False
        self._depth = 0
        self._thread: Thread | None = None
        EARS.open(self)

    @contextmanager
    def making(self) -> Iterator[None]:
        """Note what making and starting the application leaves behind."""
        self._listen(True)
        try:
            yield
        finally:
            self.end()
            if EARS.current is self:
                EARS.current = None

    def begin(self, request: RawRequest) -> None:
        """Note what *request* leaves behind.

        It costs time to remember where each coroutine is made. What was sent before, byte for
        byte, makes the same ones once more, so there it is done only if one was forgotten.
        """
        sent = hash(request)
        self._listen(sent not in self._sent)
        if self._remembers and len(self._sent) < REMEMBERED:
            self._sent.add(sent)

    def _listen(self, remembers: bool) -> None:
        EARS.current = self
        self._remembers = remembers
        if remembers:
            self._depth = sys.get_coroutine_origin_tracking_depth()
            sys.set_coroutine_origin_tracking_depth(max(DEPTH, self._depth))
        if self._thread is not (thread := current_thread()):
            self._thread = thread
            EARS.add(thread)

    def end(self, seconds: float = 0.0) -> None:
        """The request has its answer; wait for the threads that it began.

        What it left may still be freed. What threads do that last longer is nobody's.
        """
        if self._remembers:
            sys.set_coroutine_origin_tracking_depth(self._depth)
        if EARS.threads.begun:
            for thread in EARS.threads.join(seconds):
                EARS.forget(thread)

    def note(self, coroutine: Coroutine, freed_in: FrameType | None) -> None:
        place = _made_at(coroutine) or _dropped_at(freed_in) or _defined_at(coroutine.cr_code)
        self._found.append(Unawaited(coroutine.__qualname__, place))
        # What is sent once more may have its places remembered now.
        self._sent.clear()

    def fail(self, error: Exception) -> None:
        self.errors.append(error)

    def take(self) -> tuple[Unawaited, ...]:
        """What was found since it was last asked for."""
        if not self._found:
            return ()
        found, self._found = self._found, []
        return tuple(found)

    def settle(self) -> tuple[Unawaited, ...]:
        """Collect what the application left in cycles, and take what is found."""
        EARS.current = self
        is_due = EARS.garbage.collect()
        EARS.current = None
        if is_due:
            # Of what was alive at the end of an earlier scenario nobody knows whose it was.
            EARS.garbage.collect_all()
        return self.take()

    def resume(self) -> None:
        """Note again what comes, after `pause`."""
        EARS.open(self)

    def pause(self) -> None:
        """Note nothing for a while; what listens in the process to none is taken away."""
        EARS.close(self)
        self._thread = None

    def close(self) -> None:
        """Note nothing more."""
        EARS.close(self)

    def abandon(self) -> None:
        """Note nothing more, nor what the application's thread does later, which is blocked."""
        if self._thread is not None:
            EARS.forget(self._thread)
        EARS.close(self)


def _made_at(coroutine: Coroutine) -> str | None:
    """The innermost line of the application that is remembered."""
    for filename, line, _ in coroutine.cr_origin or ():
        if is_application(filename):
            return f"{relative(filename)}:{line}"
    return None


def _dropped_at(frame: FrameType | None) -> str | None:
    """The line of a statement that does nothing with what it made."""
    if frame is None:
        return None
    code = frame.f_code
    if code.co_code[frame.f_lasti] == _POP_TOP and is_application(code.co_filename):
        return f"{relative(code.co_filename)}:{frame.f_lineno}"
    return None


def _defined_at(code: CodeType) -> str | None:
    if not is_application(code.co_filename):
        return None
    return f"{relative(code.co_filename)}:{code.co_firstlineno}"
