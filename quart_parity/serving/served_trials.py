"""Inside a served application: compat put in for a while, as an experiment asks for it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from ..errors import StartError
from ..names import exchanged_names
from ..trials import Pieces, can_be_mended, mended
from .noting import Notes


class Trials:
    """Mends the application as the last trial says, and notes what each exchange asks for."""

    def __init__(self, app: Any, notes: Notes) -> None:
        self._app = app
        self._notes = notes
        self._number = 0
        self._pieces = Pieces.but()
        self._mending = ExitStack()

    @contextmanager
    def exchange(self, trial: int, off: list[str]) -> Iterator[None]:
        """One exchange of a trial with all of compat but the pieces *off*."""
        error = self._begin(trial, off) if trial != self._number else None
        self._pieces.asked.append(set())
        asked = self._pieces.asked[-1]
        try:
            yield
        finally:
            self._notes.write(trial=trial, pieces=sorted(asked), error=error)

    def _begin(self, trial: int, off: list[str]) -> str | None:
        """Returns why it cannot be begun, if so."""
        self._mending.close()
        self._pieces.put_off(off)
        if not can_be_mended(self._app):
            return "compat can be tried in Quart applications only, and the candidate is none"
        with ExitStack() as mending:
            try:
                mending.enter_context(exchanged_names())
                mending.enter_context(mended(self._app, self._pieces))
            except StartError as error:
                return str(error)
            self._mending = mending.pop_all()
        self._number = trial
        return None
