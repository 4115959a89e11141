"""Who is told of what happens in a process that holds more than one application."""

import gc
import sys
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Event, Thread
from typing import Any

import pytest

from quart_parity import StartError, check
from quart_parity.drivers.unawaited import Noter
from tests.forgetful import at, compared, forget, noting, original
from tests.shops import walk

HERE = __file__
Outside = Callable[[Callable[[], object]], object]


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names that Python's own warning is given for."""
    names: list[str] = []

    def tell(coroutine: Any) -> None:
        names.append(coroutine.__qualname__)

    monkeypatch.setattr(warnings, "_warn_unawaited_coroutine", tell)
    return names


@pytest.fixture
def outside() -> Iterator[Outside]:
    """Calls a function on a thread that is there before any application is."""
    with ThreadPoolExecutor(1) as executor:
        executor.submit(int).result(10)
        yield lambda function: executor.submit(function).result(10)


@pytest.fixture
def noter(told: list[str], outside: Outside) -> Iterator[Noter]:
    made = Noter()
    yield made
    made.close()


def names(noter: Noter) -> list[str]:
    return [one.name for one in noter.take()]


def state() -> tuple[object, ...]:
    # Python itself may have put some objects that it never frees aside.
    frozen, depth = gc.get_freeze_count() > 5_000, sys.get_coroutine_origin_tracking_depth()
    return vars(warnings)["_warn_unawaited_coroutine"], vars(Thread)["start"], frozen, depth


def test_the_process_is_as_it_was_once_nobody_plays() -> None:
    """Warnings, threads, garbage and memory of makings are not touched for longer."""

    before = state()
    seen: list[tuple[object, ...]] = []

    async def view() -> str:
        seen.append(state())
        return "same"

    compared(view=view)

    assert state() == before
    assert all(one != other for one, other in zip(seen[0], before, strict=True))


def test_so_it_is_where_an_application_hangs_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was left behind while it was made keeps nothing, though it never ends."""
    monkeypatch.setattr("quart_parity.worker.GRACE", 0.0)
    before, stop = state(), Event()

    def create_app() -> Any:
        stop.wait(10)
        return original()

    try:
        with pytest.raises(StartError):
            check(create_app, create_app, [walk("/")], timeout=0.1)
        after = state()
    finally:
        stop.set()

    assert after == before


def test_what_another_thread_forgets_is_warned_of_as_ever(
    noter: Noter, outside: Outside, told: list[str]
) -> None:
    """A caller's own threads are not the application's, though they run at the same time."""
    with noting(noter):
        outside(lambda: bool(forget()))

    assert (names(noter), told) == ([], ["greet"])


def test_what_a_thread_of_the_application_forgets_is_the_application_s(
    noter: Noter, told: list[str]
) -> None:
    """Threads that a request begins belong to it, and so do those that these begin."""
    with noting(noter):
        Thread(target=lambda: Thread(target=forget).start()).start()

    assert (names(noter), told) == (["greet"], [])


def test_garbage_is_the_application_s_wherever_it_is_collected(
    noter: Noter, outside: Outside, told: list[str]
) -> None:
    """A collection begins on any thread; what the application made is not that thread's."""
    with noting(noter):
        cycle: list[Any] = [forget()]
        cycle.append(cycle)
        del cycle
    outside(gc.collect)

    assert (names(noter), told) == (["greet"], [])


def test_between_two_scenarios_nobody_is_blamed(noter: Noter, told: list[str]) -> None:
    """What is freed when an application has settled is not its doing, nor the next one's."""
    with noting(noter):
        pass
    noter.settle()
    forget()

    assert (names(noter), told) == ([], ["greet"])


def test_the_application_that_played_last_is_told(noter: Noter) -> None:
    """What a request leaves may be freed a moment after its answer, and before it has settled."""
    other = Noter()
    with noting(other):
        pass
    with noting(noter):
        pass
    forget()
    other.close()

    assert (names(noter), names(other)) == (["greet"], [])


def test_an_application_that_was_left_behind_is_not_told_any_more(
    noter: Noter, told: list[str]
) -> None:
    """A blocked thread goes on some time, when another application plays."""
    other = Noter()
    stop, blocked = Event(), Event()

    def block() -> None:
        with noting(other):
            blocked.set()
            stop.wait(10)
            forget()

    thread = Thread(target=block)
    thread.start()
    blocked.wait(10)
    other.abandon()
    with noting(noter):
        stop.set()
        thread.join(10)

    assert (names(noter), names(other), told) == ([], [], ["greet"])


def test_what_starts_nothing_new_is_not_remembered_twice(noter: Noter) -> None:
    """Sent once more, a request costs nothing, as long as nothing is forgotten."""
    depths = []
    for forgets in (False, False, True, False):
        with noting(noter):
            depths.append(sys.get_coroutine_origin_tracking_depth())
            if forgets:
                forget()

    assert [depth > 0 for depth in depths] == [True, False, False, True]


def test_a_line_that_throws_away_what_it_made_is_known_by_itself(noter: Noter) -> None:
    """Where makings are not remembered, the statement that frees it is the one that made it."""
    for _ in range(2):
        with noting(noter):
            places = [one.place for one in noter.take()]
    with noting(noter):
        forget()  # thrown away
    places = [one.place for one in noter.take()]

    assert places == [at(HERE, "thrown away")]


def test_else_the_function_is_named(noter: Noter) -> None:
    """A variable of a function that has ended tells no more where it came from."""

    async def late() -> None:  # defined
        """What nobody awaits."""

    def keep() -> bool:
        kept = late()
        return bool(kept)

    for _ in range(2):
        with noting(noter):
            keeping = keep if _ else bool
            keeping()

    assert [one.place for one in noter.take()] == [at(HERE, "defined")]
