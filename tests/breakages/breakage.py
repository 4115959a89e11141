"""A breakage: one piece of one source file, replaced."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
"""The checkout, which nothing here writes to."""
BROKEN = "broken on purpose"
"""What functions that only fail say."""


class OutOfDateError(Exception):
    """A breakage no longer fits the source that it breaks."""


@dataclass(frozen=True, slots=True)
class Breakage:
    """Stands for the file with one piece of it exchanged."""

    file: str
    """Relative to the checkout."""
    what: str
    """What breaks, in a few words."""
    old: str
    """Occurs exactly once in the file."""
    new: str

    def __str__(self) -> str:
        return f"{self.file}: {self.what}"

    @property
    def path(self) -> Path:
        return ROOT / self.file

    def source(self) -> str:
        """The broken source; raises `OutOfDateError` where the breakage does not fit."""
        source = self.path.read_text("utf-8")
        start = self._start(source)
        return source[:start] + self.new + source[start + len(self.old) :]

    def changes_at(self) -> int:
        """The offset of the first character that differs. Raises `OutOfDateError`."""
        start = self._start(self.path.read_text("utf-8"))
        pairs = enumerate(zip(self.old, self.new, strict=False))
        alike = min(len(self.old), len(self.new))
        return start + next((at for at, (ours, theirs) in pairs if ours != theirs), alike)

    def _start(self, source: str) -> int:
        count = source.count(self.old)
        if count != 1:
            raise OutOfDateError(
                f"{self}: bring it up to date, for {self.old!r} occurs {count} times, not once"
            )
        return source.index(self.old)
