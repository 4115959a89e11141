"""The session cookie is signed: its user can read it and not change it; both sides share it."""

import json
from typing import Any

import pytest

from parity_tests import session_cookies
from parity_tests.applications import Applications
from parity_tests.clients import Answer, AsyncClient
from quart_parity.clock import StandingClock

Crossing = tuple[Applications, Applications]

EXISTS = "session['name'] exists: tom"
MISSING = "session['name'] is missing"
OLD: dict[str, Any] = {"SECRET_KEY": "old"}
NEW: dict[str, Any] = {"SECRET_KEY": "new"}
ROTATED = NEW | {"SECRET_KEY_FALLBACKS": ["old"]}


async def begin(client: AsyncClient, path: str = "/setsession") -> str:
    """The value of the session cookie that a visit begins with."""
    return (await client.get(path)).cookies["session"].value


async def show(client: AsyncClient, cookie: str, path: str = "/checksession") -> Answer:
    """What a request with just this session cookie gets."""
    return await client.get(path, headers={"Cookie": f"session={cookie}"})


@pytest.mark.usefixtures("clock")
async def test_the_cookie_is_the_same_on_both_sides(apps: Applications) -> None:
    """Key, moment and session make the cookie to the byte, whichever side signs."""
    cookie = await begin(apps.client(NEW))

    assert cookie == "eyJuYW1lIjoidG9tIn0.a0nSAA.NW5DVA4j_VTw-oLO6GCgjdBPa_8"


async def test_a_session_goes_on_at_the_other_side(crossing: Crossing) -> None:
    """A cookie signed by one side is read by the other."""
    first, second = crossing
    answer = await show(second.client(), await begin(first.client()))

    assert answer.text == EXISTS


async def test_every_type_crosses(crossing: Crossing) -> None:
    """Each type that one side writes is the same value of the same type on the other."""
    first, second = crossing
    cookie = await begin(first.client(), "/sessions/types/set")
    answer = await show(second.client(), cookie, "/sessions/types/check")

    assert len(answer.json) == 10
    assert all(answer.json.values()), answer.json


@pytest.mark.usefixtures("clock")
async def test_every_type_is_written_alike(crossing: Crossing) -> None:
    """The cookie that holds every type is the same to the byte on both sides."""
    first, second = crossing

    assert await begin(first.client(), "/sessions/types/set") == await begin(
        second.client(), "/sessions/types/set"
    )


async def test_messages_cross(crossing: Crossing) -> None:
    """What one side flashes, the other shows."""
    first, second = crossing
    answer = await show(
        second.client(), await begin(first.client(), "/sessions/flash"), "/sessions/flashed"
    )

    assert answer.json == ["hello"]


async def test_an_expired_session_is_expired_on_the_other_side(
    crossing: Crossing, clock: StandingClock
) -> None:
    """The lifetime counts from the signature, whichever side made it."""
    lifetime = {"PERMANENT_SESSION_LIFETIME": 600}
    first, second = crossing
    cookie = await begin(first.client(lifetime))
    clock.shift(600)
    in_time = await show(second.client(lifetime), cookie)
    clock.shift(1)
    too_late = await show(second.client(lifetime), cookie)

    assert (in_time.text, too_late.text) == (EXISTS, MISSING)


@pytest.mark.parametrize("part", session_cookies.PARTS)
async def test_a_changed_character_is_noticed(crossing: Crossing, part: str) -> None:
    """Wherever one character is changed, the session is a new and empty one."""
    first, second = crossing
    client = second.client()
    cookie = await begin(first.client())
    # The last character of a signature carries bits beyond its 20 bytes, which nobody reads.
    length = len(session_cookies.split(cookie)[part]) - (part == "signature")
    spoiled = [session_cookies.spoil(cookie, part, position) for position in range(length)]

    assert {(await show(client, each)).text for each in spoiled} == {MISSING}
    assert (await show(client, cookie)).text == EXISTS


async def test_the_session_can_be_read_without_the_key(client: AsyncClient) -> None:
    """The payload is signed and not encrypted: any user can read it, compressed or not."""
    short = await begin(client)
    long = (await client.get("/setsession", query={"name": "x" * 500})).cookies["session"].value

    assert session_cookies.read(short) == {"name": "tom"}
    assert long.startswith(".")
    assert session_cookies.read(long) == {"name": "x" * 500}


async def test_a_forged_session_is_refused(client: AsyncClient) -> None:
    """A payload of the user's own does not go with the signature of another."""
    parts = session_cookies.split(await begin(client))
    payload = session_cookies.encode(json.dumps({"name": "admin"}).encode())
    forged = session_cookies.join(parts | {"payload": payload})

    assert session_cookies.read(forged) == {"name": "admin"}
    assert (await show(client, forged)).text == MISSING


@pytest.mark.parametrize("cookie", ["", "garbage", "..", "e30.AAAA.BBBB", "a.b.c.d", "\N{SNOWMAN}"])
async def test_garbage_is_a_new_session(client: AsyncClient, cookie: str) -> None:
    """What was never signed is read as an empty session, without an error or a cookie."""
    answer = await show(client, cookie)

    assert (answer.status, answer.text) == (200, MISSING)
    assert answer.cookies == {}


async def test_another_key_does_not_open_it(crossing: Crossing) -> None:
    """A cookie signed with another key is an empty session."""
    first, second = crossing
    answer = await show(second.client(NEW), await begin(first.client(OLD)))

    assert (answer.status, answer.text) == (200, MISSING)


async def test_a_retired_key_still_opens_its_cookies(crossing: Crossing) -> None:
    """A cookie signed with a key of SECRET_KEY_FALLBACKS is read, and not sent again."""
    first, second = crossing
    answer = await show(second.client(ROTATED), await begin(first.client(OLD)))

    assert answer.text == EXISTS
    assert answer.cookies == {}


async def test_a_changed_session_is_signed_with_the_new_key(crossing: Crossing) -> None:
    """What a rotated application saves, the new key opens and the old one does not."""
    first, second = crossing
    old = await begin(first.client(OLD))
    saved = (await show(second.client(ROTATED), old, "/sessions/update")).cookies["session"].value

    assert (await show(first.client(NEW), saved, "/sessions/read/get")).text == "updated"
    assert (await show(first.client(OLD), saved, "/sessions/read/get")).text == "missing"
