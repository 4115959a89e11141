"""Flashed messages: kept in the session for the next request that reads them."""

from typing import Any

import pytest

from parity_tests import session_cookies
from parity_tests.clients import set_by
from quart_parity.mirror.pair import ParityClient

EMPTY = "<!doctype html>\n<title>Flashed messages</title>\n<ul>\n</ul>"


async def flash(parity: ParityClient, *messages: tuple[str, str]) -> None:
    """Flash each category and message with a request of its own."""
    for category, message in messages:
        await parity.get("/sessions/flash", query_string={"category": category, "message": message})


async def test_a_message_is_read_once(parity: ParityClient) -> None:
    """Reading returns the messages in order and empties them."""
    await flash(parity, ("message", "hello"), ("error", "naïve <b>"))
    first = await parity.get("/sessions/flashed")
    second = await parity.get("/sessions/flashed")

    assert first.json == ["hello", "naïve <b>"]
    assert second.json == []


async def test_a_message_waits_in_the_cookie(parity: ParityClient) -> None:
    """Messages are kept as pairs of category and text under one key of the session."""
    answer = await parity.get("/sessions/flash")
    session = session_cookies.read(set_by(answer)["session"].value)

    assert session == {"_flashes": [{" t": ["message", "hello"]}]}


async def test_a_message_is_there_at_once(parity: ParityClient) -> None:
    """The request that flashes can read its message, and the next finds none."""
    answer = await parity.get("/sessions/flash/both")
    after = await parity.get("/sessions/flashed")

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
    parity: ParityClient, wanted: list[str], read: list[Any]
) -> None:
    """A filter picks categories, the order stays, and what it leaves out is emptied too."""
    await flash(parity, ("info", "one"), ("error", "two"), ("debug", "three"))
    answer = await parity.get(
        "/sessions/flashed/categories", query_string={"category": list(wanted)}
    )
    after = await parity.get("/sessions/flashed")

    assert answer.json == read
    assert after.json == []


async def test_a_template_escapes_messages(parity: ParityClient) -> None:
    """In a template both category and message are escaped, and read once as well."""
    await flash(parity, ('a"b', "<script>"))
    first = await parity.get("/sessions/flashed/template")
    second = await parity.get("/sessions/flashed/template")

    assert '\n  <li class="a&#34;b">&lt;script&gt;</li>\n' in first.text
    assert second.text == EMPTY


async def test_reading_messages_varies_by_cookie(parity: ParityClient) -> None:
    """Looking for messages reads the session, also where there are none."""
    answer = await parity.get("/sessions/flashed")

    assert answer.headers.getlist("Vary") == ["Cookie"]
    assert set_by(answer) == {}
