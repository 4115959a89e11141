"""What a signed session cookie stands for (Flask's `SecureCookieSessionInterface`)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from hashlib import sha1
from typing import Any

from itsdangerous import BadData, URLSafeTimedSerializer
from itsdangerous.encoding import base64_decode, bytes_to_int

Opener = Callable[[str], Any]
"""From a cookie's value to the session in it, or None where the key does not open it."""

_TIMESTAMP = 8
"""Bytes of a timestamp at most; a longer part of a signed value is none."""


@dataclass(frozen=True, slots=True)
class Sessions:
    """How one application names its session cookie, and its keys, at the time of asking."""

    name: str | None
    """None where it cannot be known: a session may then have any."""
    open: Opener
    verified: bool = True
    """Whether `open` checks signatures."""
    keys: frozenset[str] = frozenset()
    """What they are signed with, never to be shown."""

    def may_be(self, name: str) -> bool:
        """Whether cookie *name* can be a session of this application."""
        return self.name is None or name == self.name


def no_sessions() -> Sessions:
    """Of an application that is neither Flask's nor Quart's: its cookies are compared raw."""
    return Sessions(None, lambda value: None)


def sessions_of(app: Any) -> Sessions:
    """Read the sessions of a Flask or Quart application with its own serializer and keys.

    The signature must hold; the age is not looked at, for an expired session is a session.
    Server-side interfaces have no serializer: their cookie holds an id, which is compared raw.
    """
    interface = getattr(app, "session_interface", None)
    signing = getattr(interface, "get_signing_serializer", None)
    serializer = signing(app) if signing else None
    if serializer is None:
        return no_sessions()
    keys = (key.decode("utf-8", "replace") for key in getattr(serializer, "secret_keys", ()))
    name = app.config.get("SESSION_COOKIE_NAME")
    return Sessions(name, partial(_opened, serializer), keys=frozenset(keys))


def sessions_with_key(key: str) -> Sessions:
    """Of an application that cannot be asked, with Flask's own salt and serializer.

    The key opens nothing but sessions, and an application may have called them as it liked.
    """
    return Sessions(None, partial(_opened, _serializer(key)), keys=frozenset([key]))


def unverified_sessions() -> Sessions:
    """Of an application whose key is not known.

    Whatever reads as a session under a timestamp and a signature is one.
    """
    serializer = _serializer("")

    def open_value(value: str) -> Any:
        if signed_at(value) is None:
            return None
        data = serializer.loads_unsafe(value)[1]
        return data if isinstance(data, dict) else None

    return Sessions(None, open_value, verified=False)


def _opened(serializer: Any, value: str) -> Any:
    try:
        return serializer.loads(value)
    except BadData:
        return None


def _serializer(key: str) -> URLSafeTimedSerializer:
    """What `flask.sessions.SecureCookieSessionInterface` signs with, if nobody changed it."""
    # Whoever needs no key of somebody else's does not wait for Flask.
    from flask.json.tag import TaggedJSONSerializer

    return URLSafeTimedSerializer(
        key,
        salt="cookie-session",
        serializer=TaggedJSONSerializer(),
        signer_kwargs={"key_derivation": "hmac", "digest_method": sha1},
    )


def signed_at(value: str) -> int | None:
    """When a value was signed, in seconds since the epoch; read without a key.

    The part before the signature, as `itsdangerous.TimestampSigner` writes it.
    """
    payload, _, timestamp = value.rpartition(".")[0].rpartition(".")
    if not payload or not timestamp:
        return None
    try:
        seconds = base64_decode(timestamp)
    except BadData:
        return None
    return bytes_to_int(seconds) if 0 < len(seconds) <= _TIMESTAMP else None


@dataclass(frozen=True, slots=True)
class Keyring:
    """Both sides' sessions, seen from one of them."""

    own: Sessions
    reference: Sessions
    candidate: Sessions

    def session(self, name: str, value: str) -> Any:
        """The session in cookie *name*, or None where it is no session or its key is unknown."""
        return self.own.open(value) if self.own.may_be(name) else None

    def readable(self, value: str) -> dict[str, bool]:
        """Which side's keys open *value*; a port that cannot logs everyone out.

        Of a side whose key is not known nothing is said.
        """
        sides = {"reference": self.reference, "candidate": self.candidate}
        return {name: side.open(value) is not None for name, side in sides.items() if side.verified}
