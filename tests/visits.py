"""A visit to the example store in Chromium, recorded as the browser saves it."""

from pathlib import Path
from typing import Any

from parity_tests.browser.chromium import find_chromium, find_playwright

SECONDS = 30_000.0
"""Milliseconds, as Playwright counts, for a page to come."""


async def record(url: str, folder: Path) -> Path:
    """Visit the store at *url* as a new customer; the recording (HAR 1.2) is in the folder."""
    recording = folder / "visit.har"
    picture = folder / "me.png"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(64))
    async with find_playwright().async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=find_chromium(), args=["--no-sandbox", "--no-proxy-server"]
        )
        context = await browser.new_context(base_url=url, record_har_path=str(recording))
        context.set_default_timeout(SECONDS)
        await _visit(await context.new_page(), picture)
        # Closing is what writes the recording.
        await context.close()
        await browser.close()
    return recording


async def _visit(page: Any, picture: Path) -> None:
    await page.goto("/")
    await page.click("text=Register")
    await _fill(page, name="recorded", email="recorded@example.com", password="leaves and beans")
    await page.click("main >> text=Register")
    await page.goto("/preferences")
    await page.select_option("[name=theme]", index=1)
    await page.click("text=Save")
    await _buy(page)
    await page.goto("/account/profile")
    await page.fill("[name=about]", 'Likes thé, and "café".')
    await page.click("text=Save")
    await page.set_input_files("[name=avatar]", str(picture))
    await page.click("text=Upload")
    await page.goto("/orders/")
    await page.evaluate("fetch('/api/v1/products?page=1').then((answer) => answer.json())")
    await page.click("text=Sign out")


async def _buy(page: Any) -> None:
    await page.goto("/products/1")
    await page.fill("[name=quantity]", "2")
    await page.click("text=Put into the cart")
    await page.goto("/cart/")
    await page.click("main >> text=Checkout")
    await _fill(page, street="Long Lane 1", postcode="12345", city="Teatown")
    await page.click("main >> button >> text=Order")


async def _fill(page: Any, **values: str) -> None:
    for name, value in values.items():
        await page.fill(f"main [name={name}]", value)
