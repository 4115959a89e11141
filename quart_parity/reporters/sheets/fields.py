"""Header fields side by side; pure."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest

from ...exchange import Headers, header_values
from ...paths import Path
from .named import Named
from .rows import Draft, Texts, each


def fields(
    both: tuple[Headers, Headers], above: Path, named: Named, marked: bool = False
) -> Iterator[Draft]:
    """Field by field, in the order of the reference; *above* is the path that leads to them.

    *marked* shows what is unequal where nothing is called a difference.
    """
    ours, theirs = both
    spelled = {name.lower(): name for name, _ in reversed([*ours, *theirs])}
    for name in dict.fromkeys(name.lower() for name, _ in (*ours, *theirs)):
        label = named.masker.text(spelled[name])
        pairs = list(zip_longest(header_values(ours, name), header_values(theirs, name)))
        alike = all(one == other for one, other in pairs)
        for at, (one, other) in enumerate(pairs):
            path = (*above, name)
            differs = named.covers((*path, at)) and (alike or one != other)
            texts = _texts(one, other, (*path, at), named)
            yield Draft(label, texts, differs, marked=marked and one != other)


def _texts(one: str | None, other: str | None, path: Path, named: Named) -> Texts:
    """*path* is that of one of the fields of a name, of which there may be just one."""
    difference = named.by_path.get(path) or named.by_path.get(path[:-1])
    if difference and difference.reference == one and isinstance(difference.candidate, str):
        # With the reference's tokens in place of the candidate's own.
        other = difference.candidate
    name = str(path[-2])
    return each(lambda value: named.masker.field(name, value), (one, other))
