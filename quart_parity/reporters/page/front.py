"""The style and the script of the page, each put together from its files."""

from __future__ import annotations

from importlib.resources import files

STYLES = ("page.css", "summary.css")
SCRIPTS = ("elements.js", "data.js", "list.js", "exchange.js", "sheets.js", "page.js")
"""Parts of one function: each may use what the others declare, and the last one runs."""


def style() -> str:
    return "".join(map(part, STYLES))


def script() -> str:
    """Strict, and without a name of its own in the window."""
    return "\n".join(['(() => {\n"use strict";\n', *map(part, SCRIPTS), "})();\n"])


def part(name: str) -> str:
    return files(__package__).joinpath(name).read_text("utf-8")
