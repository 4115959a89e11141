"""Sessions: ``session['x'] = 'y'`` sets, ``session.pop('x', None)`` removes; what they hold."""

import pytest

from parity_tests import session_cookies
from parity_tests.clients import AsyncClient, set_by
from quart_parity.mirror.pair import ParityClient

DELETED = "session=; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; HttpOnly; Path=/"
EXISTS = "session['name'] exists: tom"
MISSING = "session['name'] is missing"


async def test_the_documented_walk(parity: ParityClient) -> None:
    """A value that was set exists, and once it is removed it is missing."""
    set_ = await parity.get("/setsession")
    checked = await parity.get("/checksession")
    removed = await parity.get("/removesession")
    checked_again = await parity.get("/checksession")

    assert [a.status_code for a in (set_, checked, removed, checked_again)] == [200] * 4
    assert (set_.text, checked.text) == ("tom", EXISTS)
    assert (removed.text, checked_again.text) == ("session['name'] is removed", MISSING)


async def test_setting_sends_a_signed_cookie(parity: ParityClient) -> None:
    """The session travels in one cookie that scripts cannot read."""
    answer = await parity.get("/setsession")
    cookie = set_by(answer)["session"]

    assert answer.headers.getlist("Set-Cookie") == [f"session={cookie.value}; HttpOnly; Path=/"]
    assert session_cookies.read(cookie.value) == {"name": "tom"}


async def test_removing_the_last_value_deletes_the_cookie(parity: ParityClient) -> None:
    """An emptied session is no cookie any more."""
    await parity.get("/setsession")
    answer = await parity.get("/removesession")

    assert answer.headers.getlist("Set-Cookie") == [DELETED]


async def test_popping_what_is_not_there_is_no_error(
    parity: ParityClient, raised: list[BaseException]
) -> None:
    """With None for a default, removing a missing value changes nothing and sends nothing."""
    answer = await parity.get("/removesession")

    assert (answer.status_code, raised) == (200, [])
    assert set_by(answer) == {}


@pytest.mark.parametrize("name", ["", "naïve \N{SNOWMAN}", "<b>bold</b>", 'a "b"; c, d'])
async def test_any_text_is_kept(client: AsyncClient, name: str) -> None:
    """Whatever text is set comes back; an empty one exists as well."""
    await client.get("/setsession", query={"name": name})
    answer = await client.get("/checksession")

    assert answer.text == f"session['name'] exists: {name}"


@pytest.mark.parametrize(
    ("path", "before", "after"),
    [
        ("/checksession", MISSING, EXISTS),
        ("/sessions/read/get", "missing", "tom"),
        ("/sessions/read/length", "0", "1"),
        ("/sessions/read/keys", "[]\n", '["name"]\n'),
        ("/sessions/show", "{}\n", '{"name":"\'tom\'"}\n'),
        (
            "/sessions/read/template",
            "<!doctype html>\n<title>Session</title>\n<p>missing</p>",
            "<!doctype html>\n<title>Session</title>\n<p>tom</p>",
        ),
    ],
)
async def test_reading_varies_by_cookie(
    parity: ParityClient, path: str, before: str, after: str
) -> None:
    """Every way to read the session tells caches so, and sets no cookie."""
    empty = await parity.get(path)
    await parity.get("/setsession")
    filled = await parity.get(path)

    assert (empty.text, filled.text) == (before, after)
    for answer in (empty, filled):
        assert answer.headers.getlist("Vary") == ["Cookie"]
        assert set_by(answer) == {}


async def test_an_untouched_session_leaves_no_trace(parity: ParityClient) -> None:
    """A view that leaves the session alone may be cached for everyone."""
    await parity.get("/setsession")
    answer = await parity.get("/sessions/untouched")

    assert "Vary" not in answer.headers
    assert set_by(answer) == {}


@pytest.mark.parametrize("path", ["/sessions/read/item", "/sessions/delete"])
async def test_a_missing_item_is_a_key_error(client: AsyncClient, path: str) -> None:
    """Without a default, what is missing is an exception and a 500."""
    answer = await client.get(path)

    assert answer.status == 500
    assert answer.raised is not None
    assert answer.raised.type == "KeyError"


