"""What Chromium keeps of the cookies that the two running applications set."""

from collections.abc import Mapping
from typing import Any

import pytest

from parity_tests.browser.cookie_walks import WALKS, Walk
from parity_tests.browser.stores import differences
from parity_tests.browser.walks import Pair, compare, setting

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


def kept(store: Any, wanted: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Of each cookie the attributes that are wanted; none where another has the same name."""
    if any(len(variants) > 1 for variants in store.values()):
        return {name: {} for name in store}
    found = {name: next(iter(variants.values())) for name, variants in store.items()}
    return {
        name: {key: value for key, value in cookie.items() if key in wanted.get(name, {})}
        for name, cookie in found.items()
    }


def shown(walk: Walk) -> str:
    if walk.visible is not None:
        return walk.visible
    return "; ".join(f"{name}={cookie.get('value', 'tom')}" for name, cookie in walk.kept.items())


@pytest.mark.parametrize("walk", WALKS.values(), ids=WALKS)
async def test_both_stores_are_the_same(pair: Pair, walk: Walk) -> None:
    """After every page both browsers show and keep the same, and in the end what they should."""
    found = await compare(pair, walk.targets, walk.host)

    assert found == {}
    for side in pair:
        assert differences(walk.kept, kept(side.seen["cookie"], walk.kept)) == {}
        assert side.seen["visible"] == shown(walk)


async def test_scripts_see_all_but_what_is_for_http_only(pair: Pair) -> None:
    """`document.cookie` holds no HttpOnly cookie, which the server gets all the same."""
    found = await compare(
        pair,
        ["/setsession", setting(key="hidden", httponly=1), setting(key="seen"), "/listcookies"],
    )

    assert found == {}
    for side in pair:
        assert side.seen["visible"] == "seen=tom"
        assert set(side.seen["cookie"]) == {"session", "hidden", "seen"}
        assert '"hidden"' in side.seen["text"]
