"""Sessions in Chromium: walked on both sides, and carried from one to the other."""

from hashlib import sha256

import pytest

from parity_tests.browser.stores import differences, lasting
from parity_tests.browser.walks import Pair, Side, compare, page
from parity_tests.servers import HOST

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

TOM = page("/setsession", name="tom")
MONTH = 31 * 86_400
"""Seconds that a permanent session lasts by default."""
NOISE = "".join(sha256(bytes([number])).hexdigest() for number in range(150))
"""Too long for a cookie, also when it is compressed."""

WALKS: dict[str, tuple[list[str], object]] = {
    "as documented": (
        ["/checksession", TOM, "/checksession", "/removesession", "/checksession"],
        None,
    ),
    "kept": ([TOM, "/sessions/untouched", "/checksession"], {"name": "tom"}),
    "replaced": ([TOM, "/sessions/replace", "/sessions/show"], {"name": "replaced"}),
    "cleared": ([TOM, "/sessions/clear", "/sessions/show"], None),
    "permanent": (
        [TOM, "/sessions/permanent", "/sessions/state"],
        {"_permanent": True, "name": "tom"},
    ),
    "permanent no more": (
        [TOM, "/sessions/permanent", "/sessions/temporary", "/sessions/state"],
        {"_permanent": False, "name": "tom"},
    ),
    "Unicode": ([page("/setsession", name="naïve ☃"), "/checksession"], {"name": "naïve ☃"}),
    "nested": (
        ["/sessions/nested/set", "/sessions/nested/unmarked", "/sessions/nested/marked"],
        {"basket": {"items": ["pear", "kept"]}},
    ),
    "kept though the view aborts": (["/sessions/set-and-abort"], {"name": "aborted"}),
    "kept though the view fails": (["/sessions/set-and-fail"], {"name": "failed"}),
    "flashed": (["/sessions/flash", "/sessions/flashed", "/sessions/flashed"], None),
    "too large for a cookie": ([page("/setsession", name=NOISE), "/checksession"], None),
}


def session(side: Side) -> object:
    """What the session cookie holds, or None where there is none."""
    variants = side.seen["cookie"].get("session", {})
    return next((cookie["value"] for cookie in variants.values()), None)


@pytest.mark.parametrize(("targets", "held"), WALKS.values(), ids=WALKS)
async def test_both_sessions_are_the_same(pair: Pair, targets: list[str], held: object) -> None:
    """After every page both browsers show the same and hold the same session, equally kept."""
    found = await compare(pair, targets)

    assert found == {}
    assert [session(side) for side in pair] == [held, held]


async def test_every_type_of_value_is_the_same(pair: Pair) -> None:
    """One value of each type goes through the browser, and comes back as it was."""
    found = await compare(pair, ["/sessions/types/set", "/sessions/types/check"])

    assert found == {}
    assert [side.seen["text"].count("true") for side in pair] == [10, 10]
    assert session(pair[0]) == session(pair[1])


async def test_a_session_is_for_http_only(pair: Pair) -> None:
    """The session's cookie is kept from scripts, for the whole host, as long as the browser."""
    await compare(pair, [TOM])

    for side in pair:
        (cookie,) = side.seen["cookie"]["session"].values()
        assert side.seen["visible"] == ""
        assert (cookie["httpOnly"], cookie["path"], cookie["domain"]) == (True, "/", HOST)
        assert "expires" not in cookie


async def test_a_permanent_session_outlives_the_browser(pair: Pair) -> None:
    """The session's cookie ends when the configured lifetime does."""
    await compare(pair, [TOM, "/sessions/permanent"])

    for side in pair:
        (cookie,) = side.seen["cookie"]["session"].values()
        assert cookie["expires"] == lasting(MONTH - 1, MONTH)


@pytest.mark.parametrize("turned", [False, True], ids=["flask-to-quart", "quart-to-flask"])
async def test_a_session_goes_on_at_the_other_server(pair: Pair, turned: bool) -> None:
    """One browser takes its session from either server to the other, and back: ports share it."""
    first, second = reversed(pair) if turned else pair
    second = Side(second.server, first.visitor)
    begun = await first.visit(page("/setsession", name="visitor"))
    there = await second.visit("/checksession")
    changed = await second.visit("/sessions/update")
    back = await first.visit("/sessions/read/get")
    removed = await second.visit("/sessions/clear")
    ended = await first.visit("/checksession")

    assert there["text"] == "session['name'] exists: visitor"
    assert differences(begun["cookie"], there["cookie"]) == {}
    assert back["text"] == "updated"
    assert differences(changed["cookie"], back["cookie"]) == {}
    assert removed["cookie"] == {}
    assert ended["text"] == "session['name'] is missing"
