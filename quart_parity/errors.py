"""Everything that the library raises on purpose, with the exit status each error stands for.

::

    QuartParityError
    ├── UsageError               2  the command or the call was used wrongly
    │   ├── TargetError          2  a target names no application
    │   ├── ScenarioError        2  a scenario does not say what it must
    │   │   └── UnplayableError  2  a side cannot do what a scenario asks of it
    │   └── OutputError          2  the report cannot be written
    └── StartError               3  a side could not be started or reached
        └── HookError            3  what sets a side up, or clears up after it, failed
"""


class QuartParityError(Exception):
    """Base of all errors of this library; its text says what failed, why, and what to do."""

    exit_status = 2


class UsageError(QuartParityError):
    """The command or the call was used wrongly."""


class TargetError(UsageError):
    """A target is misspelled, or what it spells is no application."""


class ScenarioError(UsageError):
    """A scenario or its file is wrong; the text names file, scenario and position."""


class UnplayableError(ScenarioError):
    """One side cannot do what a scenario asks of it; other scenarios can still be played."""


class OutputError(UsageError):
    """The report cannot be written where it should go."""


class StartError(QuartParityError):
    """The application, its factory or its lifespan start-up raised, or nothing answered."""

    exit_status = 3


class HookError(StartError):
    """A command or a function around a scenario failed, so that nobody knows the side's state."""
