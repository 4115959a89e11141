"""Two browsers' cookie stores as plain values, which the one generic diff compares."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from math import floor, nan
from typing import Any

from parity_tests.browser.chromium import Visit, Visitor
from parity_tests.session_cookies import decode, read, split
from quart_parity.comparison import diff
from quart_parity.paths import format_path
from quart_parity.values import Variants

SESSION = "session"
"""The name of the cookie whose value is read as a session."""
NOT_THE_APPLICATIONS = ("name", "size", "sourcePort", "session", "expires", "value")
"""Known from elsewhere, or read apart: two servers have two ports."""

Stored = dict[str, Variants]
"""Name, then domain, path and partition, then attribute."""


@dataclass(frozen=True, slots=True, eq=False)
class Span:
    """A time of which is known that it is not before `least` nor after `most`, in seconds."""

    least: float
    most: float

    def overlaps(self, other: "Span") -> bool:
        return self.least <= other.most and other.least <= self.most


@dataclass(frozen=True, slots=True, eq=False)
class Moment:
    """A time that a server wrote or a browser reckoned, during a visit.

    Equal to another where both can be the same time, or both the same time away from their
    visits; that is exact but for the visit's length. This is not transitive: there is no hash.
    """

    at: Span
    """Since the epoch, on the server's clock."""
    left: Span
    """Since the visit."""

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Moment):
            return NotImplemented
        return self.at.overlaps(other.at) or self.left.overlaps(other.left)


def expiry(seconds: float, visit: Visit) -> Moment:
    """When a cookie ends, set during *visit*.

    Chromium reckons `Max-Age` from the answer's arrival, and moves what `Expires` says by as much
    as its own clock is ahead of `Date`. The latter is taken back. Both fields have whole seconds:
    one that ended during the visit may lie on either side of them.
    """
    began, ended = visit.window
    if visit.date is None:
        return Moment(Span(seconds, seconds), Span(seconds - ended, seconds - began))
    at = Span(seconds - (ended - visit.date), seconds - (began - visit.date))
    return Moment(at, Span(at.least - floor(ended), at.most - floor(began)))


def signing(seconds: int, visit: Visit) -> Moment:
    """When a session was signed, during *visit*, in seconds that are rounded down."""
    began, ended = visit.window
    return Moment(Span(seconds, seconds), Span(seconds - ended, seconds + 1 - began))


def lasting(least: float, most: float | None = None) -> Moment:
    """The end of what was set to last so many seconds, from *least* to *most*."""
    return Moment(Span(nan, nan), Span(least, least if most is None else most))


def until(seconds: float) -> Moment:
    """The end of what was set to end then."""
    return Moment(Span(seconds, seconds), Span(nan, nan))


@dataclass(slots=True)
class Store:
    """What a visitor's browser keeps, read after each visit."""

    _visits: dict[tuple[str, ...], Visit] = field(default_factory=dict)
    """By a cookie as it is: the visit that made it so."""

    async def read(self, visitor: Visitor, visit: Visit) -> Stored:
        cookies = await visitor.cookies()
        keys = [_key(cookie) for cookie in cookies]
        self._visits = {key: self._visits.get(key, visit) for key in keys}
        return stored((cookie, self._visits[_key(cookie)]) for cookie in cookies)


def _key(cookie: dict[str, Any]) -> tuple[str, ...]:
    names = ("name", "value", "domain", "path", "partitionKey", "expires")
    return tuple(repr(cookie.get(name)) for name in names)


def stored(cookies: Iterable[tuple[dict[str, Any], Visit]]) -> Stored:
    """Every attribute of every cookie, by name; times are read relative to the visit."""
    found: Stored = {}
    for cookie, visit in cookies:
        key = [f"{name}={cookie.get(name)}" for name in ("domain", "path", "partitionKey")]
        variants = found.setdefault(cookie["name"], Variants())
        variants.add(",".join(key), _attributes(cookie, visit))
    return found


def _attributes(cookie: dict[str, Any], visit: Visit) -> dict[str, Any]:
    told = {name: cookie[name] for name in cookie if name not in NOT_THE_APPLICATIONS}
    if not cookie["session"]:
        told["expires"] = expiry(cookie["expires"], visit)
    if cookie["name"] != SESSION or cookie["value"].count(".") < 2:
        return {"value": cookie["value"], **told}
    parts = split(cookie["value"])
    signed = int.from_bytes(decode(parts["timestamp"]), "big")
    return {
        "value": read(cookie["value"]),
        "signature": len(parts["signature"]),
        "signed": signing(signed, visit),
        **told,
    }


def differences(reference: Any, candidate: Any) -> dict[str, tuple[Any, Any]]:
    """What two sides do not share: their two values by path, as in a report."""
    return {
        format_path(path): (ours, theirs) for path, ours, theirs in diff(reference, candidate, ())
    }
