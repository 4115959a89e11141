"""Session interfaces that open no session: what stands in for it may be made by any function."""

import threading
from typing import Any

import pytest
from quart.sessions import NullSession

from tests.compat.sides import COMPAT, FLASK, STOCK, Answer, Side, cases


class Noted(dict[str, Any]):
    """A session of some kind."""

    accessed = modified = False


class Interface:
    """What a session interface must have; opens none unless asked to."""

    def __init__(self, null: Any = None) -> None:
        self.saved: list[Any] = []
        self.null = null

    def open_session(self, app: Any, request: Any) -> Any:
        return Noted(opened=True) if request.args else None

    def make_null_session(self, app: Any) -> Any:
        return self.null if self.null is not None else Noted(none=app.name)

    def is_null_session(self, session: Any) -> bool:
        return isinstance(session, NullSession)

    def save_session(self, app: Any, session: Any, response: Any) -> None:
        self.saved.append(session)


def stored(side: Side) -> Any:
    """A view that reads the session and writes to it."""
    side.session["written"] = "yes"
    return dict(side.session)


def answered(side: Side, interface: Any, make: Any = stored, **options: Any) -> Answer:
    """The answer of an application with this interface."""
    app = side.app(make, **options.pop("config", {}))
    app.session_interface = interface
    app.register_error_handler(RuntimeError, lambda error: ("refused", 403))
    app.register_error_handler(500, lambda error: (repr(error.original_exception), 500))
    return side.call(app, **options)


@pytest.mark.parametrize("query", ["", "open=1"])
def test_plain_function_makes_the_session(query: str) -> None:
    """Where none is opened the one it makes is used and saved, and otherwise it is not called."""
    interfaces = [Interface(), Interface()]
    answers = [
        answered(side, interface, query=query)
        for side, interface in zip((FLASK, COMPAT), interfaces, strict=True)
    ]

    assert answers[0].status == 200
    assert answers[1] == answers[0]
    assert [[set(one) for one in each.saved] for each in interfaces] == [
        [{"opened" if query else "none", "written"}]
    ] * 2


def test_null_session_refuses_to_be_written() -> None:
    """Writing to one that is read-only fails where it is written, within the handlers."""
    answers = [answered(side, Interface(NullSession())) for side in (FLASK, COMPAT)]

    assert answers[0].status == 403
    assert answers[1] == answers[0]


class Asynchronous(Interface):
    """As Quart has it."""

    async def make_null_session(self, app: Any) -> Any:
        return super().make_null_session(app)


class Handing(Asynchronous):
    """A plain function that returns what is to be awaited; Quart takes that, too."""

    def make_null_session(self, app: Any) -> Any:
        return super().make_null_session(app)


@pytest.mark.parametrize("on", [True, False])
@pytest.mark.parametrize("interface", [Asynchronous, Handing])
def test_what_can_be_awaited_still_is(interface: Any, on: bool) -> None:
    """What works on stock Quart works with the piece and without."""
    config = {"FLASK_COMPAT": {"QP048": on}}

    assert answered(COMPAT, interface(), config=config) == answered(STOCK, interface())


def test_one_that_makes_nothing_is_called_once() -> None:
    """An interface may have no session at all; it is asked once, and views do without."""

    class Nothing(Interface):
        def open_session(self, app: Any, request: Any) -> Any:
            self.saved.append("opened")

        def make_null_session(self, app: Any) -> Any:
            self.saved.append("made")

        def save_session(self, app: Any, session: Any, response: Any) -> None:
            self.saved.append(session)

    interfaces = [Nothing(), Nothing()]
    for side, interface in zip((FLASK, COMPAT), interfaces, strict=True):
        assert answered(side, interface, lambda side: "fine").status == 200

    assert interfaces[1].saved == interfaces[0].saved == ["opened", "made", None]


def fails(self: Any, app: Any) -> Any:
    raise RuntimeError("no session")


FAILING = {"plain": fails, "asynchronous": None}


@pytest.mark.parametrize("kind", cases(FAILING))
def test_what_it_raises_reaches_the_handlers(kind: Any) -> None:
    """An error of the function has the answer of the application's handler for 500."""

    async def fails_later(self: Any, app: Any) -> Any:
        fails(self, app)

    failing: Any = type("Failing", (Interface,), {"make_null_session": kind or fails_later})
    plain: Any = type("Failing", (Interface,), {"make_null_session": fails})
    expected = answered(FLASK, plain())

    assert expected.body == b"RuntimeError('no session')"
    assert answered(COMPAT, failing()) == expected


def test_it_runs_on_the_thread_of_the_request() -> None:
    """A plain one runs where the other plain functions of the interface do."""
    threads: list[int] = []

    class Threaded(Interface):
        def open_session(self, app: Any, request: Any) -> Any:
            threads.append(threading.get_ident())

        def make_null_session(self, app: Any) -> Any:
            threads.append(threading.get_ident())
            return super().make_null_session(app)

    assert answered(COMPAT, Threaded()).status == 200
    assert len(threads) == 2
    assert len(set(threads)) == 1


def test_piece_can_be_off() -> None:
    """Without the piece a plain function is awaited, which is a TypeError."""
    answer = answered(COMPAT, Interface(), config={"FLASK_COMPAT": {"QP048": False}})

    assert answer.status == 500
    assert b"TypeError" in answer.body


async def test_it_serves_contexts_made_for_tests() -> None:
    """A test request context has the session, too, and so has a copy of it."""
    app: Any = COMPAT.app(stored)
    app.session_interface = Interface()
    async with app.test_request_context("/") as context:
        first = dict(COMPAT.session)
        copied = context.copy()
        async with copied:
            second = dict(COMPAT.session)

    assert first == second == {"none": app.name}
