"""What the two index pages look like in Chromium."""

import pytest

from parity_tests.browser.walks import Pair, compare

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

CHANGES = [
    "document.querySelector('dd').append('.')",
    "document.querySelector('h1').style.color = '#010101'",
    "document.querySelectorAll('dt')[99].style.paddingLeft = '1px'",
]
LOADED = "performance.getEntriesByType('resource').map(entry => entry.name)"
LOOKS = {
    "wide": ("light", 1024),
    "narrow": ("light", 360),
    "dark": ("dark", 1024),
}


@pytest.mark.parametrize(("scheme", "width"), LOOKS.values(), ids=LOOKS)
async def test_both_index_pages_are_the_same_picture(pair: Pair, scheme: str, width: int) -> None:
    """The whole page is the same to the pixel, in both colour schemes and on a phone."""
    found = await compare(pair, ["/"])
    pictures = [await side.visitor.picture(scheme, width) for side in pair]

    assert found == {}
    assert pictures[0].startswith(b"\x89PNG")
    assert pictures[0] == pictures[1]


async def test_a_changed_page_is_another_picture(pair: Pair) -> None:
    """A full stop, a shade and a pixel each change the picture, and nothing else does."""
    side = pair[0]
    await side.visit("/")
    pictures = [await side.visitor.picture(), await side.visitor.picture()]
    for change in CHANGES:
        await side.visitor.ask(change)
        pictures.append(await side.visitor.picture())

    assert pictures[0] == pictures[1]
    assert len(set(pictures)) == 1 + len(CHANGES)


async def test_the_index_page_asks_for_nothing_else(pair: Pair) -> None:
    """The page needs no other file, and neither browser keeps a cookie for it."""
    for side in pair:
        seen = await side.visit("/")
        loaded = await side.visitor.ask(LOADED)

        assert [name for name in loaded if not name.endswith("/favicon.ico")] == []
        assert seen["cookie"] == {}
        assert "/setcookies" in seen["text"]
