"""Which host and which rules a request is matched with."""

from .base import AppBase


class Routing(AppBase):
    """Creates URL adapters as Flask does."""
