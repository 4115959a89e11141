"""Two URL maps compared: what one side lacks, and what its rules do otherwise; pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .judging import accepted, used
from .paths import Label, Path
from .report import Difference, Result
from .routes import Converter, Route
from .values import MISSING

NAME = "URL map"
"""What the report calls the scenario, though nothing is sent."""

_VARIABLE = re.compile(r"<(?:[a-zA-Z_]\w*(?:\(.*?\))?:)?([a-zA-Z_]\w*)>")
_AUTOMATIC = {"HEAD", "OPTIONS"}
_Found = tuple[Path, Any, Any]
_USUAL = {"string": "default"}
"""Two names of one converter."""


@dataclass(frozen=True, slots=True)
class _Group:
    """The rules of one map for the same paths on the same host."""

    place: str
    """The host, if any, and the rule as the first one spells it."""
    shape: str
    """The same without the names of variables and what they take."""
    routes: tuple[Route, ...]

    @property
    def endpoints(self) -> frozenset[str]:
        return frozenset(route.endpoint for route in self.routes)

    @property
    def methods(self) -> list[str]:
        """Those of all rules together; a star where one takes any."""
        if any(not route.methods for route in self.routes):
            return ["*"]
        return sorted({method for route in self.routes for method in route.methods})

    def by_method(self) -> dict[str, Route]:
        """The rule that answers each method: the first that takes it."""
        found: dict[str, Route] = {}
        for route in self.routes:
            for method in route.methods or ["*"]:
                found.setdefault(method, route)
        views = {method: route for method, route in found.items() if method not in _AUTOMATIC}
        return views or found


def compare_maps(
    reference: Iterable[Route], candidate: Iterable[Route], accept: Mapping[str, str]
) -> Result:
    """Compare what the two maps take and how they name it.

    Rules are paired by the paths that they match, whatever their variables are called; one that is
    left on both sides is paired by its endpoint. The path of a difference is such as
    ``route."/cart/<int:id>".methods``, and its target the rule.
    """
    found = [
        difference
        for ours, theirs in _paired(_groups(reference), _groups(candidate))
        for difference in _compare(ours, theirs)
    ]
    differences = [
        Difference(
            *(NAME, 0, "", str(path[1]), path, a, b),
            accepted=accepted(accept, path),
            route=str(path[1]),
        )
        for path, a, b in found
    ]
    return Result(NAME, 0, tuple(differences), used=used(accept, differences))


def _groups(routes: Iterable[Route]) -> list[_Group]:
    found: dict[tuple[str, bool], list[Route]] = {}
    for route in routes:
        found.setdefault((_place(route, _shape(route.rule)), route.build_only), []).append(route)
    return [
        _Group(_place(same[0], same[0].rule), _shape(same[0].rule), tuple(same))
        for same in found.values()
    ]


def _shape(rule: str) -> str:
    return _VARIABLE.sub("<>", rule)


def _place(route: Route, rule: str) -> str:
    host = route.host or (f"{route.subdomain}." if route.subdomain else "")
    return f"//{host}{rule}" if host else rule


def _paired(
    reference: Sequence[_Group], candidate: Sequence[_Group]
) -> Iterator[tuple[_Group | None, _Group | None]]:
    """Each group with the other side's: of the same place, else of the same paths, else of the
    same name where no other has it; alone where there is none."""
    ours, theirs = list(reference), list(candidate)
    pairs: dict[int, _Group] = {}
    for key in (_by_place, _by_shape, _by_endpoints):
        for one in ours:
            fits = [other for other in theirs if key(other) == key(one)]
            rivals = [other for other in ours if id(other) not in pairs and key(other) == key(one)]
            if id(one) not in pairs and len(fits) == len(rivals) == 1:
                pairs[id(one)] = fits[0]
                theirs.remove(fits[0])
    yield from ((one, pairs.get(id(one))) for one in ours)
    yield from ((None, other) for other in theirs)


def _by_place(group: _Group) -> object:
    return _shape(group.place), group.routes[0].build_only


def _by_shape(group: _Group) -> object:
    return group.shape


def _by_endpoints(group: _Group) -> object:
    return group.endpoints


def _compare(ours: _Group | None, theirs: _Group | None) -> Iterator[_Found]:
    if ours is None or theirs is None:
        there = ours or theirs
        if there is not None:
            path: Path = ("route", there.place)
            yield path, _told(ours) if ours else MISSING, _told(theirs) if theirs else MISSING
        return
    path = ("route", ours.place)
    if _shape(ours.place) != _shape(theirs.place):
        yield (*path, "rule"), ours.place, theirs.place
    if ours.methods != theirs.methods:
        yield (*path, "methods"), ours.methods, theirs.methods
    if ours.routes[0].build_only != theirs.routes[0].build_only:
        built = ours.routes[0].build_only, theirs.routes[0].build_only
        yield (*path, "build_only"), *built
    yield from _compare_views(path, ours, theirs)


def _told(group: _Group) -> dict[str, Any]:
    """What the other side lacks, so that it can be found in the source."""
    return {"methods": group.methods, "endpoints": sorted(group.endpoints)}


def _compare_views(path: Path, ours: _Group, theirs: _Group) -> Iterator[_Found]:
    """Rules that answer the same method, each pair of them once."""
    mine, others = ours.by_method(), theirs.by_method()
    pairs: dict[tuple[int, int], list[str]] = {}
    for method in mine.keys() & others.keys():
        pairs.setdefault((id(mine[method]), id(others[method])), []).append(method)
    told = sorted(sorted(methods) for methods in pairs.values())
    for methods in told:
        label = () if len(told) == 1 else (Label(",".join(methods)),)
        one, other = mine[methods[0]], others[methods[0]]
        for parts, a, b in _compare_routes(one, other):
            yield (*path, *label, *parts), a, b


def _compare_routes(ours: Route, theirs: Route) -> Iterator[_Found]:
    for name in ("endpoint", "defaults", "strict_slashes", "merge_slashes", "redirect_to"):
        a, b = getattr(ours, name), getattr(theirs, name)
        if a != b:
            yield (name,), MISSING if a is None else a, MISSING if b is None else b
    if list(ours.converters) != list(theirs.converters):
        yield ("variables",), list(ours.converters), list(theirs.converters)
    both = zip(ours.converters.items(), theirs.converters.values(), strict=False)
    for (name, one), other in both:
        yield from _compare_converters(("converters", name), one, other)


def _compare_converters(path: Path, ours: Converter, theirs: Converter) -> Iterator[_Found]:
    a, b = (_USUAL.get(one.name, one.name) for one in (ours, theirs))
    if a != b:
        yield (*path, "name"), ours.name, theirs.name
    if ours.arguments != theirs.arguments:
        yield (*path, "arguments"), ours.arguments, theirs.arguments
    if ours.options != theirs.options:
        yield (*path, "options"), ours.options, theirs.options
    told = a != b or (ours.arguments, ours.options) != (theirs.arguments, theirs.options)
    if ours.regex != theirs.regex and not told:
        yield (*path, "regex"), ours.regex, theirs.regex
