"""A real Chromium, driven by Playwright, with what it knows about its cookies."""

import shutil
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from importlib import import_module
from time import time
from typing import Any

SECONDS = 30.0
"""What a page has to load, and a script to answer."""
WINDOW = {"width": 1024, "height": 768}
BLANK = "/blank"
"""A page that a server of the tests' own has on each of its hosts; it sets no cookie."""
ARGUMENTS = [
    # A name for every case; names below localhost are loopback without being asked for.
    "--host-resolver-rules=MAP *.example 127.0.0.1",
    "--no-proxy-server",
    "--font-render-hinting=none",
    "--hide-scrollbars",
]


class MissingBrowserError(Exception):
    """What these tests need is not installed; the text says what brings it."""


def find_chromium() -> str:
    """The path of the installed Chromium."""
    path = shutil.which("chromium")
    if path is None:
        raise MissingBrowserError(
            "there is no `chromium` in PATH; Debian's package of this name brings it"
        )
    return path


def find_playwright() -> Any:
    """Playwright's asynchronous API, which is not imported before a test needs it."""
    try:
        return import_module("playwright.async_api")
    except ModuleNotFoundError as error:
        raise MissingBrowserError(
            "Playwright is not installed; `pip install playwright` brings it "
            "(without `playwright install`: the browser is the system's Chromium)"
        ) from error


@dataclass(frozen=True, slots=True)
class Visit:
    """A page that has loaded."""

    status: int
    text: str
    """As it is shown, without markup."""
    visible: str
    """What scripts see of the cookies: ``document.cookie``."""
    window: tuple[float, float]
    """The clock before the request and after the answer, in seconds since the epoch."""
    date: float | None
    """What the server's clock said, in whole seconds since the epoch."""


@dataclass(slots=True)
class Visitor:
    """One browser context, which shares no cookie with any other, and its one page."""

    _context: Any
    _page: Any
    _browser: Any
    """A session of the DevTools protocol with the browser; the page's sees no other context."""
    _id: str

    async def visit(self, url: str) -> Visit:
        """Load the page, as if its address had been typed."""
        began = time()
        response = await self._page.goto(url)
        ended = time()
        text, visible = await self.ask("[document.body.innerText, document.cookie]")
        date = response.headers.get("date")
        return Visit(
            status=response.status,
            text=text,
            visible=visible,
            window=(began, ended),
            date=parsedate_to_datetime(date).timestamp() if date else None,
        )

    async def fetch(self, origin: str, target: str) -> tuple[float, float]:
        """Let a script on the `BLANK` page of *origin* ask for another, as between two clocks.

        The cookies of what a script fetches are those of what a user visits, and it is done sooner.
        """
        if await self.ask("location.origin") != origin:
            await self._page.goto(origin + BLANK)
        began = time()
        await self._page.evaluate("target => fetch(target, {cache: 'no-store'})", target)
        return began, time()

    async def ask(self, expression: str) -> Any:
        """What a script's expression gives on the page."""
        return await self._page.evaluate(expression)

    async def cookies(self) -> list[dict[str, Any]]:
        """The whole cookie store, as the DevTools protocol writes it (Storage.getCookies)."""
        answer = await self._browser.send("Storage.getCookies", self._whose)
        cookies: list[dict[str, Any]] = answer["cookies"]
        return cookies

    async def forget(self) -> None:
        """Empty the cookie store."""
        await self._browser.send("Storage.clearCookies", self._whose)

    async def picture(self, scheme: str = "light", width: int = WINDOW["width"]) -> bytes:
        """The whole page as a PNG, in a colour scheme and at a width in CSS pixels."""
        await self._page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        await self._page.set_viewport_size({**WINDOW, "width": width})
        picture: bytes = await self._page.screenshot(full_page=True, animations="disabled")
        return picture

    @property
    def _whose(self) -> Mapping[str, str]:
        return {"browserContextId": self._id}


@dataclass(slots=True)
class Chromium:
    """A running browser."""

    _browser: Any
    _protocol: Any = field(repr=False)

    @asynccontextmanager
    async def visitor(self) -> AsyncIterator[Visitor]:
        """A context of its own, with an empty cookie store, until the block ends."""
        context = await self._browser.new_context(viewport=WINDOW, device_scale_factor=1)
        try:
            context.set_default_timeout(SECONDS * 1000)
            page = await context.new_page()
            yield Visitor(context, page, self._protocol, await _settle(context, page))
        finally:
            await context.close()

    async def processes(self) -> list[int]:
        """The ids of the browser's processes that its own process knows of."""
        answer = await self._protocol.send("SystemInfo.getProcessInfo")
        return [process["id"] for process in answer["processInfo"]]


async def _settle(context: Any, page: Any) -> str:
    """The id of the context, after its page was told to ask for no icon.

    The browser would fetch it after the page, and the answer could set cookies anew.
    """
    session = await context.new_cdp_session(page)
    await session.send("Network.enable")
    await session.send("Network.setBlockedURLs", {"urls": ["*/favicon.ico"]})
    told: str = (await session.send("Target.getTargetInfo"))["targetInfo"]["browserContextId"]
    return told


@asynccontextmanager
async def running_chromium() -> AsyncIterator[Chromium]:
    """Start the browser without a window, and end it with all of its processes."""
    path, api = find_chromium(), find_playwright()
    async with api.async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=path, args=ARGUMENTS, timeout=SECONDS * 1000
        )
        try:
            yield Chromium(browser, await browser.new_browser_cdp_session())
        finally:
            await browser.close()
