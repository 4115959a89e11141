"""Makes a Quart application answer as the Flask application it came from.

    from quart import Quart
    from quart_parity.compat import FlaskCompat

    class App(FlaskCompat, Quart): ...

Functions of Quart that answer otherwise are to be imported from here. Imports Quart and what
Quart imports, and nothing else of this package.
"""

from typing import Any

from quart import Quart

from .files import Files, send_file, send_from_directory
from .responses import Response
from .results import Results
from .sending import Sending
from .sessions import Sessions, get_flashed_messages
from .streams import stream_with_context

__all__ = [
    "FlaskCompat",
    "Response",
    "get_flashed_messages",
    "send_file",
    "send_from_directory",
    "stream_with_context",
]


class FlaskCompat(Results, Sending, Sessions, Files):
    """The mixin: `class App(FlaskCompat, Quart)`.

    A `response_class`, `request_class`, `session_interface` or `json` of the application's own
    goes before those of the mixin. A response class had best extend the one of this package:
    lengths of lists and closing of sources are its doing.
    """

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Refuse to be put after Quart, where it would do nothing.

        Raises:
            TypeError: The bases are the wrong way round.
        """
        super().__init_subclass__(**kwargs)
        if Quart in cls.__mro__ and cls.__mro__.index(Quart) < cls.__mro__.index(FlaskCompat):
            raise TypeError(f"{cls.__name__}: put FlaskCompat before Quart")
