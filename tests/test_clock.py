"""One clock for both sides, which stands still until a scenario moves it."""

from datetime import UTC, datetime
from itertools import pairwise

from quart_parity import Request, check
from tests.builders import wsgi
from tests.shops import flask_shop, played, told, walk


def test_the_clock_stands_still_and_moves_on_both_sides_alike() -> None:
    """Both sides read the same time to the microsecond, before and after it moves."""
    requests = [Request(path="/now"), Request(path="/now", after=3600), Request(path="/now")]
    report = played(walk(*requests))
    times = check(flask_shop, wsgi(body=[b""]), [walk(*requests)])
    moments = [datetime.fromisoformat(d.reference) for d in times.differences if d.path == "body"]

    assert told(report) == []
    assert [(b - a).total_seconds() for a, b in pairwise(moments)] == [
        3600,
        0,
    ]


def test_each_scenario_begins_at_the_same_time() -> None:
    """A clock that one scenario moved is back for the next."""
    scenarios = [walk(Request(path="/now", after=60)), walk("/now", name="next")]
    report = check(flask_shop, wsgi(), scenarios)
    first, second = (
        datetime.fromisoformat(d.reference) for d in report.differences if d.path == "body"
    )

    assert (first - second).total_seconds() == 60


def test_the_clock_goes_on_after_a_run() -> None:
    """Nothing of the standing clock is left in the process."""
    before = datetime.now(UTC)
    played(walk(Request(path="/now", after=1e6)))

    assert (datetime.now(UTC) - before).total_seconds() < 1e5
