"""What the pieces of the mixin share."""

from functools import lru_cache
from typing import Any


@lru_cache(maxsize=256)
def mixed(ours: Any, theirs: Any) -> Any:
    """A class that is both: *theirs* where it extends *ours*, else *theirs* put before *ours*.

    So a class of the application's own keeps what it does, its `super()` finds ours, and what
    checks for it still finds it.
    """
    if issubclass(theirs, ours):
        return theirs
    if issubclass(ours, theirs):
        return ours
    return type(theirs.__name__, (theirs, ours), {"__module__": theirs.__module__})
