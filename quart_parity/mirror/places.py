"""Where in the suite a request is sent."""

from __future__ import annotations

import linecache
import sys
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import FrameType

from ..drivers.raised import is_application, relative

_CLIENTS = ("werkzeug", "flask", "contextlib", "pytest_flask", "quart_parity")


@dataclass(frozen=True, slots=True)
class Place:
    """A line of a test, and of the helper that it called."""

    file: str
    line: int
    helper: str | None = None
    """``file:line`` where that sent the request."""

    def __str__(self) -> str:
        return f"{relative(self.file)}:{self.line}"

    @property
    def source(self) -> str:
        return linecache.getline(self.file, self.line).strip()


def find_place(test: Path) -> Place | None:
    """The innermost line of the file *test* on the stack, or else of the suite."""
    frame: FrameType | None = sys._getframe(1)
    sent: tuple[str, int] | None = None
    while frame is not None:
        code = frame.f_code
        if code.co_filename == str(test):
            place = code.co_filename, frame.f_lineno
            helper = f"{relative(sent[0])}:{sent[1]}" if sent else None
            return Place(*place, helper)
        if sent is None and _is_suites(code.co_filename, str(frame.f_globals.get("__name__"))):
            sent = code.co_filename, frame.f_lineno
        frame = frame.f_back
    return Place(*sent) if sent else None


@lru_cache(maxsize=1024)
def _is_suites(filename: str, module: str) -> bool:
    return module.partition(".")[0] not in _CLIENTS and is_application(filename)
