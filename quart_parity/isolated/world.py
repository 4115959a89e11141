"""What one side's process has to itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class World:
    """Where one side's application lives; what is not said is as it is here."""

    folder: Path | None = None
    """That modules are looked for in, and the working one."""
    python: str | None = None
    """The interpreter; needs no more installed than the application does."""
    environment: dict[str, str] = field(default_factory=dict)
    """Variables beside those of this process."""
    revision: str | None = None
    """Of the repository that the folder is in: its files then are those of that commit."""
