"""What a test reads of an answer, kept as it reads it."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import Any


class Reading(Iterator[bytes]):
    """The pieces of a body as the test client gets them, and how far they were read."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self.body = bytearray()
        self.error: BaseException | None = None
        self.is_over = False
        """Whether nothing more comes: the end was reached, it broke off, or it was closed."""
        self.is_whole = False
        """Whether the end was reached."""
        self.when_over: Callable[[], None] | None = None
        self._source = pieces
        self._pieces = iter(pieces)
        self._ahead: deque[bytes] = deque()

    def read_ahead(self) -> None:
        """Read all, for the test to read later."""
        while not self.is_over:
            try:
                self._ahead.append(self._read())
            except BaseException:
                # It is raised where the test reads on.
                return

    def __next__(self) -> bytes:
        if self._ahead:
            return self._ahead.popleft()
        if self.error is not None:
            raise self.error
        if self.is_over:
            raise StopIteration
        return self._read()

    def _read(self) -> bytes:
        try:
            piece = next(self._pieces)
        except StopIteration:
            self.is_whole = True
            self._end()
            raise
        except BaseException as error:
            self.error = error
            self._end()
            raise
        self.body += piece
        return piece

    def close(self) -> None:
        """As the response that a test closes."""
        close: Any = getattr(self._source, "close", None)
        try:
            if close is not None:
                close()
        finally:
            self._end()

    def _end(self) -> None:
        if self.is_over:
            return
        self.is_over = True
        if self.when_over is not None:
            self.when_over()
