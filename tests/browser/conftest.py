"""One browser for the whole run, and a context of its own for each test."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest_asyncio

from parity_tests.browser.chromium import SECONDS, find_chromium, find_playwright
from tests.browser.pages import Shown, same, write_page
from tests.browser.visits import EXCHANGES

WIDE = {"width": 1280, "height": 800}
NOTING = """
window.violations = [];
document.addEventListener("securitypolicyviolation", event =>
  violations.push(`${event.violatedDirective} ${event.blockedURI}`));
"""


@dataclass(slots=True)
class Reader:
    """A page with a report, and everything it did that a report does not do."""

    page: Any
    url: str
    requests: list[str] = field(default_factory=list)
    """What was asked for besides the page itself."""
    dialogs: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    async def open(self, address: str = "") -> None:
        """Open the page anew, at this place in it, and wait until its list is whole."""
        await self.page.goto("about:blank")
        await self.page.goto(self.url + address)
        await self.page.wait_for_selector("main[data-built]", state="attached")

    async def shown(self) -> list[str]:
        """The targets of the rows that are shown."""
        script = "rows => rows.filter(row => row.checkVisibility()).map(row => row.textContent)"
        found: list[str] = await self.page.eval_on_selector_all(".row .raw", script)
        return found

    async def heading(self) -> str:
        """Of the exchange that is open, once the reader's focus is there."""
        await self.page.wait_for_selector(".pane h2:focus")
        return str(await self.page.inner_text(".pane h2"))

    async def violations(self) -> list[str]:
        """What the content security policy forbade."""
        found: list[str] = await self.page.evaluate("violations")
        return found

    def watch(self) -> None:
        """Note what the page does from now on."""
        self.page.on("request", lambda request: self._asked(request.url))
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("dialog", lambda dialog: self._dismiss(dialog))

    def _asked(self, url: str) -> None:
        if url.split("#")[0] not in (self.url, "about:blank", "data:,"):
            self.requests.append(url)

    async def _dismiss(self, dialog: Any) -> None:
        self.dialogs.append(dialog.message)
        await dialog.dismiss()


Read = Callable[..., Awaitable[Reader]]


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Any]:
    """Chromium without a window, and without a way to anywhere."""
    async with find_playwright().async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=find_chromium(),
            args=["--host-resolver-rules=MAP * ~NOTFOUND", "--no-proxy-server"],
            timeout=SECONDS * 1000,
        )
        try:
            yield browser
        finally:
            await browser.close()


@pytest_asyncio.fixture(loop_scope="session")
async def read(browser: Any, tmp_path: Path) -> AsyncIterator[Read]:
    """Opens a page with these exchanges, or one that a reporter wrote, in a context with these
    options.

    No page of any test may ask for anything, be refused anything or fail in its script.
    """
    readers: list[Reader] = []
    async with AsyncExitStack() as stack:

        async def read(
            exchanges: list[Shown] | str = EXCHANGES,
            address: str = "",
            alter: Callable[[Any], Any] = same,
            **options: Any,
        ) -> Reader:
            context = await browser.new_context(**{"viewport": WIDE} | options)
            stack.push_async_callback(context.close)
            context.set_default_timeout(SECONDS * 1000)
            await context.add_init_script(NOTING)
            file = tmp_path / "report.html"
            if isinstance(exchanges, str):
                file.write_text(exchanges, "utf-8")
            else:
                write_page(file, exchanges, alter)
            reader = Reader(await context.new_page(), file.as_uri())
            readers.append(reader)
            reader.watch()
            await reader.open(address)
            return reader

        yield read

        assert [reader.requests + reader.dialogs + reader.errors for reader in readers] == [
            [] for _ in readers
        ]
        assert [await reader.violations() for reader in readers] == [[] for _ in readers]
