"""Comparing what both sides played; pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from .comparison import Found, are_same, compare
from .exchange import Exchange
from .paths import Path, matches, parse_pattern
from .playing import Captures, Played
from .report import Difference, Failure, Result
from .scenario import Scenario
from .sessions import Keyring
from .values import MISSING, around_parting


def judge(
    scenario: Scenario, accept: Mapping[str, str], reference: Played, candidate: Played
) -> Result:
    """Compare one scenario's part of each side."""
    pairs = list(zip(reference.exchanges, candidate.exchanges, strict=False))
    differences: list[Difference] = []
    failures: list[Failure] = []
    notes: list[str] = []
    for position, (ours, theirs) in enumerate(pairs):
        if ours.is_servers or theirs.is_servers:
            notes.append(_not_asked(scenario.name, position, ours, theirs))
            continue
        found = (
            [] if are_same(ours, theirs) else compare(ours, theirs, *_keys(reference, candidate))
        )
        if scenario.requests[position].capture:
            got = reference.captures[position], candidate.captures[position]
            found += _compare_captures(*got)
            failures += _failed_captures(scenario.name, position, *got)
        made = [_difference(scenario.name, position, ours, theirs, f, accept) for f in found]
        differences += _with_logs(made, ours, theirs)
    unplayed = [
        Failure(scenario.name, len(played.exchanges), played.failure)
        for played in (reference, candidate)
        if played.failure is not None
    ]
    # What neither side can do is one reason.
    failures += dict.fromkeys(unplayed)
    used = _used(accept, differences)
    compared = len(pairs) - len(notes)
    keys = reference.sessions().keys | candidate.sessions().keys if differences else frozenset()
    outcome = tuple(differences), tuple(failures), used, tuple(notes), keys
    return Result(scenario.name, compared, *outcome)


def _not_asked(scenario: str, position: int, reference: Exchange, candidate: Exchange) -> str:
    """What a server refuses says nothing about its application."""
    sides = {"reference": reference, "candidate": candidate}
    answers = [
        f"the {side}'s server answered {exchange.response.status} by itself"
        for side, exchange in sides.items()
        if exchange.is_servers and exchange.response
    ]
    request = f"{reference.request.method} {reference.request.target}"
    return (
        f"{request} ({scenario}, request {position}) is not compared: {', and '.join(answers)},"
        " without asking the application."
    )


def _keys(reference: Played, candidate: Played) -> tuple[Keyring, Keyring]:
    ours, theirs = reference.sessions(), candidate.sessions()
    return Keyring(ours, ours, theirs), Keyring(theirs, ours, theirs)


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
    path, ours, theirs = found[0], *around_parting(*found[1:])
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


def _with_logs(
    differences: list[Difference], reference: Exchange, candidate: Exchange
) -> list[Difference]:
    """What the servers logged, with the one difference of an exchange that it explains best."""
    both = reference, candidate
    failing = (at for at, one in enumerate(differences) if one.parts[0] in _FAILING)
    failed = any(exchange.response and exchange.response.status >= 500 for exchange in both)
    best = next(failing, 0 if failed else None)
    if best is not None and differences and (reference.log or candidate.log):
        logs = reference.log, candidate.log
        differences[best] = replace(differences[best], logs=logs)
    return differences


_FAILING = ("broken", "status", "raised")


def _used(
    accept: Mapping[str, str], differences: Iterable[Difference]
) -> frozenset[tuple[str, str]]:
    paths: set[Path] = {difference.parts for difference in differences}
    return frozenset(
        (pattern, reason)
        for pattern, reason in accept.items()
        if any(matches(parse_pattern(pattern), path) for path in paths)
    )
