"""Values that each side makes up for itself: a token, an id, a signature.

Where both sides issue one at the same place, in the same form, the two correspond, and are equal
wherever each side uses its own. One that a side keeps while the other makes a new one does not; nor
does one that every client gets, that is written otherwise, or that says something once decoded.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import md5, sha1
from itertools import islice
from json import dumps, loads
from operator import itemgetter
from typing import Any
from uuid import UUID

from .aspects.times import read_time
from .comparison import Found, diff
from .exchange import Exchange
from .generated import SHORTEST, content, parts_of_signed, payload
from .pairing import Pairs
from .paths import Path, format_path
from .places import place
from .sessions import signed_at
from .values import MISSING
from .weaving import Core, cores, runs, woven

_DIGEST = re.compile(
    r"etag|digest|checksum|md5|sha-?\d|crc|hash|integrity|fingerprint|signature"
    r"|(?<![a-z])(?:sig|h?mac|rev|v)(?![a-z])",
    re.IGNORECASE,
)
_DIGEST_BEFORE = re.compile(rf"(?:{_DIGEST.pattern})[\w-]*[\"']?\s?[=:-]\s?[\"']?\Z", re.IGNORECASE)
_FINGERPRINTED = re.compile(r"\.(?:min\.)?(?:css|m?js|map)\b")
_NOTHING_ISSUED = frozenset({"broken", "status", "unawaited"})
_NAMED_ASIDE = frozenset({"header", "trailer", "raised"})
"""Aspects whose names nobody makes up."""
_TIMES = frozenset({"exp", "iat", "nbf"})
_CONTEXT = 40
_CERTAIN = 17
"""Characters from which on what one side alone encoded is text by no accident."""
_KEYS = 32
"""Keys that are tried at most for each one that has no partner."""


def unmatched(
    pairs: Pairs, found: list[Found], reference: Exchange, candidate: Exchange
) -> list[Found]:
    """The differences that are left; in texts, the candidate's values are the reference's."""
    at = _Exchanges(pairs, reference, candidate)
    found = at.keys_matched(found)
    left: dict[Path, Found] = {}
    # In an order that does not depend on which side is which.
    for path, ours, theirs in sorted(found, key=lambda one: format_path(one[0])):
        if (one := at.left(path, ours, theirs)) is not None:
            left[path] = one
    bodies = [path for path, *_ in found if path[0] == "body"]
    if bodies and not any(path in left for path in bodies):
        both = reference, candidate
        left = {path: one for path, one in left.items() if not follows_the_body(one, *both)}
    return [left[path] for path, *_ in found if path in left]


@dataclass(slots=True)
class _Exchanges:
    """The pairs at work in one exchange."""

    pairs: Pairs
    reference: Exchange
    candidate: Exchange

    def keys_matched(self, found: list[Found]) -> list[Found]:
        """The same with what stands under keys that correspond compared under the reference's."""
        only = [[one for one in found if one[side] is MISSING] for side in (2, 1)]
        if not all(only):
            return found
        partners = self._partners(*only)
        taken = {path for path, _, _ in partners.values()}
        matched: list[Found] = []
        for path, ours, theirs in found:
            if path in partners:
                matched += diff(ours, partners[path][2], path)
            elif path not in taken:
                matched.append((path, ours, theirs))
        return matched

    def _partners(self, ours: list[Found], theirs: list[Found]) -> dict[Path, Found]:
        """What only the candidate has, by the path of what only the reference has."""
        partners: dict[Path, Found] = {}
        beside: dict[Path, list[Found]] = {}
        for one in theirs:
            beside.setdefault(one[0][:-1], []).append(one)
        for path, ours_under, _ in ours:
            others = beside.get(path[:-1])
            if not others or not _may_be_key(path):
                continue
            likely = (one for one in others if _may_be_key(one[0]))
            # Sorted by what is random, they stand in another order: what they lead to tells.
            near = [(any(diff(ours_under, one[2], path)), one) for one in islice(likely, _KEYS)]
            near.sort(key=itemgetter(0))
            partner = next((one for _, one in near if self._are_keys(path, one[0])), None)
            if partner is not None:
                partners[path] = partner
                beside[path[:-1]].remove(partner)
        return partners

    def _are_keys(self, ours: Path, theirs: Path) -> bool:
        one, other = ours[-1], theirs[-1]
        if not isinstance(one, str) or not isinstance(other, str) or ours[0] in _NAMED_ASIDE:
            return False
        return self._texts(self.place((*ours[:-1], "*")), one, other)[0]

    def left(self, path: Path, ours: Any, theirs: Any) -> Found | None:
        """The difference, or None where the values correspond."""
        if path[0] in _NOTHING_ISSUED or _is_attribute(path) or _is_digest(path):
            return path, ours, theirs
        if isinstance(ours, UUID) and isinstance(theirs, UUID):
            same = self.pairs.match(self.place(path), str(ours), str(theirs)) is True
        elif isinstance(ours, str) and isinstance(theirs, str):
            same, theirs = self._texts(self.place(path), ours, theirs)
        else:
            same = False
        return None if same else (path, ours, theirs)

    def place(self, path: Path) -> str:
        request = self.reference.request
        return place(path, request.method, request.target)

    def _texts(self, place: str, ours: str, theirs: str) -> tuple[bool, str]:
        first, *others = runs(ours, theirs)
        if not others:
            return self._woven(first, place, ours, theirs)
        for run in (first, *others):
            mark = self.pairs.mark()
            fits, text = self._woven(run, place, ours, theirs)
            if fits:
                return fits, text
            # What was cut wrongly is no pair.
            self.pairs.undo(mark)
        return self._woven(first, place, ours, theirs)

    def _woven(self, run: re.Pattern[str], place: str, ours: str, theirs: str) -> tuple[bool, str]:
        matched: set[tuple[str, str]] = set()

        def match(one: str, other: str, before: str, after: str) -> bool:
            # A page may hold its token in each of a thousand forms.
            if (one, other) in matched:
                return True
            verdicts = (self._values(place, core, before, after) for core in cores(one, other))
            fits = next((verdict for verdict in verdicts if verdict is not None), False)
            if fits:
                matched.add((one, other))
            return fits

        return woven(run, ours, theirs, match, self.pairs.known)

    def _values(self, place: str, core: Core, before: str, after: str) -> bool | None:
        """Whether two values in a text correspond, or say what corresponds; None for others."""
        around = (before + core.before)[-_CONTEXT:], core.after + after
        if _DIGEST_BEFORE.search(around[0]) or _FINGERPRINTED.match(around[1]):
            return False
        if (signed := self._signed(place, core.ours, core.theirs)) is not None:
            return signed
        said = content(core.ours), content(core.theirs)
        if None in said and not any(one and len(one) >= _CERTAIN for one in said):
            return self.pairs.match(place, core.ours, core.theirs)
        return self._said(place, *said)

    def _said(self, place: str, ours: str | None, theirs: str | None) -> bool:
        """Whether two texts that were encoded correspond."""
        return ours is not None and theirs is not None and self._texts(place, ours, theirs)[0]

    def _signed(self, place: str, ours: str, theirs: str) -> bool | None:
        """Whether two signed values say the same; None where they are none."""
        one, other = parts_of_signed(ours), parts_of_signed(theirs)
        if one is None or other is None:
            return None
        if list(map(len, one)) != list(map(len, other)):
            return False
        *heads, signatures = zip(one, other, strict=True)
        if one[:-1] == other[:-1]:
            alike = not self.pairs.share_a_key and self.pairs.match(place, *signatures) is True
        else:
            alike = all(a == b or self._part(place, a, b) for a, b in heads)
        if alike:
            self.pairs.note_signed(ours, theirs)
        return alike

    def _part(self, place: str, ours: str, theirs: str) -> bool:
        """Whether two parts before the signature correspond: what is signed, or when."""
        said = payload(ours), payload(theirs)
        if said[0] is not None and said[1] is not None:
            return self._said(place, *self._at_one_time(loads(said[0]), loads(said[1])))
        times = [signed_at(f"x.{part}.x") for part in (ours, theirs)]
        return said == (None, None) and self._is_one_time(*times)

    def _at_one_time(self, ours: Any, theirs: Any) -> tuple[str, str]:
        """Both as text; a JWT's times (RFC 7519, 4.1) are equal where they may be."""
        if isinstance(ours, dict) and isinstance(theirs, dict):
            for name in _TIMES & ours.keys() & theirs.keys():
                if self._is_one_time(ours[name], theirs[name]):
                    theirs[name] = ours[name]
        return dumps(ours), dumps(theirs)

    def _is_one_time(self, ours: Any, theirs: Any) -> bool:
        if type(ours) is not int or type(theirs) is not int:
            return False
        one = read_time(self.reference, str(ours), ours)
        return one is not None and one == read_time(self.candidate, str(theirs), theirs)


