"""Pictures of the HTML report, of a run of the command on the example store with seeded errors."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from parity_tests.browser.chromium import SECONDS, find_chromium, find_playwright
from tests.example import copy_shop, porting_errors

CHECKOUT = Path(__file__).resolve().parents[1]
ERROR = "awaits_flash"
"""Somebody forgot an ``await``, and did not know of the mixin either."""
MIXIN = ("class App(FlaskCompat, Quart)", "class App(Quart)")
DESKTOP, PHONE = (1280, 900), (390, 844)
OPEN = ".row:has-text('choose preferences, request 2')"
SHARED: dict[str, Any] = {"device_scale_factor": 1.5, "reduced_motion": "reduce"}


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture: how wide the reader's window is, and what the reader did before."""

    name: str
    size: tuple[int, int] = DESKTOP
    scheme: str = "light"
    typed: str = ""
    """Into the search."""
    row: str = ""
    """That was opened."""
    away: str = ""
    """What was scrolled to then."""


SHOTS = (
    Shot("page"),
    Shot("page-list", away="#exchanges", typed="api vary"),
    Shot("page-exchange", row=OPEN),
    Shot("page-sides", row=OPEN, away=".sheets"),
    Shot("page-dark", row=OPEN, scheme="dark"),
    Shot("page-phone", PHONE),
    Shot("page-phone-exchange", PHONE, row=OPEN),
)


async def shots(folder: Path, work: Path) -> None:
    """Write every picture into *folder*; the store is copied to *work* and played there."""
    url = report(seeded(work))[1].as_uri()
    async with find_playwright().async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=find_chromium(), timeout=SECONDS * 1000
        )
        try:
            for shot in SHOTS:
                await _take(browser, url, shot, folder / f"{shot.name}.png")
        finally:
            await browser.close()


def seeded(work: Path) -> Path:
    """A copy of the store with the errors in it."""
    (error,) = (one for one in porting_errors() if one.name == ERROR)
    shop = copy_shop(work, error)
    app = shop / "shop_quart" / "app.py"
    app.write_text(app.read_text("utf-8").replace(*MIXIN), "utf-8")
    return shop


def report(shop: Path) -> tuple[int, Path]:
    """Play the store's own scenarios: the exit status, and the page."""
    played = [f"--scenarios={file}" for file in sorted(shop.glob("scenarios/*.toml"))]
    command = [sys.executable, "-m", "quart_parity", "check", "--html=report.html", "--html-all"]
    environ = os.environ | {"PYTHONPATH": str(CHECKOUT)}
    ended = subprocess.run(  # noqa: S603  The command is our own.
        [*command, "--quiet", *played], cwd=shop, env=environ
    )
    return ended.returncode, shop / "report.html"


async def _take(browser: Any, url: str, shot: Shot, file: Path) -> None:
    width, height = shot.size
    context = await browser.new_context(
        viewport={"width": width, "height": height}, color_scheme=shot.scheme, **SHARED
    )
    page = await context.new_page()
    await page.goto(url)
    await page.wait_for_selector("main[data-built]", state="attached")
    if shot.typed:
        await page.fill("input[type=search]", shot.typed)
    if shot.row:
        await page.locator(shot.row).first.click()
        await page.wait_for_selector(".pane h2:focus")
    if shot.away:
        await page.locator(shot.away).first.evaluate("node => node.scrollIntoView()")
    await page.screenshot(path=file)
    await context.close()
