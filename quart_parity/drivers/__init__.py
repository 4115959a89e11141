"""How a request reaches a side: the bare protocol, without a client that tidies up."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from ..exchange import Exchange, RawRequest


class Driver(Protocol):
    """One application, ready to answer; used by one thread at a time."""

    def send(self, request: RawRequest) -> Exchange:
        """Play one exchange. Whatever the application does wrong is in the exchange."""

    def close(self) -> None:
        """End what serving the application began."""


def _wsgi(app: Any, timeout: float) -> Driver:
    from .wsgi import WSGIDriver

    return WSGIDriver(app)


def _asgi(app: Any, timeout: float) -> Driver:
    from .asgi import ASGIDriver

    return ASGIDriver(app, timeout)


DRIVERS: dict[str, Callable[[Any, float], Driver]] = {"wsgi": _wsgi, "asgi": _asgi}
"""By protocol: from an application, and the seconds it has for an answer, to its driver."""
