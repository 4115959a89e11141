"""Cookies as a user agent keeps them: one ``Set-Cookie`` field, and the jar (RFC 6265bis, 5)."""

from __future__ import annotations

import re
from calendar import monthrange, timegm
from dataclasses import dataclass, field
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address

from .exchange import Base

MAX_AGE_LIMIT = 400 * 86_400
"""Seconds that a cookie lives at most (RFC 6265bis, 5.5 and 5.6.1)."""
_MAX_PAIR = 4096
_MAX_ATTRIBUTE = 1024
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
# RFC 6265bis, 5.1.1: everything between the delimiters' ranges is a token.
_DATE_TOKEN = re.compile(r"[^\x09\x20-\x2f\x3b-\x40\x5b-\x60\x7b-\x7e]+")
_TIME = re.compile(r"(\d{1,2}):(\d{1,2}):(\d{1,2})(?:\D.*)?\Z", re.ASCII)
_DAY = re.compile(r"(\d{1,2})(?:\D.*)?\Z", re.ASCII)
_YEAR = re.compile(r"(\d{2,4})(?:\D.*)?\Z", re.ASCII)


@dataclass(frozen=True, slots=True)
class SetCookie:
    """One ``Set-Cookie`` field, parsed as section 5.6 says."""

    name: str
    value: str
    pairs: tuple[tuple[str, str], ...]
    """Lower-case attribute names with their values, which are empty for ``secure`` and its like."""

    @property
    def attributes(self) -> dict[str, str]:
        """The last of each name, which is the one that counts where its value is valid."""
        return dict(self.pairs)

    @property
    def label(self) -> str:
        """Domain and path, by which a user agent tells cookies of one name apart."""
        given = self.attributes
        return ",".join(f"{name}={given[name]}" for name in ("domain", "path") if name in given)


@lru_cache(maxsize=4096)
def parse_set_cookie(text: str) -> SetCookie | None:
    """Parse a field value; None where a user agent drops the field whole."""
    if _CONTROL.search(text):
        return None
    pair, _, rest = text.partition(";")
    name, equals, value = pair.partition("=")
    if not equals:
        name, value = "", pair
    name, value = name.strip(" \t"), value.strip(" \t")
    if not name + value or len(name) + len(value) > _MAX_PAIR:
        return None
    return SetCookie(name, value, _attributes(rest))


def _attributes(text: str) -> tuple[tuple[str, str], ...]:
    pairs = []
    for part in text.split(";"):
        name, _, value = part.partition("=")
        name, value = name.strip(" \t").lower(), value.strip(" \t")
        if name and len(value) <= _MAX_ATTRIBUTE:
            pairs.append((name, value))
    return tuple(pairs)


@lru_cache(maxsize=1024)
def parse_date(text: str) -> int | None:
    """Seconds since the epoch of a cookie date, however sloppy (section 5.1.1), or None."""
    found: dict[str, tuple[int, ...]] = {}
    for token in _DATE_TOKEN.findall(text):
        for kind, numbers in _date_parts(token):
            if kind not in found:
                found[kind] = numbers
                break
    if found.keys() != {"time", "day", "month", "year"}:
        return None
    (hour, minute, second), (day,) = found["time"], found["day"]
    (month,), (year,) = found["month"], found["year"]
    year += 1900 if 70 <= year <= 99 else 2000 if year <= 69 else 0
    if year < 1601 or hour > 23 or minute > 59 or second > 59:
        return None
    if not 1 <= day <= monthrange(year, month)[1]:
        return None
    return timegm((year, month, day, hour, minute, second))


def _date_parts(token: str) -> list[tuple[str, tuple[int, ...]]]:
    """What a token can stand for, in the order in which section 5.1.1 tries."""
    parts: list[tuple[str, tuple[int, ...]]] = []
    for kind, pattern in (("time", _TIME), ("day", _DAY)):
        if match := pattern.match(token):
            parts.append((kind, tuple(map(int, match.groups()))))
    if token[:3].lower() in _MONTHS:
        parts.append(("month", (_MONTHS.index(token[:3].lower()) + 1,)))
    if match := _YEAR.match(token):
        parts.append(("year", (int(match[1]),)))
    return parts


@dataclass(frozen=True, slots=True)
class Cookie:
    """A stored cookie (section 5.7)."""

    name: str
    value: str
    domain: str
    host_only: bool
    path: str
    secure: bool
    expires: float | None
    """Seconds since the epoch; None for the length of the session."""

    @property
    def key(self) -> tuple[str, str, bool, str]:
        return self.name, self.domain, self.host_only, self.path

    def is_expired(self, now: float) -> bool:
        return self.expires is not None and self.expires <= now

    def goes_to(self, base: Base, path: str) -> bool:
        """Whether a request for *path* at *base* carries it (section 5.8.3)."""
        at_home = base.host == self.domain if self.host_only else _in_domain(base.host, self.domain)
        return at_home and _path_matches(path, self.path) and (not self.secure or is_secure(base))


