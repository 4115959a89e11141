"""One comparison on several pairs of servers."""

from quart_parity.matrix import Pair, runners_on


def test_a_report_says_which_pair_it_is_of() -> None:
    """Below the table, reports of one pair of applications are told apart by their servers."""
    pairs = (Pair("flask", "uvicorn"), Pair("hypercorn", "hypercorn", http2=True))
    reports = [runner.report for _, runner in runners_on(pairs, "shop", "port")]

    assert [(report.reference, report.candidate) for report in reports] == [
        ("shop on flask", "port on uvicorn"),
        ("shop on hypercorn over HTTP/2", "port on hypercorn over HTTP/2"),
    ]
