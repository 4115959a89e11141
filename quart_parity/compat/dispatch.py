"""The way of a request through the application: contexts, errors, teardown."""

from collections.abc import Coroutine
from contextlib import AsyncExitStack
from typing import Any

from quart import Quart, Request
from quart.ctx import RequestContext as QuartRequestContext
from quart.globals import _cv_request
from quart.signals import appcontext_tearing_down
from quart.typing import ResponseTypes

from .contexts import RequestContext, create_context
from .switches import mends


class Dispatch(Quart):
    """Handles errors and tears contexts down as Flask does."""

    def request_context(self, request: Request) -> RequestContext:
        """Create a context that notes reads of the session."""
        return create_context(self, request)

    async def handle_request(self, request: Request) -> ResponseTypes:
        """Answer the request; what opening its session raises, by the handlers of errors, too."""
        try:
            return await super().handle_request(request)
        except Exception as error:
            context: Any = _cv_request.get(None)
            if not _is_half_open(context, request) or not mends("QP024", self):
                raise
            return await self._fail(context, error)

    async def _fail(self, context: RequestContext, error: Exception) -> ResponseTypes:
        async with AsyncExitStack() as stack:
            stack.push_async_exit(context)
            context.error = error
            return await self.handle_exception(error)

    async def full_dispatch_request(
        self, request_context: QuartRequestContext | None = None
    ) -> ResponseTypes:
        """Run hooks and view; what they raise, and no handler takes, teardown functions get."""
        try:
            return await super().full_dispatch_request(request_context)
        except BaseException as error:
            context: Any = request_context or _cv_request.get()
            context.error = error
            raise

    def do_teardown_appcontext(self, exc: BaseException | None) -> Coroutine[Any, Any, None]:
        """Call the teardown functions, that registered last first; a method of one's own goes
        before."""
        inherited = super().do_teardown_appcontext
        if (
            len(self.teardown_appcontext_funcs) > 1
            and getattr(inherited, "__func__", None) is Quart.do_teardown_appcontext
            and mends("QP040", self)
        ):
            return self._tear_down(exc)
        return inherited(exc)

    async def _tear_down(self, exc: BaseException | None) -> None:
        for function in reversed(self.teardown_appcontext_funcs):
            await self.ensure_async(function)(exc)
        wrapper: Any = self.ensure_async
        await appcontext_tearing_down.send_async(self, _sync_wrapper=wrapper, exc=exc)


def _is_half_open(context: Any, request: Request) -> bool:
    """Whether it is this request's context, and pushing it failed after it had become current."""
    return (
        isinstance(context, RequestContext)
        and context.request is request
        and not context.entered
        and bool(context._cv_tokens)
    )
