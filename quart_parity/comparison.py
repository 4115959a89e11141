"""The one generic diff."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from operator import itemgetter
from typing import Any

from .aspects import ASPECTS, IN_PROCESS, ON_THE_WIRE, WITHOUT_RESPONSE
from .aspects.headers import SERVERS
from .exchange import BROKE_OFF, Exchange, Headers, Wire, header_values
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
    found: list[Found] = []
    aspects = _aspects(reference, candidate)
    if "broken" in aspects and reference.broken and reference.broken == candidate.broken:
        # Two that break alike are no two that work: nobody has seen them answer.
        found.append((("broken",), reference.broken, candidate.broken))
    if _is_mixed(reference, candidate):
        reference, candidate = _in_common(reference), _in_common(candidate)
    for name in aspects:
        read = ASPECTS[name]
        values = read(reference, reference_keys), read(candidate, candidate_keys)
        found += diff(*values, (name,))
    return found


def _aspects(reference: Exchange, candidate: Exchange) -> list[str]:
    """Those in which both sides can be read, and tell of their applications."""
    both = reference, candidate
    answered = all(exchange.response is not None for exchange in both)
    left_out = set[str]()
    if _is_mixed(*both):
        left_out.update(IN_PROCESS, ON_THE_WIRE)
    if answered and all(_breaks_off(exchange, _is_mixed(*both)) for exchange in both):
        left_out |= _broken_off(*both)
    return [name for name in (ASPECTS if answered else WITHOUT_RESPONSE) if name not in left_out]


def _breaks_off(exchange: Exchange, mixed: bool) -> bool:
    """Whether the answer ends too early, since its application failed.

    In a mixed pair each side tells one of these: nobody knows what somebody else's server raised,
    and in process an answer ends where its application does.
    """
    ends_early = (exchange.broken or "").startswith(BROKE_OFF)
    if not mixed:
        return ends_early and exchange.raised is not None
    return ends_early if exchange.wire else exchange.raised is not None and _is_cut(exchange)


def _is_cut(exchange: Exchange) -> bool:
    """Whether the body may have lacked something, for all that its length tells."""
    if exchange.broken or exchange.response is None:
        return False
    told = header_values(exchange.response.headers, "content-length")
    return told != [str(len(exchange.response.body))]


def _broken_off(reference: Exchange, candidate: Exchange) -> set[str]:
    """What is the servers' where both applications failed while they answered.

    How it is told that the rest will not come depends on the framing, and how much of what was
    sent by then still comes through on the server.
    """
    bodies = [exchange.response.body for exchange in (reference, candidate) if exchange.response]
    shorter, longer = sorted(bodies, key=len)
    return {"broken", "body"} if longer.startswith(shorter) else {"broken"}


def _is_mixed(reference: Exchange, candidate: Exchange) -> bool:
    return (reference.wire is None) != (candidate.wire is None)


def _in_common(exchange: Exchange) -> Exchange:
    """Without what a server sets itself, whoever set it here, and what only this process tells."""
    exchange = replace(exchange, unawaited=())
    response = exchange.response
    if response is None:
        return exchange
    fields = tuple(field for field in response.headers if field[0].lower() not in SERVERS)
    return replace(exchange, response=replace(response, headers=fields))


def are_same(reference: Exchange, candidate: Exchange) -> bool:
    """Whether the bytes are the same, so that nothing need be parsed, and no key known."""
    ours, theirs = reference.response, candidate.response
    if ours is None or theirs is None or reference.raised or candidate.raised:
        return False
    if reference.unawaited or candidate.unawaited:
        return False
    if ours.status != theirs.status or ours.body != theirs.body:
        return False
    if reference.broken or candidate.broken:
        return False
    if reference.wire is None and candidate.wire is None:
        return _fields(ours.headers) == _fields(theirs.headers)
    return _applications(ours.headers) == _applications(theirs.headers) and _around(
        reference.wire
    ) == _around(candidate.wire)


def _fields(headers: Headers) -> Headers:
    """By name, the order within each kept."""
    return tuple(sorted([(name.lower(), value) for name, value in headers], key=_first))


def _applications(headers: Headers) -> Headers:
    """The same without what is the server's."""
    return tuple(field for field in _fields(headers) if field[0] not in SERVERS)


def _around(wire: Wire | None) -> object:
    """What the wire carried beside the response; nothing of it in process."""
    return (wire.interim, wire.trailers) if wire else ((), ())


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
