"""The start and end of serving, of which a Flask application knows nothing."""

from collections.abc import Coroutine
from contextvars import ContextVar
from typing import Any

from quart import Quart

from .switches import mends

_idle: ContextVar[bool] = ContextVar("_idle", default=False)
"""Whether serving starts or ends without a function of the application's."""


class Serving(Quart):
    """Keeps `teardown_appcontext` functions from being called where nothing has been set up.

    Quart starts and ends serving in application contexts of their own. Where the application has
    functions for that (`before_serving` and the like) these may need the teardown, and have it.
    """

    async def startup(self) -> None:
        """Start as Quart does, but tear down only what a function may have set up."""
        token = _idle.set(not (self.before_serving_funcs or self.while_serving_gens))
        try:
            await super().startup()
        finally:
            _idle.reset(token)

    async def shutdown(self) -> None:
        """End as Quart does, but tear down only what a function may have set up."""
        token = _idle.set(not (self.after_serving_funcs or self.while_serving_gens))
        try:
            await super().shutdown()
        finally:
            _idle.reset(token)

    def do_teardown_appcontext(self, exc: BaseException | None) -> Coroutine[Any, Any, None]:
        """Call the teardown functions, unless nothing of the application's has run."""
        if _idle.get() and mends("QP050", self):
            return _nothing()
        return super().do_teardown_appcontext(exc)


async def _nothing() -> None:
    pass
