"""Makes a Quart application answer as the Flask application it came from.

    from quart import Quart
    from quart_parity.compat import FlaskCompat

    class App(FlaskCompat, Quart): ...

Functions of Quart that answer otherwise are to be imported from here. Imports Quart and what
Quart imports, and nothing else of this package.
"""

from typing import Any, TypeVar

from quart import Quart

from .base import mixed
from .dispatch import Dispatch
from .files import Files, send_file, send_from_directory, static_view
from .functions import Functions
from .mounts import Mounts
from .requests import Request
from .responses import Response
from .results import Results
from .routing import Routing
from .sending import HTTPConnection
from .serving import Serving
from .sessions import SecureCookieSessionInterface, Sessions, get_flashed_messages
from .streams import stream_with_context
from .switches import read
from .templates import Template, Templates, stream_template, stream_template_string

__all__ = [
    "FlaskCompat",
    "Request",
    "Response",
    "SecureCookieSessionInterface",
    "get_flashed_messages",
    "send_file",
    "send_from_directory",
    "stream_template",
    "stream_template_string",
    "stream_with_context",
]

A = TypeVar("A", bound=Quart)

_CLASSES = {
    "asgi_http_class": HTTPConnection,
    "request_class": Request,
    "response_class": Response,
}


class FlaskCompat(
    Functions, Serving, Results, Dispatch, Mounts, Routing, Sessions, Templates, Files
):
    """The mixin: `class App(FlaskCompat, Quart)`.

    Each piece has a code, that of the divergence it closes, and `app.config["FLASK_COMPAT"]` turns
    single ones off or, where they take a limit away, on; it is read at the first request.

    A `request_class`, `response_class` or `asgi_http_class` of the application's own is kept as a
    base of the class that is used; a `session_interface` or `json` of its own is used as it is.
    """

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Put the classes of compat before those of the application."""
        super().__init_subclass__(**kwargs)
        _adopt_classes(cls)

    @staticmethod
    def apply(app: A) -> A:
        """Give an existing application what its class lacks, and return it.

        For those who cannot change the class; before its first request.

        Raises:
            TypeError: It is no Quart application.
        """
        if not isinstance(app, Quart):
            raise TypeError(f"compat is for Quart applications, and {app!r} is none")
        if not isinstance(app, FlaskCompat):
            theirs = type(app)
            # What is registered already was registered by Quart's own methods.
            app.view_functions = {
                endpoint: static_view(view) for endpoint, view in app.view_functions.items()
            }
            if "jinja_env" in vars(app):
                app.jinja_env.globals["get_flashed_messages"] = get_flashed_messages
                app.jinja_env.template_class = Template
            # What the application's own class overrides goes before compat, as in a subclass.
            own = () if theirs is Quart else (theirs,)
            app.__class__ = type(theirs.__name__, (*own, FlaskCompat), {})
        return app

    async def startup(self) -> None:
        """Start as Quart does; a mistake in `FLASK_COMPAT` keeps the server from starting."""
        read(self.config)
        await super().startup()


def _adopt_classes(app_class: type[FlaskCompat]) -> None:
    """Mix compat's classes with those that the application class has from elsewhere."""
    for name, ours in _CLASSES.items():
        bases = (base for base in app_class.__mro__ if base is not FlaskCompat)
        theirs = next(vars(base)[name] for base in bases if name in vars(base))
        setattr(app_class, name, mixed(ours, theirs))
    if app_class.session_interface is Quart.session_interface:
        app_class.session_interface = SecureCookieSessionInterface()


_adopt_classes(FlaskCompat)
