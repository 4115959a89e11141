"""One comparison on several pairs of servers."""

import pytest

from quart_parity.matrix import Pair, compare_on
from quart_parity.runner import Runner


def test_a_report_says_which_pair_it_is_of(monkeypatch: pytest.MonkeyPatch) -> None:
    """Below the table, reports of one pair of applications are told apart by their servers."""
    monkeypatch.setattr(Runner, "run", lambda self, scenarios: iter(()))
    pairs = (Pair("flask", "uvicorn"), Pair("hypercorn", "hypercorn", http2=True))
    compared = compare_on(pairs, "shop", "port", [], accept={}, timeout=1.0, where=None)

    assert [(report.reference, report.candidate) for _, report in compared] == [
        ("shop on flask", "port on uvicorn"),
        ("shop on hypercorn over HTTP/2", "port on hypercorn over HTTP/2"),
    ]
