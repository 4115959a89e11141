"""Sessions: compat sends Flask's cookies and `Vary`, and stock Quart does not."""

import uuid
from collections.abc import Generator
from datetime import UTC, datetime
from typing import Any

import flask
import pytest
import quart
import time_machine
from flask.json.provider import DefaultJSONProvider
from flask.sessions import SecureCookieSession
from markupsafe import Markup
from quart.sessions import SessionInterface

from tests.compat.sides import (
    COMPAT,
    FLASK,
    NOW,
    STOCK,
    Answer,
    CompatQuart,
    Make,
    Side,
    cases,
    steps,
)

KEY = {"SECRET_KEY": "a key"}
EVERY_TYPE = {
    "z": 1,
    "tuple": (1, (2,)),
    "bytes": b"\xff",
    "markup": Markup("<b>"),
    "uuid": uuid.UUID(int=1),
    "datetime": datetime(2026, 1, 1, tzinfo=UTC),
    "like-a-tag": {" t": [1]},
    "list": [None, True, 1.5, "ä"],
    "a": {"z": 1, "a": 2},
}


def read(side: Side) -> str:
    """A view that reads the session as Python does in all ways."""
    return repr([side.session.get("a"), "a" in side.session, len(side.session), *side.session])


def write(values: dict[Any, Any], **attributes: object) -> Make:
    """A view that stores values in the session."""

    def make(side: Side) -> str:
        side.session.update(values)
        for name, value in attributes.items():
            setattr(side.session, name, value)
        return "x"

    return make


def template(source: str) -> Make:
    """A view that renders a template."""

    @steps
    def make(side: Side) -> Generator[Any, Any, Any]:
        return (yield side.render_template_string(source))

    return make


def cookie(values: dict[str, Any], key: str = "a key") -> list[tuple[str, str]]:
    """A request's cookie with a session, signed by Flask.

    Made when the tests are collected, by the real clock it would come from the future.
    """
    app = flask.Flask(__name__)
    app.secret_key = key
    signer = flask.sessions.SecureCookieSessionInterface().get_signing_serializer(app)
    assert signer is not None
    with time_machine.travel(NOW, tick=False):
        return [("Cookie", f"session={signer.dumps(values)}")]


READS: dict[str, Make] = {
    "get": lambda side: str(side.session.get("a")),
    "in": lambda side: str("a" in side.session),
    "len": lambda side: str(len(side.session)),
    "iteration": lambda side: str(list(side.session)),
    "truth": lambda side: str(bool(side.session)),
    "permanent": lambda side: str(side.session.permanent),
    "template": template("{{ session.get('a') }}"),
    "template-truth": template("{% if session %}yes{% endif %}"),
    "flashed": template("{{ get_flashed_messages() }}"),
    "all": read,
}

NO_READS: dict[str, Make] = {
    "text": lambda side: "x",
    "template": template("{{ request.path }}{{ g.get('a') }}{{ config.TESTING }}"),
    "missing": lambda side: side.abort(404),
    "stream": lambda side: iter("ab"),
}

WRITES: dict[str, Make] = {
    "several-keys": write({"b": 1, "a": 2}),
    "every-type": write(EVERY_TYPE),
    "permanent": write({"b": 1}, permanent=True),
}


@pytest.mark.parametrize("make", cases(READS))
def test_read_varies_by_cookie(make: Make) -> None:
    """Any read of the session sends `Vary: Cookie`, in templates too; stock Quart sends none."""
    expected = FLASK.get(make, config=KEY)

    assert expected.field("vary") == "Cookie"
    assert COMPAT.get(make, config=KEY) == expected
    assert STOCK.get(make, config=KEY) != expected


@pytest.mark.parametrize("make", cases(NO_READS))
@pytest.mark.parametrize("headers", [[], cookie({"a": 1})], ids=["without", "with"])
def test_unread_session_does_not_vary(make: Make, headers: list[tuple[str, str]]) -> None:
    """A view that leaves the session alone can be cached for everybody."""
    expected = FLASK.get(make, config=KEY, headers=headers)

    assert expected.field("vary") is None
    assert COMPAT.get(make, config=KEY, headers=headers) == expected


@pytest.mark.parametrize("make", cases(WRITES))
def test_cookie_has_the_bytes_of_flasks(make: Make) -> None:
    """Equal sessions have equal cookies on both sides."""
    expected = FLASK.get(make, config=KEY)

    assert expected.field("set-cookie")
    assert COMPAT.get(make, config=KEY) == expected


