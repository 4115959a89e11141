"""What is told of a cause: its title, how bad it is, and how to mend it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ...report import PORT
from .details import UNKNOWN

_SENTENCE = re.compile(r"(?<=[^.][.!?])\s+(?=[A-Z`])")
_OWN = "No known divergence does this: it is the port's own"
_UNKNOWN = "What causes this was not found out"


@dataclass(frozen=True, slots=True)
class Cause:
    """Texts in Markdown; empty where there is nothing to say."""

    code: str
    title: str
    severity: str = ""
    by_compat: str = ""
    by_hand: str = ""

    @property
    def mend(self) -> str:
        """Both ways in one line."""
        compat = f"`quart_parity.compat`: {self.by_compat}" if self.by_compat else ""
        return " ".join(filter(None, [compat, f"By hand: {self.by_hand}" if self.by_hand else ""]))


def cause(code: str) -> Cause:
    """Of the divergence, or of `PORT` and `UNKNOWN`."""
    if code in (PORT, UNKNOWN):
        return Cause(code, _OWN if code == PORT else _UNKNOWN)
    # Whoever finds no cause does not wait for the catalogue.
    from ...divergences import DIVERGENCES

    entry = DIVERGENCES[code]
    mends = not entry.intended or entry.opt_in
    switched = f'Switched on with `FLASK_COMPAT = {{"{code}": True}}`: ' if entry.opt_in else ""
    return Cause(
        code,
        entry.title,
        entry.severity,
        switched + _first_sentence(entry.by_compat) if mends else "",
        " ".join(entry.by_hand.split()),
    )


def _first_sentence(text: str) -> str:
    return _SENTENCE.split(" ".join(text.split()), maxsplit=1)[0]
