"""The stage on which both sides are played: what it asks of them, and in which order."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from quart_parity import Request, Scenario
from quart_parity.clock import WaitingClock
from quart_parity.errors import UnplayableError
from quart_parity.exchange import Exchange, RawRequest
from quart_parity.sessions import no_sessions
from quart_parity.sides import Served
from quart_parity.stage import Both, Stage
from quart_parity.worker import Worker
from tests.builders import answer
from tests.shops import walk

Steps = list[str]


class Acted:
    """A side that notes what is asked of it, with a driver that always answers."""

    timeout = 5.0
    is_elsewhere = False

    def __init__(self, name: str, steps: Steps, ticks: bool = True) -> None:
        self.name, self.ticks, self.patience = name, ticks, 60.0 * ticks
        self.steps = steps
        self.unable: set[str] = set()
        self.trouble: BaseException | None = None
        self.interrupted_at = ""

    def _note(self, what: str) -> None:
        self.steps.append(f"{self.name} {what}")

    @contextmanager
    def serve(self, scenario: Scenario, fresh: bool) -> Iterator[Served]:
        if scenario.name in self.unable:
            raise UnplayableError(f"{self.name} cannot play {scenario.name}")
        self._note(f"serves {scenario.name}{' fresh' * fresh}")
        move = self._moved
        yield Served(self, no_sessions, move)
        self._note("is done")

    def _moved(self, elapsed: float) -> None:
        self._note(f"is {elapsed:g} s ahead")

    def send(self, request: RawRequest) -> Exchange:
        if request.target == self.interrupted_at:
            raise KeyboardInterrupt
        self._note(f"answers {request.target}")
        return replace(answer(), request=request)

    def prepare(self, scenario: Scenario, fresh: bool) -> None:
        self._note(f"prepares for {scenario.name}{' fresh' * fresh}")

    def leave(self, served: Served) -> None:
        self._note("is left")

    def close(self) -> None:
        self._note("closes")
        if self.trouble is not None:
            raise self.trouble

    def kill(self) -> None:
        self._note("is killed")
        if self.trouble is not None:
            raise self.trouble


class Standing:
    """A clock that says what it is asked."""

    def __init__(self, ticks: bool) -> None:
        self.ticks = ticks
        self.asked: list[float] = []

    def begin(self, later: bool) -> None:
        self.asked.append(later)

    def move(self, elapsed: float) -> float:
        self.asked.append(elapsed)
        return elapsed * 2


@pytest.fixture
def steps() -> Steps:
    return []


@pytest.fixture
def clock() -> Standing:
    return Standing(True)


@pytest.fixture
def stage(steps: Steps, clock: Standing) -> Iterator[Stage]:
    worker = Worker(5.0)
    yield Stage(Acted("first", steps), Acted("second", steps), False, 5.0, worker, clock)
    worker.close()


def played(stage: Stage, *scenarios: Scenario) -> list[tuple[Scenario, Both]]:
    pending = iter(scenarios)
    found = []
    while batch := stage.play(pending):
        found += batch
    return found


def test_the_candidate_starts_while_the_reference_is_played(stage: Stage, steps: Steps) -> None:
    """Both are played one after the other, and neither waits for the other's start."""
    played(stage, walk("/a"))

    assert steps == [
        "second prepares for walk",
        "first serves walk",
        "first is 0 s ahead",
        "first answers /a",
        "first is done",
        "second serves walk",
        "second is 0 s ahead",
        "second answers /a",
        "second is done",
    ]


def test_fresh_reaches_both_sides(stage: Stage, steps: Steps) -> None:
    """Whoever wants new applications for all gets them from the first step on."""
    played(replace(stage, fresh=True), walk("/a"))

    assert [step for step in steps if step.endswith("fresh")] == [
        "second prepares for walk fresh",
        "first serves walk fresh",
        "second serves walk fresh",
    ]


def test_an_application_is_as_far_ahead_as_the_clock_says(
    stage: Stage, steps: Steps, clock: Standing
) -> None:
    """The clock is asked for each request, from the beginning of each side."""
    played(stage, walk("/a", Request(path="/b", after=60), "/c"))

    assert [step for step in steps if "ahead" in step] == [
        f"{name} is {elapsed} s ahead" for name in ("first", "second") for elapsed in (0, 120, 120)
    ]
    assert clock.asked == [True, 0, 60, 60] * 2


def test_the_clock_hears_whether_anything_comes_later(stage: Stage, clock: Standing) -> None:
    """A scenario that plays at once needs no other time than there is."""
    played(stage, walk("/a", "/b"))

    assert clock.asked == [False, 0, 0] * 2


@pytest.mark.parametrize("ticks", [True, False])
def test_an_exchange_has_a_window_where_time_passes(
    stage: Stage, clock: Standing, ticks: bool
) -> None:
    """Between its two ends the answer was made; where the clock stands there is nothing to say."""
    clock.ticks = ticks
    [(_, both)] = played(stage, walk("/a"))
    windows = [exchange.window for one in both for exchange in one.exchanges]

    assert len(windows) == 2
    assert [window is not None and window[0] <= window[1] for window in windows] == [ticks] * 2


@pytest.mark.parametrize("unable", ["reference", "candidate"])
def test_what_one_side_cannot_play_is_a_failure_and_no_end(
    stage: Stage, steps: Steps, unable: str
) -> None:
    """The other side and the scenarios after it are played all the same."""
    side = getattr(stage, unable)
    side.unable = {"hard"}
    found = played(stage, walk("/a"), walk("/b", name="hard"), walk("/c", name="last"))
    failures = [getattr(part, "failure", None) for _, both in found for part in both]

    assert [scenario.name for scenario, _ in found] == ["walk", "hard", "last"]
    assert [failure for failure in failures if failure] == [f"{side.name} cannot play hard"]
    assert [len(part.exchanges) for _, both in found for part in both].count(0) == 1
    assert stage.error is None


def test_what_cannot_be_waited_for_ends_the_scenario_there(stage: Stage) -> None:
    """The exchanges before it are kept, on both sides."""
    waiting = replace(stage, clock=WaitingClock(1.0))
    [(_, both)] = played(waiting, walk("/a", Request(path="/b", after=3600)))

    assert [len(part.exchanges) for part in both] == [1, 1]
    assert all("--serve" in str(part.failure) for part in both)


def test_an_interruption_leaves_what_was_played(stage: Stage) -> None:
    """The scenarios before the one that is interrupted are there to be reported."""
    stage.candidate.interrupted_at = "/b"  # type: ignore[attr-defined]  # is an Acted
    found = stage.play(iter([walk("/a"), walk("/b"), walk("/c")]))

    assert [len(both[1].exchanges) for _, both in found] == [1]
    assert isinstance(stage.error, KeyboardInterrupt)


def test_an_interruption_of_the_first_is_one(stage: Stage) -> None:
    """There is nothing to report."""
    stage.reference.interrupted_at = "/a"  # type: ignore[attr-defined]  # is an Acted
    with pytest.raises(KeyboardInterrupt):
        stage.play(iter([walk("/a")]))


@pytest.mark.parametrize("how", ["close", "kill"])
def test_both_sides_are_ended_though_one_fails_to(stage: Stage, steps: Steps, how: str) -> None:
    """What goes wrong with the first leaves nothing of the second."""
    stage.reference.trouble = LookupError("stuck")  # type: ignore[attr-defined]  # is an Acted
    with pytest.raises(LookupError, match="stuck"):
        getattr(stage, how)()

    assert [step.split()[0] for step in steps] == ["first", "second"]
