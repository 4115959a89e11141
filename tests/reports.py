"""Reports made in one line, and what the reporters write of them."""

import json
from io import BytesIO, TextIOWrapper
from typing import Any

import pytest

from quart_parity import Difference, Failure, Report, Result
from quart_parity.masks import Masker
from quart_parity.paths import Path
from quart_parity.reporters import REPORTERS, Manner


def difference(path: Path = ("body",), ours: Any = 1, theirs: Any = 2, **fields: Any) -> Difference:
    where: dict[str, Any] = {
        "scenario": "walk",
        "request": 0,
        "method": "GET",
        "target": "/",
    } | fields
    return Difference(parts=path, reference=ours, candidate=theirs, **where)


def report(*differences: Difference, failures: tuple[Failure, ...] = ()) -> Report:
    made = Report("flask_app", "quart_app")
    made.add(Result("walk", 3, differences, failures))
    made.seconds = 1.23456
    return made


def shown(made: Report, format_: str = "text", show_secrets: bool = False) -> str:
    """What the reporter writes, through a file that takes UTF-8 only."""
    raw = BytesIO()
    file = TextIOWrapper(raw, encoding="utf-8", newline="")
    reporter = REPORTERS[format_](lambda: file, Masker(show_secrets, made.keys), Manner())
    reporter.end(made)
    file.flush()
    return raw.getvalue().decode()


def as_json(made: Report) -> Any:
    return json.loads(shown(made, "json"), parse_constant=pytest.fail)
