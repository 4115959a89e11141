"""The one generic diff."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from operator import itemgetter
from typing import Any

from .aspects import ASPECTS, WITHOUT_RESPONSE
from .exchange import Exchange, Headers
from .paths import Label, Part, Path
from .sessions import Keyring
from .values import MISSING, Variants

Found = tuple[Path, Any, Any]
"""A path with the reference's and the candidate's value."""

_first = itemgetter(0)


def compare(
    reference: Exchange, candidate: Exchange, reference_keys: Keyring, candidate_keys: Keyring
) -> list[Found]:
    """Every value that two exchanges do not share."""
    if are_same(reference, candidate):
        return []
    answered = reference.response is not None and candidate.response is not None
    found: list[Found] = []
    if reference.broken and reference.broken == candidate.broken:
        # Two that break alike are no two that work: nobody has seen them answer.
        found.append((("broken",), reference.broken, candidate.broken))
    for name in ASPECTS if answered else WITHOUT_RESPONSE:
        read = ASPECTS[name]
        values = read(reference, reference_keys), read(candidate, candidate_keys)
        found += diff(*values, (name,))
    return found


def are_same(reference: Exchange, candidate: Exchange) -> bool:
    """Whether the bytes are the same, so that nothing need be parsed, and no key known."""
    ours, theirs = reference.response, candidate.response
    if ours is None or theirs is None or reference.raised or candidate.raised:
        return False
    return (
        ours.status == theirs.status
        and ours.body == theirs.body
        and _fields(ours.headers) == _fields(theirs.headers)
        and not (reference.broken or candidate.broken)
    )


def _fields(headers: Headers) -> Headers:
    """By name, the order within each kept."""
    return tuple(sorted([(name.lower(), value) for name, value in headers], key=_first))


def diff(reference: Any, candidate: Any, path: Path) -> Iterator[Found]:
    """Walk two plain values side by side, depth first, without recursion.

    Values of two types differ even where Python calls them equal: 1, 1.0 and True are three
    things in JSON, and a tuple that comes back as a list is a lost session type.
    """
    stack: list[Found] = [(path, reference, candidate)]
    while stack:
        at, ours, theirs = stack.pop()
        if isinstance(ours, Variants) or isinstance(theirs, Variants):
            stack += reversed(_variants(at, ours, theirs))
        elif type(ours) is type(theirs) and isinstance(ours, dict | list | tuple):
            stack += reversed(_children(at, ours, theirs))
        elif not _equal(ours, theirs):
            yield at, ours, theirs


def _variants(path: Path, ours: Any, theirs: Any) -> list[Found]:
    """A side without the name has no variants of it."""
    ours, theirs = ours or {}, theirs or {}
    if len(ours) <= 1 and len(theirs) <= 1:
        one, other = (next(iter(side.values()), MISSING) for side in (ours, theirs))
        return [(path, one, other)]
    return _items(path, ours, theirs, Label)


def _children(path: Path, ours: Any, theirs: Any) -> list[Found]:
    if isinstance(ours, dict):
        return _items(path, ours, theirs, str)
    return _items(path, dict(enumerate(ours)), dict(enumerate(theirs)), int)


def _items(path: Path, ours: Any, theirs: Any, part: Callable[[Any], Part]) -> list[Found]:
    return [
        ((*path, part(key)), ours.get(key, MISSING), theirs.get(key, MISSING))
        for key in dict.fromkeys([*ours, *theirs])
    ]


def _equal(ours: Any, theirs: Any) -> bool:
    if type(ours) is not type(theirs):
        return False
    # NaN is not equal to itself, and -0.0 is to 0.0: what is written is what counts.
    return repr(ours) == repr(theirs) if isinstance(ours, float) else bool(ours == theirs)
