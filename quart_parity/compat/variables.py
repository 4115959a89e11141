"""Context variables that several functions share, in whatever threads they run."""

from contextvars import Context, ContextVar, Token, copy_context
from typing import Any


class Variables:
    """The one context in which all functions of a thread run, in step with that of their callers.

    So what one of them sets is seen by the next and, once `leave` was called, by the caller; and
    tokens of one are good in the other.
    """

    def __init__(self) -> None:
        self.context = Context()
        self._shared: dict[ContextVar[Any], Any] = {}
        self._tokens: dict[ContextVar[Any], Token[Any]] = {}

    def enter(self) -> None:
        """Take over what the caller has set or reset since the last time."""
        theirs = copy_context()
        for variable, value in theirs.items():
            if variable not in self._shared or self._shared[variable] is not value:
                token = self.context.run(variable.set, value)
                self._tokens.setdefault(variable, token)
                self._shared[variable] = value
        if len(self._shared) != len(theirs):
            for variable in [name for name in self._shared if name not in theirs]:
                del self._shared[variable]
                if variable in self._tokens:
                    self.context.run(variable.reset, self._tokens.pop(variable))

    def leave(self) -> None:
        """Set in the caller's context what was set in this one."""
        for variable, value in self.context.items():
            if variable not in self._shared or self._shared[variable] is not value:
                variable.set(value)
                self._shared[variable] = value
