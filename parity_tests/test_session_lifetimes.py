"""How long a session lasts, when its cookie is sent again, and the cookie's attributes."""

from typing import Any

import pytest

from parity_tests.applications import Applications
from parity_tests.clients import set_by
from quart_parity.clock import StandingClock
from quart_parity.mirror.pair import ParityClient

LIFETIME = {"PERMANENT_SESSION_LIFETIME": 600}
BASE = "http://localhost"
NO_REFRESH = LIFETIME | {"SESSION_REFRESH_EACH_REQUEST": False}


@pytest.mark.usefixtures("clock")
async def test_a_permanent_session_expires_after_31_days(parity: ParityClient) -> None:
    """By default a permanent session's cookie lives for 31 days."""
    answer = await parity.get("/sessions/permanent")
    state = await parity.get("/sessions/state")

    cookie = set_by(answer)["session"]
    assert cookie.attributes["expires"] == "Mon, 15 Feb 2027 08:00:00 GMT"
    assert state.json == {"new": False, "modified": False, "permanent": True}


async def test_a_temporary_session_ends_with_the_browser(parity: ParityClient) -> None:
    """Made temporary again, a session is a cookie without an end."""
    await parity.get("/sessions/permanent")
    answer = await parity.get("/sessions/temporary")

    assert set_by(answer)["session"].attributes == {"httponly": "", "path": "/"}


@pytest.mark.parametrize("config", [LIFETIME])
async def test_a_permanent_session_is_refreshed(parity: ParityClient, clock: StandingClock) -> None:
    """Each request sends the cookie of a permanent session again, whatever it asks for."""
    await parity.get("/sessions/permanent")
    for path in ("/sessions/untouched", "/responses/string", "/nowhere"):
        clock.shift(60)
        answer = await parity.get(path)

        assert answer.headers.getlist("Vary") == ["Cookie"]
        assert "session" in set_by(answer)
    assert set_by(answer)["session"].attributes["expires"] == "Fri, 15 Jan 2027 08:13:00 GMT"


@pytest.mark.parametrize("config", [NO_REFRESH])
@pytest.mark.usefixtures("clock")
async def test_refreshing_can_be_switched_off(parity: ParityClient) -> None:
    """Without refreshing, the cookie is sent only when the session changes."""
    await parity.get("/sessions/permanent")
    untouched = await parity.get("/sessions/untouched")
    changed = await parity.get("/setsession")

    assert set_by(untouched) == {}
    assert "Vary" not in untouched.headers
    assert set_by(changed)["session"].attributes["expires"] == "Fri, 15 Jan 2027 08:10:00 GMT"


@pytest.mark.parametrize(
    ("config", "ages", "found"),
    [
        (LIFETIME, [599, 599], ["exists", "exists"]),
        (LIFETIME, [599, 600], ["exists", "missing"]),
        (NO_REFRESH, [599, 1], ["exists", "missing"]),
    ],
    ids=["refreshed", "refreshed-then-left", "not-refreshed"],
)
async def test_a_permanent_session_ends(
    apps: Applications,
    clock: StandingClock,
    config: dict[str, Any],
    ages: list[int],
    found: list[str],
) -> None:
    """A session lives for its lifetime after the last cookie that was sent."""
    client = apps.client(config)
    await client.get("/setsession")
    await client.get("/sessions/permanent")
    texts = []
    for age in ages:
        clock.shift(age)
        texts.append((await client.get("/checksession")).text)

    assert [word in text for word, text in zip(found, texts, strict=True)] == [True, True]


@pytest.mark.parametrize(("age", "found"), [(600, "exists"), (601, "missing")])
async def test_an_old_cookie_is_not_taken_back(
    apps: Applications, clock: StandingClock, age: int, found: str
) -> None:
    """A cookie that somebody kept is refused once its signature is older than the lifetime."""
    client = apps.client(LIFETIME)
    kept = (await client.get("/setsession")).cookies["session"].value
    clock.shift(age)
    answer = await client.get("/checksession", headers={"Cookie": f"session={kept}"})

    assert found in answer.text


@pytest.mark.parametrize(
    ("config", "attributes"),
    [
        ({"SESSION_COOKIE_HTTPONLY": False}, {"path": "/"}),
        ({"SESSION_COOKIE_SECURE": True}, {"httponly": "", "path": "/", "secure": ""}),
        (
            {"SESSION_COOKIE_SAMESITE": "Strict"},
            {"httponly": "", "path": "/", "samesite": "Strict"},
        ),
        ({"SESSION_COOKIE_PATH": "/sessions"}, {"httponly": "", "path": "/sessions"}),
        ({"APPLICATION_ROOT": "/app"}, {"httponly": "", "path": "/app"}),
        (
            {"SESSION_COOKIE_DOMAIN": "shop.example"},
            {"domain": "shop.example", "httponly": "", "path": "/"},
        ),
        (
            {"SESSION_COOKIE_PARTITIONED": True},
            {"httponly": "", "partitioned": "", "path": "/", "secure": ""},
        ),
    ],
    ids=lambda value: next(iter(value)),
)
async def test_the_configuration_reaches_the_cookie(
    parity: ParityClient, attributes: dict[str, str]
) -> None:
    """Each setting is the attribute that it stands for, set and deleted alike."""
    set_ = set_by(await parity.get("/setsession", base_url=BASE))["session"]
    parity.set_cookie("session", set_.value)
    deleted = set_by(await parity.get("/sessions/clear", base_url=BASE))

    assert set_.attributes == attributes
    assert deleted["session"].attributes == attributes | {
        "expires": "Thu, 01 Jan 1970 00:00:00 GMT",
        "max-age": "0",
    }


async def test_the_cookie_has_its_configured_name(apps: Applications) -> None:
    """Under another name the session is that cookie, and one of the old name is nothing."""
    client = apps.client({"SESSION_COOKIE_NAME": "visit"})
    cookies = (await client.get("/setsession")).cookies
    renamed = {"Cookie": f"session={cookies['visit'].value}"}
    answer = await client.get("/checksession", headers=renamed)

    assert list(cookies) == ["visit"]
    assert answer.text == "session['name'] is missing"
