"""The time of a run: standing still, ahead, or waited for."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from time_machine import escape_hatch

from quart_parity import Request, check
from quart_parity.clock import TickingClock, WaitingClock, one_at_a_time, passing_clock
from quart_parity.errors import UnplayableError
from tests.builders import wsgi
from tests.shops import flask_shop, played, told, walk

HOUR = 3600.0


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


@pytest.fixture
def ticking() -> Iterator[TickingClock]:
    """A clock that is taken out of the process again."""
    clock = TickingClock()
    yield clock
    clock.stop()


def ahead() -> float:
    """Seconds by which the process's clock is ahead."""
    return time.time() - escape_hatch.time.time()


def test_a_ticking_clock_is_ahead_and_goes_on(ticking: TickingClock) -> None:
    """The whole process is so many seconds ahead of the time, and time passes there."""
    told_so = ticking.move(HOUR)
    first = time.time()
    moment = datetime.now(UTC).timestamp()
    while time.time() == first:
        pass

    assert told_so == HOUR
    assert ahead() == pytest.approx(HOUR, abs=1)
    assert moment - escape_hatch.time.time() == pytest.approx(HOUR, abs=1)
    assert 0 < time.time() - first < 1


def test_a_ticking_clock_is_as_far_ahead_as_it_was_moved_last(ticking: TickingClock) -> None:
    """Moves are counted from the time that is, and not from each other."""
    seen = []
    for elapsed in (HOUR, 2 * HOUR, 2 * HOUR, 60.0):
        ticking.move(elapsed)
        seen.append(round(ahead()))

    assert seen == [3600, 7200, 7200, 60]


def test_a_ticking_clock_is_back_for_the_next_scenario(ticking: TickingClock) -> None:
    """The first move of a scenario takes back what the one before was ahead."""
    ticking.move(HOUR)
    ticking.begin(False)
    told_so = ticking.move(0.0)

    assert told_so == 0.0
    assert not escape_hatch.is_travelling()


def test_a_ticking_clock_is_left_alone_where_nothing_is_ahead(ticking: TickingClock) -> None:
    """Without a later request nothing is put in the place of the process's clock."""
    ticking.begin(False)
    ticking.move(0.0)

    assert not escape_hatch.is_travelling()


def test_a_scenario_with_a_later_request_begins_with_a_second(
    ticking: TickingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ages are counted in whole seconds: so many later are so many on both sides."""
    monkeypatch.setattr("quart_parity.clock.time", lambda: 1_000_000.75)
    ahead_by = []
    for later in (True, False, True):
        ticking.begin(later)
        ahead_by += [ticking.move(elapsed) for elapsed in (0.0, 0.0, 600.0)]

    assert ahead_by == [0.25, 0.25, 600.25, 0.0, 0.0, 600.0, 0.25, 0.25, 600.25]


def test_later_requests_are_whole_seconds_later(ticking: TickingClock) -> None:
    """However late in its second a scenario begins, what follows soon is in the same one."""
    ticking.begin(True)
    ticking.move(0.0)
    first = time.time()
    ticking.move(600.0)
    second = time.time()

    assert first % 1 < 0.5
    assert int(second) - int(first) == 600


def test_a_ticking_clock_can_be_stopped(ticking: TickingClock) -> None:
    """It is no longer ahead, however often it is said."""
    ticking.move(HOUR)
    ticking.stop()
    ticking.stop()

    assert not escape_hatch.is_travelling()


class Waits:
    """Time that passes only where somebody sleeps."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 100.0
        self.slept: list[float] = []
        monkeypatch.setattr("quart_parity.clock.monotonic", lambda: self.now)
        monkeypatch.setattr("quart_parity.clock.sleep", self.sleep)
        monkeypatch.setattr("quart_parity.clock.time", lambda: self.now + 0.25)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> Waits:
    return Waits(monkeypatch)


def test_a_waiting_clock_waits_for_what_is_left(waits: Waits) -> None:
    """What the exchanges took is part of what was to be waited for."""
    clock = WaitingClock(30.0)
    clock.begin(False)
    told_so = [clock.move(0.0)]
    waits.now += 2.0
    told_so += [clock.move(5.0), clock.move(5.0), clock.move(4.0), clock.move(6.0)]

    assert waits.slept == [3.0, 1.0]
    assert told_so == [0.0] * 5


def test_a_waiting_clock_begins_anew(waits: Waits) -> None:
    """Each side of each scenario waits from its own beginning on."""
    clock = WaitingClock(30.0)
    waits.now += 20.0
    clock.begin(False)
    clock.move(5.0)

    assert waits.slept == [5.0]


def test_a_waiting_clock_begins_with_a_second(waits: Waits) -> None:
    """Where a scenario waits, both sides begin at the same part of a second."""
    clock = WaitingClock(30.0)
    clock.begin(True)

    assert waits.slept == [0.75]


def test_a_waiting_clock_refuses_what_is_too_long(waits: Waits) -> None:
    """Longer than for an answer nobody waits; the error says what can be done."""
    clock = WaitingClock(30.0)
    clock.begin(False)
    with pytest.raises(UnplayableError) as caught:
        clock.move(HOUR)
    clock.move(30.0)

    assert "3600 s are longer than the 30 s" in str(caught.value)
    assert "--serve" in str(caught.value)
    assert waits.slept == [30.0]


def _fails_later() -> None:
    with passing_clock(None) as clock:
        clock.move(HOUR)
        raise LookupError(f"locked: {one_at_a_time.locked()}, {ahead():.0f} s ahead")


def test_a_passing_clock_is_the_time_again_afterwards() -> None:
    """Whatever ends a run, the process has its own time; meanwhile no other run has it."""
    with pytest.raises(LookupError, match="locked: True, 3600 s ahead"):
        _fails_later()

    assert not escape_hatch.is_travelling()


def test_a_passing_clock_waits_where_it_is_to() -> None:
    """With a limit nothing in the process is ahead."""
    with passing_clock(30.0) as clock:
        clock.begin(True)
        told_so = clock.move(0.01)
        travelling = escape_hatch.is_travelling()

    assert told_so == 0.0
    assert not travelling
