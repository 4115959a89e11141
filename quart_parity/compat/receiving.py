"""What comes in on ASGI, made into a request."""

from quart.asgi import ASGIHTTPConnection


class Receiving(ASGIHTTPConnection):
    """Receives requests as a WSGI server hands them to Flask."""
