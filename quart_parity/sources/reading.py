"""What a file holds."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..scenario import Scenario


@dataclass(frozen=True, slots=True)
class Recording:
    """What a file holds for a replay."""

    scenarios: list[Scenario]
    notes: list[str] = field(default_factory=list)
    """What of a recording is not replayed, and what it lacks."""
