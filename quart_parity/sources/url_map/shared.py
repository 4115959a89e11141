"""What holds for every kind of client: values and things that answers showed."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from ...routes import Route
from ...scenario import Capture
from .answers import Answer
from .json_answers import can_be_sent, objects_in, replaced
from .signs import looks_generated
from .targets import Names, Place, Visit, capturing, segment_before, shape

MOST_VALUES = 12
"""Values remembered for a variable, and for a parameter of a query."""
MOST_OBJECTS = 6
"""JSON objects remembered for a rule, and values for a key."""


@dataclass(frozen=True, slots=True)
class Thing:
    """A JSON object that can be sent back."""

    body: dict[str, Any]
    lead: Visit = ()
    """What is to be sent before, to capture what each side made up in it."""


@dataclass(slots=True)
class Shared:
    """What holds for every client."""

    place: Place
    names: Names
    values: dict[str, list[str]] = field(default_factory=dict)
    """By kind of thing and variable (``products id``), and by the variable alone."""
    things: dict[str, list[Thing]] = field(default_factory=dict)
    """JSON objects by the path that they were answered at, without its variable parts."""
    by_key: dict[str, list[Any]] = field(default_factory=dict)
    """JSON values by the key that they stood under."""
    complaints: dict[str, dict[str, str]] = field(default_factory=dict)
    """By rule: the fields that its errors speak of, with what they say."""
    cookies: dict[str, None] = field(default_factory=dict)
    """Names of the cookies that were set."""
    kinds: set[str] = field(default_factory=set)
    """Of what was answered: ``html``, ``json``."""

    def add_value(self, kind: str, name: str, value: str) -> None:
        """Remember a value of a variable; the oldest stay, and the newest one."""
        if not value or len(value) > 200 or looks_generated(value) or not can_be_sent(value):
            return
        for key in (f"{kind} {name}", name):
            known = self.values.setdefault(key, [])
            if value not in known:
                known.append(value)
                del known[MOST_VALUES - 1 : -1]

    def values_for(self, route: Route, name: str) -> list[str]:
        """What was seen for a variable of a rule, where its converter takes it."""
        kind = segment_before(route.rule, name)
        known = self.values.get(f"{kind} {name}") or self.values.get(f"{kind} id")
        known = known or self.values.get(name, [])
        regex = route.converters[name].regex
        return [value for value in known if re.fullmatch(regex, value)]

    def add_things(self, answer: Answer, route: Route, data: Any) -> None:
        """Remember the objects of an answer; what looks generated in them is captured."""
        known = self.things.setdefault(shape(route.rule), [])
        for pointer, one in objects_in(data):
            thing = self._thing(answer, pointer, one)
            if len(known) < MOST_OBJECTS and all(thing.body != other.body for other in known):
                known.append(thing)

    def _thing(self, answer: Answer, pointer: str, data: dict[str, Any]) -> Thing:
        captures: dict[str, Capture] = {}

        def issued(inner: str, text: str) -> str | None:
            if not looks_generated(text):
                return None
            capture = Capture(json=pointer + inner, optional=True)
            name = self.names.name(inner.rpartition("/")[2], capture)
            captures[name] = capture
            return f"{{{{{name}}}}}"

        body = replaced(data, issued)
        return Thing(body, capturing(answer.visit, captures) if captures else ())

    def add_keyed(self, name: str, value: Any) -> None:
        known = self.by_key.setdefault(name, [])
        sound = not isinstance(value, str) or (can_be_sent(value) and not looks_generated(value))
        if sound and len(known) < MOST_OBJECTS and value not in known:
            known.append(value)