@dataclass(slots=True)
class Jar:
    """The cookies of one client.

    One site's requests only: ``SameSite`` and partitions never hold a cookie back here, and
    there is no list of public suffixes.
    """

    cookies: dict[tuple[str, str, bool, str], Cookie] = field(default_factory=dict)
    """In the order of creation; one that is replaced keeps its place."""

    def put(self, base: Base, name: str, value: str) -> None:
        """Keep a cookie for the whole host, as if it had always been there."""
        self._keep(Cookie(name, value, base.host, True, "/", False, None), 0.0)

    def store(self, base: Base, path: str, text: str, now: float) -> None:
        """Take in one ``Set-Cookie`` field of the response to *path*, or drop it."""
        parsed = parse_set_cookie(text)
        cookie = parsed and _cookie(parsed, base, path, now)
        if cookie and not self._shadows_secure(cookie, base):
            self._keep(cookie, now)

    def header(self, base: Base, path: str, now: float) -> str:
        """The ``Cookie`` field for a request: longer paths first, then older ones first."""
        if not self.cookies:
            return ""
        sent: list[Cookie] = []
        for cookie in list(self.cookies.values()):
            if cookie.is_expired(now):
                del self.cookies[cookie.key]
            elif cookie.goes_to(base, path):
                sent.append(cookie)
        sent.sort(key=lambda cookie: -len(cookie.path))
        return "; ".join(f"{c.name}={c.value}" if c.name else c.value for c in sent)

    def _keep(self, cookie: Cookie, now: float) -> None:
        if cookie.is_expired(now):
            self.cookies.pop(cookie.key, None)
        else:
            self.cookies[cookie.key] = cookie

    def _shadows_secure(self, cookie: Cookie, base: Base) -> bool:
        """Section 5.7: without a secure origin nothing may be laid over a secure cookie."""
        if cookie.secure or is_secure(base):
            return False
        return any(
            kept.secure
            and kept.name == cookie.name
            and (_in_domain(kept.domain, cookie.domain) or _in_domain(cookie.domain, kept.domain))
            and _path_matches(cookie.path, kept.path)
            for kept in self.cookies.values()
        )


def _cookie(parsed: SetCookie, base: Base, path: str, now: float) -> Cookie | None:
    """What section 5.7 stores for *parsed*, or None where it is refused."""
    attributes = parsed.attributes
    domain = attributes.get("domain", "").removeprefix(".").lower()
    secure = "secure" in attributes
    if (domain and not _in_domain(base.host, domain)) or (secure and not is_secure(base)):
        return None
    if attributes.get("samesite", "").lower() == "none" and not secure:
        return None
    where = attributes.get("path", "")
    cookie = Cookie(
        name=parsed.name,
        value=parsed.value,
        domain=domain or base.host,
        host_only=not domain,
        path=where if where.startswith("/") else default_path(path),
        secure=secure,
        expires=_expiry(parsed.pairs, now),
    )
    return cookie if _prefix_allows(cookie, where) else None


def _expiry(pairs: tuple[tuple[str, str], ...], now: float) -> float | None:
    """``Max-Age`` before ``Expires``, each capped (sections 5.6.1, 5.6.2 and 5.7).

    An attribute that is not understood is no attribute: an earlier one of its name counts.
    """
    by_age = by_date = None
    for name, value in pairs:
        if name == "max-age" and re.fullmatch(r"-?[0-9]+", value):
            by_age = _after(value, now)
        elif name == "expires" and (moment := parse_date(value)) is not None:
            by_date = min(moment, now + MAX_AGE_LIMIT)
    return by_date if by_age is None else by_age


def _after(max_age: str, now: float) -> float:
    # A long row of digits is no number that Python reads, and far beyond the limit anyway.
    digits = max_age.lstrip("-0")
    if max_age.startswith("-") or not digits:
        return float("-inf")
    return now + min(int(digits[:9]), MAX_AGE_LIMIT)


def _prefix_allows(cookie: Cookie, path: str) -> bool:
    """Sections 4.1.3 and 5.7: what ``__Secure-`` and ``__Host-`` promise."""
    name = (cookie.name or cookie.value).lower()
    if name.startswith("__secure-"):
        return cookie.secure and bool(cookie.name)
    if name.startswith("__host-"):
        return cookie.secure and bool(cookie.name) and cookie.host_only and path == "/"
    return True


def default_path(path: str) -> str:
    """The directory of the request's path (section 5.1.4)."""
    directory = path.rpartition("/")[0]
    return directory if directory.startswith("/") else "/"


def _path_matches(path: str, cookie_path: str) -> bool:
    """Section 5.1.4."""
    if path == cookie_path:
        return True
    return path.startswith(cookie_path) and (
        cookie_path[-1] == "/" or path[len(cookie_path)] == "/"
    )


def _in_domain(host: str, domain: str) -> bool:
    """Section 5.1.3: the same, or below it and no address."""
    return host == domain or (host.endswith("." + domain) and _address(host) is None)


def is_secure(base: Base) -> bool:
    """TLS, or the machine itself, as browsers see it (W3C Secure Contexts, 3.1)."""
    if base.scheme == "https" or base.host == "localhost" or base.host.endswith(".localhost"):
        return True
    address = _address(base.host)
    return address is not None and address.is_loopback


@lru_cache(maxsize=256)
def _address(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None
