"""Masks with numbers, which tell equal values from unequal ones."""

from __future__ import annotations

import re
from hashlib import blake2b

MASK = re.compile(r"<masked \d+>|<application key>")
"""Any mask."""
_REMEMBERED = 100_000
"""Values whose number is known, so that a long run needs no more memory than a short one."""


def written(value: object) -> str:
    """As Python writes it; an application's own class may fail to be."""
    try:
        return repr(value)
    except Exception as error:
        return f"<{type(value).__name__}, whose repr raised {type(error).__name__}>"


class Numbers:
    """Numbers values in the order in which they come."""

    def __init__(self) -> None:
        self._known: dict[bytes, str] = {}
        self._count = 0

    def mask(self, value: object) -> str:
        """The mask of *value*, by its type as well: text and bytes are two values."""
        digest = blake2b(written(value).encode("utf-8", "surrogatepass"), digest_size=16).digest()
        if digest not in self._known:
            if len(self._known) >= _REMEMBERED:
                del self._known[next(iter(self._known))]
            self._count += 1
            self._known[digest] = f"<masked {self._count}>"
        return self._known[digest]
