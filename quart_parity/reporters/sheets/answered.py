"""What both sides answered; pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import zip_longest
from json import dumps
from typing import Any

from ...cookies import SetCookie, parse_set_cookie
from ...exchange import Exchange, Headers, header_values
from ...masks import Masker
from ...paths import Path
from ...report import Compared, Difference
from ...values import MISSING, Variants
from .bodies import body_sheet, read
from .fields import fields
from .named import Named, variants
from .rows import Draft, Sheet, each, sheet
from .trees import tree

_ATTRIBUTES = ("value", "domain", "path", "expires", "max-age", "secure", "httponly", "samesite")
_IS_SET = "set"
"""What is shown of an attribute that has no value."""


def sheets(compared: Compared, differences: Sequence[Difference], masker: Masker) -> list[Sheet]:
    """What both sides answered, and where they part; *differences* are those of the exchange."""
    named = Named.of(differences, masker)
    both = compared.reference, compared.candidate
    body = body_sheet("body", read(both[0]), read(both[1]), named)
    made = [
        sheet("status", "fields", _outcome(*both, named)),
        sheet(
            "headers",
            "fields",
            fields((_uncookied(both[0]), _uncookied(both[1])), ("header",), named),
        ),
        *_cookies(*both, named),
        *_sessions(compared, named),
        *([body] if body else []),
        sheet("interim responses", "fields", _interim(*both, named)),
        sheet(
            "trailers",
            "fields",
            fields((_trailers(both[0]), _trailers(both[1])), ("trailer",), named),
        ),
        sheet("captured", "fields", _told(("capture",), named)),
    ]
    return [one for one in made if one.rows]


def _outcome(ours: Exchange, theirs: Exchange, named: Named) -> Iterator[Draft]:
    """What came of the request; of that which neither side has nothing.

    A reason phrase is the server's own, and nobody compares it: an ASGI server is told of none.
    """
    for label, path, read_one in _OUTCOMES:
        one, other = read_one(ours), read_one(theirs)
        if label == "not awaited" and (told := named.by_path.get(path)):
            # Those as well that only the answer tells of.
            one, other = (_plain(told, v, named) for v in (told.reference, told.candidate))
        there = one is not None, other is not None
        if all(there) if label == "reason" else any(there):
            yield Draft(label, each(named.masker.text, (one, other)), named.covers(path))


_OUTCOMES: tuple[tuple[str, Path, Callable[[Exchange], str | None]], ...] = (
    ("status", ("status",), lambda e: str(e.response.status) if e.response else None),
    ("reason", ("reason",), lambda e: (e.response and e.response.reason) or None),
    ("broken", ("broken",), lambda e: e.broken),
    ("raised", ("raised", "type"), lambda e: e.raised.type if e.raised else None),
    ("message", ("raised", "text"), lambda e: e.raised.text if e.raised else None),
    ("raised at", ("place",), lambda e: e.raised.place if e.raised else None),
    ("not awaited", ("unawaited",), lambda e: ", ".join(o.name for o in e.unawaited) or None),
)


def _uncookied(exchange: Exchange) -> Headers:
    """Without cookies, which have sheets of their own."""
    headers = exchange.response.headers if exchange.response else ()
    return tuple(field for field in headers if field[0].lower() != "set-cookie")


def _trailers(exchange: Exchange) -> Headers:
    return exchange.wire.trailers if exchange.wire else ()


def _cookies(ours: Exchange, theirs: Exchange, named: Named) -> Iterator[Sheet]:
    """A sheet for each cookie, and for each variant of it where there are several."""
    one, other = _set(ours), _set(theirs)
    for name in dict.fromkeys([*one, *other]):
        both = one.get(name, Variants()), other.get(name, Variants())
        for label, path, mine, yours in variants(("cookie", name), *both):
            refused = {*both[0], *both[1]} == {"refused"}
            title = f"cookie {name or ('(refused)' if refused else '(no name)')}{label}"
            yield sheet(named.masker.text(title), "fields", _cookie(path, mine, yours, named))


def _set(exchange: Exchange) -> dict[str, Variants]:
    cookies: dict[str, Variants] = {}
    for text in header_values(exchange.response.headers if exchange.response else (), "set-cookie"):
        parsed = parse_set_cookie(text)
        name, label = (parsed.name, parsed.label) if parsed else ("", "refused")
        cookies.setdefault(name, Variants()).add(label, _attributes(text, parsed))
    return cookies


def _attributes(text: str, cookie: SetCookie | None) -> dict[str, list[str]]:
    if cookie is None:
        return {"field": [text]}
    attributes = {"value": [cookie.value]}
    for name, value in cookie.pairs:
        attributes.setdefault(name, []).append(value or _IS_SET)
    return attributes


def _cookie(path: Path, ours: Any, theirs: Any, named: Named) -> Iterator[Draft]:
    one, other = ours or {}, theirs or {}
    told = {str(d.parts[len(path)]): d for d in named.below(path) if len(d.parts) > len(path)}
    names = [name for name in _ATTRIBUTES if name in one or name in other]
    for name in dict.fromkeys([*names, *one, *other]):
        at = (*path, name)
        pairs = list(zip_longest(one.get(name, []), other.get(name, [])))
        # A time may differ by when it was told, though it is written alike.
        is_named = bool(named.below(at))
        alike = is_named and all(mine == yours for mine, yours in pairs)
        for mine, yours in pairs:
            texts = each(partial(_attribute, at, named), (mine, yours))
            differs = alike or (mine != yours and (is_named or named.covers(at)))
            yield Draft(named.masker.text(name), texts, differs)
        told.pop(name, None)
    # What is read off a session's value, and stands in no attribute.
    for name in told:
        yield from _told((*path, name), named)


def _attribute(path: Path, named: Named, value: str) -> str:
    return named.masker.text(str(named.masker.value(path, value)))


def _told(path: Path, named: Named) -> Iterator[Draft]:
    """Differences as they are told, for what nobody sent in this form."""
    for one in named.below(path):
        label = ".".join(str(part) for part in one.parts[max(1, len(path) - 1) :])
        texts = _plain(one, one.reference, named), _plain(one, one.candidate, named)
        yield Draft(named.masker.text(label), texts, True)


def _plain(one: Difference, value: Any, named: Named) -> str | None:
    value = named.masker.value(one.parts, value)
    if value is MISSING or isinstance(value, str):
        return None if value is MISSING else value
    return named.masker.text(dumps(value, default=repr, ensure_ascii=False))


def _sessions(compared: Compared, named: Named) -> Iterator[Sheet]:
    ours, theirs = compared.sessions
    for label, path, one, other in variants(("session",), Variants(ours), Variants(theirs)):
        title = f"session{named.masker.text(label)}"
        yield sheet(title, "tree", tree(path, (one, other), named))


def _interim(ours: Exchange, theirs: Exchange, named: Named) -> Iterator[Draft]:
    """All but ``100 Continue``, which asks for the body."""
    for at, (one, other) in enumerate(zip_longest(_interims(ours), _interims(theirs))):
        path = ("interim", at)
        statuses = one and str(one[0]), other and str(other[0])
        yield Draft("status", statuses, named.covers((*path, "status")))
        headers = one[1] if one else (), other[1] if other else ()
        yield from fields(headers, (*path, "header"), named)


def _interims(exchange: Exchange) -> list[tuple[int, Headers]]:
    interim = exchange.wire.interim if exchange.wire else ()
    return [answer for answer in interim if answer[0] != 100]
