"""What is logged while causes are looked for, which nobody wants to read."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import pytest


@contextmanager
def nothing_logged(config: pytest.Config) -> Iterator[None]:
    """Keep it out of the test's report."""
    plugin = config.pluginmanager.get_plugin("logging-plugin")
    handler = getattr(plugin, "report_handler", None)
    if not isinstance(handler, logging.Handler):
        # Somebody runs with -p no:logging.
        yield
        return
    handler.addFilter(_nothing)
    try:
        yield
    finally:
        handler.removeFilter(_nothing)


def _nothing(record: logging.LogRecord) -> bool:
    return False
