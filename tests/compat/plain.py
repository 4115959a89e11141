"""What the tests of plain functions ask of an application, and of the workers behind it."""

import asyncio
import threading
from contextvars import ContextVar
from typing import Any

from quart_parity.compat.threads import WORKERS

VARIABLE: ContextVar[str] = ContextVar("variable", default="unset")


def set_variable() -> None:
    """A hook that sets it."""
    VARIABLE.set("set")


def fetch(app: Any, *paths: str) -> list[str]:
    """What the application answers to requests that come at the same time."""

    async def ask(path: str) -> str:
        response = await app.test_client().get(path)
        return str(await response.get_data(as_text=True))

    async def ask_all() -> list[str]:
        return list(await asyncio.gather(*map(ask, paths)))

    return asyncio.run(ask_all())


def workers() -> tuple[int, int]:
    """How many there are, and how many of them are free."""
    return len(WORKERS._alive), len(WORKERS._idle)


async def threads_of(app: Any, times: int = 3) -> set[int]:
    """The threads on which functions run one after another."""
    return {await app.ensure_async(threading.get_ident)() for _ in range(times)}
