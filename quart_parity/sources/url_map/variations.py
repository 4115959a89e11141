"""A form filled in as nobody should, and as somebody will."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from ...scenario import File
from .filling import picture, text_file
from .pages import Field
from .sending import Filled, Sent
from .signs import names_token

MOST = 30
"""Variations of one form."""
_MOST_OF_A_KIND = 5
_TEXTS = ("text", "textarea", "email", "search", "url", "tel", "password")
_LONG = 2_000
_UNICODE = "Zoë ✓ 日本 <b>&amp;</b> \"'"

Variation = tuple[str, Filled]
"""What is unusual, and what is sent."""


def variations(sent: Sent, usual: Filled) -> list[Variation]:
    """Each a different one of *usual*, the likeliest to matter first; `MOST` at most."""
    kinds = [
        _tokens(sent, usual),
        _missing(sent, usual),
        _numbers(sent, usual),
        _choices(sent, usual),
        _files(sent, usual),
        _texts(sent, usual),
        _hidden(sent, usual),
    ]
    found = [
        variation
        for kind in kinds
        for variation in islice(kind, 3 * _MOST_OF_A_KIND)
        if variation[1] != usual
    ]
    return found[:MOST]


def _fields(sent: Sent, *kinds: str) -> list[Field]:
    found = {one.name: one for one in sent.form.fields if one.kind in kinds}
    return list(found.values())[:_MOST_OF_A_KIND]


def _tokens(sent: Sent, usual: Filled) -> Iterator[Variation]:
    for one in _fields(sent, "hidden"):
        if names_token(one.name):
            yield f"without {one.name}", usual.without(one.name)
            yield f"a wrong {one.name}", usual.having(one.name, "wrong")


def _missing(sent: Sent, usual: Filled) -> Iterator[Variation]:
    visible = _fields(sent, *_TEXTS, "number", "range", "date", "select", "radio", "checkbox")
    empty = usual
    for one in visible:
        empty = empty.having(one.name, "") if one.kind in _TEXTS else empty.without(one.name)
    yield "empty", empty
    for one in visible:
        yield f"without {one.name}", usual.without(one.name)
        if one.kind in _TEXTS:
            yield f"{one.name} of spaces", usual.having(one.name, "  ")


def _numbers(sent: Sent, usual: Filled) -> Iterator[Variation]:
    by_name = ("quantity", "amount", "count", "number", "price", "page")
    named = [one for one in _fields(sent, "text") if any(n in one.name.lower() for n in by_name)]
    for one in [*_fields(sent, "number", "range"), *named]:
        high = one.number("max")
        over = str(int(high) + 1) if high is not None else "1000000"
        for value in ("0", "-1", over, "1.5", "abc", "3"):
            yield f"{one.name} {value}", usual.having(one.name, value)


def _choices(sent: Sent, usual: Filled) -> Iterator[Variation]:
    for one in _fields(sent, "select", "radio", "checkbox"):
        for option in one.options[:8]:
            plain = option.replace("{{", "{ {")
            yield f"{one.name} {plain}", usual.having(one.name, plain)
        yield f"{one.name} not offered", usual.having(one.name, "not-offered")
        if one.kind == "checkbox":
            yield f"no {one.name}", usual.without(one.name)
    buttons = [one for one in _fields(sent, "button", "submit") if one.name]
    for one in sent.form.kinds("button", "submit")[1:4] if len(buttons) else ():
        yield f"the button {one.value or one.name}", usual.having(one.name, one.value)


def _files(sent: Sent, usual: Filled) -> Iterator[Variation]:
    for one in _fields(sent, "file"):
        name = one.name
        yield "no file", usual.with_files()
        nothing = File(name, "", content="")
        yield "a file without a name", usual.with_files(nothing)
        for file in _odd_files(name):
            yield f"the file {file.filename}", usual.with_files(file)
        yield "two files", usual.with_files(picture(name), text_file(name))


def _odd_files(name: str) -> Iterator[File]:
    yield picture(name)
    yield text_file(name)
    yield File(name, "empty.png", content="", content_type="image/png")
    yield File(name, "../up/Ünïcode name.PNG", content="no picture", content_type="image/png")
    yield File(name, "program.exe", content="MZ", content_type="application/octet-stream")
    yield File(name, "large.png", content="0123456789abcdef" * 20_000, content_type="image/png")


def _texts(sent: Sent, usual: Filled) -> Iterator[Variation]:
    fields = _fields(sent, *_TEXTS)
    for one in fields:
        high = one.number("maxlength")
        size = int(high) + 1 if high is not None and 0 < high < _LONG else _LONG
        yield f"{one.name} too long", usual.having(one.name, "x" * size)
        if one.kind != "password":
            yield f"{one.name} in many scripts", usual.having(one.name, _UNICODE)
        if one.kind in ("email", "url", "password"):
            yield f"{one.name} malformed", usual.having(one.name, "x")
    for one in fields[:1]:
        yield f"{one.name} twice", usual.having(one.name, "first", "second")


def _hidden(sent: Sent, usual: Filled) -> Iterator[Variation]:
    for one in _fields(sent, "hidden"):
        if not names_token(one.name):
            yield f"{one.name} changed", usual.having(one.name, "999999")
            yield f"{one.name} elsewhere", usual.having(one.name, "//example.org/")
            yield f"without {one.name}", usual.without(one.name)
