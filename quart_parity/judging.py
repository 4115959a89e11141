"""Comparing what both sides played; pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from .aspects.sessions import read_session
from .comparison import Found, are_same, compare
from .correspondence import follows_the_body, is_same_file, unmatched
from .exchange import Exchange
from .noise import Noise
from .pairing import Known, Pairs, Part
from .paths import Path, matches, parse_pattern
from .playing import Captures, Played
from .report import Compared, Difference, Failure, Keep, Result
from .scenario import Scenario
from .sessions import Keyring
from .values import MISSING
from .windows import Windows


def judge(
    scenario: Scenario,
    accept: Mapping[str, str],
    reference: Played,
    candidate: Played,
    known: Known | None = None,
    noise: Noise | None = None,
    windows: Windows | None = None,
    keep: Keep = "none",
) -> Result:
    """Compare one scenario's part of each side.

    Values that the sides make up correspond where *known* is given: the pairs of the scenarios
    before, which the result's `pairs` belong to from then on. *noise* is accepted. *windows* are
    those of the scenarios before. What *keep* says is in the result's `compared`.
    """
    kept: list[Compared] = []
    issued: Pairs | None = None
    played = list(zip(reference.exchanges, candidate.exchanges, strict=False))
    differences: list[Difference] = []
    failures: list[Failure] = []
    notes: list[str] = []
    for position, (ours, theirs) in enumerate(played):
        if ours.is_servers or theirs.is_servers:
            notes.append(_not_asked(scenario.name, position, ours, theirs))
            continue
        found: list[Found] = []
        if not are_same(ours, theirs):
            found = compare(ours, theirs, *_keys(reference, candidate))
        if found and _lie_apart(reference, candidate):
            found = [one for one in found if not is_same_file(one)]
        if found and ours.window is not None:
            so_far = reference.exchanges[: position + 1], candidate.exchanges[: position + 1]
            found = (windows or Windows()).timely(found, *so_far)
        if known is not None and found:
            issued = issued or _pairs(known, reference, candidate)
            found = unmatched(issued, found, ours, theirs)
        if scenario.requests[position].capture:
            got = reference.captures[position], candidate.captures[position]
            found += _compare_captures(*got)
            failures += _failed_captures(scenario, position, *got)
        made = [_difference(scenario.name, position, ours, theirs, f, accept) for f in found]
        if noise is not None:
            made = _without_noise(noise, made, ours, theirs)
        differences += _with_logs(made, ours, theirs)
        if keep == "all" or (made and keep == "differing"):
            kept.append(_compared(position, ours, theirs, *_keys(reference, candidate)))
    unplayed = [
        Failure(scenario.name, len(played.exchanges), played.failure)
        for played in (reference, candidate)
        if played.failure is not None
    ]
    # What neither side can do is one reason.
    failures += dict.fromkeys(unplayed)
    covering = used(accept, differences)
    compared = len(played) - len(notes)
    told = differences or kept
    keys = reference.sessions().keys | candidate.sessions().keys if told else frozenset()
    outcome = tuple(differences), tuple(failures), covering, tuple(notes), keys
    return Result(
        scenario.name,
        compared,
        *outcome,
        pairs=issued.seen if issued else (),
        compared=tuple(kept),
        played=scenario if kept else None,
    )


def _compared(
    position: int, reference: Exchange, candidate: Exchange, ours: Keyring, theirs: Keyring
) -> Compared:
    sessions = read_session(reference, ours), read_session(candidate, theirs)
    return Compared(position, reference, candidate, sessions)


def _lie_apart(*both: Played) -> bool:
    """Whether a side's files lie in a folder of its own, as those of a revision do."""
    return any(getattr(played.side, "is_elsewhere", False) for played in both)


def _without_noise(
    noise: Noise, made: list[Difference], reference: Exchange, candidate: Exchange
) -> list[Difference]:
    """With what is noise accepted, and what a server computes of a body that is nothing else."""
    made = [noise.accepted(one) for one in made]
    bodies = [one for one in made if one.parts[0] == "body"]
    if not bodies or not all(one.is_noise for one in bodies):
        return made
    return [
        replace(one, accepted=bodies[0].accepted, is_noise=True)
        if one.accepted is None and follows_the_body(_found(one), reference, candidate)
        else one
        for one in made
    ]


def _found(one: Difference) -> Found:
    return one.parts, one.reference, one.candidate


def _pairs(known: Known, reference: Played, candidate: Played) -> Pairs:
    """None yet, with what is to be asked once there are some."""

    def parts() -> tuple[Part, Part]:
        keys = _keys(reference, candidate)
        return Part(reference.exchanges, keys[0]), Part(candidate.exchanges, keys[1])

    return Pairs(known, parts)


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
    scenario: Scenario, position: int, reference: Captures, candidate: Captures
) -> list[Failure]:
    wanted = scenario.requests[position].capture
    return [
        Failure(scenario.name, position, f"neither side's answer holds what {name!r} captures")
        for name, value in reference.items()
        if value is None and candidate.get(name) is None and not wanted[name].optional
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
    return Difference(
        scenario=scenario,
        request=position,
        method=reference.request.method,
        target=reference.request.target,
        parts=path,
        reference=ours,
        candidate=theirs,
        accepted=accepted(accept, path),
        places=_places(path, reference, candidate),
    )


def _places(path: Path, *exchanges: Exchange) -> tuple[str | None, ...]:
    """Where each side's application did what differs, for what is told with its place."""
    if path == ("unawaited",):
        made = [{one.place: None for one in e.unawaited if one.place} for e in exchanges]
        return tuple(", ".join(places) or None for places in made)
    if path[0] == "raised":
        return tuple(e.raised.place if e.raised else None for e in exchanges)
    return ()


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


def accepted(accept: Mapping[str, str], path: Path) -> str | None:
    """The reason why a difference at *path* is lived with."""
    return next((r for p, r in accept.items() if matches(parse_pattern(p), path)), None)


def used(
    accept: Mapping[str, str], differences: Iterable[Difference]
) -> frozenset[tuple[str, str]]:
    """The entries that cover any of the differences."""
    paths: set[Path] = {difference.parts for difference in differences}
    return frozenset(
        (pattern, reason)
        for pattern, reason in accept.items()
        if any(matches(parse_pattern(pattern), path) for path in paths)
    )
