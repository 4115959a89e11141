"""What aspects read: plain values, and two marks that plain values lack."""

from __future__ import annotations

from enum import Enum
from typing import Any, Literal


class Missing(Enum):
    """The value of a side that has none; apart from None, which JSON and sessions know."""

    MISSING = "missing"

    def __bool__(self) -> Literal[False]:
        return False


MISSING = Missing.MISSING


class Variants(dict[str, Any]):
    """Several values of one name, by the label that tells them apart.

    Where neither side has more than one, there is nothing to tell apart, and they are compared
    under the name itself.
    """

    def add(self, label: str, value: Any) -> None:
        """Keep a value; the second one with a label is ``label#2``, so that the order counts."""
        count, name = 1, label
        while name in self:
            count += 1
            name = f"{label}#{count}"
        self[name] = value
