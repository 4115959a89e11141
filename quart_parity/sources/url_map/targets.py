"""Addresses: made for rules, read in pages, and sent back where they hold what a side made up."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, quote, unquote_to_bytes, urljoin, urlsplit

from msgspec import structs

from ...exchange import Base, parse_base
from ...routes import Matcher, Route
from ...scenario import Capture, Request, pairs

Visit = tuple[Request, ...]
"""What a client sends to come somewhere; the last request is the visit itself."""

# RFC 3986, 3.3: what a path segment may hold as it is.
_SEGMENT = "!$&'()*+,;=:@~-._"
_VARIABLE = re.compile(r"<(?:[a-zA-Z_]\w*(?:\(.*?\))?:)?([a-zA-Z_]\w*)>")
_LONGEST = 1500


@dataclass(slots=True)
class Names:
    """Names for what is captured, the same for the same place."""

    taken: frozenset[str] = frozenset()
    """Those that a scenario before uses."""
    _given: dict[str, str] = field(default_factory=dict)

    def name(self, wish: str, capture: Capture) -> str:
        key = repr(capture)
        if key not in self._given:
            plain = re.sub(r"\W+", "_", wish, flags=re.ASCII).strip("_") or "value"
            stem = plain if not plain[0].isdigit() else f"_{plain}"
            number = len(self._given) + 1
            while f"{stem}_{number}" in self.taken:
                number += 1
            self._given[key] = f"{stem}_{number}"
        return self._given[key]


@dataclass(frozen=True, slots=True)
class Place:
    """The application's own addresses."""

    base: Base
    matcher: Matcher

    def resolve(self, address: str, page: str) -> str | None:
        """The request-target that a link in the page at target *page* leads to.

        None where it leads elsewhere, or cannot be sent.
        """
        origin = f"{self.base.scheme}://{self.base.authority}"
        try:
            parts = urlsplit(urljoin(f"{origin}{page}", address.strip()))
        except ValueError:
            return None
        if (parts.scheme, parts.netloc.lower()) != (self.base.scheme, self.base.authority):
            return None
        query = f"?{parts.query}" if parts.query else ""
        target = quote(f"{parts.path or '/'}{query}", safe=f'/?%{_SEGMENT}[]|^`{{}}"\\')
        sound = re.fullmatch(r"/[!-~]*", target) and "{{" not in target
        return target if sound and len(target) < _LONGEST else None

    def find(self, method: str, target: str, host: str = "") -> tuple[Route, dict[str, str]] | None:
        """The rule with the values of its variables as text."""
        path = unquote_to_bytes(target.partition("?")[0]).decode("latin-1")
        found = self.matcher.match(method, path, host or self.base.authority, self.base.root)
        if found is None:
            return None
        route, values = found
        return route, {name: str(values[name]) for name in route.converters if name in values}

    def for_rule(self, route: Route, values: Mapping[str, str]) -> str:
        """The target of a rule, with its variables filled in."""

        def value(match: re.Match[str]) -> str:
            converter = route.converters.get(match[1])
            crosses = converter is not None and converter.part_isolating is False
            return quote(values.get(match[1], ""), safe=_SEGMENT + "/" * crosses)

        pieces = _VARIABLE.split(route.rule)
        fixed = [quote(text, safe=f"/{_SEGMENT}") for text in pieces[::2]]
        filled = [value(match) for match in _VARIABLE.finditer(route.rule)]
        root = quote(self.base.root.encode("latin-1"), safe=f"/{_SEGMENT}")
        return root + "".join(a + b for a, b in zip(fixed, [*filled, ""], strict=True))

    def host_for(self, route: Route) -> str | None:
        """The ``Host`` of a rule that is not for every host."""
        if route.host or route.subdomain:
            name = _VARIABLE.sub("example", route.host or route.subdomain)
            return name if route.host else f"{name}.{self.base.authority}"
        return None


def make_place(base: str, routes: list[Route]) -> Place:
    """Raises `ScenarioError`."""
    return Place(parse_base(base), Matcher(routes))


def query_of(target: str) -> list[tuple[str, str]]:
    """Names with values; raises nothing."""
    try:
        return parse_qsl(target.partition("?")[2], keep_blank_values=True, max_num_fields=50)
    except ValueError:
        return []


def segment_before(rule: str, variable: str) -> str:
    """The last fixed part of the path before a variable: what kind of thing it names."""
    before = rule.partition(f"{variable}>")[0].rpartition("<")[0]
    return next((part for part in reversed(before.split("/")) if part and "<" not in part), "")


def host_of(request: Request) -> str:
    """The host that the request names itself; empty where it is the base's."""
    return next((value for name, value in pairs(request.headers) if name == "Host"), "")


def address_of(request: Request) -> str:
    """Where the request goes: its target, after the host if it names one."""
    return host_of(request) + (request.target or "")


def key_of(route: Route) -> str:
    """Tells rules apart; what is remembered by rule is remembered by this."""
    return f"{','.join(route.methods)} {route.host or route.subdomain}{route.rule}"


def shape(rule: str) -> str:
    """The rule's path without the variables at its end: a collection's as well as its items'."""
    return re.sub(r"(?:/<[^>]*>)*/?$", "", rule)


def capturing(visit: Visit, captures: Mapping[str, Capture]) -> Visit:
    """The visit, whose last answer gives what is captured."""
    if not captures:
        return visit
    last = structs.replace(visit[-1], capture={**visit[-1].capture, **captures})
    return (*visit[:-1], last)


def split_target(target: str) -> list[str]:
    """Its parts, with the signs between them."""
    return re.split(r"([/?&=#])", target)


def attribute_patterns(tag: str, name: str, value: str, other: str) -> tuple[str, str]:
    """Find the tag whose attribute *name* is *value*, and behind that what its *other* one is.

    Nothing in them looks further than the tag's own end, so that no page takes long.
    """
    quoted = rf"[\"']?{re.escape(value)}[\"'\s/>]"
    found = rf"<{tag}(?=[^<>]{{0,1000}}?\s{name}={quoted})"
    return found, rf"[^<>]{{0,1000}}?\s{other}=[\"']?([^\"'\s<>]+)"
