"""The request class: bodies, forms and JSON read by Werkzeug's rules."""

from quart import Request as QuartRequest


class Request(QuartRequest):
    """Quart's request with what Flask's has and Quart's lacks."""
