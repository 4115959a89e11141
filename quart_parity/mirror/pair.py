"""The `parity` fixture's client."""

from __future__ import annotations

from asyncio import events
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, Any, cast

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from werkzeug.test import Client, TestResponse

from ..exchange import Exchange

Check = Callable[[Client], tuple[Exchange, Exchange] | None]
"""Fails the test where the sides differ; returns what came of a client's last request."""


class Answer(TestResponse):
    """Flask's answer, to which the port's is equal; awaiting it gives itself."""

    def __await__(self) -> Generator[Any, None, Answer]:
        yield from ()
        return self

    if TYPE_CHECKING:

        @property
        def json(self) -> Any: ...


class _Transaction(AbstractContextManager[Any]):
    """A `session_transaction`, for ``with`` and for ``async with``."""

    def __init__(self, block: AbstractContextManager[Any], ask: Callable[[], None]) -> None:
        self._block = block
        self._ask = ask

    def __enter__(self) -> Any:
        with _outside_of_loops():
            return self._block.__enter__()

    def __exit__(self, *error: Any) -> bool | None:
        with _outside_of_loops():
            is_over = self._block.__exit__(*error)
        self._ask()
        return is_over

    async def __aenter__(self) -> Any:
        return self.__enter__()

    async def __aexit__(self, *error: Any) -> bool | None:
        return self.__exit__(*error)


class ParityClient(FlaskClient):
    """A Flask test client that fails at the first request that the port answers otherwise.

    In async code too the answer is there when a method returns, and awaiting it costs nothing.
    What Quart's client calls otherwise is understood as well: ``form=`` and ``files=`` in the
    place of Flask's ``data=``, ``scheme=`` for ``url_scheme=``, and a server's name before the key
    of a cookie.
    """

    last: tuple[Exchange, Exchange] | None = None
    """What came of the last request over the protocol: Flask's side of it, and the port's."""

    def __init__(self, app: Flask, check: Check) -> None:
        # Before a client of the application's own begins, for that may already log in.
        self._check = check
        self._is_left = False
        wrapper: Any = type("Answer", (Answer, app.response_class), {})
        super().__init__(app, wrapper)

    def open(self, *args: Any, buffered: bool = True, **kwargs: Any) -> Answer:
        """Send a request to both sides.

        The body is read to its end, to be compared. With ``buffered=False`` as much of it is
        compared as the test reads, before the next request or when the test is over.
        """
        if self._is_left:
            self._ask()
        self._is_left = not buffered
        try:
            with _outside_of_loops():
                answer = super().open(*args, buffered=buffered, **_as_of_flask(kwargs))
        except Exception:
            self._ask()
            raise
        if buffered:
            self._ask()
        return cast(Answer, answer)

    def _ask(self) -> None:
        self.last = self._check(self)

    if TYPE_CHECKING:

        def get(self, *args: Any, **kw: Any) -> Answer: ...
        def post(self, *args: Any, **kw: Any) -> Answer: ...
        def put(self, *args: Any, **kw: Any) -> Answer: ...
        def delete(self, *args: Any, **kw: Any) -> Answer: ...
        def patch(self, *args: Any, **kw: Any) -> Answer: ...
        def options(self, *args: Any, **kw: Any) -> Answer: ...
        def head(self, *args: Any, **kw: Any) -> Answer: ...
        def trace(self, *args: Any, **kw: Any) -> Answer: ...

    def session_transaction(self, *args: Any, **kwargs: Any) -> Any:
        """Change the session on both sides; ``with`` or ``async with``."""
        return _Transaction(super().session_transaction(*args, **kwargs), self._ask)

    def set_cookie(self, *names: str, **kwargs: Any) -> None:
        """As Flask's ``key, value``, or as Quart's ``server_name, key, value``."""
        if len(names) + ("value" in kwargs) > 2:
            kwargs["domain"], *names = names  # type: ignore[assignment]
        super().set_cookie(*names, **kwargs)

    def delete_cookie(self, *names: str, **kwargs: Any) -> None:
        """As Flask's ``key``, or as Quart's ``server_name, key``."""
        if len(names) > 1:
            kwargs["domain"], *names = names  # type: ignore[assignment]
        super().delete_cookie(*names, **kwargs)

    def __exit__(self, *error: Any) -> None:
        with _outside_of_loops():
            super().__exit__(*error)

    async def __aenter__(self) -> ParityClient:
        self.__enter__()
        return self

    async def __aexit__(self, *error: Any) -> None:
        self.__exit__(*error)


def client_of(app: Flask, check: Check) -> ParityClient:
    """A client for *app* that is of its `test_client_class` as well; *check* follows requests."""
    base = app.test_client_class
    if base is None or issubclass(ParityClient, base):
        return ParityClient(app, check)
    mixed: type[ParityClient] = type("ParityClient", (ParityClient, base), {})
    return mixed(app, check)


def _as_of_flask(parts: dict[str, Any]) -> dict[str, Any]:
    """The arguments of a request, with Flask's for those that only Quart's client has."""
    form, files = parts.pop("form", None), parts.pop("files", None)
    if "scheme" in parts:
        parts["url_scheme"] = parts.pop("scheme")
    if form is None and files is None:
        return parts
    if parts.get("data") is not None or parts.get("json") is not None:
        raise TypeError("a request has either a form with files, or data, or json")
    return parts | {"data": MultiDict([*_pairs(form or {}), *_pairs(files or {})])}


def _pairs(fields: Any) -> Iterator[tuple[str, Any]]:
    """Of names with a value or a list of them; a tuple is a file with its name and type."""
    if isinstance(fields, MultiDict):
        yield from fields.items(multi=True)
    elif isinstance(fields, Mapping):
        for name, given in fields.items():
            values = given if isinstance(given, list) else [given]
            yield from ((name, value) for value in values)
    else:
        yield from fields


@contextmanager
def _outside_of_loops() -> Iterator[None]:
    """Flask runs async functions in a loop of their own, and in a running one it cannot."""
    loop = events._get_running_loop()
    events._set_running_loop(None)
    try:
        yield
    finally:
        events._set_running_loop(loop)
