"""The body of a request: its limit holds however it is read, and a view may move it."""

import asyncio
from collections.abc import Generator
from typing import Any

from quart import Quart
from quart.wrappers.request import Body as QuartBody
from werkzeug.exceptions import RequestEntityTooLarge

from .switches import mends

DEFAULT_LIMIT: Any = Quart.default_config["MAX_CONTENT_LENGTH"]
"""Quart's own limit, known by its identity: an application may set one of the same size."""


class Body(QuartBody):
    """Quart's body, all of whose bytes count for the limit, consumed or not.

    `Body.append` of Quart's compares with the limit what has not been consumed yet, and its
    `__anext__` takes the error that it leaves for the end of the body.
    """

    app: Quart | None = None
    """Whose pieces are asked for: where bodies are received there is no current application."""
    is_held = False
    """Whether it was read as a whole, and kept."""
    _received = 0
    """Bytes so far."""
    _has_ended = False
    _is_final = False
    """Whether the limit can no longer be raised, so that what is over it need not be kept."""
    _room: asyncio.Event | None = None
    """Set when the limit has been raised."""

    def append(self, data: bytes) -> None:
        """Add what was received; over the limit, reading raises `RequestEntityTooLarge`."""
        self._received += len(data)
        limit = self._max_content_length
        over = limit is not None and self._received > limit
        if over and not self.lift_default() and mends("QP027", self.app):
            if not self._is_final:
                self._data.extend(data)
            self._refuse()
        else:
            super().append(data)

    def set_complete(self) -> None:
        """Note that all of it was received, or all there will be."""
        self._has_ended = True
        super().set_complete()

    def __aiter__(self) -> Any:
        """Iterate the chunks as they come; a body that was read as a whole stays as it is."""
        if not (self.is_held and mends("QP030", self.app)):
            return self
        again = QuartBody(None, None)
        again.set_result(bytes(self._data))
        return again

    async def __anext__(self) -> bytes:
        try:
            data = await super().__anext__()
        except StopAsyncIteration:
            self._check()
            raise
        self._check()
        return data

    def __await__(self) -> Generator[Any, None, bytes]:
        data: bytes = yield from super().__await__()
        self.is_held = True
        return data

    def whole(self) -> bytes | None:
        """What awaiting it gives, where that would neither wait nor raise."""
        if self._must_raise is not None or not self._complete.is_set():
            return None
        self.is_held = True
        return bytes(self._data)

    def _check(self) -> None:
        error = self._must_raise
        if error is not None and not (self.is_refused and not mends("QP027", self.app)):
            raise error

    def lift_default(self) -> bool:
        """Take the limit away if it is Quart's own, and the application has asked for that."""
        lifts = self._max_content_length is DEFAULT_LIMIT and mends("QP035", self.app)
        if lifts:
            self.set_limit(None, None)
        return lifts

    def set_limit(self, limit: int | None, declared: int | None) -> None:
        """Hold what was received, and what the client has declared, to another limit."""
        self._max_content_length = limit
        if limit is not None and max(self._received, declared or 0) > limit:
            self._refuse()
        elif self.is_refused and not self._is_final:
            self._accept()

    @property
    def is_refused(self) -> bool:
        """Whether it is over the limit."""
        return isinstance(self._must_raise, RequestEntityTooLarge)

    def _refuse(self) -> None:
        self._must_raise = RequestEntityTooLarge()
        # Wakes whoever waits for it; not its end, for the limit may be raised.
        super().set_complete()

    def _accept(self) -> None:
        self._must_raise = None
        if not self._has_ended:
            self._complete.clear()
            if not self._data:
                self._has_data.clear()
        if self._room is not None:
            self._room.set()

    async def wait_for_room(self) -> None:
        """Wait until the limit is raised, or can no longer be."""
        while self.is_refused and not self._is_final:
            self._room = asyncio.Event()
            await self._room.wait()

    def settle(self) -> None:
        """Have the limit stay as it is: what is over it is dropped from here on."""
        self._is_final = True
        if self._room is not None:
            self._room.set()
