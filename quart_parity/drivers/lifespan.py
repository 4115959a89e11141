"""The start-up and shut-down of an ASGI application (lifespan 2.0)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from ..errors import StartError
from .protocol import no_answer

Message = dict[str, Any]
ASGIApplication = Callable[
    [Message, Callable[[], Awaitable[Message]], Callable[[Message], Awaitable[None]]],
    Awaitable[None],
]


class Lifespan:
    """The application's start-up and shut-down; one that has none is served without."""

    def __init__(self, app: ASGIApplication) -> None:
        self._app = app
        self._events: asyncio.Queue[Message] = asyncio.Queue()
        self._answers: asyncio.Queue[Message] = asyncio.Queue()
        self.task: asyncio.Task[None] | None = None

    async def _run(self) -> None:
        scope = {"type": "lifespan", "asgi": {"version": "3.0", "spec_version": "2.0"}}
        try:
            await self._app(scope, self._events.get, self._answers.put)
        except SystemExit as error:
            message = f"SystemExit: {error}"
            await self._answers.put({"type": "lifespan.startup.failed", "message": message})
        except Exception:
            # The protocol's way to say that there is no lifespan support.
            await self._answers.put({"type": "unsupported"})
        else:
            await self._answers.put({"type": "ended"})

    async def start(self, timeout: float) -> None:
        self.task = asyncio.create_task(self._run())
        answer = await self._ask("lifespan.startup", timeout)
        if answer["type"] == "lifespan.startup.failed":
            raise StartError(f"its lifespan start-up failed: {answer.get('message', '')}")

    async def stop(self, timeout: float) -> None:
        if self.task is not None and not self.task.done():
            await self._ask("lifespan.shutdown", timeout)

    async def _ask(self, event: str, timeout: float) -> Message:
        await self._events.put({"type": event})
        try:
            return await asyncio.wait_for(self._answers.get(), timeout)
        except TimeoutError:
            raise StartError(f"its {event} gave {no_answer(timeout)}") from None
