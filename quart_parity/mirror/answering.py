"""Who is at work: a test, or an application that answers it."""

from __future__ import annotations

import logging
import random
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, redirect_stderr, redirect_stdout
from contextvars import ContextVar
from dataclasses import dataclass
from io import StringIO
from typing import Any

from ..worker import Job, Watch, Worker

_FORMATTER = logging.Formatter()
_HEARING = ("capsys", "capsysbinary", "capfd", "capfdbinary")
"""Fixtures that hear what is printed."""


@dataclass(eq=False, slots=True)
class Answering:
    """An application at work, wherever its code runs."""

    error: BaseException | None = None
    """What reached the framework."""


_NOW: ContextVar[Answering | None] = ContextVar("answering", default=None)


def now_answering() -> Answering | None:
    """What is being answered here; its views' own requests are the port's views' to send."""
    return _NOW.get()


@contextmanager
def answering() -> Iterator[Answering]:
    own = Answering()
    token = _NOW.set(own)
    try:
        yield own
    finally:
        _NOW.reset(token)


class PortsWorker(Worker):
    """The thread of the ports; nothing that is sent, logged or printed on it is a test's."""

    def __init__(self, timeout: float) -> None:
        super().__init__(timeout)
        self.fixtures: Callable[[], Mapping[str, Any] | None] = dict
        """Those of the test, by their names; some hear what is logged and printed."""

    def run(self, job: Job) -> bool:
        def done(watch: Watch) -> None:
            with answering():
                job(watch)

        with _apart(self.fixtures() or {}):
            return super().run(done)


@contextmanager
def _apart(fixtures: Mapping[str, Any]) -> Iterator[None]:
    """Keep what a port says from what its test looks at."""
    before = logging.getLogRecordFactory()

    def record(*args: Any, **kwargs: Any) -> logging.LogRecord:
        return _without_frames(before(*args, **kwargs))

    with ExitStack() as stack:
        logging.setLogRecordFactory(record)
        stack.callback(logging.setLogRecordFactory, before)
        for handler in _listening(fixtures):
            handler.addFilter(_is_tests)
            stack.callback(handler.removeFilter, _is_tests)
        if not fixtures.keys().isdisjoint(_HEARING):
            stack.enter_context(redirect_stdout(StringIO()))
            stack.enter_context(redirect_stderr(StringIO()))
        # What a test has seeded gives the reference what it would give it alone.
        stack.callback(random.setstate, random.getstate())
        # A test counts its own warnings; and Quart closes no uploaded file.
        stack.enter_context(warnings.catch_warnings(record=True))
        warnings.simplefilter("ignore", ResourceWarning)
        yield


def _listening(fixtures: Mapping[str, Any]) -> Iterator[logging.Handler]:
    """The handlers of `caplog` and of ``assertLogs``."""
    if "caplog" in fixtures:
        yield fixtures["caplog"].handler
    loggers = [logging.root, *logging.root.manager.loggerDict.values()]
    for logger in loggers:
        for handler in logger.handlers if isinstance(logger, logging.Logger) else ():
            if type(handler).__module__ == "unittest._log":
                yield handler


def _is_tests(record: logging.LogRecord) -> bool:
    return now_answering() is None


def _without_frames(record: logging.LogRecord) -> logging.LogRecord:
    """The traceback as text: who keeps a record keeps what the port left unawaited, which is then
    told of as the suite's."""
    if record.exc_info and record.exc_info[0] and now_answering() is not None:
        record.exc_text = _FORMATTER.formatException(record.exc_info)
        record.exc_info = None
    return record
