"""A form of a page as the request that a browser would make of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from ...scenario import Capture, File, Request
from .answers import Answer
from .filling import file_for, login_value, signs_in, signs_up, value_for
from .pages import Field, Form, Page
from .signs import is_farewell, is_removal, looks_generated, names_token
from .targets import Visit, attribute_patterns, query_of

_SKIPPED = {"submit", "button", "reset", "image"}


@dataclass(frozen=True, slots=True)
class Sent:
    """A form, and how to come to it."""

    key: str
    """Tells forms apart by where they go and what they send, not by where they stand."""
    form: Form
    visit: Visit
    target: str
    rule: str
    captures: Mapping[str, Capture]
    """What the page issues, and this form sends back."""
    hidden: Mapping[str, str]
    """The hidden fields: as they are, or ``{{name}}`` where the page made them up."""
    token: str | None
    """What the token against forged requests is captured as."""
    is_farewell: bool

    @property
    def is_post(self) -> bool:
        return self.form.method == "POST"

    @property
    def is_door(self) -> bool:
        """Whether it lets somebody in."""
        return signs_in(self.form) or signs_up(self.form)

    @property
    def is_removal(self) -> bool:
        """Whether it takes something away."""
        return is_removal(self.rule, self.form.words)

    @property
    def page(self) -> str:
        return self.visit[-1].target or "/"


@dataclass(frozen=True, slots=True)
class Filled:
    """What a form sends."""

    pairs: tuple[tuple[str, str], ...]
    files: tuple[File, ...] = ()

    def without(self, name: str) -> Filled:
        pairs = tuple(pair for pair in self.pairs if pair[0] != name)
        return replace(self, pairs=pairs)

    def having(self, name: str, *values: str) -> Filled:
        """With these values under *name*, where its first one stood."""
        made: list[tuple[str, str]] = []
        for key, value in self.pairs:
            if key != name:
                made.append((key, value))
            elif not any(known == name for known, _ in made):
                made += [(name, new) for new in values]
        if not any(key == name for key, _ in self.pairs):
            made += [(name, new) for new in values]
        return replace(self, pairs=tuple(made))

    def with_files(self, *files: File) -> Filled:
        return replace(self, files=files)


def found_forms(page: Page, answer: Answer, base: str) -> Iterator[Sent]:
    """The page's forms that go to the application itself; relative to the target *base*."""
    for form in page.forms:
        for action, words in _actions(form):
            method = "POST" if form.method == "POST" else "GET"
            target = answer.place.resolve(action or answer.target, base)
            found = answer.place.find(method, target) if target else None
            if target is None or found is None:
                continue
            if (issued := answer.issued(action or target, target)) is not None:
                whole = replace(form, method=method, words=words)
                yield _sent(whole, target, found[0].rule, issued, answer)


def _actions(form: Form) -> Iterator[tuple[str, str]]:
    """Where the form goes; a button may say otherwise."""
    yield form.action, form.words
    for button in form.kinds("button", "submit"):
        if button.attributes.get("formaction"):
            yield button.attributes["formaction"], button.attributes.get("value", "")


def _sent(
    form: Form, target: str, rule: str, issued: tuple[str, dict[str, Capture]], answer: Answer
) -> Sent:
    captures = dict(issued[1])
    hidden: dict[str, str] = {}
    token = None
    for one in form.kinds("hidden"):
        capture = _capture(one, answer.text) if form.method == "POST" else None
        if capture is None:
            hidden[one.name] = _plain(one.value)
            continue
        name = answer.names.name(one.name, capture)
        captures[name], hidden[one.name] = capture, f"{{{{{name}}}}}"
        token = token or (name if names_token(one.name) else None)
    fields = ",".join(sorted({one.name for one in form.fields}))
    query = ",".join(name for name, _ in query_of(target))
    key = f"{form.method} {rule} {query} {fields}"
    ends = is_farewell(rule, form.words, target)
    return Sent(key, form, answer.visit, issued[0], rule, captures, hidden, token, ends)


def _capture(one: Field, text: str) -> Capture | None:
    """How to find a hidden field's value in its page again, where it is made up."""
    if not one.value or not (looks_generated(one.value) or names_token(one.name)):
        return None
    tag, value = attribute_patterns("input", "name", one.name, "value")
    for nth in dict.fromkeys((0, one.nth)):
        # Atomic: a page with fewer of them must not be searched in every possible way.
        pattern = rf"\A(?s:(?>.*?{tag}){{{nth}}}.*?){tag}{value}" if nth else f"{tag}{value}"
        match = re.search(pattern, text)
        if match and match[1] == one.value:
            return Capture(regex=pattern, optional=True)
    return None


def _plain(value: str) -> str:
    """Double braces would stand for something captured."""
    return value.replace("{{", "{ {")


def fill(sent: Sent, number: int, account: Mapping[str, str]) -> Filled:
    """Fill in the form as somebody would who means it."""
    new = signs_up(sent.form)
    entering = signs_in(sent.form)
    pairs: list[tuple[str, str]] = []
    files: list[File] = []
    pressed = False
    for one in sent.form.fields:
        if one.kind == "hidden":
            pairs.append((one.name, sent.hidden.get(one.name, "")))
        elif one.kind == "file":
            files.append(file_for(one))
        elif one.kind in ("select", "radio", "checkbox"):
            pairs += [(one.name, _plain(value)) for value in _chosen(one)]
        elif one.kind in _SKIPPED:
            # One button sends the form, the first if somebody presses Enter.
            if not pressed and not one.attributes.get("formaction"):
                pairs.append((one.name, _plain(one.value)))
                pressed = True
        else:
            who = login_value(one, account) if entering and one.kind != "password" else None
            value = who or value_for(one, number, account, new)
            pairs.append((one.name, _plain(value)))
    return Filled(tuple(pairs), tuple(files))


def _chosen(one: Field) -> list[str]:
    """What is checked or selected; the first that says something, where nothing is."""
    if one.chosen:
        return one.chosen if one.kind == "checkbox" else one.chosen[-1:]
    if one.kind == "checkbox" and not one.required:
        return []
    return [option for option in one.options if option][:1]


def request_for(sent: Sent, filled: Filled, origin: str) -> Request:
    """The request with which a browser sends the form."""
    if not sent.is_post:
        path = sent.target.partition("?")[0]
        return Request(target=f"{path}?{urlencode(filled.pairs)}")
    is_multipart = sent.form.multipart or bool(filled.files)
    return Request(
        method="POST",
        target=sent.target,
        headers={"Referer": f"{origin}{sent.page}"},
        form=list(filled.pairs),
        files=list(filled.files) if is_multipart else None,
    )
