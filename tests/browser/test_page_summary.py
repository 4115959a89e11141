"""The page of a real run, as the reporter writes it: what stands before the list, and where it
leads."""

from functools import cache
from typing import Any

import pytest

from quart_parity.reporters import Manner
from quart_parity.runner import Runner
from tests.browser.conftest import Read, Reader
from tests.browser.test_page_accessible import findings
from tests.browser.test_page_exchange import PHONE
from tests.browser.test_page_hostile import PAYLOADS
from tests.shops import flask_shop, quart_shop, walk
from tests.streams import written

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

LOOKS: dict[str, dict[str, Any]] = {
    "wide": {},
    "dark": {"color_scheme": "dark"},
    "phone": PHONE,
    "phone in the dark": PHONE | {"color_scheme": "dark"},
}
NAME = f"walk {' '.join(PAYLOADS.values())} \ud800\u202e"


@cache
def page() -> str:
    """What the reporter writes of a walk with a hostile name."""
    paths = ["/same", "/other", "/cookie", "/login", "/whoami", "/fail", "/<b>x"]
    runner = Runner(flask_shop, quart_shop, keep="all", causes=False)
    results = list(runner.run([walk(*paths, name=NAME)]))
    return written("html", *results, report=runner.report, manner=Manner(every=True))


async def opened(read: Read, **options: Any) -> Reader:
    return await read(page(), **options)


async def test_a_run_is_shown_whole(read: Read) -> None:
    """Each request of the run has its row, and each row opens what the summary counts."""
    reader = await opened(read)
    rows = await reader.shown()
    for _ in rows:
        await reader.page.keyboard.press("j")
    await reader.page.click("a.row:has-text('/other')")

    assert sorted(rows) == sorted(
        ["/same", "/other", "/cookie", "/login", "/whoami", "/fail", "/%3Cb%3Ex"]
    )
    assert await reader.heading() == "GET /other"
    assert "body.items[1].price" in await reader.page.inner_text(".pane")
    assert await reader.page.evaluate("window.planted") is None


async def test_permalinks_of_hostile_names(read: Read) -> None:
    """A scenario of any name has permalinks that lead to it."""
    reader = await opened(read)
    link = await reader.page.get_attribute("a.row:has-text('/cookie')", "href")
    await reader.open(link)

    assert await reader.heading() == "GET /cookie"
    assert "cookie theme" in await reader.page.inner_text(".pane")


async def test_routes_lead_to_their_exchanges(read: Read) -> None:
    """A route of the summary is a link that leaves its exchanges in the list, and goes there."""
    reader = await opened(read)
    await reader.page.click(".outcomes a:has-text('/other')")
    await reader.page.wait_for_selector("#exchanges-heading:focus")

    assert await reader.shown() == ["/other"]


async def test_causes_lead_to_their_exchanges(read: Read) -> None:
    """So does a route of a cause."""
    reader = await opened(read)
    await reader.page.click(".cause summary")
    await reader.page.click(".cause .routes a:has-text('/cookie')")
    await reader.page.wait_for_selector("#exchanges-heading:focus")

    assert await reader.shown() == ["/cookie"]


async def test_parts_are_reached_without_losing_filters(read: Read) -> None:
    """The links to the page's own parts leave what is chosen as it is."""
    reader = await opened(read, address="#method=PUT")
    await reader.page.click("nav >> text=Exchanges")
    await reader.page.wait_for_function("location.hash === '#exchanges'")

    assert await reader.page.input_value("select[name=method]") == "PUT"


async def test_without_javascript(read: Read, browser: Any, tmp_path: Any) -> None:
    """Verdict, causes and routes are there without a script, and that the rest needs one."""
    await opened(read)
    context = await browser.new_context(java_script_enabled=False)
    reader = await context.new_page()
    await reader.goto((tmp_path / "report.html").as_uri())
    text = await reader.inner_text("body")
    await context.close()

    for words in ("No parity", "Causes", "Routes", "need JavaScript"):
        assert words in text


@pytest.mark.parametrize("options", LOOKS.values(), ids=LOOKS)
async def test_nothing_serious_is_found(read: Read, options: dict[str, Any]) -> None:
    """Summary and list, and each exchange of the run, have no serious finding."""
    reader = await opened(read, bypass_csp=True, **options)
    await reader.page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    found = await findings(reader.page)
    await reader.page.click("a.row:has-text('/cookie')")
    await reader.heading()

    assert found == []
    assert await findings(reader.page) == []


async def test_nothing_is_wider_than_a_phone(read: Read) -> None:
    """The summary is as wide as the screen, whatever applications call their things."""
    reader = await opened(read, **PHONE)
    await reader.page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")

    assert await reader.page.evaluate("document.documentElement.scrollWidth") == 390
