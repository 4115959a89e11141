"""What the pieces of the mixin extend: Quart for the type checker, nothing at run time."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from quart import Quart as AppBase
else:
    AppBase = object

__all__ = ["AppBase"]
