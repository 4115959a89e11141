"""Does the library's jar keep and send what Chromium keeps and sends?"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import pytest
import pytest_asyncio

from parity_tests.browser.answering import Answering, answering
from parity_tests.browser.chromium import Visit, Visitor
from parity_tests.browser.histories import CASES, DEPARTURES, History
from parity_tests.browser.stores import differences, expiry
from quart_parity.cookies import Cookie, Jar
from quart_parity.exchange import parse_base

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

BELOW_NOTHING = ("127.0.0.1", "localhost")
"""Hosts with nothing below them to which a Domain could open a cookie."""


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def server() -> AsyncIterator[Answering]:
    """Sets what it is told to."""
    async with answering() as server:
        yield server


@dataclass(frozen=True, slots=True)
class Place:
    """An address, without its port, as the browser and as the jar are told it."""

    url: str

    @property
    def base(self) -> str:
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def target(self) -> str:
        return self.url.removeprefix(self.base)

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]


async def lived(visitor: Visitor, server: Answering, history: History) -> tuple[Any, Any]:
    """What the browser and the jar keep in the end, and send to where the last cookie came from.

    Only the last cookie of a history may have an end.
    """
    await visitor.forget()
    jar = Jar()
    for url, field in history:
        place = Place(url)
        server.fields = [field]
        window = await visitor.fetch(f"{place.base}:{server.port}", place.target)
        jar.store(parse_base(place.base), place.path, field, window[0])
    visit = Visit(200, "", "", window, None)
    server.fields = []
    _, now = await visitor.fetch(f"{place.base}:{server.port}", place.target)
    theirs = [of_browser(cookie, visit) for cookie in await visitor.cookies()]
    ours = [of_jar(cookie, visit) for cookie in jar.cookies.values()]
    sent = jar.header(parse_base(place.base), place.path, now)
    return {"kept": keyed(theirs), "sent": server.sent}, {"kept": keyed(ours), "sent": sent}


def of_browser(cookie: dict[str, Any], visit: Visit) -> dict[str, Any]:
    """Values are left to what is sent: the protocol cannot show every byte of them."""
    names = ("name", "domain", "path", "secure")
    end = None if cookie["session"] else expiry(cookie["expires"], visit)
    return {name: cookie[name] for name in names} | {"expires": end}


def of_jar(cookie: Cookie, visit: Visit) -> dict[str, Any]:
    """The same, as the protocol writes it: a dot opens a cookie to what is below its domain."""
    host_only = cookie.host_only or cookie.domain in BELOW_NOTHING
    return {
        "name": in_unicode(cookie.name),
        "domain": cookie.domain if host_only else f".{cookie.domain}",
        "path": in_unicode(cookie.path),
        "secure": cookie.secure,
        "expires": None if cookie.expires is None else expiry(cookie.expires, visit),
    }


def keyed(cookies: list[dict[str, Any]]) -> dict[str, Any]:
    """In no order, which what is sent shows."""
    return {"{name};{domain};{path}".format(**cookie): cookie for cookie in cookies}


def in_unicode(text: str) -> str:
    """One character a byte, read as UTF-8."""
    return text.encode("latin-1").decode()


@pytest.mark.parametrize("name", sorted(CASES.keys() - DEPARTURES.keys()))
async def test_the_jar_is_as_chromium(visitor: Visitor, server: Answering, name: str) -> None:
    """Whatever a server sets, the jar keeps and sends what Chromium keeps and sends."""
    theirs, ours = await lived(visitor, server, CASES[name])

    assert differences(theirs, ours) == {}


@pytest.mark.parametrize("name", sorted(DEPARTURES))
async def test_chromium_departs_where_it_is_known(
    visitor: Visitor, server: Answering, name: str
) -> None:
    """Where Chromium is not as RFC 6265bis, the jar is not as Chromium."""
    theirs, ours = await lived(visitor, server, CASES[name])

    assert differences(theirs, ours) != {}


async def test_what_is_kept_is_no_nothing(visitor: Visitor, server: Answering) -> None:
    """Both keep a plain cookie, and neither keeps one with a control character."""
    plain = await lived(visitor, server, CASES["pair: plain"])
    refused = await lived(visitor, server, CASES["pair: a delete"])

    assert [list(side["kept"]) for side in plain] == [["a;127.0.0.1;/a/b"]] * 2
    assert [side["sent"] for side in plain] == ["a=b", "a=b"]
    assert [side["kept"] for side in refused] == [{}, {}]