@pytest.mark.parametrize("name", ["several-keys", "every-type"])
def test_stock_quart_still_orders_keys_otherwise(name: str) -> None:
    """Without compat keys go out in the order of insertion."""

    assert STOCK.get(WRITES[name], config=KEY) != FLASK.get(WRITES[name], config=KEY)


CONFIGS: dict[str, dict[str, Any]] = {
    "domain": {"SESSION_COOKIE_DOMAIN": "localhost"},
    "domain-empty": {"SESSION_COOKIE_DOMAIN": ""},
    "domain-false": {"SESSION_COOKIE_DOMAIN": False},
    "attributes": {
        "SESSION_COOKIE_NAME": "é",
        "SESSION_COOKIE_PATH": "/p",
        "SESSION_COOKIE_SAMESITE": "None",
        "SESSION_COOKIE_SECURE": True,
        "SESSION_COOKIE_HTTPONLY": False,
        "SESSION_COOKIE_PARTITIONED": True,
    },
    "no-refresh": {"SESSION_REFRESH_EACH_REQUEST": False},
    "fallbacks": {"SECRET_KEY": "new", "SECRET_KEY_FALLBACKS": ["a key"]},
    "other-key": {"SECRET_KEY": "other"},
}

SESSIONS: dict[str, list[tuple[str, str]]] = {
    "none": [],
    "empty": [("Cookie", "session=")],
    "garbage": [("Cookie", "session=x.y.z")],
    "signed": cookie({"a": 1, "b": 2}),
    "permanent": cookie({"a": 1, "_permanent": True}),
}

ACTIONS: dict[str, Make] = {
    "read": read,
    "nothing": lambda side: "x",
    "write": write({"c": 3}),
    "clear": lambda side: str(side.session.clear()),
    "pop": lambda side: str(side.session.pop("a", None)),
    "mark": write({}, modified=True),
}


@pytest.mark.parametrize("config", cases(CONFIGS))
@pytest.mark.parametrize("headers", cases(SESSIONS))
@pytest.mark.parametrize("make", cases(ACTIONS))
def test_configured_session_behaves_as_flasks(
    make: Make, headers: list[tuple[str, str]], config: dict[str, Any]
) -> None:
    """Each action on each session under each configuration is answered alike."""
    config = KEY | config
    expected = FLASK.get(make, config=config, headers=headers)

    assert expected.status == 200
    assert COMPAT.get(make, config=config, headers=headers) == expected


@pytest.mark.parametrize(("name", "seen"), [("signed", b"1, True"), ("garbage", b"None, False")])
def test_signed_session_is_opened(name: str, seen: bytes) -> None:
    """The sessions that these tests send are opened where they are signed, on both sides."""
    answers = [side.get(read, config=KEY, headers=SESSIONS[name]) for side in (FLASK, COMPAT)]

    assert [seen in answer.body for answer in answers] == [True, True]


def test_stock_quart_drops_an_empty_domain() -> None:
    """Without compat an empty SESSION_COOKIE_DOMAIN is taken for none."""
    config = KEY | CONFIGS["domain-empty"]

    assert STOCK.get(write({"a": 1}), config=config) != FLASK.get(write({"a": 1}), config=config)


class Money:
    """A type that only the application's own JSON knows."""


class OwnJSON(DefaultJSONProvider):
    """Writes money as a number."""

    @staticmethod
    def default(o: Any) -> Any:
        return 5 if isinstance(o, Money) else DefaultJSONProvider.default(o)


@pytest.mark.parametrize("values", cases({"own-type": {"m": Money()}, "mixed": {1: 1, "a": 2}}))
def test_session_is_serialised_by_the_applications_json(values: dict[Any, Any]) -> None:
    """`app.json` serialises the session: its types are saved, keys it cannot sort are a 500."""

    def answer(side: Side) -> Answer:
        app = side.app(write(values), **KEY)
        app.json = OwnJSON(app)
        return side.call(app)

    expected = answer(FLASK)

    assert answer(COMPAT) == expected
    assert answer(STOCK) != expected


def test_sides_read_each_others_cookies() -> None:
    """A session that compat has signed is one to Flask, and the other way round."""
    values = {"b": (1, b"x"), "a": {" t": 1}}

    def make(side: Side) -> str:
        return repr(sorted(side.session.items()))

    answers = [
        second.get(make, config=KEY, headers=[("Cookie", str(signed.field("set-cookie")))])
        for first, second in [(COMPAT, FLASK), (FLASK, COMPAT)]
        for signed in [first.get(write(values), config=KEY)]
    ]

    assert answers[0].body == repr(sorted(values.items())).encode()
    assert answers[0] == answers[1]


