"""What a request sends back of earlier answers, as captures: each replay sends its own."""

from __future__ import annotations

import re
from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from msgspec import structs

from ...generated import form, parts_of_signed
from ...scenario import Capture, Request, pairs, placeholders
from .capturing import capture_for
from .entries import Entry
from .visit import Sent

Entries = Callable[[], Iterator[tuple[int, Entry]]]

_RUN = re.compile(r"[A-Za-z0-9_.-]{16,}={0,2}")
_BASE64 = re.compile("[A-Za-z0-9+/]{16,}={0,2}")
_PIECE = re.compile("[A-Za-z0-9]{4,}")
_OF_THE_BROWSER = re.compile("accept|user-agent|sec-|referer|origin|dnt|traceparent", re.IGNORECASE)
_TEXTS = re.compile(r"text/html|application/xhtml|json|text/plain|xml", re.IGNORECASE)
_CREATED = re.compile(r"/[^?#]*\d[^?#]*\Z")


@dataclass(slots=True)
class _Wanted:
    """A value that later requests send, and where the latest answer before each issues it."""

    text: str
    senders: list[int]
    issuers: dict[int, tuple[int, Capture]] = field(default_factory=dict)
    """By the sender: the issuer's place among the requests, and how it is captured."""


def find_issued(sent: list[Sent], entries: Entries) -> list[Request]:
    """The requests in order, with captures and placeholders; reads the entries if need be."""
    requests = _with_locations(sent)
    wanted = _wanted(requests)
    if wanted:
        place = {one.position: at for at, one in enumerate(sent)}
        for position, entry in entries():
            if position in place:
                _look(place[position], entry, wanted)
    return _filled(requests, wanted.values())


def _with_locations(sent: list[Sent]) -> list[Request]:
    """Have redirects followed to where they lead now: to an order of another number."""
    requests = [one.request for one in sent]
    for at, one in enumerate(sent):
        if not 300 <= one.status < 400 or not _CREATED.match(one.location):
            continue
        there = [i for i, to in enumerate(requests) if _leads(one.location, to.target or "")]
        if one.location.startswith("//") or (there and there[0] <= at):
            continue
        name, after = f"location_{at}", there
        for i in after:
            rest = (requests[i].target or "").removeprefix(one.location)
            requests[i] = structs.replace(requests[i], target="{{" + name + "}}" + rest)
        if after:
            requests[at] = _capturing(requests[at], name, Capture(header="Location"))
    return requests


def _leads(location: str, target: str) -> bool:
    """Whether a target is this place, or below it."""
    return target.startswith(location) and target[len(location) :][:1] in ("", "/", "?")


def _capturing(request: Request, name: str, capture: Capture) -> Request:
    return structs.replace(request, capture=request.capture | {name: capture})


def _wanted(requests: list[Request]) -> dict[str, _Wanted]:
    wanted: dict[str, _Wanted] = {}
    for at, request in enumerate(requests):
        for text in dict.fromkeys(_sends(request)):
            wanted.setdefault(text, _Wanted(text, [])).senders.append(at)
    return wanted


def _sends(request: Request) -> Iterator[str]:
    """The values in a request that look generated."""
    texts = [v for name, v in pairs(request.headers) if not _OF_THE_BROWSER.match(name)]
    texts += [request.body or "", *(value for _, value in pairs(request.form or []))]
    yield from filter(_is_generated, _RUN.findall(request.target or ""))
    for text in texts:
        yield from filter(_is_generated, [*_RUN.findall(text), *_BASE64.findall(text)])


def _is_generated(text: str) -> bool:
    return form(text, False) is not None or parts_of_signed(text) is not None


def _look(at: int, entry: Entry, wanted: dict[str, _Wanted]) -> None:
    """Whether this answer issues what is wanted of it later."""
    later = [one for one in wanted.values() if one.senders[-1] > at]
    if not later or entry.response is None:
        return
    body = _body(entry)
    fields = [(one.name, one.value or "") for one in entry.response.headers]
    pieces = set(_PIECE.findall("\n".join([body, *(value for _, value in fields)])))
    for one in later:
        if all(piece in pieces for piece in _PIECE.findall(one.text)):
            capture = capture_for(one.text, fields, body)
            if capture is not None:
                _note(one, at, capture)


def _note(one: _Wanted, at: int, capture: Capture) -> None:
    for sender in one.senders:
        if at < sender and at >= one.issuers.get(sender, (-1, capture))[0]:
            one.issuers[sender] = at, capture


def _body(entry: Entry) -> str:
    content = entry.response.content if entry.response else None
    if content is None or not content.text or not _TEXTS.search(content.mimetype or ""):
        return ""
    if content.encoding != "base64":
        return content.text
    try:
        return b64decode(content.text).decode("utf-8", "replace")
    except (Base64Error, ValueError):
        return ""


def _filled(requests: list[Request], wanted: Iterable[_Wanted]) -> list[Request]:
    """The longest first: one value may be a part of another, and is then not sent by itself."""
    names: dict[tuple[int, str], str] = {}
    for one in sorted(wanted, key=lambda one: -len(one.text)):
        for sender, (issuer, capture) in sorted(one.issuers.items()):
            name = names.get((issuer, one.text), f"value_{len(names)}")
            sending = _replaced(requests[sender], one.text, "{{" + name + "}}")
            if placeholders(sending) == placeholders(requests[sender]):
                continue
            names[issuer, one.text] = name
            requests[issuer] = _capturing(requests[issuer], name, capture)
            requests[sender] = sending
    return requests


def _replaced(request: Request, text: str, placeholder: str) -> Request:
    fields: dict[str, Any] = {
        "target": (request.target or "").replace(text, placeholder),
        "headers": [
            (name, value if _OF_THE_BROWSER.match(name) else value.replace(text, placeholder))
            for name, value in pairs(request.headers)
        ],
    }
    if request.body is not None:
        fields["body"] = request.body.replace(text, placeholder)
    if request.form is not None:
        given = pairs(request.form)
        fields["form"] = [(name, value.replace(text, placeholder)) for name, value in given]
    return structs.replace(request, **fields)
