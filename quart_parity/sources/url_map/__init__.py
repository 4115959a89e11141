"""Scenarios made from a URL map, and from what the reference answers to them."""

from .walk import EXCHANGES, URLMap

__all__ = ["EXCHANGES", "URLMap"]
