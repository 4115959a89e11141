"""How a report is shown."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import TextIO

from ..masks import Masker
from .reporter import Manner, Reporter

__all__ = ["ALWAYS_WHOLE", "REPORTERS", "Make", "Manner", "Reporter"]

Make = Callable[[Callable[[], TextIO], Masker, Manner], Reporter]
"""Makes the reporter of one run. Its file is opened by the first call of the function, and is the
same ever after: what reports at the end leaves until then what stood in it. Every value passes the
masker on its way."""


def _lazy(module: str, name: str) -> Make:
    """Whoever shows text does not wait for what a page needs."""

    def make(file: Callable[[], TextIO], masker: Masker, manner: Manner) -> Reporter:
        reporter: Reporter = getattr(import_module(f".{module}", __name__), name)(
            file, masker, manner
        )
        return reporter

    return make


REPORTERS: dict[str, Make] = {
    "text": _lazy("text", "TextReporter"),
    "json": _lazy("json", "JSONReporter"),
    "jsonl": _lazy("jsonl", "JSONLinesReporter"),
    "html": _lazy("html", "HTMLReporter"),
    "junit": _lazy("junit", "JUnitReporter"),
    "github": _lazy("github", "GitHubReporter"),
    "markdown": _lazy("markdown", "MarkdownReporter"),
}

ALWAYS_WHOLE = frozenset({"html", "jsonl"})
"""Those that are told every exchange, to show it or to count it by its route."""
