"""Sessions, decoded: every type they carry, and keys that do not open them."""

from base64 import urlsafe_b64encode
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from markupsafe import Markup
from quart import Quart

from quart_parity.clock import StandingClock, standing_clock
from quart_parity.exchange import Exchange
from quart_parity.sessions import (
    Sessions,
    sessions_of,
    sessions_with_key,
    signed_at,
    unverified_sessions,
)
from quart_parity.values import MISSING
from tests.builders import answer, cookies, found, keyed, keyrings, signed

MOMENT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
TAGGED: dict[str, tuple[Any, Any]] = {
    "a tuple for a list": ((1, 2), [1, 2]),
    "bytes for text": (b"a", "a"),
    "markup for text": (Markup("a"), "a"),
    "a UUID for its text": (UUID(int=1), str(UUID(int=1))),
    "a moment for another": (MOMENT, MOMENT.replace(year=2027)),
    "a moment for its text": (MOMENT, "Fri, 02 Jan 2026 03:04:05 GMT"),
    "a dict that looks like a tag": ({" t": [1]}, (1,)),
    "a number for text": (1, "1"),
    "a truth for a number": (True, 1),
    "null for nothing": (None, MISSING),
}


@pytest.fixture(autouse=True)
def clock() -> Iterator[StandingClock]:
    """One second for all that is signed, as while scenarios are played."""
    with standing_clock() as clock:
        yield clock


def session(app: Any, data: Any, attributes: str = "") -> Exchange:
    return cookies(f"session={signed(app, data)}{attributes}")


FLASK, FLASK_SESSIONS = keyed(Flask("shop"), "key")
QUART, QUART_SESSIONS = keyed(Quart("shop"), "key")
KEYS = keyrings(FLASK_SESSIONS, QUART_SESSIONS)


@pytest.mark.parametrize(("one", "other"), TAGGED.values(), ids=TAGGED)
def test_a_session_value_of_another_type_is_found(one: Any, other: Any) -> None:
    """Sessions are compared decoded, each value with its type."""
    datas = [{} if value is MISSING else {"v": value} for value in (one, other)]
    differences = found(session(FLASK, datas[0]), session(QUART, datas[1]), KEYS)

    assert differences == {"session.v": (one, other)}


@pytest.mark.parametrize("value", [one for one, _ in TAGGED.values()], ids=TAGGED)
def test_an_equal_session_in_other_bytes_is_no_difference(value: Any) -> None:
    """Order of keys and signature say nothing where the session is the same."""
    ours = session(FLASK, {"a": value, "b": 1})
    theirs = session(QUART, {"b": 1, "a": value})

    assert ours != theirs
    assert found(ours, theirs, KEYS) == {}


def test_a_session_that_is_not_kept_is_found() -> None:
    """A side that sends no session cookie lacks the cookie and the session."""
    differences = found(session(FLASK, {"a": 1}), answer(), KEYS)

    assert differences.keys() == {"cookie.session", "session"}
    assert differences["session"] == ({"a": 1}, MISSING)


def test_an_attribute_of_a_session_cookie_is_found() -> None:
    """Beside the session in it, the cookie is compared as any other."""
    ours = session(FLASK, {"b": 1, "a": 1}, "; HttpOnly; Path=/")
    theirs = session(QUART, {"a": 1, "b": 1}, "; Path=/")

    assert found(ours, theirs, KEYS) == {"cookie.session.httponly": ("", MISSING)}


def test_a_key_that_the_other_side_lacks_is_found() -> None:
    """Equal sessions that only their own side can read log everyone out."""
    other, sessions = keyed(Quart("shop"), "another key")
    differences = found(
        session(FLASK, {"a": 1}), session(other, {"a": 1}), keyrings(FLASK_SESSIONS, sessions)
    )

    assert differences == {
        "cookie.session.readable.reference": (True, False),
        "cookie.session.readable.candidate": (False, True),
    }


def test_a_session_that_nobody_can_read_is_compared_raw() -> None:
    """A side that sends bytes instead of a session is found by its cookie's value."""
    differences = found(session(FLASK, {"a": 1}), cookies("session=junk"), KEYS)

    assert differences["cookie.session.value"] == (MISSING, "junk")
    assert differences["session"] == ({"a": 1}, MISSING)


def test_a_session_of_another_name_is_a_cookie() -> None:
    """Only the cookie that the application is configured to use is its session."""
    app, _ = keyed(Quart("shop"), "key")
    app.config["SESSION_COOKIE_NAME"] = "sid"
    differences = found(
        session(FLASK, {"a": 1}),
        cookies(f"sid={signed(app, {'a': 1})}"),
        keyrings(FLASK_SESSIONS, sessions_of(app)),
    )

    assert differences.keys() == {"cookie.session", "cookie.sid"}


def test_an_old_key_opens_a_session() -> None:
    """Keys that were rotated out still read what they signed."""
    app, _ = keyed(Flask("shop"), "new")
    app.config["SECRET_KEY_FALLBACKS"] = ["key"]

    assert sessions_of(app).open(signed(FLASK, {"a": 1})) == {"a": 1}
    assert FLASK_SESSIONS.open(signed(app, {"a": 1})) is None


def test_without_a_key_there_are_no_sessions() -> None:
    """An application without a key, and one of another kind, read no cookie."""
    assert keyed(Flask("shop"), None)[1].open(signed(FLASK, {})) is None
    assert sessions_of(object()).name is None


