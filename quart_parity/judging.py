"""Comparing what both sides played; pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from .comparison import Found, are_same, compare
from .exchange import Exchange
from .paths import Path, matches, parse_pattern
from .playing import Captures, Played
from .report import Difference, Failure, Result
from .scenario import Scenario
from .sessions import Keyring
from .values import MISSING


def judge(
    scenario: Scenario, accept: Mapping[str, str], reference: Played, candidate: Played
) -> Result:
    """Compare one scenario's part of each side."""
    pairs = list(zip(reference.exchanges, candidate.exchanges, strict=False))
    differences: list[Difference] = []
    failures: list[Failure] = []
    for position, (ours, theirs) in enumerate(pairs):
        found = (
            [] if are_same(ours, theirs) else compare(ours, theirs, *_keys(reference, candidate))
        )
        if scenario.requests[position].capture:
            got = reference.captures[position], candidate.captures[position]
            found += _compare_captures(*got)
            failures += _failed_captures(scenario.name, position, *got)
        differences += [
            _difference(scenario.name, position, ours, theirs, f, accept) for f in found
        ]
    for played in (reference, candidate):
        if played.failure is not None:
            failures.append(Failure(scenario.name, len(played.exchanges), played.failure))
    used = _used(accept, differences)
    return Result(scenario.name, len(pairs), tuple(differences), tuple(failures), used)


def _keys(reference: Played, candidate: Played) -> tuple[Keyring, Keyring]:
    ours, theirs = reference.sessions(), candidate.sessions()
    return Keyring(ours, ours.open, theirs.open), Keyring(theirs, ours.open, theirs.open)


def _compare_captures(reference: Captures, candidate: Captures) -> list[Found]:
    """A value that only one side's answer holds is a difference; unequal values are none."""
    ours = {name: value for name, value in reference.items() if value is not None}
    theirs = {name: value for name, value in candidate.items() if value is not None}
    return [
        (("capture", name), ours.get(name, MISSING), theirs.get(name, MISSING))
        for name in reference
        if (name in ours) != (name in theirs)
    ]


def _failed_captures(
    scenario: str, position: int, reference: Captures, candidate: Captures
) -> list[Failure]:
    return [
        Failure(scenario, position, f"neither side's answer holds what {name!r} captures")
        for name, value in reference.items()
        if value is None and candidate.get(name) is None
    ]


def _difference(
    scenario: str,
    position: int,
    reference: Exchange,
    candidate: Exchange,
    found: Found,
    accept: Mapping[str, str],
) -> Difference:
    path, ours, theirs = found
    raised = [e.raised.place if e.raised else None for e in (reference, candidate)]
    return Difference(
        scenario=scenario,
        request=position,
        method=reference.request.method,
        target=reference.request.target,
        parts=path,
        reference=ours,
        candidate=theirs,
        accepted=next((r for p, r in accept.items() if matches(parse_pattern(p), path)), None),
        places=tuple(raised) if path[0] == "raised" else (),
    )


def _used(
    accept: Mapping[str, str], differences: Iterable[Difference]
) -> frozenset[tuple[str, str]]:
    paths: set[Path] = {difference.parts for difference in differences}
    return frozenset(
        (pattern, reason)
        for pattern, reason in accept.items()
        if any(matches(parse_pattern(pattern), path) for path in paths)
    )
