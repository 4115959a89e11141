"""Two nested values, branch beside branch; pure."""

from __future__ import annotations

from collections.abc import Iterator
from json import dumps
from typing import Any

from ...paths import Part, Path
from ...values import MISSING
from .named import Named
from .rows import Draft

_BRACKETS = ((dict, "{", "}"), (list, "[", "]"), (tuple, "(", ")"))
_CONTAINERS = (dict, list, tuple)
_JSON = (type(None), bool, int, float, str)


def tree(path: Path, both: tuple[Any, Any], named: Named) -> Iterator[Draft]:
    """One row a value, in the order of the reference; without recursion, however deep it is.

    Paths are those of the values as they were sent: two keys that are masked alike stay two.
    """
    above = named.above(path)
    stack: list[tuple[Path, str, Any, Any]] = [(path, "", *both)]
    while stack:
        at, label, *raw = stack.pop()
        one, other = _shown(at, raw[0], raw[1], named)
        is_leaf = not (isinstance(one, _CONTAINERS) and isinstance(other, _CONTAINERS))
        differs = named.covers(at) or (is_leaf and at in above)
        texts = _spelled(one, raw[0], named), _spelled(other, raw[1], named)
        yield Draft(named.masker.text(label), texts, differs, len(at) - len(path))
        stack += reversed(list(_children(at, one, other)))


def _shown(path: Path, ours: Any, theirs: Any, named: Named) -> tuple[Any, Any]:
    """Leaves masked; containers as they are, unless their name is a secret."""
    told = named.by_path.get(path)
    if told and type(ours) is type(theirs) is type(told.candidate) is str is type(told.reference):
        # With the reference's tokens in place of the candidate's own.
        theirs = told.candidate if told.reference == ours else theirs
    name = path[-1]
    hidden = len(path) > 1 and isinstance(name, str) and named.masker.is_secret(name)
    one, other = (
        value
        if value is MISSING or (isinstance(value, _CONTAINERS) and not hidden)
        else named.masker.value(path, value)
        for value in (ours, theirs)
    )
    return one, other


def _children(path: Path, ours: Any, theirs: Any) -> Iterator[tuple[Path, str, Any, Any]]:
    one, other = _items(ours), _items(theirs)
    # An object's keys are no positions: the members of an array stand below them.
    for part in dict.fromkeys([*one, *other]):
        label = part if isinstance(part, str) else f"[{part}]"
        yield (*path, part), label, one.get(part, MISSING), other.get(part, MISSING)


def _items(value: Any) -> dict[Part, Any]:
    if isinstance(value, dict):
        return {str(key): inner for key, inner in value.items()}
    return dict(enumerate(value)) if isinstance(value, list | tuple) else {}


def _spelled(value: Any, raw: Any, named: Named) -> str | None:
    """JSON's own values as JSON writes them, all else as Python does; *raw* is not masked."""
    if value is MISSING:
        return None
    for kind, opening, closing in _BRACKETS:
        if isinstance(value, kind):
            count = len(value)
            inside = f" {count} item{'' if count == 1 else 's'} " if count else ""
            return opening + inside + closing
    if type(value) not in _JSON:
        return str(named.masker.text(repr(value)))
    written = dumps(value, ensure_ascii=False)
    if isinstance(raw, str) and type(raw) is not str:
        return str(named.masker.text(f"{type(raw).__name__}({written})"))
    is_written = type(value) is str and not isinstance(raw, (*_JSON, *_CONTAINERS))
    return value if is_written else written
