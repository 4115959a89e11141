"""How the test that runs is going, and what its reports are to say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NoReturn

import pytest

from .verdicts import Verdict


@dataclass(slots=True)
class Course:
    """Of one test, over its phases."""

    sent: bool = False
    """Whether anything was compared."""
    unasked: bool = False
    """Whether the port could not be asked."""
    differs: bool = False
    _by_difference: bool = False
    _by_itself: bool = False
    _raised: BaseException | None = None
    _is_told: bool = False
    """Whether a report is about what was raised."""
    _told: str | None = None

    @property
    def failed_alone(self) -> bool:
        """Whether it failed by a difference, and by nothing else."""
        return self._by_difference and not self._by_itself

    @property
    def is_excused(self) -> bool:
        """Whether it differs and is no failure for pytest: skipped, or expected to fail."""
        return self.differs and not (self._by_difference or self._by_itself)

    def fail(self, verdict: Verdict) -> NoReturn:
        """End a phase that has gone well by itself."""
        self.differs = True
        self._raised = pytest.fail.Exception(verdict.text(), pytrace=False)
        raise self._raised

    def fail_again(self) -> None:
        """Where a phase has gone well, though a difference was raised in it: somebody caught it."""
        if self._raised is not None and not self._is_told:
            raise self._raised

    def tell(self, verdict: Verdict | None) -> None:
        """Have the report of a phase that fails by itself say it as well."""
        if verdict is not None and not verdict.ok:
            self.differs = True
            self._told = verdict.text()

    def report(self, report: pytest.TestReport, error: BaseException | None) -> None:
        """A phase is over, or a part of the test that has a report of its own."""
        self._is_told |= error is not None and error is self._raised
        if report.failed and error is not None and error is self._raised:
            self._by_difference = True
            _shorten_summary(report)
        elif report.failed:
            self._by_itself = True
        if self._told is not None:
            report.sections.append(("parity", self._told))
            self._told = None


def _shorten_summary(report: pytest.TestReport) -> None:
    """Where a build server is seen (``CI`` is set), pytest's summary cuts no message: the account
    would be there twice."""
    crash = getattr(report.longrepr, "reprcrash", None)
    if crash is not None:
        crash.message = crash.message.partition("\n")[0]
