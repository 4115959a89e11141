"""Pairs of values, one made up by each side: learned once, and the same ever after."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from .aspects.sessions import read_session
from .exchange import Exchange, header_values
from .generated import Form, are_apart, form, form_of_both
from .report import Pair
from .sessions import Keyring

REMEMBERED = 50_000
"""Pairs of earlier scenarios that a run keeps at most."""

_NOTHING = object()
_PIECE = re.compile("[A-Za-z0-9]{4,}")


@dataclass(slots=True)
class Known:
    """The pairs of the scenarios so far: one side's value must not be many of the other's.

    One for a run. Bounded: the oldest are forgotten.
    """

    forward: dict[str, str] = field(default_factory=dict)
    backward: dict[str, str] = field(default_factory=dict)
    last: dict[str, Pair] = field(default_factory=dict)
    """The latest pair of each place."""

    def add(self, pairs: Iterable[Pair]) -> None:
        for pair in pairs:
            self.forward[pair.reference] = pair.candidate
            self.backward[pair.candidate] = pair.reference
            self.last.pop(pair.place, None)
            self.last[pair.place] = pair
        for kept in (self.forward, self.backward, self.last):
            while len(kept) > REMEMBERED:
                del kept[next(iter(kept))]


@dataclass(frozen=True, slots=True)
class Part:
    """One side's part in a scenario, to see what else it sent."""

    exchanges: Sequence[Exchange]
    keys: Keyring

    def pieces(self) -> set[str]:
        """Every word of what was sent either way."""
        return set(_PIECE.findall("\n".join(self._texts())))

    def _texts(self) -> Iterator[str]:
        for exchange in self.exchanges:
            request, response = exchange.request, exchange.response
            yield request.target
            yield b"".join(request.chunks).decode("latin-1")
            yield from (value for _, value in request.headers)
            if response is not None:
                yield from (value for _, value in response.headers)
                yield response.body.decode("latin-1")
                if header_values(response.headers, "set-cookie"):
                    yield repr(read_session(exchange, self.keys))


class Pairs:
    """The pairs of one scenario, that is, of one client."""

    def __init__(self, known: Known, parts: Callable[[], tuple[Part, Part]]) -> None:
        self._known = known
        self._both = parts
        self._forward: dict[str, str] = {}
        self._backward: dict[str, str] = {}
        self._signed: dict[str, str] = {}
        self._forms: dict[str, Form] = {}
        self._last: dict[str, Pair] = {}
        self._seen: dict[Pair, None] = {}
        self._learned: list[tuple[dict[Any, Any], Any, Any]] = []

    @property
    def seen(self) -> tuple[Pair, ...]:
        """Every pair at every place where it was met."""
        return tuple(self._seen)

    def match(self, place: str, ours: str, theirs: str) -> bool | None:
        """Whether two values correspond; None where they do not look as if they ever could.

        Where neither is known, they do from now on.
        """
        for forward, backward in (
            (self._forward, self._backward),
            (self._known.forward, self._known.backward),
        ):
            if ours in forward or theirs in backward:
                return self._keep(place, ours, theirs, forward.get(ours) == theirs)
        if (found := self._form(place, ours, theirs)) is None:
            return None
        if self._is_shared(ours, theirs) or self._is_foretold(place, ours, theirs):
            return False
        self._learn(self._forms, place, found)
        self._learn(self._forward, ours, theirs)
        self._learn(self._backward, theirs, ours)
        self._learn(self._last, place, Pair(place, ours, theirs))
        return self._keep(place, ours, theirs, True)

    def _keep(self, place: str, ours: str, theirs: str, fits: bool) -> bool:
        if fits:
            self._learn(self._seen, Pair(place, ours, theirs), None)
        return fits

    def known(self, theirs: str) -> str | None:
        """The reference's value for one of the candidate's."""
        for backward in (self._backward, self._known.backward, self._signed):
            if theirs in backward:
                return backward[theirs]
        return None

    def note_signed(self, ours: str, theirs: str) -> None:
        """Keep two that say the same for showing; signed anew, each can be another next time."""
        self._learn(self._signed, theirs, ours)

    def mark(self) -> int:
        """How much is learned up to now, for `undo`."""
        return len(self._learned)

    def undo(self, mark: int) -> None:
        """Forget what was learned since."""
        while len(self._learned) > mark:
            where, name, before = self._learned.pop()
            if before is _NOTHING:
                del where[name]
            else:
                where[name] = before

    def _learn(self, where: dict[Any, Any], name: Any, value: Any) -> None:
        before = where.get(name, _NOTHING)
        if before != value:
            self._learned.append((where, name, before))
            where[name] = value

    def _form(self, place: str, ours: str, theirs: str) -> Form | None:
        last = self._before(place)
        usual = self._forms.get(place) or (last and form_of_both(last.reference, last.candidate))
        looks_it = (form(ours, False) or form(theirs, False)) and are_apart(ours, theirs)
        again = usual.of_both(ours, theirs) if usual and looks_it else None
        return again or form_of_both(ours, theirs)

    def _before(self, place: str) -> Pair | None:
        return self._last.get(place) or self._known.last.get(place)

    def _is_foretold(self, place: str, ours: str, theirs: str) -> bool:
        """Whether on just one side a value is much like the one before."""
        last = self._before(place)
        return last is not None and _alike(last.reference, ours) != _alike(last.candidate, theirs)

    @cached_property
    def _parts(self) -> tuple[Part, Part]:
        return self._both()

    @cached_property
    def _pieces(self) -> tuple[set[str], set[str]]:
        ours, theirs = self._parts
        return ours.pieces(), theirs.pieces()

    def _is_shared(self, ours: str, theirs: str) -> bool:
        """Whether a value stands on the other side as well: then it is not one side's own."""
        own, other = self._pieces
        return _made_of(ours, other) or _made_of(theirs, own)

    @cached_property
    def share_a_key(self) -> bool:
        """Whether both sides sign with the same key, so that equal contents are signed alike."""
        ours, theirs = (part.keys.own.keys for part in self._parts)
        return not ours.isdisjoint(theirs)


def _made_of(text: str, pieces: set[str]) -> bool:
    return all(piece in pieces for piece in _PIECE.findall(text))


def _alike(one: str, other: str) -> bool:
    """Whether two values of a place have half of their characters in common, one by one."""
    return 2 * sum(a == b for a, b in zip(one, other, strict=False)) >= len(one)
