"""Keys and the environment: the development key, a key for both sides, and none at all."""

import pytest

from parity_tests.applications import Applications, Sides
from parity_tests.clients import AsyncClient

REFUSED = "RuntimeError: The session is unavailable because no secret key was set."
ANNOUNCED = "Sessions are signed with the development key. Set PARITY_SECRET_KEY to a secret."
KEYLESS = {"SECRET_KEY": ""}


@pytest.fixture
def keyless(apps: Applications) -> AsyncClient:
    """A client for an application without a secret key."""
    return apps.client(KEYLESS)


async def test_setting_without_a_key_is_the_documented_error(
    keyless: AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    """Without a secret key, setting is a 500, and the log says why."""
    answer = await keyless.get("/setsession")

    assert answer.status == 500
    assert answer.raised is not None
    assert answer.raised.type == "RuntimeError"
    assert REFUSED in caplog.text
    assert "no secret key" not in answer.text
    assert answer.cookies == {}


@pytest.mark.parametrize(
    "path",
    [
        "/removesession",
        "/sessions/clear",
        "/sessions/update",
        "/sessions/setdefault",
        "/sessions/permanent",
        "/sessions/flash",
    ],
)
async def test_every_other_change_is_the_same_error(
    keyless: AsyncClient, caplog: pytest.LogCaptureFixture, path: str
) -> None:
    """Whatever changes the session needs a key."""
    answer = await keyless.get(path)

    assert answer.status == 500
    assert REFUSED in caplog.text


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("/checksession", "session['name'] is missing"),
        ("/sessions/read/get", "missing"),
        ("/sessions/read/length", "0"),
        ("/sessions/show", "{}\n"),
        ("/sessions/flashed", "[]\n"),
        ("/sessions/untouched", "untouched"),
    ],
)
async def test_reading_without_a_key_works(keyless: AsyncClient, path: str, text: str) -> None:
    """Without a secret key, every session reads as an empty one that varies by nothing."""
    answer = await keyless.get(path, headers={"Cookie": "session=garbage"})

    assert (answer.status, answer.text, answer.raised) == (200, text, None)
    assert "Vary" not in answer.headers
    assert answer.cookies == {}


def test_the_development_key_is_announced(
    apps: Applications, caplog: pytest.LogCaptureFixture
) -> None:
    """An application that nobody gave a key warns in its log."""
    apps.create()

    assert [(r.levelname, r.getMessage()) for r in caplog.records] == [("WARNING", ANNOUNCED)]


@pytest.mark.parametrize("key", ["a secret", ""], ids=["given", "none"])
def test_another_key_is_not_announced(
    apps: Applications, caplog: pytest.LogCaptureFixture, key: str
) -> None:
    """Neither an application with its own key nor one without any warns."""
    apps.create({"SECRET_KEY": key})

    assert caplog.records == []


@pytest.mark.parametrize("key", ["a secret", "12345", "true"])
def test_one_variable_gives_both_sides_their_key(
    sides: Sides, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    """PARITY_SECRET_KEY is the key on both sides, as text even where it reads as JSON."""
    monkeypatch.setenv("PARITY_SECRET_KEY", key)

    assert [apps.create().config["SECRET_KEY"] for apps in sides.values()] == [key, key]


async def test_an_empty_variable_is_no_key(
    apps: Applications, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With PARITY_SECRET_KEY empty, sessions can be read and not set."""
    monkeypatch.setenv("PARITY_SECRET_KEY", "")
    client = apps.fresh_client()

    assert (await client.get("/checksession")).status == 200
    assert (await client.get("/setsession")).status == 500


async def test_a_session_crosses_with_the_shared_variable(
    sides: Sides, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With one PARITY_SECRET_KEY a visit moves from one side to the other and back."""
    monkeypatch.setenv("PARITY_SECRET_KEY", "shared")
    flask, quart = (apps.fresh_client() for apps in sides.values())
    cookie = (await flask.get("/setsession")).cookies["session"].value
    there = await quart.get("/sessions/update", headers={"Cookie": f"session={cookie}"})
    value = there.cookies["session"].value
    back = await flask.get("/sessions/read/get", headers={"Cookie": f"session={value}"})

    assert back.text == "updated"


def test_other_variables_are_read_as_json(sides: Sides, monkeypatch: pytest.MonkeyPatch) -> None:
    """A variable with the prefix reaches the configuration of both sides, read as JSON."""
    monkeypatch.setenv("PARITY_SESSION_COOKIE_SECURE", "true")
    monkeypatch.setenv("PARITY_SESSION_COOKIE_NAME", "visit")

    for apps in sides.values():
        config = apps.create().config
        assert config["SESSION_COOKIE_SECURE"] is True
        assert config["SESSION_COOKIE_NAME"] == "visit"


def test_the_argument_comes_before_the_environment(
    apps: Applications, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the factory is given is stronger than the environment."""
    monkeypatch.setenv("PARITY_SECRET_KEY", "from the environment")

    assert apps.create({"SECRET_KEY": "given"}).config["SECRET_KEY"] == "given"
