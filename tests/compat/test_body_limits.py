"""Where the limit of a body comes from: Quart, the application, its classes."""

import asyncio
from typing import Any

import pytest
import quart
from quart.wrappers.request import Body as QuartBody

from quart_parity import compat
from quart_parity.compat.request_bodies import Body
from tests.compat.sides import COMPAT, Side, steps
from tests.compat.uploading import post, send

LIMIT = {"MAX_CONTENT_LENGTH": 1000}


@steps
def data(side: Side) -> Any:
    return str(len((yield side.request.get_data())))


@pytest.mark.parametrize(
    ("limit", "on", "status"),
    [
        (quart.Quart.default_config["MAX_CONTENT_LENGTH"], True, 200),
        (quart.Quart.default_config["MAX_CONTENT_LENGTH"], False, 413),
        (int("16777216"), True, 413),
        (None, False, 200),
    ],
)
@pytest.mark.parametrize("declared", [True, False])
def test_quarts_own_limit_can_be_lifted(
    limit: int | None, on: bool, status: int, declared: bool
) -> None:
    """Only where the application asks for it, and only Quart's value, not one as large."""
    config = {"MAX_CONTENT_LENGTH": limit, "FLASK_COMPAT": {"QP035": on}}
    chunks = [bytes(1 << 20)] * 16 + [b"x"]

    assert post(COMPAT, data, chunks, declared=declared, config=config)[0] == status


@pytest.mark.parametrize(("on", "told"), [(True, b"[null]\n"), (False, b"[16777216]\n")])
def test_lifted_limit_is_told(on: bool, told: bytes) -> None:
    """`max_content_length` is None where Quart's limit is lifted, as in Flask."""
    config = {"FLASK_COMPAT": {"QP035": on}}

    def view(side: Side) -> Any:
        return [side.request.max_content_length]

    assert post(COMPAT, view, [], config=config) == (200, told)


class Counting(QuartBody):
    """Somebody's body, which counts what it is given."""

    given = 0

    def append(self, data: bytes) -> None:
        self.given += 1
        super().append(data)


class CountingRequest(quart.Request):
    """Somebody's request with a body of its own."""

    body_class = Counting


class LimitedRequest(quart.Request):
    """Somebody's request with a limit of its own."""

    max_content_length = 10


@pytest.mark.parametrize("late", [True, False])
def test_body_class_of_the_application_is_kept(late: bool) -> None:
    """A body of somebody's own gets what is received, and the limit holds for it."""

    async def view(side: Side) -> Any:
        body: Any = side.request.body
        return [len(await side.request.get_data()), body.given, isinstance(body, Body)]

    def app() -> Any:
        made = COMPAT.app(view, **LIMIT) if late else own(view)
        if late:
            made.request_class = CountingRequest
        return made

    def own(view: Any) -> Any:
        class Own(compat.FlaskCompat, quart.Quart):
            request_class = CountingRequest

        return Side(Own, quart).app(view, **LIMIT)

    assert send(COMPAT, app(), [b"x"] * 3) == (200, b"[3,3,true]\n")
    assert send(COMPAT, app(), [b"x" * 600] * 3, declared=False)[0] == 413


def test_limit_of_a_request_class_holds() -> None:
    """A class that sets `max_content_length` limits its bodies, as with Flask."""
    app = COMPAT.app(data)
    app.request_class = LimitedRequest

    assert [send(COMPAT, app, [b"x" * size])[0] for size in (10, 11)] == [200, 413]


def test_declared_length_is_enough_to_refuse() -> None:
    """A view that sets a limit below the declared length need not wait for the body."""
    body = Body(100, None)
    body.set_limit(99, 100)

    assert body.is_refused


async def test_slow_body_is_kept_as_well() -> None:
    """A body that had to be waited for is kept like one that was there already."""
    body = Body(None, None)
    reading = asyncio.ensure_future(wait_for(body))
    await asyncio.sleep(0)
    body.set_result(b"ab")
    read = [await reading, b"".join([chunk async for chunk in body]), await body]

    assert read == [b"ab"] * 3


async def wait_for(body: Body) -> bytes:
    return await body
