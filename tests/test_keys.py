"""Reading a server's session cookies in another process: with the application's keys, or not."""

import hashlib
import json
from typing import Any

import pytest
from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer
from msgspec import json as msgspec_json
from quart import Quart

from quart_parity.compat import FlaskCompat
from quart_parity.serving.keys import Keys, keys_of, sessions_with
from quart_parity.sessions import sessions_of

VALUE = {"name": "ada", "pair": (1, 2), "bytes": b"\x00", "_flashes": [("note", "hello")]}


class Salted(SecureCookieSessionInterface):
    """Other values where they can be set."""

    salt = "other"
    key_derivation = "concat"
    digest_method = staticmethod(hashlib.sha256)


class Plain(SecureCookieSessionInterface):
    """Another format."""

    serializer: Any = json


class Stored:
    """Sessions that are kept on the server."""


class CompatQuart(FlaskCompat, Quart):
    pass


def app_of(kind: Any, interface: Any = None, **config: Any) -> Any:
    """An application with a key."""
    app = kind("shop", static_folder=None)
    app.config.update({"SECRET_KEY": "key"} | config)
    if interface is not None:
        app.session_interface = interface()
    return app


READABLE: dict[str, Any] = {
    "Flask": app_of(Flask),
    "Quart": app_of(Quart),
    "Quart with compat": app_of(CompatQuart),
    "other values": app_of(Flask, Salted),
    "another name": app_of(Quart, SESSION_COOKIE_NAME="visit"),
    "a key of bytes": app_of(Flask, SECRET_KEY=b"\xff\x00"),
    "older keys": app_of(Quart, SECRET_KEY="new", SECRET_KEY_FALLBACKS=["key", "older"]),
}


def signed(app: Any) -> str:
    serializer: URLSafeTimedSerializer = app.session_interface.get_signing_serializer(app)
    return serializer.dumps(VALUE)


@pytest.mark.parametrize("app", READABLE.values(), ids=READABLE)
def test_sessions_are_read_as_by_the_application(app: Any) -> None:
    """What travels between the processes opens the same cookies, and no others."""
    keys = keys_of(app)
    ours, theirs = (
        sessions_with(msgspec_json.decode(msgspec_json.encode(keys), type=Keys)),
        sessions_of(app),
    )
    cookie = signed(app)

    assert ours.name == theirs.name
    assert ours.open(cookie) == theirs.open(cookie) == VALUE
    assert ours.open(cookie + "x") is None
    assert ours.open(signed(app_of(Flask, SECRET_KEY="foreign"))) is None


def test_an_older_key_opens_what_it_has_signed() -> None:
    """Keys that are about to be replaced count as well."""
    keys = keys_of(app_of(Flask, SECRET_KEY="new", SECRET_KEY_FALLBACKS=["old"]))

    assert sessions_with(keys).open(signed(app_of(Flask, SECRET_KEY="old"))) == VALUE


UNREADABLE: dict[str, Any] = {
    "no key": app_of(Flask, SECRET_KEY=None),
    "an empty key": app_of(Quart, SECRET_KEY=""),
    "another format": app_of(Flask, Plain),
    "kept on the server": app_of(Flask, Stored),
    "neither Flask nor Quart": lambda environ, start_response: [],
}


@pytest.mark.parametrize("app", UNREADABLE.values(), ids=UNREADABLE)
def test_other_cookies_are_raw(app: Any) -> None:
    """Where there is nothing to read them with, no cookie counts as a session."""
    sessions = sessions_with(keys_of(app))

    assert keys_of(app) is None
    assert sessions.name is None
    assert sessions.open(signed(app_of(Flask))) is None