def test_each_of_several_session_cookies_is_read() -> None:
    """Sessions for two paths are two, and neither is lost behind the other."""
    path, root = "; Path=/admin", "; Path=/"
    ours = cookies(
        f"session={signed(FLASK, {'user': 'alice'})}{path}", f"session={signed(FLASK, {})}{root}"
    )
    theirs = cookies(
        f"session={signed(QUART, {'user': 'mallory'})}{path}", f"session={signed(QUART, {})}{root}"
    )

    assert found(ours, theirs, KEYS) == {"session{path=/admin}.user": ("alice", "mallory")}


def test_the_time_of_signing_is_found(clock: StandingClock) -> None:
    """A session's lifetime counts from its signature: one that is not signed anew is found."""
    ours = session(FLASK, {"a": 1})
    clock.begin()
    clock.move(5)
    theirs = session(QUART, {"a": 1})
    (path, (one, other)), *others = found(ours, theirs, KEYS).items()

    assert (path, other - one, others) == ("cookie.session.signed", 5, [])


def test_over_a_wire_the_time_of_signing_is_relative(clock: StandingClock) -> None:
    """Two sessions that were signed as they were sent are signed at the same time."""
    ours = session(FLASK, {"a": 1})
    began = signed_at(signed(FLASK, {})) or 0
    clock.begin()
    clock.move(5)
    theirs = session(QUART, {"a": 1})
    ours = replace(ours, window=(began + 0.1, began + 0.2))

    assert found(ours, replace(theirs, window=(began + 5.3, began + 5.4)), KEYS) == {}
    assert found(ours, replace(theirs, window=(began + 8.3, began + 8.4)), KEYS).keys() == {
        "cookie.session.signed"
    }


JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkoifQ.c2lnbmF0dXJl"
UNSIGNED = ["", ".", "..", "a", "a.b", ".payload.signature", "a..b", JWT, "a.é.b", "a.b!.c"]


@pytest.mark.parametrize("value", UNSIGNED)
def test_what_was_never_signed_has_no_time(value: str) -> None:
    """Only a short part between a payload and a signature is a timestamp."""
    assert signed_at(value) is None
    assert unverified_sessions().open(value) is None


def test_a_key_that_is_given_reads_flasks_sessions() -> None:
    """A remote application's sessions are verified with its key."""
    sessions = sessions_with_key("key")

    assert sessions.verified
    assert sessions.open(signed(FLASK, {"a": (1,)})) == {"a": (1,)}
    assert sessions.open(signed(QUART, {"a": b"x"})) == {"a": b"x"}
    assert sessions_with_key("other").open(signed(FLASK, {"a": 1})) is None


UNKNOWN = keyrings(unverified_sessions(), unverified_sessions())


def test_without_a_key_sessions_are_compared_all_the_same() -> None:
    """What is in a session can be read without its key, whatever its cookie is called."""
    other, _ = keyed(Flask("shop"), "another key")
    ours = cookies(f"sid={signed(FLASK, {'b': (1,), 'a': 1})}")
    theirs = cookies(f"sid={signed(other, {'a': 1, 'b': (1,)})}")

    assert found(ours, theirs, UNKNOWN) == {}
    assert found(ours, cookies(f"sid={signed(other, {'a': 1, 'b': [1]})}"), UNKNOWN) == {
        "session.b": ((1,), [1])
    }


def test_without_a_key_nothing_is_said_of_signatures() -> None:
    """Which side can read a session is not claimed where nobody has looked."""
    (made, missing) = found(session(FLASK, {"a": 1}), answer(), UNKNOWN)["cookie.session"]

    assert (made.keys(), missing) == ({"signed"}, MISSING)


def test_a_side_whose_key_is_known_is_still_checked() -> None:
    """A session that the known key does not open is found, though the other's is not known."""
    other, _ = keyed(Quart("shop"), "another key")
    keys = keyrings(FLASK_SESSIONS, unverified_sessions())

    assert found(session(FLASK, {"a": 1}), session(QUART, {"a": 1}), keys) == {}
    assert found(session(FLASK, {"a": 1}), session(other, {"a": 1}), keys) == {
        "cookie.session.readable.reference": (True, False)
    }


def tampered(payload: bytes) -> str:
    """A session cookie with another payload, as nobody with the key would send it."""
    return ".".join(
        [urlsafe_b64encode(payload).decode().rstrip("="), *signed(FLASK, {}).split(".")[1:]]
    )


@pytest.mark.parametrize(
    "payload",
    [b"[1]", b"1", b"{", b"\xff", b'{" u": 5}', b'{" d": {}}', b'{" b": "!"}', b"[" * 3000],
    ids=["list", "number", "cut", "bytes", "no UUID", "no date", "no base64", "deep"],
)
def test_without_a_key_only_sessions_are_read(payload: bytes) -> None:
    """A signed value that is no mapping, or cannot be read, is compared raw."""
    assert unverified_sessions().open(tampered(payload)) is None
    assert unverified_sessions().open(tampered(b'{"a":1}')) == {"a": 1}


def test_only_an_application_can_name_its_sessions() -> None:
    """What nobody can ask has sessions under any name, with its key and without one."""
    by_key: Sessions = sessions_with_key("key")

    assert FLASK_SESSIONS.may_be("session")
    assert not FLASK_SESSIONS.may_be("sid")
    assert by_key.may_be("sid")
    assert unverified_sessions().may_be("sid")
