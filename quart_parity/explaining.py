"""The catalogue of divergences as text, for the terminal and for the documentation."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from inspect import getsource
from textwrap import dedent

from msgspec import json

from .divergences import AREAS, DIVERGENCES, SEVERITIES, Divergence
from .errors import UsageError

_INTRODUCTION = """\
# Where Quart departs from Flask

Every entry was reproduced on a Flask application and its faithful port to Quart, and is again with
each run of the tests. The codes are stable: reports name them, `quart-parity explain CODE` prints
an entry, and `app.config["FLASK_COMPAT"] = {"CODE": False}` switches a piece of `compat` off.

This page is written by `quart-parity explain --markdown`.
"""


def find(code: str) -> Divergence:
    """The entry of a code, in capitals or not; raises `UsageError` where there is none."""
    try:
        return DIVERGENCES[code.upper()]
    except KeyError:
        raise UsageError(
            f"there is no divergence {code!r}: quart-parity explain lists them"
        ) from None


def listing() -> Iterator[str]:
    """One line an entry: code, severity, title."""
    width = max(map(len, SEVERITIES))
    for entry in DIVERGENCES.values():
        yield f"{entry.code}  {entry.severity:{width}}  {entry.title}"


def page() -> str:
    """All entries as one Markdown page."""
    lines = [_INTRODUCTION, *_table()]
    for area in AREAS:
        lines += ["", f"## {area.capitalize()}"]
        for entry in DIVERGENCES.values():
            if entry.area == area:
                lines += ["", *_section(entry)]
    return "\n".join(lines) + "\n"


def _table() -> Iterator[str]:
    yield "| code | severity | what | compat |"
    yield "|---|---|---|---|"
    for entry in DIVERGENCES.values():
        link = f"[{entry.code}](#{entry.code.lower()})"
        yield f"| {link} | {entry.severity} | {entry.title} | {_mended(entry)} |"


def _mended(entry: Divergence) -> str:
    if entry.opt_in:
        return "where switched on"
    return "leaves it" if entry.intended else "mends it"


def _section(entry: Divergence) -> Iterator[str]:
    # The page's tables and reports link to codes, whatever becomes of a title.
    yield f'### <a id="{entry.code.lower()}"></a>{entry.code}: {entry.title}'
    yield from ("", *_texts(entry))
    yield from ("", "<details><summary>The reproduction</summary>", "")
    yield from ("\n\n".join(_reproduction(entry)), "", "</details>")


def explained(entry: Divergence) -> str:
    """One entry as Markdown: both behaviours, cause, mends, and the reproduction's source."""
    title = f"# {entry.code}: {entry.title}"
    return "\n\n".join([title, *_texts(entry), *_reproduction(entry)]) + "\n"


def _texts(entry: Divergence) -> Iterator[str]:
    versions = " and ".join(f"{name.capitalize()} {v}" for name, v in entry.affects.items())
    named = {
        "Flask": entry.flask,
        "Quart": entry.quart,
        "Cause": entry.cause,
        "By hand": entry.by_hand,
        "By compat": entry.by_compat,
        "Intended": entry.intended,
    }
    parts = [f"**{name}.** {dedent(text).strip()}" for name, text in named.items() if text]
    yield "\n\n".join([f"*{entry.severity}; {entry.area}; {versions}*", *parts])


def _reproduction(entry: Divergence) -> Iterator[str]:
    yield f"```python\n{_source(entry)}\n```"
    if entry.observe is None:
        requests = "\n".join(json.encode(request).decode() for request in entry.requests)
        yield f"The requests that show it:\n\n```json\n{requests}\n```"
    else:
        yield "No scenario shows it: what `observe` gives of the two differs."


def _source(entry: Divergence) -> str:
    """What stands in the entry's file before the entry itself, and so is enough to run it."""
    source = getsource(sys.modules[entry.original.__module__])
    first, *_, last = (node for node in ast.parse(source).body if not _is_preamble(node))
    lines = source.splitlines()[first.lineno - 1 : last.lineno - 1]
    code = "\n".join(line for line in lines if not line.startswith("from .divergence "))
    return re.sub("\n{4,}", "\n\n\n", code).strip()


def _is_preamble(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) or getattr(node, "module", None) == "__future__"
