"""One browser and the servers for the whole run, and a visitor for each side of each test."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import pytest_asyncio

from parity_tests.browser import changed
from parity_tests.browser.chromium import Chromium, Visitor, running_chromium
from parity_tests.browser.walks import Pair, Side
from parity_tests.servers import COMMANDS, Server, serve

KEY = "one key for both servers"

Start = Callable[[str], Server]


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium() -> AsyncIterator[Chromium]:
    """The browser, started when first asked for."""
    async with running_chromium() as chromium:
        yield chromium


@pytest.fixture(scope="session")
def changes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file that tells the changed port what is changed."""
    return tmp_path_factory.mktemp("changes") / "changes.json"


@pytest.fixture(scope="session")
def start(
    tmp_path_factory: pytest.TempPathFactory, changes: Path, _plain_environment: None
) -> Iterator[Start]:
    """Starts each server at most once, and ends all of them."""
    running: dict[str, Server] = {}
    environment = {"PARITY_SECRET_KEY": KEY, changed.VARIABLE: str(changes)}
    with ExitStack() as stack, pytest.MonkeyPatch.context() as patch:
        command = [*COMMANDS["hypercorn"][:-1], f"{changed.__name__}:create_app()"]
        patch.setitem(COMMANDS, "changed", command)

        def start(name: str) -> Server:
            if name not in running:
                log = tmp_path_factory.mktemp("servers") / f"{name}.log"
                running[name] = stack.enter_context(serve(name, log, environment))
            return running[name]

        yield start


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def visitors(chromium: Chromium) -> AsyncIterator[list[Visitor]]:
    """Two contexts of the browser, which share nothing."""
    async with chromium.visitor() as first, chromium.visitor() as second:
        yield [first, second]


@pytest_asyncio.fixture(loop_scope="session")
async def visitor(visitors: list[Visitor]) -> Visitor:
    """A visitor without cookies, of whatever the test lets it visit."""
    await visitors[0].forget()
    return visitors[0]


@pytest_asyncio.fixture(loop_scope="session")
async def pair(visitors: list[Visitor], start: Start) -> Pair:
    """Both running applications, each with a visitor of its own, without cookies."""
    for visitor in visitors:
        await visitor.forget()
    return Side(start("flask"), visitors[0]), Side(start("hypercorn"), visitors[1])
