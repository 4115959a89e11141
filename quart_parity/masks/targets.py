"""Secrets in the paths of targets, whose names stand in the rule that matched."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from urllib.parse import quote, unquote

from .bodies import Masks

_VARIABLE = re.compile(
    r"<(?:(?P<converter>[a-zA-Z_]\w{0,99})(?:\(.{0,999}?\))?:)?(?P<name>[a-zA-Z_]\w{0,99})>"
)
_MARK, _PATH = "\0", "\1"
_SEGMENT = re.compile("[^/]+")


def masked(target: str, rule: str, masks: Masks) -> str:
    """The target with the secret variables of *rule* masked, as it is where the two do not fit.

    Segments are counted from the end: an application may be mounted anywhere. What a variable
    that takes slashes is in, and what is before it, cannot be told so.
    """
    path = re.match("[^?#]*", target)
    names = [found["name"] for found in _VARIABLE.finditer(rule)]
    if path is None or not any(map(masks.is_secret, names)):
        return target
    shown = target
    for found, segment, own in _aligned(path[0], rule, names):
        before, after = segment[: segment.index(_MARK)], segment[segment.rindex(_MARK) + 1 :]
        text = unquote(found[0])
        if not (text.startswith(before) and text.endswith(after)):
            before = after = ""
        value = text[len(before) : len(text) - len(after)]
        if value and any(map(masks.is_secret, own)):
            begin, end = found.span()
            hidden = quote(before) + masks.hide(value) + quote(after)
            shown = shown[:begin] + hidden + shown[end:]
    return shown


def _aligned(
    path: str, rule: str, names: list[str]
) -> Iterator[tuple[re.Match[str], str, list[str]]]:
    """Each segment with variables, its rule and their names, the last one first."""
    marked = _VARIABLE.sub(lambda one: _PATH if one["converter"] == "path" else _MARK, rule)
    ours, theirs = list(_SEGMENT.finditer(path)), _SEGMENT.findall(marked)
    if len(theirs) > len(ours):
        return
    last = reversed(names)
    for found, segment in zip(reversed(ours), reversed(theirs), strict=False):
        if _PATH in segment:
            return
        if _MARK in segment:
            yield found, segment, list(islice(last, segment.count(_MARK)))
