"""The sides once more, for experiments with the candidate."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from .in_process import InProcessSide
from .isolated.side import IsolatedSide
from .isolated.trials import IsolatedTrial
from .remote import RemoteSide
from .serving.started import StartedSide
from .serving.started_trials import StartedTrial
from .sides import Served, Side
from .targets import protocol_of
from .trials import InProcessTrial, anew, can_be_mended


class TrialSide(Side, Protocol):
    """The candidate, to be mended."""

    def trial(self, off: Iterable[str]) -> AbstractContextManager[None]:
        """All of compat but the pieces *off* in what is played meanwhile."""

    @property
    def asked(self) -> Sequence[Iterable[str]]:
        """The pieces that each exchange of the trial has asked for."""


def can_be_anew(side: Side) -> bool:
    """Whether it can have applications that have seen nothing yet."""
    if isinstance(side, InProcessSide):
        return side.target.is_factory
    return isinstance(side, StartedSide | IsolatedSide)


def sides_for_trials(reference: Side, candidate: Side, own: bool) -> tuple[Side, TrialSide]:
    """Both, with applications of their own, or with the very same."""
    trial: TrialSide
    if isinstance(candidate, InProcessSide):
        trial = InProcessTrial(candidate, own)
    elif isinstance(candidate, StartedSide):
        trial = StartedTrial(candidate)
    elif isinstance(candidate, IsolatedSide):
        trial = IsolatedTrial(candidate)
    else:
        raise TypeError(f"no experiment can be made with {candidate!r}")
    if own and isinstance(reference, StartedSide | IsolatedSide):
        return reference.anew(), trial
    if own and isinstance(reference, InProcessSide):
        return anew(reference), trial
    return reference, trial


def why_not(side: Side, served: Served) -> str | None:
    """Why no experiment can be made with this side, if so."""
    if isinstance(side, RemoteSide):
        return (
            f"compat cannot be tried in a running server such as {side.name}: name the"
            " application, with --serve to have it served"
        )
    foreign = isinstance(side, InProcessSide) and not can_be_mended(served.app)
    # Whether one that is served over ASGI is another, its server says when it is tried.
    if foreign or is_wsgi(side, served):
        return "compat can be tried in Quart applications only, and the candidate is none"
    return None


def is_wsgi(side: Side, served: Served) -> bool:
    """Whether no divergence of Quart can be the cause of anything here."""
    if isinstance(side, StartedSide):
        return side._protocol == "wsgi"
    if isinstance(side, IsolatedSide):
        return side.protocol == "wsgi"
    return isinstance(side, InProcessSide) and protocol_of(served.app, side.target) == "wsgi"
