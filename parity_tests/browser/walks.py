"""The same pages visited on both sides, and all that the two visits do not share."""

from asyncio import gather
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from parity_tests.browser.chromium import Visitor
from parity_tests.browser.stores import Store, differences
from parity_tests.servers import HOST, Server


@dataclass(slots=True)
class Side:
    """A running application, and who visits it."""

    server: Server
    visitor: Visitor
    seen: dict[str, Any] = field(default_factory=dict)
    """At the latest visit: what the page says, what scripts see, and what the browser keeps."""
    _store: Store = field(default_factory=Store)

    def url(self, target: str, host: str = HOST) -> str:
        return f"http://{host}:{self.server.port}{target}"

    async def visit(self, target: str, host: str = HOST) -> dict[str, Any]:
        visit = await self.visitor.visit(self.url(target, host))
        self.seen = {
            "status": visit.status,
            "text": visit.text,
            "visible": visit.visible,
            "cookie": await self._store.read(self.visitor, visit),
        }
        return self.seen


Pair = tuple[Side, Side]
"""The reference and the candidate."""


async def compare(
    pair: Pair, targets: Iterable[str], host: str = HOST
) -> dict[str, tuple[Any, Any]]:
    """Walk both sides through the pages; every difference by its path, as it was first seen."""
    reference, candidate = pair
    found: dict[str, tuple[Any, Any]] = {}
    for target in targets:
        ours, theirs = await gather(reference.visit(target, host), candidate.visit(target, host))
        for path, values in differences(ours, theirs).items():
            found.setdefault(path, values)
    return found


def page(path: str, /, **query: object) -> str:
    """A target with its query."""
    return f"{path}?{urlencode(query)}"


def setting(**query: object) -> str:
    """The page that sets a cookie."""
    return page("/setcookies", **query)


def deleting(**query: object) -> str:
    """The page that deletes it."""
    return page("/deletecookies", **query)
