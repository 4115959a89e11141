"""The way of a request through the application: contexts, errors, teardown."""

from .base import AppBase


class Dispatch(AppBase):
    """Handles errors and tears contexts down as Flask does."""
