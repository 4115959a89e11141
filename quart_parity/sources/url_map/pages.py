"""What a page offers: links, and forms with their fields."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass, field
from html.parser import HTMLParser

LONGEST = 200_000
"""Characters of a page that are read; what comes behind them is not looked at."""
MOST_LINKS = 500
MOST_FORMS = 40
MOST_FIELDS = 100
"""In one form; the like in one page."""
_WORDS = 200
"""Characters kept of what a link or a button says."""
_QUOTED_PATH = re.compile(r"""["'](/[^"'\s<>\\(){}$]{0,300})["']""")


@dataclass(slots=True)
class Field:
    """What stands in a form under one name; buttons, too, since one of them sends the form."""

    name: str
    kind: str
    """The type of an input, or ``select``, ``textarea``, ``button``."""
    value: str = ""
    options: list[str] = field(default_factory=list)
    """What can be chosen, of a select, of radio buttons and of checkboxes of one name."""
    chosen: list[str] = field(default_factory=list)
    attributes: dict[str, str] = field(default_factory=dict)
    nth: int = 0
    """How many inputs of this name come before it in the page."""

    @property
    def required(self) -> bool:
        return "required" in self.attributes

    def number(self, name: str) -> float | None:
        """An attribute that bounds or steps, where it is a number."""
        try:
            value = float(self.attributes.get(name, ""))
        except ValueError:
            return None
        return value if abs(value) < 1e15 else None


@dataclass(slots=True)
class Form:
    """One form of a page."""

    action: str
    """As written; empty where the form goes to its own page."""
    method: str
    multipart: bool
    fields: list[Field] = field(default_factory=list)
    words: str = ""
    """What its buttons say, and what it is called."""

    def named(self, name: str) -> Field | None:
        return next((one for one in self.fields if one.name == name), None)

    def kinds(self, *kinds: str) -> list[Field]:
        return [one for one in self.fields if one.kind in kinds]


@dataclass(slots=True)
class Page:
    """What was found in one page, in the page's order."""

    links: dict[str, str] = field(default_factory=dict)
    """Addresses as written, each with what the first link to it says."""
    forms: list[Form] = field(default_factory=list)
    metas: dict[str, str] = field(default_factory=dict)
    base: str = ""
    """What relative addresses are relative to, where the page says it."""
    values: list[str] = field(default_factory=list)
    """Texts that stand alone in an element and have no space."""


def read_page(text: str) -> Page:
    """Read a page as far as it can be understood; any text is one."""
    reader = _Reader()
    # What was read until the parser gives up is as good as any other part.
    with suppress(AssertionError, ValueError, RecursionError):
        # Not closed: what is left open at the end would be read again from each of its signs.
        reader.feed(text[:LONGEST])
    reader.end()
    return reader.page


