"""The same comparison on every pair of servers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from .report import Report
from .runner import Runner
from .wiring import Wiring


@dataclass(frozen=True, slots=True)
class Pair:
    """Two servers and what they speak."""

    reference: str
    candidate: str
    http2: bool = False

    @property
    def name(self) -> str:
        return f"{self.reference}-{self.candidate}{'-http2' * self.http2}"

    @property
    def row(self) -> str:
        """The begin of its row in the table."""
        version = "HTTP/2" if self.http2 else "HTTP/1.1"
        return f"| {self.reference} | {self.candidate} | {version} |"


PAIRS = (
    *(
        Pair(reference, candidate)
        for reference in ("flask", "gunicorn", "waitress")
        for candidate in ("hypercorn", "uvicorn", "granian")
    ),
    Pair("hypercorn", "hypercorn", http2=True),
)
HEADER = "| Flask on | Quart on | protocol | exchanges | differences |\n|---|---|---|---|---|"


def runners_on(
    pairs: Iterable[Pair], reference: str, candidate: str, **options: Any
) -> list[tuple[Pair, Runner]]:
    """A runner with the *options* of `Runner` for each pair; raises as it does."""
    return [(pair, _runner_on(pair, reference, candidate, options)) for pair in pairs]


def _runner_on(pair: Pair, reference: str, candidate: str, options: dict[str, Any]) -> Runner:
    wiring = Wiring(servers=(pair.reference, pair.candidate), http2=pair.http2)
    runner = Runner(reference, candidate, wiring=wiring, **options)
    version = " over HTTP/2" if pair.http2 else ""
    runner.report.reference += f" on {pair.reference}{version}"
    runner.report.candidate += f" on {pair.candidate}{version}"
    return runner


def row(pair: Pair, report: Report) -> str:
    """A row of the table in Markdown."""
    return f"{pair.row} {report.exchanges} | {report.count} |"
