"""The same comparison on every pair of servers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from .report import Report
from .runner import Runner
from .scenario import Scenario
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


def compare_on(
    pairs: Iterable[Pair],
    reference: str,
    candidate: str,
    scenarios: list[Scenario],
    *,
    accept: dict[str, str],
    timeout: float,
    where: Path | None,
) -> Iterator[tuple[Pair, Report]]:
    """Play all scenarios on each pair of servers.

    Raises as `Runner` does: at once for a pair that cannot be, else as it comes to it.
    """
    pairs = tuple(pairs)
    runners = [
        Runner(
            reference,
            candidate,
            accept=accept,
            timeout=timeout,
            where=where,
            wiring=Wiring(servers=(pair.reference, pair.candidate), http2=pair.http2),
        )
        for pair in pairs
    ]
    return _compared(zip(pairs, runners, strict=True), scenarios)


def _compared(
    runners: Iterable[tuple[Pair, Runner]], scenarios: list[Scenario]
) -> Iterator[tuple[Pair, Report]]:
    for pair, runner in runners:
        report = runner.report
        version = " over HTTP/2" if pair.http2 else ""
        report.reference += f" on {pair.reference}{version}"
        report.candidate += f" on {pair.candidate}{version}"
        for _ in runner.run(scenarios):
            pass
        yield pair, report


def row(pair: Pair, report: Report) -> str:
    """A row of the table in Markdown."""
    return f"{pair.row} {report.exchanges} | {report.count} |"
