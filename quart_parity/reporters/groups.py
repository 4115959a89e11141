"""Differences in the order in which somebody mends them; pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ..places import route as spelled
from ..report import PORT, Difference

_OWN = "no known divergence does this: it is the port's own"
_UNKNOWN = "what causes this was not found out"


@dataclass(frozen=True, slots=True)
class Group:
    """The differences of one cause, worst group first."""

    code: str | None
    """Of the divergence; `PORT` for the port's own; None where no cause was found out."""
    title: str
    severity: str
    """Of the divergence; empty for the others."""
    differences: tuple[Difference, ...]

    @property
    def routes(self) -> tuple[str, ...]:
        """``METHOD RULE``, each once, in their order."""
        return tuple(dict.fromkeys(map(route_of, self.differences)))


def route_of(difference: Difference) -> str:
    """``METHOD RULE``; of URL maps, to which nothing is sent, the rule alone."""
    rule = difference.route or spelled(difference.target)
    return f"{difference.method} {rule}".strip()


def groups(differences: Iterable[Difference]) -> list[Group]:
    """By cause. One that several divergences cause together stands with the worst of them.

    Accepted ones are in no group.
    """
    found: dict[str | None, list[Difference]] = {}
    for one in differences:
        if one.accepted is None:
            found.setdefault(cause_of(one), []).append(one)
    made = [_group(code, tuple(members)) for code, members in found.items()]
    return sorted(made, key=lambda group: rank(group.code))


def cause_of(difference: Difference) -> str | None:
    """The worst of its codes; `PORT`, or None where nobody found out."""
    if difference.divergences is None:
        return None
    return min(difference.divergences, key=rank) if difference.divergences else PORT


def rank(code: str | None) -> tuple[int, str]:
    """Less is worse: by severity, then the port's own, then what has no known cause."""
    if code is None or code == PORT:
        return (1_000 if code else 1_001, "")
    # Whoever finds no cause does not wait for the catalogue.
    from ..divergences import DIVERGENCES, SEVERITIES

    return SEVERITIES.index(DIVERGENCES[code].severity), code


def _group(code: str | None, differences: tuple[Difference, ...]) -> Group:
    if code is None or code == PORT:
        return Group(code, _OWN if code else _UNKNOWN, "", differences)
    from ..divergences import DIVERGENCES

    entry = DIVERGENCES[code]
    return Group(code, entry.title, entry.severity, differences)
