"""The application class, and what its topics share."""

from typing import Any

from flask import Flask, Response

# What repeats a visitor's words is sent as text, so that no browser reads it as markup.
TEXT = {"Content-Type": "text/plain; charset=utf-8"}


class App(Flask):
    """The framework's application, with the one-element tuple restored."""

    def make_response(self, rv: Any) -> Response:
        """Convert what a view returned, taking ``(response,)`` for ``response``.

        The documentation of views allows a tuple of one element; both frameworks refuse it
        with a ``TypeError``. All else is left to the framework.
        """
        if isinstance(rv, tuple) and len(rv) == 1:
            (rv,) = rv
        return super().make_response(rv)
