"""Flashed messages: kept in the session for the next request that reads them."""

from typing import Any

import pytest

from parity_tests import session_cookies
from parity_tests.clients import AsyncClient

EMPTY = "<!doctype html>\n<title>Flashed messages</title>\n<ul>\n</ul>"


async def flash(client: AsyncClient, *messages: tuple[str, str]) -> None:
    """Flash each category and message with a request of its own."""
    for category, message in messages:
        await client.get("/sessions/flash", query={"category": category, "message": message})


async def test_a_message_is_read_once(client: AsyncClient) -> None:
    """Reading returns the messages in order and empties them."""
    await flash(client, ("message", "hello"), ("error", "naïve <b>"))
    first = await client.get("/sessions/flashed")
    second = await client.get("/sessions/flashed")

    assert first.json == ["hello", "naïve <b>"]
    assert second.json == []


async def test_a_message_waits_in_the_cookie(client: AsyncClient) -> None:
    """Messages are kept as pairs of category and text under one key of the session."""
    answer = await client.get("/sessions/flash")
    session = session_cookies.read(answer.cookies["session"].value)

    assert session == {"_flashes": [{" t": ["message", "hello"]}]}


async def test_a_message_is_there_at_once(client: AsyncClient) -> None:
    """The request that flashes can read its message, and the next finds none."""
    answer = await client.get("/sessions/flash/both")
    after = await client.get("/sessions/flashed")

    assert (answer.json, after.json) == (["at once"], [])


@pytest.mark.parametrize(
    ("wanted", "read"),
    [
        ([], [["info", "one"], ["error", "two"], ["debug", "three"]]),
        (["error"], [["error", "two"]]),
        (["debug", "info"], [["info", "one"], ["debug", "three"]]),
        (["absent"], []),
    ],
    ids=["all", "one", "two", "none"],
)
async def test_messages_are_read_by_category(
    client: AsyncClient, wanted: list[str], read: list[Any]
) -> None:
    """A filter picks categories, the order stays, and what it leaves out is emptied too."""
    await flash(client, ("info", "one"), ("error", "two"), ("debug", "three"))
    answer = await client.get("/sessions/flashed/categories", query={"category": list(wanted)})
    after = await client.get("/sessions/flashed")

    assert answer.json == read
    assert after.json == []


async def test_a_template_escapes_messages(client: AsyncClient) -> None:
    """In a template both category and message are escaped, and read once as well."""
    await flash(client, ('a"b', "<script>"))
    first = await client.get("/sessions/flashed/template")
    second = await client.get("/sessions/flashed/template")

    assert '\n  <li class="a&#34;b">&lt;script&gt;</li>\n' in first.text
    assert second.text == EMPTY


async def test_reading_messages_varies_by_cookie(client: AsyncClient) -> None:
    """Looking for messages reads the session, also where there are none."""
    answer = await client.get("/sessions/flashed")

    assert answer.headers.getlist("Vary") == ["Cookie"]
    assert answer.cookies == {}