def follows_the_body(one: Found, reference: Exchange, candidate: Exchange) -> bool:
    """Whether on each side the field is right for its own body."""
    rule = _OF_THE_BODY.get(one[0])
    if rule is None:
        return False
    return all(
        exchange.response is not None and value in rule(exchange.response.body)
        for exchange, value in zip((reference, candidate), one[1:], strict=True)
    )


def is_same_file(one: Found) -> bool:
    """Whether two ETags are of one file, as far as its time and its size tell."""
    path, *tags = one
    found = [_FILES_TAG.fullmatch(tag) if isinstance(tag, str) else None for tag in tags]
    ours, theirs = found
    return path == _TAG and bool(ours and theirs and ours.groups() == theirs.groups())


_TAG: Path = ("header", "etag")
_FILES_TAG = re.compile(r'((?:W/)?"[0-9]{9,10}(?:\.[0-9]+)?-[0-9]+)-[0-9]{7,10}"')
"""Werkzeug's and Quart's, of a file that is sent: time, size, and a checksum of its path."""


def _length(body: bytes) -> set[str]:
    return {str(len(body))}


def _tags(body: bytes) -> set[str]:
    """As Werkzeug makes them, and as others do."""
    digests = (make(body, usedforsecurity=False).hexdigest() for make in (sha1, md5))
    return {f'{weak}"{digest}"' for digest in digests for weak in ("", "W/")}


_OF_THE_BODY: dict[Path, Callable[[bytes], set[str]]] = {
    ("header", "content-length"): _length,
    _TAG: _tags,
}


def _may_be_key(path: Path) -> bool:
    """Whether a name is long enough to hold what somebody made up."""
    return path[0] not in _NAMED_ASIDE and isinstance(path[-1], str) and len(path[-1]) >= SHORTEST


def _is_attribute(path: Path) -> bool:
    """Whether it is one of a cookie's attributes, which nobody makes up."""
    return path[0] == "cookie" and path[-1] != "value"


def _is_digest(path: Path) -> bool:
    """Whether a value is named as one that is computed of something else."""
    names = [part for part in path if isinstance(part, str)]
    return len(names) > 1 and _DIGEST.search(names[-1]) is not None