class _Reader(HTMLParser):
    """Builds the page as its tags come."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.page = Page()
        self._form: Form | None = None
        self._select: Field | None = None
        self._area: Field | None = None
        self._link: str | None = None
        self._is_in_button = self._is_in_script = False
        self._counts: dict[str, int] = {}
        self._option: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in reversed(attrs)}
        self._is_in_script = tag == "script"
        self._find_links(tag, given)
        if tag == "form":
            self._begin_form(given)
        elif tag == "meta" and "name" in given and len(self.page.metas) < MOST_FIELDS:
            self.page.metas.setdefault(given["name"], given.get("content", ""))
        elif tag == "base":
            self.page.base = self.page.base or given.get("href", "")
        elif tag in ("input", "button", "select", "textarea"):
            self._begin_field(tag, given)
        elif tag == "option" and self._select is not None:
            self._begin_option(given)

    def handle_endtag(self, tag: str) -> None:
        self._is_in_script = False
        if tag == "form":
            self._form = None
        elif tag == "a":
            self._link = None
        elif tag == "button":
            self._is_in_button = False
        elif tag == "option":
            self._end_option()
        elif tag == "select":
            self._end_option()
            self._select = None
        elif tag == "textarea":
            self._area = None

    def handle_data(self, data: str) -> None:
        if self._is_in_script:
            for match in _QUOTED_PATH.finditer(data):
                self._add_link(match[1], "")
            return
        words = data.strip()
        if self._area is not None:
            # One line break behind the tag is no part of the value (HTML Standard, 4.10.11).
            self._area.value += data.removeprefix("\n") if not self._area.value else data
        elif self._option is not None:
            self._option += words
        elif self._link is not None:
            said = self.page.links.get(self._link, "")
            self.page.links[self._link] = f"{said} {words}"[:_WORDS].strip()
        elif self._is_in_button and self._form is not None:
            self._form.words = f"{self._form.words} {words}"[:_WORDS]
        if words and " " not in words and len(self.page.values) < MOST_LINKS:
            self.page.values.append(words[:_WORDS])

    def end(self) -> None:
        """What is still open ends with the page."""
        self._end_option()

    def _find_links(self, tag: str, given: dict[str, str]) -> None:
        for name, value in given.items():
            if tag == "a" and name == "href":
                self._add_link(value, "")
                self._link = value if value in self.page.links else None
            elif name in ("href", "src") or (
                name not in ("action", "formaction", "value", "content", "hx-post", "hx-delete")
                and value.startswith("/")
            ):
                self._add_link(value, "")

    def _add_link(self, address: str, words: str) -> None:
        if len(self.page.links) < MOST_LINKS and len(address) < 2000:
            self.page.links.setdefault(address, words)

    def _begin_form(self, given: dict[str, str]) -> None:
        if len(self.page.forms) >= MOST_FORMS:
            self._form = None
            return
        names = (given.get(name, "") for name in ("id", "class", "name", "aria-label"))
        self._form = Form(
            given.get("action", ""),
            given.get("method", "get").strip().upper(),
            "multipart" in given.get("enctype", "").lower(),
            words=" ".join(names).strip()[:_WORDS],
        )
        self.page.forms.append(self._form)

    def _begin_field(self, tag: str, given: dict[str, str]) -> None:
        kind = given.get("type", "text").lower() if tag == "input" else tag
        name = given.get("name", "").replace("{{", "{ {")
        nth = self._counts.get(name, 0)
        self._counts[name] = nth + 1
        found = Field(name, kind, given.get("value", ""), attributes=given, nth=nth)
        self._select = found if tag == "select" else self._select
        self._area = found if tag == "textarea" else None
        self._is_in_button = tag == "button"
        if self._form is None or "disabled" in given:
            return
        if kind in ("submit", "image"):
            self._form.words += f" {found.value}"[:_WORDS]
        if tag == "button" and given.get("type", "submit") != "submit":
            return
        if name and kind not in ("reset", "image") and len(self._form.fields) < MOST_FIELDS:
            self._add_field(self._form, found)

    def _add_field(self, form: Form, found: Field) -> None:
        """Radio buttons and checkboxes of one name are one field."""
        if found.kind in ("radio", "checkbox"):
            value = found.attributes.get("value", "on")
            known = form.named(found.name)
            if known is None or known.kind != found.kind:
                form.fields.append(found)
                known = found
            known.options.append(value)
            if "checked" in found.attributes:
                known.chosen.append(value)
        else:
            form.fields.append(found)

    def _begin_option(self, given: dict[str, str]) -> None:
        self._end_option()
        select = self._select
        if select is not None and "disabled" not in given and len(select.options) < MOST_FIELDS:
            if "value" in given:
                select.options.append(given["value"])
            else:
                self._option = ""
            if "selected" in given and "value" in given:
                select.chosen.append(given["value"])

    def _end_option(self) -> None:
        """An option without a value is worth what it says."""
        if self._option is not None and self._select is not None:
            self._select.options.append(self._option)
        self._option = None
