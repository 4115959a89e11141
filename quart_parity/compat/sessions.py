"""Sessions and flashed messages: what counts as a read, and the same cookie bytes as Flask's."""

from collections.abc import Coroutine, Iterable
from typing import Any

from flask.json.provider import DefaultJSONProvider
from flask.json.tag import TaggedJSONSerializer
from quart import Quart, current_app, has_app_context, json, session
from quart.ctx import RequestContext as QuartRequestContext
from quart.globals import _cv_request, request_ctx
from quart.helpers import get_flashed_messages as quarts_get_flashed_messages
from quart.sessions import SecureCookieSessionInterface as QuartSessionInterface
from quart.typing import ResponseTypes

from .contexts import RequestContext, UnreadContext
from .switches import mends


class SessionSerializer(TaggedJSONSerializer):
    """Flask's tagged JSON by way of `app.json`, whose keys are sorted.

    Quart shares Flask's serializer, which looks for Flask's current application and finds none:
    a provider of one's own is never asked, and equal sessions have unequal cookies.
    """

    def dumps(self, value: Any) -> str:
        # Every signer that is made tries this, to see whether it is given text.
        if value == {}:
            return "{}"
        if not mends("QP022"):
            return super().dumps(value)
        return json.dumps(self.tag(value), separators=(",", ":"))

    def loads(self, value: str) -> Any:
        if not (_has_own_loads() and mends("QP022")):
            return super().loads(value)
        return self._untag_scan(json.loads(value))


def _has_own_loads() -> bool:
    """Whether the application reads JSON otherwise than Python does."""
    if not has_app_context():
        return False
    return type(current_app.json).loads is not DefaultJSONProvider.loads


class SecureCookieSessionInterface(QuartSessionInterface):
    """Quart's interface, with the application's JSON."""

    serializer = SessionSerializer()

    def get_cookie_domain(self, app: Quart) -> str | None:
        """SESSION_COOKIE_DOMAIN as it is: Flask sends an empty one, Quart takes it for none."""
        domain: str | None = app.config["SESSION_COOKIE_DOMAIN"]
        if domain or domain is None or mends("QP025", app):
            return domain
        return super().get_cookie_domain(app)


def get_flashed_messages(
    with_categories: bool = False, category_filter: Iterable[str] = ()
) -> list[str] | list[tuple[str, str]]:
    """Take the flashed messages out of the session; the same ones again within a request.

    Where nothing was flashed the session is only read, so without a secret key there are none;
    Quart's function pops in any case, which a session without a key refuses.
    """
    context: Any = request_ctx
    if context.flashes is None and "_flashes" not in session and mends("QP023"):
        context.flashes = []
    return quarts_get_flashed_messages(with_categories, category_filter)


class Sessions(Quart):
    """Notes reads of the session (`Vary: Cookie`) and serialises it with `app.json`."""

    def create_jinja_environment(self) -> Any:
        """Quart's environment, with the `get_flashed_messages` of this module."""
        environment = super().create_jinja_environment()
        environment.globals["get_flashed_messages"] = get_flashed_messages
        return environment

    def update_template_context(self, context: dict[str, Any]) -> Coroutine[Any, Any, None]:
        """Add the names that processors give, where a session not read does not count as read."""
        current = _cv_request.get(None)
        if isinstance(current, RequestContext):
            current.lend_session()
        return super().update_template_context(context)

    def process_response(
        self, response: ResponseTypes, request_context: QuartRequestContext | None = None
    ) -> Coroutine[Any, Any, ResponseTypes]:
        """Run the hooks and save the session, without Quart's own look at it counting."""
        context: Any = request_context or _cv_request.get()
        if isinstance(context, RequestContext):
            context = UnreadContext(context)
        return super().process_response(response, context)
