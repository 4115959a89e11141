"""The exchanges of a run on their way to a page: on the disk, since nobody knows how many come.

They are kept as they are: what is to be masked is known when the run is over.
"""

from __future__ import annotations

import pickle
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timezone
from functools import lru_cache
from io import BytesIO
from tempfile import TemporaryFile
from types import BuiltinFunctionType, FunctionType, NoneType
from typing import IO, Any

from ...report import Compared, Difference, Result
from ...scenario import Scenario
from ...values import Variants
from ..groups import cause_of, rank

DIFFERING = 10_000
"""Exchanges that a page shows of those that differ."""
SAME = 10_000
"""Exchanges that it shows of those that do not."""
_ACCEPTED = 2_000
_SAME = 3_000
_DEPTH = 100
_LONGEST = 2_000
"""Characters kept of what Python writes of a value that is not held itself."""
_OWN = {"builtins", "copyreg", "datetime", "decimal", "msgspec", "quart_parity", "uuid"}
"""Modules of which values are held as they are, and by which they are made again."""
_Place = tuple[int, int]
"""Where something stands in the file, and its length."""


@dataclass(frozen=True, slots=True)
class Item:
    """One exchange with all that a page says of it."""

    scenario: str
    differences: tuple[Difference, ...]
    compared: Compared | None
    """None of what no request showed, such as a rule of the URL map."""
    played: Scenario | None

    @property
    def first(self) -> Compared | Difference:
        """What knows where it was."""
        return self.compared or self.differences[0]

    @property
    def request(self) -> int:
        return self.first.request

    @property
    def method(self) -> str:
        return self.compared.reference.request.method if self.compared else self._told.method

    @property
    def target(self) -> str:
        return self.compared.reference.request.target if self.compared else self._told.target

    @property
    def route(self) -> str:
        """``METHOD RULE``."""
        return f"{self.method} {self.first.route or self.target}".strip()

    @property
    def open(self) -> int:
        """Differences that are not accepted."""
        return sum(one.accepted is None for one in self.differences)

    @property
    def _told(self) -> Difference:
        return self.differences[0]


def items(result: Result, every: bool) -> Iterator[Item]:
    """The exchanges of a scenario that differ, in their order; all where *every* is asked for."""
    found: dict[tuple[int, str, str], list[Difference]] = {}
    for one in result.differences:
        found.setdefault((one.request, one.method, one.target), []).append(one)
    for compared in result.compared:
        request = compared.reference.request
        its = found.pop((compared.request, request.method, request.target), [])
        if its or every:
            yield Item(result.scenario, tuple(its), compared, result.played)
    for its in found.values():
        yield Item(result.scenario, tuple(its), None, result.played)


@dataclass(slots=True)
class Spool:
    """Takes exchanges in the order played, and gives them back the worst first."""

    left_out: int = 0
    """Exchanges that were too many."""
    _opened: IO[bytes] | None = None
    _places: list[tuple[int, _Place, _Place]] = field(default_factory=list)
    """Rank, exchange and scenario of each."""
    _counts: dict[bool, int] = field(default_factory=lambda: {True: 0, False: 0})
    _scenario: tuple[Scenario | None, _Place] = (None, (0, 0))

    def __len__(self) -> int:
        return len(self._places)

    def add(self, item: Item) -> None:
        differs = bool(item.differences)
        if self._counts[differs] >= (DIFFERING if differs else SAME):
            self.left_out += 1
            return
        self._counts[differs] += 1
        if item.played is not self._scenario[0] or not self._places:
            self._scenario = item.played, self._write(item.played)
        place = self._write(replace(item, played=None))
        self._places.append((worst(item.differences), place, self._scenario[1]))

    def items(self) -> Iterator[Item]:
        """All of them, by the worst that was found in each; what is alike in the order played."""
        read = lru_cache(maxsize=16)(self._read)
        for _, place, scenario in sorted(self._places):
            item: Item = self._read(place)
            yield replace(item, played=read(scenario))

    def close(self) -> None:
        if self._opened is not None:
            self._opened.close()

    @property
    def _file(self) -> IO[bytes]:
        """Opened where anything is kept."""
        if self._opened is None:
            self._opened = TemporaryFile()  # noqa: SIM115 - `close` closes it
        return self._opened

    def _write(self, value: Item | Scenario | None) -> _Place:
        packed = zlib.compress(_pickled(value), 1)
        at = self._file.seek(0, 2)
        self._file.write(packed)
        return at, len(packed)

    def _read(self, place: _Place) -> Any:
        self._file.seek(place[0])
        packed = self._file.read(place[1])
        # A file without a name, into which nobody else can write.
        return pickle.loads(zlib.decompress(packed))  # noqa: S301


def worst(differences: tuple[Difference, ...]) -> int:
    """Less is worse; first what nobody has accepted."""
    ranks = [rank(cause_of(one))[0] for one in differences if one.accepted is None]
    return min(ranks, default=_ACCEPTED if differences else _SAME)


def _pickled(value: Item | Scenario | None) -> bytes:
    try:
        return _dumped(value)
    except RecursionError:
        # A session may be nested as deeply as its application likes; so may a configuration.
        return _dumped(_told(value) if isinstance(value, Item) else None)


def _dumped(value: Any) -> bytes:
    file = BytesIO()
    _Pickler(file, pickle.HIGHEST_PROTOCOL).dump(value)
    return file.getvalue()


class _Pickler(pickle.Pickler):
    """Writes only what is read back without a module of an application: a session may hold
    whatever its application can make, of which the text that Python writes is kept."""

    def reducer_override(self, value: Any) -> Any:
        if _is_own(value):
            return NotImplemented
        if isinstance(value, dict):
            return dict, (dict(dict.items(value)),)
        return Told, (_repr(value),)


def _is_own(value: Any) -> bool:
    if isinstance(value, datetime | time) and type(value.tzinfo) not in (NoneType, timezone):
        return False
    named = isinstance(value, type | FunctionType | BuiltinFunctionType)
    module = (value if named else type(value)).__module__
    return str(module).partition(".")[0] in _OWN


def _repr(value: Any) -> str:
    try:
        text = repr(value)
    except Exception:
        text = object.__repr__(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}… ({len(text)} characters)"


class Told(str):
    """What Python says of a value that nobody else can hold."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


def _told(item: Item) -> Item:
    compared = item.compared
    if compared is not None:
        ours, theirs = compared.sessions
        compared = replace(compared, sessions=(_holdable(ours), _holdable(theirs)))
    differences = tuple(
        replace(one, reference=_holdable(one.reference), candidate=_holdable(one.candidate))
        for one in item.differences
    )
    return replace(item, compared=compared, differences=differences)


def _holdable(value: Any, depth: int = 0) -> Any:
    if depth > _DEPTH:
        return Told("…")
    if isinstance(value, dict):
        kind = Variants if isinstance(value, Variants) else dict
        items = value.items()
        return kind({_holdable(key, depth + 1): _holdable(v, depth + 1) for key, v in items})
    if type(value) in (list, tuple):
        return type(value)([_holdable(inner, depth + 1) for inner in value])
    return value
