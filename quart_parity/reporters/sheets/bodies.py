"""Bodies side by side: JSON as a tree, text by its lines, all else in hexadecimal; pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Literal

from werkzeug.http import parse_options_header

from ...aspects.bodies import read_body
from ...exchange import Exchange, header_values
from ...masks import Masker
from ...sessions import Keyring, no_sessions
from ...values import MISSING
from .aligning import aligned
from .dumps import Bytes, dumped
from .named import Named
from .rows import Draft, Sheet, sheet
from .trees import tree

PATH = ("body",)
_NAMES = {"tree": "JSON", "lines": "text", "hex": "bytes"}
_Made = tuple[list[Draft], int]
"""Rows, and how many more there are."""
_NO_KEYS = Keyring(no_sessions(), no_sessions(), no_sessions())


@dataclass(frozen=True, slots=True)
class Body:
    """One side's, as it is to be shown."""

    kind: Literal["tree", "lines", "hex"]
    raw: bytes
    content_type: str
    value: Any
    """Of JSON; `MISSING` for all else."""

    def text(self, masker: Masker) -> str:
        mimetype, options = parse_options_header(self.content_type)
        if mimetype.startswith("multipart/"):
            # Its parts are masked by names that stand on other lines.
            return masker.body(self.raw, self.content_type).decode("utf-8", "replace")
        try:
            return masker.text(self.raw.decode(options.get("charset", "utf-8")))
        except (ValueError, LookupError):
            return masker.text(self.raw.decode("utf-8", "replace"))


def read(exchange: Exchange) -> Body | None:
    """The answer's body in the form in which it is compared; None where there is nothing to show.

    A JSON string is text: its quotes and escapes are part of what was sent.
    """
    if exchange.response is None or not exchange.response.body:
        return None
    value = read_body(exchange, _NO_KEYS)
    content_type = next(iter(header_values(exchange.response.headers, "content-type")), "")
    raw = exchange.response.body
    if isinstance(value, bytes | str):
        kind: Literal["lines", "hex"] = "hex" if isinstance(value, bytes) else "lines"
        return Body(kind, raw, content_type, MISSING)
    return Body("tree", raw, content_type, value)


def body_sheet(
    title: str, ours: Body | None, theirs: Body | None, named: Named, marked: bool = False
) -> Sheet | None:
    """None where neither side has a body; both in the one form that does for both."""
    kinds = {body.kind for body in (ours, theirs) if body is not None}
    if not kinds:
        return None
    if kinds == {"tree"}:
        values = _value(ours), _value(theirs)
        return sheet(title, "tree", tree(PATH, values, named))
    read_as = list(_read_as(ours, theirs, named))
    if "hex" in kinds:
        drafts, left_out = _hex(ours, theirs, named, marked)
        return sheet(title, "hex", [*read_as, *drafts], left_out)
    lines = _lines(ours, theirs, named, marked)
    if named.covers(PATH) and not any(draft.differs for draft in (*read_as, *lines)):
        # What differs is masked, on either side in the same way.
        lines = [replace(draft, differs=True) for draft in lines]
    return sheet(title, "lines", [*read_as, *lines])


def _read_as(ours: Body | None, theirs: Body | None, named: Named) -> Iterator[Draft]:
    """What the comparison took the bodies for, where that alone may be the difference."""
    if ours and theirs and ours.kind != theirs.kind and named.covers(PATH):
        yield Draft("read as", (_NAMES[ours.kind], _NAMES[theirs.kind]), True)


def _value(body: Body | None) -> Any:
    return MISSING if body is None else body.value


def _lines(ours: Body | None, theirs: Body | None, named: Named, marked: bool) -> list[Draft]:
    one = _split(ours, named)
    sent = one if _are_alike(ours, theirs) else _split(theirs, named)
    other, differs = sent, named.covers(PATH)
    if texts := named.texts(PATH):
        replaced = texts[0].split("\n"), texts[1].split("\n")
        if replaced[0] == one and len(replaced[1]) == len(sent):
            other = replaced[1]
    drafts = []
    for at, others_at in aligned(one, other):
        mine = None if at is None else one[at]
        yours = None if others_at is None else other[others_at]
        unequal = mine != yours
        if not unequal and others_at is not None:
            yours = sent[others_at]
        label = _numbers(at, others_at)
        drafts.append(Draft(label, (mine, yours), differs and unequal, marked=marked and unequal))
    return drafts


def _are_alike(ours: Body | None, theirs: Body | None) -> bool:
    if ours is None or theirs is None:
        return ours is theirs
    return ours.raw == theirs.raw and ours.content_type == theirs.content_type


def _split(body: Body | None, named: Named) -> list[str]:
    return [] if body is None else body.text(named.masker).split("\n")


def _numbers(at: int | None, others_at: int | None) -> str:
    """From one on; both where lines that belong together have come apart."""
    numbers = dict.fromkeys(str(one + 1) for one in (at, others_at) if one is not None)
    return "/".join(numbers)


def _hex(ours: Body | None, theirs: Body | None, named: Named, marked: bool) -> _Made:
    one = _bytes(ours, named)
    other = one if _are_alike(ours, theirs) else _bytes(theirs, named)
    return dumped(one, other, named.covers(PATH), marked)


def _bytes(body: Body | None, named: Named) -> Bytes:
    if body is None:
        return Bytes(b"", None)
    return Bytes.of(body.raw, named.masker.body(body.raw, body.content_type))
