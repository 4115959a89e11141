"""The walk that docs/reports.md describes: from a page alone to the mend of what is wrong."""

import asyncio
from pathlib import Path

import pytest

from screenshots.page import MIXIN, report, seeded
from tests.browser.conftest import Read, Reader

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def compared(shop: Path, read: Read, status: int) -> Reader:
    """The page of a new run."""
    ended, file = await asyncio.to_thread(report, shop)
    assert ended == status
    return await read(file.read_text("utf-8"))


def mend(file: Path, line: int | None, before: str, after: str) -> None:
    """Write *after* for *before* in a file, or in one line of it, where it must stand."""
    lines = file.read_text("utf-8").splitlines(keepends=True)
    places = [line - 1] if line else [n for n, text in enumerate(lines) if before in text]
    for place in places:
        assert before in lines[place]
        lines[place] = lines[place].replace(before, after)
    file.write_text("".join(lines), "utf-8")


async def test_a_page_leads_to_the_mend(read: Read, tmp_path: Path) -> None:
    """Causes name compat; then the port's own error is found by route, view and line; then all is
    parity."""
    shop = seeded(tmp_path)
    page = (await compared(shop, read, 1)).page
    causes = await page.locator("article.cause").all_inner_texts()
    known = [one for one in causes if one.startswith("QP")]

    assert [one.split()[0] for one in known[:3]] == ["QP014", "QP021", "QP026"]
    assert all("quart_parity.compat" in one for one in known)

    mend(shop / "shop_quart" / "app.py", None, *reversed(MIXIN))
    reader = await compared(shop, read, 1)
    page = reader.page
    (cause,) = await page.locator("article.cause h3").all_inner_texts()

    assert cause.startswith("The port's own")

    await page.click("article.cause summary")
    await page.click("article.cause a:has-text('POST /preferences')")
    await page.locator(".row:visible").first.click()
    heading = await reader.heading()
    pane = await page.inner_text(".pane")
    first = await page.locator("article.difference").first.inner_text()

    assert heading == "POST /preferences"
    assert "shop_quart/site.py:102" in pane
    assert "unawaited" in first
    assert '"flash"' in first
    assert "at shop_quart/site.py:115" in first

    mend(shop / "shop_quart" / "site.py", 115, "flash(", "await flash(")
    page = (await compared(shop, read, 0)).page

    assert (await page.inner_text("h1")) == "Parity"
