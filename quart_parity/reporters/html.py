"""The report as a page: one file that needs nothing else, to be opened wherever it lies."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from typing import Any, TextIO

from jinja2 import Environment, StrictUndefined

from ..masks import Masker
from ..report import Report, Result
from .curl import address_of
from .page import front
from .page.causes import cause
from .page.data import digest, encodable, packed
from .page.details import CHUNK, Details
from .page.outcomes import Outcomes
from .page.spool import Spool, items
from .page.summary import summary
from .reporter import Manner
from .sheets.rows import visible

_POLICY = (
    "default-src 'none'; style-src {style}; script-src {script}; img-src data:; base-uri 'none';"
    " form-action 'none'"
)


@dataclass(frozen=True, slots=True)
class HTMLReporter:
    """What applications sent is text to it, in the markup and in the data for its script alike."""

    file: Callable[[], TextIO]
    masker: Masker
    manner: Manner
    _spool: Spool = field(default_factory=Spool)
    _outcomes: Outcomes = field(default_factory=Outcomes)

    def add(self, result: Result) -> None:
        self._outcomes.add(result)
        for item in items(result, self.manner.every):
            self._spool.add(item)

    def end(self, report: Report) -> None:
        details = Details(self.masker, self.manner, address_of(report.candidate))
        style, script = front.style(), front.script()
        told = {
            **summary(report, self._outcomes, self.masker),
            "policy": _POLICY.format(style=digest(style), script=digest(script)),
            "style": style,
            "script": script,
            "left_out": self._spool.left_out,
            "chunks": _chunks(self._spool, details),
            "index": partial(_index, report, details),
        }
        file = self.file()
        with closing(self._spool):
            for piece in _template().generate(told):
                file.write(encodable(piece))


def _template() -> Any:
    environment = Environment(autoescape=True, undefined=StrictUndefined, finalize=_shown)
    return environment.from_string(front.part("page.html"))


def _shown(value: Any) -> Any:
    if type(value) is not str:
        return value
    return "\n".join(map(visible, value.split("\n")))


def _chunks(spool: Spool, details: Details) -> Iterator[str]:
    exchanges = map(details.add, spool.items())
    while chunk := list(islice(exchanges, CHUNK)):
        yield packed(chunk)


def _index(report: Report, details: Details) -> str:
    """Written last, when all of the exchanges are."""
    masker = details.masker
    return packed(
        {
            "version": 1,
            "reference": masker.text(report.reference),
            "candidate": masker.text(report.candidate),
            "chunk": CHUNK,
            "scenarios": list(details.scenarios),
            "routes": list(details.routes),
            "kinds": list(details.kinds),
            "causes": [_cause(code) for code in details.causes],
            "exchanges": details.rows,
        }
    )


def _cause(code: str) -> dict[str, str]:
    told = cause(code)
    return {
        "code": code,
        "title": told.title,
        "severity": told.severity,
        "mend": told.mend,
    }
