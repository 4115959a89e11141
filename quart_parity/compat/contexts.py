"""Request contexts: what counts as a read of the session, and what teardown functions are told."""

from inspect import isawaitable, iscoroutinefunction
from types import TracebackType
from typing import Any, cast

from quart import Quart, Request, session
from quart.ctx import RequestContext as QuartRequestContext
from quart.globals import _cv_request
from quart.sessions import SessionMixin
from werkzeug.exceptions import HTTPException

from .switches import mends


class RequestContext(QuartRequestContext):
    """A request context that notes when the application reads the session, as Flask's does.

    Flask 3.1.3 took the noting from the session class, which Quart shares, to its own context:
    Quart's `save_session` still asks for `accessed`, but nothing sets it.
    """

    error: BaseException | None = None
    """What dispatching raised, answered or not; teardown functions are told of it."""
    entered = False
    """Whether it is pushed, its session opened and its URL matched."""
    _session: SessionMixin | None = None
    _opened = False
    _lending = False

    @property
    def session(self) -> SessionMixin | None:
        """The session; reading this, as `quart.session` does, counts as an access to it."""
        opened = self._session
        if opened is None or not self._opened or getattr(opened, "accessed", True):
            return opened
        if not mends("QP021", self.app):
            return opened
        if self._lending:
            self._lending = False
            return session
        opened.accessed = True
        return opened

    @session.setter
    def session(self, value: SessionMixin | None) -> None:
        self._session = value

    def lend_session(self) -> None:
        """Have the next read give the proxy, and count once something is read through that.

        For Quart's own template context processor, which takes the session for every template.
        """
        self._lending = True

    def copy(self) -> "RequestContext":
        """Another context of the same request and session."""
        return self.__class__(self.app, self.request, self._session)

    def match_request(self) -> None:
        """Match the URL; URL converters see the session, so reads count from here on."""
        self._opened = True
        super().match_request()

    async def push(self) -> None:
        """Become the current context, open the session and match the URL."""
        await self._push_appctx(_cv_request.set(self))
        if self.session is None:
            opens = self.app.ensure_async(self.app.session_interface.open_session)
            self.session = await opens(self.app, self.request)
            if self.session is None:
                self.session = await self._make_null_session()
        if self.url_adapter is not None:
            self.match_request()

    async def _make_null_session(self) -> SessionMixin:
        """The session for want of one; Quart awaits it, whatever kind of function makes it."""
        make: Any = self.app.session_interface.make_null_session
        if iscoroutinefunction(make) or not mends("QP048", self.app):
            return cast(SessionMixin, await make(self.app))
        made = await self.app.ensure_async(make)(self.app)
        return cast(SessionMixin, await made if isawaitable(made) else made)

    async def __aenter__(self) -> "RequestContext":
        await self.push()
        self._opened = self.entered = True
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc_value: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        error, self.error = self.error, None
        if error is not None and not _is_cancellation(exc_value):
            told = None if self.app.should_ignore_error(error) else error
            if told is not exc_value and mends("QP038", self.app):
                exc_value = told
        await self.auto_pop(exc_value)


def _is_cancellation(error: BaseException | None) -> bool:
    return error is not None and not isinstance(error, Exception)


class UnroutableContext(RequestContext):
    """The context of a request that no URL adapter can be made for.

    The reason is the request's `routing_exception`, which is raised in place of calling a view.
    """

    def __init__(self, app: Quart, request: Request, opened: SessionMixin | None = None) -> None:
        reason = request.routing_exception
        stand_in: Any = _WithoutAdapters(app)
        super().__init__(stand_in, request, opened)
        self.app = app
        request.routing_exception = reason


class _WithoutAdapters:
    def __init__(self, app: Quart) -> None:
        self._app = app

    def create_url_adapter(self, request: Request) -> None:
        return None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._app, name)


class UnreadContext:
    """A request context whose session can be taken without that counting as a read."""

    def __init__(self, context: RequestContext) -> None:
        self._context = context
        # What Quart's `process_response` takes; `__getattr__` would be slower.
        self.request = context.request_websocket
        self._after_request_functions = context._after_request_functions

    @property
    def session(self) -> SessionMixin | None:
        """The session, however it was read."""
        return self._context._session

    def __getattr__(self, name: str) -> Any:
        return getattr(self._context, name)


def create_context(app: Quart, request: Request) -> RequestContext:
    """The context of a request; what is wrong with its host waits for the error handlers.

    Raises:
        HTTPException: The host is wrong, and QP024 is off.
    """
    try:
        return RequestContext(app, request)
    except HTTPException as error:
        if not mends("QP024", app):
            raise
        request.routing_exception = error
        return UnroutableContext(app, request)
