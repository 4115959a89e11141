"""A driver that tells also what a request leaves behind."""

from __future__ import annotations

from dataclasses import replace
from time import perf_counter

from ..exchange import Exchange, RawRequest
from . import Driver
from .background import SECONDS
from .raised import read_raised
from .unawaited import Noter


class NotingDriver:
    """Waits for the threads that a request begins, and notes what they raise and what nobody
    awaits; *timeout* is what an answer and they have together, in seconds."""

    def __init__(self, driver: Driver, noter: Noter, timeout: float) -> None:
        self.noter = noter
        self._driver = driver
        self._timeout = timeout

    def send(self, request: RawRequest) -> Exchange:
        noter = self.noter
        until = perf_counter() + self._timeout
        noter.begin(request)
        try:
            exchange = self._driver.send(request)
        finally:
            noter.end(min(SECONDS, until - perf_counter()))
        if errors := noter.errors:
            if exchange.raised is None:
                exchange = replace(exchange, raised=read_raised(errors[0]))
            errors.clear()
        found = noter.take()
        return replace(exchange, unawaited=found) if found else exchange

    def rest(self) -> None:
        """Wait until none of the driver's own threads holds anything any more."""
        rest = getattr(self._driver, "rest", None)
        if rest is not None:
            rest()

    def close(self) -> None:
        try:
            self._driver.close()
        finally:
            self.noter.close()
