"""What of an exchange is called a difference; pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ...masks import Masker
from ...paths import Label, Path
from ...report import Difference
from ...values import MISSING, Variants


@dataclass(frozen=True, slots=True)
class Named:
    """The differences of one exchange by their paths.

    Bytes that are unequal and not named here, as a date or a token of each side's own, are the
    same for whoever compares.
    """

    masker: Masker
    by_path: dict[Path, Difference]

    @classmethod
    def of(cls, differences: Iterable[Difference], masker: Masker) -> Named:
        return cls(masker, {one.parts: one for one in differences})

    def covers(self, path: Path) -> bool:
        """Whether the value at *path*, or one that it is part of, is a difference."""
        return any(path[:length] in self.by_path for length in range(1, len(path) + 1))

    def texts(self, path: Path) -> tuple[str, str] | None:
        """Both texts at *path*, in which the candidate's own tokens are the reference's."""
        one = self.by_path.get(path)
        if one is None or type(one.reference) is not str or type(one.candidate) is not str:
            return None
        ours, theirs = (self.masker.value(path, value) for value in (one.reference, one.candidate))
        return str(ours), str(theirs)

    def above(self, path: Path) -> set[Path]:
        """The branches from *path* down that lead to a difference."""
        return {
            one.parts[:length]
            for one in self.below(path)
            for length in range(len(path), len(one.parts))
        }

    def below(self, path: Path) -> list[Difference]:
        """The differences at *path* and inside of it."""
        return [one for parts, one in self.by_path.items() if parts[: len(path)] == path]


def variants(path: Path, ours: Variants, theirs: Variants) -> list[tuple[str, Path, Any, Any]]:
    """What tells each variant from the others, its path, and what each side has of it.

    Named as the comparison names them: where neither side has two there is nothing to tell apart.
    """
    if len(ours) <= 1 and len(theirs) <= 1:
        one, other = (next(iter(side.values()), MISSING) for side in (ours, theirs))
        return [] if one is other is MISSING else [("", path, one, other)]
    return [
        (
            f"{{{label}}}",
            (*path, Label(label)),
            ours.get(label, MISSING),
            theirs.get(label, MISSING),
        )
        for label in dict.fromkeys([*ours, *theirs])
    ]