@pytest.mark.parametrize(
    ("path", "session"),
    [
        ("/sessions/update", {"name": "updated", "second": 2}),
        ("/sessions/setdefault", {"name": "default"}),
        ("/sessions/replace", {"name": "replaced"}),
        ("/sessions/nested/set", {"basket": {"items": ["pear"]}}),
        ("/sessions/set-and-abort", {"name": "aborted"}),
        ("/sessions/set-and-fail", {"name": "failed"}),
    ],
)
async def test_every_way_to_write_is_saved(
    parity: ParityClient, path: str, session: dict[str, object]
) -> None:
    """What a view leaves in the session is in the cookie, also where the view fails."""
    answer = await parity.get(path)

    assert session_cookies.read(set_by(answer)["session"].value) == session
    assert answer.headers.getlist("Vary") == ["Cookie"]


async def test_setdefault_keeps_what_there_is(parity: ParityClient) -> None:
    """A default is not set over a value, and then nothing is saved."""
    await parity.get("/setsession")
    answer = await parity.get("/sessions/setdefault")

    assert answer.text == "tom"
    assert set_by(answer) == {}


async def test_deleting_one_value_keeps_the_others(parity: ParityClient) -> None:
    """Deleting takes one value out of the cookie."""
    await parity.get("/sessions/update")
    answer = await parity.get("/sessions/delete")

    assert session_cookies.read(set_by(answer)["session"].value) == {"second": 2}


async def test_clearing_deletes_the_cookie(parity: ParityClient) -> None:
    """A cleared session is gone with all its values."""
    await parity.get("/sessions/update")
    answer = await parity.get("/sessions/clear")
    after = await parity.get("/sessions/show")

    assert answer.headers.getlist("Set-Cookie") == [DELETED]
    assert after.json == {}


async def test_a_nested_change_is_lost_unless_marked(parity: ParityClient) -> None:
    """A change within a value is saved only where session.modified says so."""
    await parity.get("/sessions/nested/set")
    unmarked = await parity.get("/sessions/nested/unmarked")
    marked = await parity.get("/sessions/nested/marked")

    assert (unmarked.text, marked.text) == ("2 items now", "2 items now")
    assert set_by(unmarked) == {}
    assert session_cookies.read(set_by(marked)["session"].value) == {
        "basket": {"items": ["pear", "kept"]}
    }


async def test_every_type_comes_back(parity: ParityClient) -> None:
    """The serializer carries each of its types, and dicts that look like its tags."""
    await parity.get("/sessions/types/set")
    answer = await parity.get("/sessions/types/check")

    assert answer.json == {
        "bytes": True,
        "datetime": True,
        "dict": True,
        "dict like a tag": True,
        "dict like an escaped tag": True,
        "list": True,
        "markup": True,
        "text": True,
        "tuple": True,
        "uuid": True,
    }


async def test_types_are_tagged_in_the_cookie(client: AsyncClient) -> None:
    """Whoever reads the cookie finds each type under its tag."""
    answer = await client.get("/sessions/types/set")
    session = session_cookies.read(answer.cookies["session"].value)

    assert session["bytes"] == {" b": "AP8="}
    assert session["datetime"] == {" d": "Thu, 29 Feb 2024 12:30:00 GMT"}
    assert session["markup"] == {" m": "<em>bold</em>"}
    assert session["tuple"] == {" t": [1, "two", {" t": [3]}]}
    assert session["uuid"] == {" u": "12345678123456781234567812345678"}
    assert session["dict like a tag"] == {" di": {" t__": [1, 2]}}


async def test_an_unsupported_type_is_a_type_error(client: AsyncClient) -> None:
    """What cannot be carried fails the request when the session is saved, and saves nothing."""
    await client.get("/setsession")
    answer = await client.get("/sessions/types/unsupported")
    after = await client.get("/checksession")

    assert answer.status == 500
    assert answer.raised is not None
    assert answer.raised.type == "TypeError"
    assert answer.cookies == {}
    assert after.text == EXISTS


async def test_head_saves_the_session(client: AsyncClient) -> None:
    """HEAD runs the view: the session is set, and only the body is missing."""
    answer = await client.head("/setsession")
    after = await client.get("/checksession")

    assert (answer.status, answer.body) == (200, b"")
    assert after.text == EXISTS
