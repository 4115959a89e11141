"""What a signed session cookie stands for (Flask's `SecureCookieSessionInterface`)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from itsdangerous import BadData

Opener = Callable[[str], Any]
"""From a cookie's value to the session in it, or None where the key does not open it."""


@dataclass(frozen=True, slots=True)
class Sessions:
    """How one application names its session cookie, and its keys, at the time of asking."""

    name: str | None
    open: Opener


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

    def open_value(value: str) -> Any:
        try:
            return serializer.loads(value)
        except BadData:
            return None

    return Sessions(app.config.get("SESSION_COOKIE_NAME"), open_value)


@dataclass(frozen=True, slots=True)
class Keyring:
    """Both sides' sessions, seen from one of them."""

    own: Sessions
    reference: Opener
    candidate: Opener

    def session(self, name: str, value: str) -> Any:
        """The session in cookie *name*, or None where it is no session or its key is unknown."""
        return self.own.open(value) if name == self.own.name else None

    def readable(self, value: str) -> dict[str, bool]:
        """Which side's keys open *value*; a port that cannot logs everyone out."""
        return {
            "reference": self.reference(value) is not None,
            "candidate": self.candidate(value) is not None,
        }
