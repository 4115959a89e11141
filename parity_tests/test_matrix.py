"""Every scenario on every pair of servers, over real sockets."""

import re
from pathlib import Path

import pytest

from parity_tests.test_scenarios import CANDIDATE, FOLDER, REFERENCE, SCENARIOS
from quart_parity.matrix import HEADER, PAIRS, Pair, row, runners_on
from quart_parity.report import Report

pytestmark = pytest.mark.matrix

README = Path(__file__).resolve().parent.parent / "README.md"
UNKNOWN_METHOD = (
    "BREW /responses/string (responses-methods, request 5) is not compared: the candidate's"
    " server answered 400 by itself, without asking the application."
)
"""uvicorn's parser knows the methods that there are, and refuses all others."""


@pytest.fixture(scope="module", params=PAIRS, ids=lambda pair: pair.name)
def compared(request: pytest.FixtureRequest) -> tuple[Pair, Report]:
    """A pair of servers with what comparing the applications on them gives."""
    ((pair, runner),) = runners_on([request.param], REFERENCE, CANDIDATE, where=FOLDER)
    for _ in runner.run(SCENARIOS):
        pass
    return pair, runner.report


def test_a_pair_of_servers_shows_no_difference(compared: tuple[Pair, Report]) -> None:
    """Both applications answer every request of every scenario alike, whatever serves them."""
    _, report = compared
    differences = [
        f"{one.scenario} {one.request} {one.method} {one.target}: {one.path}:"
        f" {one.reference!r} != {one.candidate!r}"
        for one in report.differences
    ]

    assert differences == []
    assert [failure.message for failure in report.failures] == []
    assert report.scenarios == len(SCENARIOS)


def test_what_is_not_compared_is_said(compared: tuple[Pair, Report]) -> None:
    """Every exchange is compared, but for the one that a server refuses by itself."""
    pair, report = compared
    notes = [UNKNOWN_METHOD] if pair.candidate == "uvicorn" else []

    assert report.notes == notes
    assert report.exchanges == sum(len(one.requests) for one in SCENARIOS) - len(notes)


def test_the_table_of_the_readme_is_what_is_seen(compared: tuple[Pair, Report]) -> None:
    """The README has the row that the command prints for this pair."""
    assert row(*compared) in README.read_text().splitlines()


def test_the_readme_has_every_pair_and_no_other() -> None:
    """The table has the pairs of the command, in its order."""
    table = README.read_text().partition(HEADER)[2]
    pairs = re.findall(r"(?m)^(\| \w+ \| \w+ \| HTTP/[\d.]+ \|)", table)

    assert pairs == [pair.row for pair in PAIRS]
