"""What a whole run came to, also of several processes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec import Struct, field, to_builtins
from msgspec import convert as to_struct

from ..divergences import DIVERGENCES, SEVERITIES
from ..report import PORT
from .course import Course

_ROUTES = 20
"""Routes that are told; all are counted."""


class Summary(Struct):
    """Counts, as they are sent from one process to another."""

    exchanges: int = 0
    tests: int = 0
    """Tests that sent anything."""
    count: int = 0
    """Differences that are not accepted."""
    accepted: int = 0
    causes: dict[str, int] = field(default_factory=dict)
    alone: int = 0
    """Tests that failed by a difference, and by nothing else."""
    excused: int = 0
    """Tests that differ and did not fail."""
    unasked: int = 0
    """Tests in which the port could not be asked."""
    reached: dict[str, int] = field(default_factory=dict)
    """Of each method and rule, how often it was asked."""
    used: list[tuple[str, str]] = field(default_factory=list)
    given: list[tuple[str, str]] = field(default_factory=list)
    """Accept entries, pattern and reason."""

    def add(self, other: Summary) -> None:
        self.exchanges += other.exchanges
        self.tests += other.tests
        self.count += other.count
        self.accepted += other.accepted
        self.alone += other.alone
        self.excused += other.excused
        self.unasked += other.unasked
        for counts, more in ((self.causes, other.causes), (self.reached, other.reached)):
            for name, count in more.items():
                counts[name] = counts.get(name, 0) + count
        self.used += other.used
        self.given += other.given

    def count_test(self, course: Course) -> None:
        """A test is over."""
        self.tests += course.sent
        self.alone += course.failed_alone
        self.excused += course.is_excused
        self.unasked += course.unasked

    def sent(self) -> Any:
        return to_builtins(self)

    @classmethod
    def received(cls, data: Any) -> Summary:
        return to_struct(data, cls)

    def lines(self) -> Iterator[str]:
        if not self.tests:
            yield "nothing was mirrored: no test sent a request with a Flask test client"
            return
        yield from self._counts()
        yield from self._routes()
        yield from self._stale()

    def _counts(self) -> Iterator[str]:
        yield (
            f"{_number(self.exchanges, 'exchange')} of {_number(self.tests, 'test')} mirrored,"
            f" {_number(self.count, 'difference')}"
            + (f" ({self.accepted} accepted)" if self.accepted else "")
        )
        for code in sorted(self.causes, key=_badness):
            title = "the port itself" if code == PORT else DIVERGENCES[code].title
            yield f"  {code:5} {self.causes[code]:5}  {title}"
        if self.alone:
            yield f"{_number(self.alone, 'test')} failed by a difference alone"
        if self.excused:
            differ = "test differs" if self.excused == 1 else "tests differ"
            yield f"{self.excused} {differ} without failing: skipped, or expected to fail"
        if self.unasked:
            yield f"the port could not be asked in {_number(self.unasked, 'test')}"

    def _stale(self) -> Iterator[str]:
        used = set(map(tuple, self.used))
        for pattern, _ in dict.fromkeys(map(tuple, self.given)):
            if not any(pattern == one for one, _ in used):
                yield f"note: accept {pattern!r} covered nothing in this run"

    def _routes(self) -> Iterator[str]:
        never = [name for name, count in self.reached.items() if not count]
        if not self.reached:
            return
        yield f"{len(self.reached) - len(never)} of {_number(len(self.reached), 'route')} reached"
        for name in never[:_ROUTES]:
            yield f"  never: {name}"
        if len(never) > _ROUTES:
            yield f"  … and {len(never) - _ROUTES} more"


def _badness(code: str) -> tuple[int, str]:
    if code == PORT:
        return -1, code
    return SEVERITIES.index(DIVERGENCES[code].severity), code


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