@steps
def flashing(side: Side) -> Generator[Any, Any, Any]:
    """A view that flashes a message."""
    yield side.flash("m", "c")
    return "x"


@steps
def flashed(side: Side) -> Generator[Any, Any, Any]:
    """A view that takes the messages in a template, and again in all other ways."""
    rendered = yield side.render_template_string("{{ get_flashed_messages() }}")
    take = side.get_flashed_messages
    return [rendered, take(), take(True), take(with_categories=True, category_filter=["d"])]


FLASHES = {"_flashes": [("c", "m"), ("d", "n")]}
WITHOUT_KEY: dict[str, Make] = {"read": read, "flashed": flashed, "template": READS["flashed"]}
FAILING: dict[str, Make] = {"write": write({"a": 1}), "flash": flashing, "pop": ACTIONS["pop"]}


@pytest.mark.parametrize("headers", [[], cookie(FLASHES)], ids=["without", "with"])
@pytest.mark.parametrize("make", [flashing, flashed])
def test_flashing_behaves_as_flasks(make: Make, headers: list[tuple[str, str]]) -> None:
    """Messages are stored, taken once, filtered, and kept for the rest of the request."""

    expected = FLASK.get(make, config=KEY, headers=headers)

    assert (b"n" in expected.body) == (make is flashed and bool(headers))
    assert COMPAT.get(make, config=KEY, headers=headers) == expected


@pytest.mark.parametrize("make", cases(WITHOUT_KEY))
def test_session_can_be_read_without_a_key(make: Make) -> None:
    """Without a secret key the session is empty, and so are the flashed messages."""
    expected = FLASK.get(make, headers=cookie(FLASHES))

    assert expected.status == 200
    assert COMPAT.get(make, headers=cookie(FLASHES)) == expected


@pytest.mark.parametrize("make", cases(FAILING))
def test_session_cannot_be_written_without_a_key(make: Make) -> None:
    """Without a secret key any change raises the documented RuntimeError."""
    config = {"PROPAGATE_EXCEPTIONS": True}
    expected = FLASK.get(make, config=config)

    assert expected.raised is RuntimeError
    assert COMPAT.get(make, config=config) == expected


def test_stock_quart_cannot_take_messages_without_a_key() -> None:
    """Without compat a template that shows messages fails where there is no secret key."""

    assert STOCK.get(READS["flashed"]).status == 500


class OwnInterface(SessionInterface):
    """A session interface of the application's own, with sessions of its own."""

    async def open_session(self, app: Any, request: Any) -> SecureCookieSession:
        return SecureCookieSession({"a": request.path})

    async def save_session(self, app: Any, session: Any, response: Any) -> None:
        response.headers["X-Accessed"] = str(session.accessed)


@pytest.mark.parametrize(
    ("make", "accessed"), [(read, "True"), (lambda side: "x", "False")], ids=["read", "unread"]
)
def test_reads_are_noted_for_any_session_interface(make: Make, accessed: str) -> None:
    """`session.accessed` tells a session interface of one's own whether the view read it."""
    app = COMPAT.app(make)
    app.session_interface = OwnInterface()

    assert COMPAT.call(app).field("x-accessed") == accessed


@pytest.mark.parametrize("hook", ["before_request", "after_request"])
def test_reads_in_hooks_count(hook: str) -> None:
    """A hook that reads the session makes the response vary, as in Flask."""

    def answer(side: Side) -> Answer:
        app = side.app(lambda side: "x", **KEY)

        def synchronous(*response: Any) -> Any:
            side.session.get("a")
            return response[0] if response else None

        getattr(app, hook)(synchronous)
        return side.call(app)

    expected = answer(FLASK)

    assert expected.field("vary") == "Cookie"
    assert answer(COMPAT) == expected


async def test_copied_contexts_share_the_session_and_note_reads() -> None:
    """A copy of the request context has the same session; copying it is no read."""
    app = CompatQuart(__name__)
    app.secret_key = "key"
    async with app.test_request_context("/") as context:
        copy: Any = context.copy()
        session = vars(context)["_session"]

        assert not session.accessed
        assert copy.session is session
        assert not session.accessed
        async with copy:
            assert quart.session.get("a") is None
            assert session.accessed


@pytest.mark.parametrize("value", [{}, [], "", None, 0, False])
def test_what_is_empty_is_signed_as_what_it_is(value: Any) -> None:
    """The session's signer takes any value, and gives the very same back."""
    app = CompatQuart(__name__)
    app.secret_key = "key"
    interface: Any = app.session_interface
    signer = interface.get_signing_serializer(app)
    found = signer.loads(signer.dumps(value))

    assert (type(found), found) == (type(value), value)
