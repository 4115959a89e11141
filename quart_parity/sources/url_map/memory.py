"""What one kind of client has seen of the reference, from which its next requests are made."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from ...cookies import parse_set_cookie
from ...exchange import Exchange
from ...routes import Route
from ...scenario import Capture
from .answers import Answer
from .json_answers import complaints, leaves, read_json
from .pages import Page, read_page
from .sending import Sent, found_forms
from .shared import MOST_OBJECTS, MOST_VALUES, Shared
from .signs import is_farewell, looks_generated, names_token
from .targets import (
    Visit,
    address_of,
    attribute_patterns,
    capturing,
    key_of,
    query_of,
    segment_before,
)

MOST_TARGETS = 40
"""Addresses remembered for a rule."""
_MOST_AFTER = 300
_VALIDATORS = {"etag", "last-modified", "accept-ranges", "content-disposition"}


@dataclass(slots=True)
class Seen:
    """What one kind of client has seen."""

    shared: Shared
    statuses: dict[tuple[str, str], set[int]] = field(default_factory=dict)
    """By rule and method."""
    targets: dict[str, dict[str, Visit]] = field(default_factory=dict)
    """By rule: addresses for GET, each with what to send to come there."""
    answered: dict[str, dict[str, Visit]] = field(default_factory=dict)
    """The same for those that were answered with 2xx."""
    visited: set[str] = field(default_factory=set)
    """Targets that a GET was sent to."""
    redirects: dict[str, Visit] = field(default_factory=dict)
    """By rule: a visit that was answered with a redirect, and then to where that leads."""
    queries: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    """By rule: the parameters of its queries with values that were seen."""
    validators: dict[str, dict[str, Visit]] = field(default_factory=dict)
    """By rule: targets whose answers can be asked for conditionally, or in parts."""
    sent: dict[str, Sent] = field(default_factory=dict)
    """Forms by what they send and where."""
    tokens: list[tuple[Visit, str]] = field(default_factory=list)
    """Visits whose answer gives a token against forged requests, the shortest first, and the name
    that it is captured as."""
    keys: dict[str, Visit] = field(default_factory=dict)
    """What may be a key for an API, by the name it is captured as, with what to send for it."""
    wants_key: set[str] = field(default_factory=set)
    """Rules that asked for a bearer token."""
    after: dict[str, Visit] = field(default_factory=dict)
    """Targets that were linked after something was done, with all that was sent before."""
    doors: set[str] = field(default_factory=set)
    """Where forms go that let somebody in, who is another kind of client from then on."""
    farewells: set[str] = field(default_factory=set)
    """Targets that what leads to them calls the end of a session or an account."""

    def take_in(self, visit: Visit, exchange: Exchange) -> None:
        """Learn from what came of the visit's last request."""
        if exchange.request.method == "GET":
            self.visited.add(address_of(visit[-1]))
        if exchange.response is None:
            return
        answer = Answer(visit, exchange, exchange.response, self.shared.place, self.shared.names)
        if answer.route is not None:
            self._take_route(answer, *answer.route)
        for value in answer.fields("set-cookie"):
            cookie = parse_set_cookie(value)
            if cookie is not None and len(self.shared.cookies) < MOST_VALUES:
                self.shared.cookies[cookie.name] = None
        for address in answer.addresses():
            self.add_link(answer, address)
        if "html" in answer.kind:
            self._take_page(answer, read_page(answer.text))
        elif "json" in answer.kind:
            self._take_json(answer)

    def reached(self, route: Route, method: str) -> bool:
        """Whether the rule was answered below 400."""
        return any(status < 400 for status in self.statuses.get((key_of(route), method), ()))

    def succeeded(self, route: Route, method: str) -> bool:
        return any(status < 300 for status in self.statuses.get((key_of(route), method), ()))

    def _take_route(self, answer: Answer, route: Route, values: dict[str, str]) -> None:
        key = key_of(route)
        method = answer.exchange.request.method
        self.statuses.setdefault((key, method), set()).add(answer.status)
        if answer.status < 400:
            self._take_values(route, values, answer.target)
        target = address_of(answer.visit[-1])
        if answer.is_plain and answer.status < 300:
            self.answered.setdefault(key, {}).setdefault(target, answer.visit)
            if _VALIDATORS & {name.lower() for name, _ in answer.response.headers}:
                self.validators.setdefault(key, {}).setdefault(target, answer.visit)
        for location in answer.fields("location")[:1]:
            leads = self.add_link(answer, location)
            if answer.is_plain and leads is not None:
                self.redirects.setdefault(key, leads)
        schemes = [value.lower() for value in answer.fields("www-authenticate")]
        if answer.status == 401 and any(scheme.startswith("bearer") for scheme in schemes):
            self.wants_key.add(route.rule)

    def _take_values(self, route: Route, values: dict[str, str], target: str) -> None:
        for name, value in values.items():
            self.shared.add_value(segment_before(route.rule, name), name, value)
        known = self.queries.setdefault(key_of(route), {})
        for name, value in query_of(target):
            if len(known) < MOST_VALUES and len(name) < 60:
                seen = known.setdefault(name, [])
                if value not in seen and len(seen) < 3 and not looks_generated(value):
                    seen.append(value[:200])

    def add_link(
        self, answer: Answer, address: str, words: str = "", base: str = ""
    ) -> Visit | None:
        """Remember where a link of an answer leads; the visit that goes on there."""
        target = self.shared.place.resolve(address, base or answer.target)
        if target is None or (found := self.shared.place.find("GET", target)) is None:
            return None
        if (issued := answer.issued(address, target)) is None:
            return None
        route, values = found
        straight = answer.straight(*issued)
        known = self.targets.setdefault(key_of(route), {})
        shortest = issued[0] not in known or len(known[issued[0]]) > len(straight)
        if len(known) < MOST_TARGETS and shortest:
            known[issued[0]] = straight
        self._take_values(route, values, target)
        if is_farewell(route.endpoint, route.rule, words):
            self.farewells.add(issued[0])
        onwards = answer.onwards(*issued)
        did = answer.did_something and not self._has_entered(answer.visit)
        if did and len(self.after) < _MOST_AFTER:
            self.after.setdefault(issued[0], onwards)
        return onwards

    def straight(self, issued: str) -> Visit | None:
        """How to come to a target that was linked."""
        return next((known[issued] for known in self.targets.values() if issued in known), None)

    def _has_entered(self, visit: Visit) -> bool:
        return any(r.method != "GET" and r.target in self.doors for r in visit)

    def _take_page(self, answer: Answer, page: Page) -> None:
        self.shared.kinds.add("html")
        base = self.shared.place.resolve(page.base, answer.target) if page.base else None
        for address, words in page.links.items():
            self.add_link(answer, address, words, base or "")
        if self._has_entered(answer.visit):
            return
        for sent in found_forms(page, answer, base or answer.target):
            self._take_form(sent)
        self._take_metas(answer, page)
        if answer.visit[-1].method != "GET":
            self._take_keys(answer, page)

    def _take_form(self, sent: Sent) -> None:
        known = self.sent.get(sent.key)
        # What is taken away is the last of its kind: other forms and pages need the first.
        last = int(sent.is_removal)
        if known is None or len(known.visit) + last > len(sent.visit):
            self.sent[sent.key] = sent
        if sent.is_farewell:
            self.farewells.add(sent.target)
        if sent.is_door:
            self.doors.add(sent.target)
        if sent.token is not None:
            self._add_token(capturing(sent.visit, sent.captures), sent.token)

    def _take_metas(self, answer: Answer, page: Page) -> None:
        for name, value in page.metas.items():
            if names_token(name) and value:
                pattern = "".join(attribute_patterns("meta", "name", name, "content"))
                found = self._captured(answer, name, pattern, value)
                if found is not None:
                    self._add_token(*found)

    def _take_keys(self, answer: Answer, page: Page) -> None:
        """What a page shows alone and nobody chose: an API's key, maybe."""
        for value in filter(looks_generated, page.values):
            letters = "0-9a-f" if re.fullmatch("[0-9a-f]+", value) else r"\w.~+/=-"
            pattern = rf">\s*([{letters}]{{{len(value)}}})\s*<"
            found = self._captured(answer, "key", pattern, value)
            if found is not None and len(self.keys) < MOST_OBJECTS:
                self.keys.setdefault(found[1], found[0])

    def _captured(
        self, answer: Answer, name: str, pattern: str, value: str
    ) -> tuple[Visit, str] | None:
        """The visit that captures *value* by the pattern, and as what; None where it does not."""
        capture = Capture(regex=pattern, optional=True)
        match = re.search(pattern, answer.text)
        if match is None or match[1] != value:
            return None
        captured = self.shared.names.name(name, capture)
        return capturing(answer.visit, {captured: capture}), captured

    def _add_token(self, visit: Visit, name: str) -> None:
        if len(self.tokens) < MOST_OBJECTS:
            self.tokens.append((visit, name))
            self.tokens.sort(key=lambda one: len(one[0]))

    def _take_json(self, answer: Answer) -> None:
        self.shared.kinds.add("json")
        data = read_json(answer.response.body)
        route = answer.route[0] if answer.route else None
        if answer.status >= 400:
            if route is not None:
                self.shared.complaints.setdefault(key_of(route), {}).update(complaints(data))
            return
        kind = segment_before(f"{route.rule}/<>", "") if route else ""
        for pointer, name, value in leaves(data):
            self.shared.add_keyed(name, value)
            if isinstance(value, str | int) and not isinstance(value, bool):
                self._take_leaf(answer, kind, pointer, name, str(value))
        if route is not None:
            self.shared.add_things(answer, route, data)

    def _take_leaf(self, answer: Answer, kind: str, pointer: str, name: str, value: str) -> None:
        """One value of a JSON answer: an address, a token, a value for a variable."""
        if value.startswith(("/", "http")):
            self.add_link(answer, value)
        elif not looks_generated(value):
            self.shared.add_value(kind, name, value)
        elif names_token(name) or "key" in name.lower():
            capture = Capture(json=pointer, optional=True)
            captured = self.shared.names.name(name, capture)
            whole = capturing(answer.visit, {captured: capture})
            if re.search("csrf|xsrf", name, re.IGNORECASE):
                self._add_token(whole, captured)
            else:
                self.keys.setdefault(captured, whole)
