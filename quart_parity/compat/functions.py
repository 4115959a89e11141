"""Running plain functions: views, hooks and handlers that are not asynchronous."""

from .base import AppBase


class Functions(AppBase):
    """Runs the plain functions of one request as one thread would."""
