"""Would the comparison of two browsers notice a port that is not the same?"""

from pathlib import Path
from typing import Any

import pytest

from parity_tests.browser.changed import changes as changing
from parity_tests.browser.conftest import Start
from parity_tests.browser.stores import differences
from parity_tests.browser.walks import Pair, Side, compare, page, setting

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

HOST = "www.shop.localhost"
"""Loopback, which browsers trust, with room for a Domain above."""
EVERYTHING = {
    "value": "v",
    "max_age": 600,
    "path": "/",
    "domain": "shop.localhost",
    "secure": 1,
    "httponly": 1,
    "samesite": "Lax",
}
SET = setting(**EVERYTHING)
FAR = setting(expires=32_503_680_000)

ARGUMENTS: dict[str, tuple[str, dict[str, Any], set[str]]] = {
    "another key": (SET, {"key": "other"}, {"cookie.name", "cookie.other"}),
    "another value": (SET, {"value": "w"}, {"cookie.name.value"}),
    "another max_age": (SET, {"max_age": 660}, {"cookie.name.expires"}),
    "no max_age": (SET, {"max_age": None}, {"cookie.name.expires"}),
    "another expires": (FAR, {"expires": 0}, {"cookie.name", "visible"}),
    "no expires": (FAR, {"expires": None}, {"cookie.name.expires"}),
    "another path": (SET, {"path": "/setcookies"}, {"cookie.name.path"}),
    "another domain": (SET, {"domain": HOST}, {"cookie.name.domain"}),
    "no domain": (SET, {"domain": None}, {"cookie.name.domain"}),
    "no secure": (SET, {"secure": False}, {"cookie.name.secure", "cookie.name.sourceScheme"}),
    "no httponly": (SET, {"httponly": False}, {"cookie.name.httpOnly", "visible"}),
    "another samesite": (SET, {"samesite": "Strict"}, {"cookie.name.sameSite"}),
    "no samesite": (SET, {"samesite": None}, {"cookie.name.sameSite"}),
    "partitioned": (SET, {"partitioned": True}, {"cookie.name.partitionKey"}),
}
"""What the page is asked for, what the changed port makes of it, and what is to be found."""

CONFIGURATION: dict[str, tuple[Any, set[str]]] = {
    "SESSION_COOKIE_NAME": ("visit", {"cookie.session", "cookie.visit"}),
    "SESSION_COOKIE_PATH": ("/sessions", {"cookie.session.path"}),
    "SESSION_COOKIE_DOMAIN": ("shop.localhost", {"cookie.session.domain"}),
    "SESSION_COOKIE_SECURE": (True, {"cookie.session.secure", "cookie.session.sourceScheme"}),
    "SESSION_COOKIE_HTTPONLY": (False, {"cookie.session.httpOnly", "visible"}),
    "SESSION_COOKIE_SAMESITE": ("Lax", {"cookie.session.sameSite"}),
    "SESSION_COOKIE_PARTITIONED": (
        True,
        {"cookie.session.secure", "cookie.session.sourceScheme", "cookie.session.partitionKey"},
    ),
    "PERMANENT_SESSION_LIFETIME": (600, {"cookie.session.expires"}),
}
SESSION = ["/sessions/permanent"]


@pytest.fixture
def changed_pair(pair: Pair, start: Start, changes: Path) -> Pair:
    """The original and the changed port, which has yet to be told what is changed."""
    changes.write_text(changing())
    return pair[0], Side(start("changed"), pair[1].visitor)


async def test_nothing_changed_is_nothing_found(changed_pair: Pair) -> None:
    """The port that only could be changed is the same."""
    found = await compare(changed_pair, [SET, "/listcookies", FAR, *SESSION], HOST)

    assert found == {}


@pytest.mark.parametrize(("target", "arguments", "paths"), ARGUMENTS.values(), ids=ARGUMENTS)
async def test_one_changed_argument_is_found(
    changed_pair: Pair, changes: Path, target: str, arguments: dict[str, Any], paths: set[str]
) -> None:
    """One argument of set_cookie changed in the port is found by its name, and nothing else is."""
    changes.write_text(changing(arguments=arguments))
    found = await compare(changed_pair, [target], HOST)

    assert set(found) == paths


@pytest.mark.parametrize(("key", "change"), CONFIGURATION.items(), ids=CONFIGURATION)
async def test_one_changed_key_of_the_configuration_is_found(
    changed_pair: Pair, changes: Path, key: str, change: tuple[Any, set[str]]
) -> None:
    """One attribute of the session's cookie changed by configuration is found by its name."""
    value, paths = change
    changes.write_text(changing(config={key: value}))
    found = await compare(changed_pair, SESSION, HOST)

    assert set(found) == paths


async def test_a_cookie_that_is_not_deleted_is_found(changed_pair: Pair, changes: Path) -> None:
    """A port that deletes with another path leaves the cookie where it was."""
    changes.write_text(changing(arguments={"path": "/elsewhere"}))
    await compare(changed_pair, ["/deletecookies"])
    changes.write_text(changing())
    before = await compare(changed_pair, ["/setcookies"])
    changes.write_text(changing(arguments={"path": "/elsewhere"}))
    found = await compare(changed_pair, ["/deletecookies"])

    assert before == {}
    assert set(found) == {"cookie.name", "visible"}


async def test_another_session_is_found(changed_pair: Pair) -> None:
    """What the sessions hold is compared decoded, value by value."""
    reference, candidate = changed_pair
    ours = await reference.visit(page("/setsession", name="tom"))
    theirs = await candidate.visit(page("/setsession", name="ann"))

    assert set(differences(ours, theirs)) == {"text", "cookie.session.value.name"}


async def test_another_key_is_found(changed_pair: Pair, changes: Path) -> None:
    """A session does not go on at a port with another key, and is not lost with the same."""
    reference, candidate = changed_pair
    candidate = Side(candidate.server, reference.visitor)
    await reference.visit("/setsession")
    changes.write_text(changing(config={"SECRET_KEY": "another"}))
    other = await candidate.visit("/checksession")
    changes.write_text(changing())
    same = await candidate.visit("/checksession")

    assert other["text"] == "session['name'] is missing"
    assert same["text"] == "session['name'] exists: tom"
