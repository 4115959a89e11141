"""The `parity` fixture's client."""

from __future__ import annotations

from asyncio import events
from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse


class Answer(TestResponse):
    """Flask's answer, to which the port's is equal; awaiting it gives itself."""

    def __await__(self) -> Generator[Any, None, Answer]:
        yield from ()
        return self


class _Transaction(AbstractContextManager[Any]):
    """A `session_transaction`, for ``with`` and for ``async with``."""

    def __init__(self, block: AbstractContextManager[Any]) -> None:
        self._block = block

    def __enter__(self) -> Any:
        return self._block.__enter__()

    def __exit__(self, *error: Any) -> bool | None:
        return self._block.__exit__(*error)

    async def __aenter__(self) -> Any:
        return self._block.__enter__()

    async def __aexit__(self, *error: Any) -> bool | None:
        return self._block.__exit__(*error)


class ParityClient(FlaskClient):
    """A Flask test client that fails at the first request that the port answers otherwise.

    In async code too the answer is there when a method returns, and awaiting it costs nothing.
    """

    def __init__(self, app: Flask, check: Callable[[], None]) -> None:
        wrapper: Any = type("Answer", (Answer, app.response_class), {})
        super().__init__(app, wrapper)
        self._check = check

    def open(self, *args: Any, **kwargs: Any) -> Any:
        with _outside_of_loops():
            answer = super().open(*args, **kwargs)
        self._check()
        return answer

    def session_transaction(self, *args: Any, **kwargs: Any) -> Any:
        """Change the session on both sides; ``with`` or ``async with``."""
        return _Transaction(super().session_transaction(*args, **kwargs))

    async def __aenter__(self) -> ParityClient:
        self.__enter__()
        return self

    async def __aexit__(self, *error: Any) -> None:
        self.__exit__(*error)


@contextmanager
def _outside_of_loops() -> Iterator[None]:
    """Flask runs its async views in a loop of their own, and in a running one it cannot."""
    loop = events._get_running_loop()
    events._set_running_loop(None)
    try:
        yield
    finally:
        events._set_running_loop(loop)
