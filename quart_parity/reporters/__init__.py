"""How a report is shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import TextIO

from ..masks import Masker
from ..report import Report

Reporter = Callable[[Report, TextIO, Masker], None]
"""Writes a whole report; every value passes the masker on its way."""


def _text(report: Report, file: TextIO, masker: Masker) -> None:
    from .text import write_text

    write_text(report, file, masker)


def _json(report: Report, file: TextIO, masker: Masker) -> None:
    from .json import write_json

    write_json(report, file, masker)


REPORTERS: dict[str, Reporter] = {"text": _text, "json": _json}
