"""Sessions and flashed messages: what counts as a read, and the same cookie bytes as Flask's."""

from collections.abc import Iterable
from typing import Any, cast

from flask.json.tag import TaggedJSONSerializer
from quart import Quart, Request, json, session
from quart.ctx import RequestContext as QuartRequestContext
from quart.globals import _cv_request, request_ctx
from quart.sessions import SecureCookieSessionInterface as QuartSessionInterface
from quart.sessions import SessionMixin
from quart.templating import _default_template_ctx_processor
from quart.typing import ResponseTypes

from .base import AppBase


class SessionSerializer(TaggedJSONSerializer):
    """Flask's tagged JSON by way of `app.json`, whose keys are sorted.

    Quart shares Flask's serializer, which looks for Flask's current application and finds none:
    a provider of one's own is never asked, and equal sessions have unequal cookies.
    """

    def dumps(self, value: Any) -> str:
        return json.dumps(self.tag(value), separators=(",", ":"))

    def loads(self, value: str) -> Any:
        return self._untag_scan(json.loads(value))


class SecureCookieSessionInterface(QuartSessionInterface):
    """Quart's interface, with the application's JSON."""

    serializer = SessionSerializer()

    def get_cookie_domain(self, app: Quart) -> str | None:
        """SESSION_COOKIE_DOMAIN as it is: Flask sends an empty one, Quart takes it for none."""
        return cast("str | None", app.config["SESSION_COOKIE_DOMAIN"])


class RequestContext(QuartRequestContext):
    """A request context that notes when the application reads the session, as Flask's does.

    Flask 3.1.3 took the noting from the session class, which Quart shares, to its own context:
    Quart's `save_session` still asks for `accessed`, but nothing sets it.
    """

    _session: SessionMixin | None = None
    _opened = False

    @property
    def session(self) -> SessionMixin | None:
        """The session; reading this, as `quart.session` does, counts as an access to it."""
        if self._opened and self._session is not None:
            self._session.accessed = True
        return self._session

    @session.setter
    def session(self, value: SessionMixin | None) -> None:
        self._session = value

    def copy(self) -> "RequestContext":
        """Another context of the same request and session."""
        return self.__class__(self.app, self.request, self._session)

    def match_request(self) -> None:
        """Match the URL; URL converters see the session, so reads count from here on."""
        self._opened = True
        super().match_request()


class _Unread:
    """A request context whose session can be taken without that counting as a read."""

    def __init__(self, context: RequestContext) -> None:
        self._context = context

    @property
    def session(self) -> SessionMixin | None:
        return self._context._session

    def __getattr__(self, name: str) -> Any:
        return getattr(self._context, name)


def get_flashed_messages(
    with_categories: bool = False, category_filter: Iterable[str] = ()
) -> list[str] | list[tuple[str, str]]:
    """Take the flashed messages out of the session; the same ones again within a request.

    Where nothing was flashed the session is only read, so without a secret key there are none;
    Quart's function pops in any case, which a session without a key refuses.
    """
    context: Any = request_ctx
    flashes: list[tuple[str, str]] | None = context.flashes
    if flashes is None:
        flashes = session.pop("_flashes") if "_flashes" in session else []
        context.flashes = flashes
    if category_filter:
        flashes = [flash for flash in flashes if flash[0] in category_filter]
    return flashes if with_categories else [message for _, message in flashes]


class Sessions(AppBase):
    """Notes reads of the session (`Vary: Cookie`) and serialises it with `app.json`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # It takes the session for every template, read or not; the environment's globals have
        # all that it gives, as proxies.
        self.template_context_processors[None].remove(_default_template_ctx_processor)

    def create_jinja_environment(self) -> Any:
        """Quart's environment, with the `get_flashed_messages` of this module."""
        environment = super().create_jinja_environment()
        environment.globals["get_flashed_messages"] = get_flashed_messages
        return environment

    def request_context(self, request: Request) -> RequestContext:
        """Create a context that notes reads of the session."""
        return RequestContext(self, request)

    async def process_response(
        self, response: ResponseTypes, request_context: QuartRequestContext | None = None
    ) -> ResponseTypes:
        """Run the hooks and save the session, without Quart's own look at it counting."""
        context: Any = request_context or _cv_request.get()
        if isinstance(context, RequestContext):
            context = _Unread(context)
        return await super().process_response(response, context)
