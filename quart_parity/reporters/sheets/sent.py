"""What was sent to both sides; pure."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest
from urllib.parse import parse_qsl

from werkzeug.http import parse_options_header

from ...exchange import Exchange, RawRequest, Response, header_values
from ...masks import Masker
from ...report import Compared
from .bodies import Body, body_sheet, read
from .fields import fields
from .named import Named
from .rows import Draft, Sheet, sheet

_BODY = "request body"
_FORM = "application/x-www-form-urlencoded"


def request_sheets(compared: Compared, masker: Masker) -> list[Sheet]:
    """What was sent: headers, and the body as a form, as JSON, as text or in hexadecimal. Where the
    two sides were sent something else, as cookies are, both are there."""
    named = Named.of((), masker)
    ours, theirs = compared.reference.request, compared.candidate.request
    rows = [
        _draft("method", ours.method, theirs.method, masker),
        Draft(
            "target",
            (
                masker.target(ours.target, compared.route),
                masker.target(theirs.target, compared.route),
            ),
            marked=ours.target != theirs.target,
        ),
        *fields((ours.headers, theirs.headers), ("header",), named, marked=True),
    ]
    if _is_form(ours) and _is_form(theirs):
        body: Sheet | None = sheet(_BODY, "fields", _form(ours, theirs, masker))
    else:
        body = body_sheet(_BODY, _sent(ours), _sent(theirs), named, marked=True)
    return [sheet("request", "fields", rows), *([body] if body else [])]


def _draft(label: str, one: str, other: str, masker: Masker) -> Draft:
    return Draft(label, (masker.text(one), masker.text(other)), marked=one != other)


def _content_type(request: RawRequest) -> str:
    return next(iter(header_values(request.headers, "content-type")), "")


def _is_form(request: RawRequest) -> bool:
    return parse_options_header(_content_type(request))[0] == _FORM and bool(request.chunks)


def _form(ours: RawRequest, theirs: RawRequest, masker: Masker) -> Iterator[Draft]:
    for one, other in zip_longest(_pairs(ours), _pairs(theirs)):
        names = dict.fromkeys(pair[0] for pair in (one, other) if pair)
        label = masker.text(" / ".join(names))
        yield Draft(label, (_value(one, masker), _value(other, masker)), marked=one != other)


def _pairs(request: RawRequest) -> list[tuple[str, str]]:
    text = b"".join(request.chunks).decode("utf-8", "replace")
    return parse_qsl(text, keep_blank_values=True, errors="replace")


def _value(pair: tuple[str, str] | None, masker: Masker) -> str | None:
    return None if pair is None else str(masker.value(("form", pair[0]), pair[1]))


def _sent(request: RawRequest) -> Body | None:
    headers = (("content-type", _content_type(request)),)
    return read(Exchange(request, Response(0, "", headers, b"".join(request.chunks))))
