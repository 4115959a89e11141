"""The workers behind plain functions: bounded, given back, and gone when the program ends."""

import asyncio
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar
from functools import partial
from pathlib import Path

import pytest

from quart_parity.compat.bodies import ThreadedIterator
from quart_parity.compat.request_threads import RequestThread
from quart_parity.compat.threads import Workers
from tests.compat.sides import CompatQuart

CHECKOUT = Path(__file__).parents[2]

PROGRAM = """
import asyncio
from quart import Quart
from quart_parity.compat import FlaskCompat

app = FlaskCompat.apply(Quart("app"))
app.add_url_rule("/", "view", lambda: "answered")

async def main():
    response = await app.test_client().get("/")
    print(await response.get_data(as_text=True))

asyncio.run(main())
"""


def test_workers_are_bounded() -> None:
    """Who comes when all workers are taken waits until one is given back, first come first."""
    pool = Workers(most=1)
    got: list[tuple[str, ThreadPoolExecutor]] = []

    def note(name: str, worker: ThreadPoolExecutor) -> None:
        got.append((name, worker))

    for name in "abc":
        pool.take(partial(note, name))
    first = got[0][1]
    waiting = [name for name, _ in got]
    pool.give(first)
    pool.give(first)

    assert waiting == ["a"]
    assert got == [("a", first), ("b", first), ("c", first)]


def test_slow_readers_leave_workers_to_views(monkeypatch: pytest.MonkeyPatch) -> None:
    """Streams that nobody reads on take half of the workers; views are answered all the same."""
    pool = Workers(most=4)
    monkeypatch.setattr("quart_parity.compat.request_threads.WORKERS", pool)
    monkeypatch.setattr(RequestThread.__init__, "__defaults__", (pool,))

    async def answers() -> list[object]:
        app = CompatQuart(__name__)
        app.add_url_rule("/", "view", lambda: "answered")
        streams = [ThreadedIterator(str(number) for number in range(2)) for _ in range(8)]
        async with app.app_context():
            first = [await anext(stream) for stream in streams]
        response = await app.test_client().get("/")
        for stream in streams:
            await stream.aclose()
        return [first, await response.get_data(as_text=True)]

    assert asyncio.run(asyncio.wait_for(answers(), 10)) == [["0"] * 8, "answered"]


def test_dropped_workers_are_replaced() -> None:
    """Who waits gets a new worker when one is dropped; the dropped one takes nothing any more."""
    pool = Workers(most=1)
    got: list[ThreadPoolExecutor] = []
    pool.take(got.append)
    pool.take(got.append)
    pool.drop(got[0])

    assert len(got) == 2
    assert got[0] is not got[1]
    with pytest.raises(RuntimeError):
        got[0].submit(print)


def test_few_idle_workers_are_kept() -> None:
    """Beyond a number of idle workers the threads of those given back end."""
    pool = Workers(kept=1)
    got: list[ThreadPoolExecutor] = []
    for _ in range(3):
        pool.take(got.append)
    for worker in got:
        pool.give(worker)

    assert len(pool._idle) == len(pool._alive) == 1


def test_waiting_request_that_is_cancelled_takes_no_worker() -> None:
    """A request that ends while it waits for a worker leaves it to the next."""
    pool = Workers(most=1)
    taken: list[ThreadPoolExecutor] = []

    async def run() -> str:
        pool.take(taken.append)
        impatient, patient = RequestThread(pool), RequestThread(pool)
        first = asyncio.ensure_future(impatient.run(lambda: "first"))
        second = asyncio.ensure_future(patient.run(lambda: "second"))
        await asyncio.sleep(0)
        first.cancel()
        await asyncio.wait([first])
        impatient.release()
        pool.give(taken[0])
        return await second

    assert asyncio.run(run()) == "second"


def test_release_gives_the_worker_back_once_nobody_holds_it() -> None:
    """A thread that two hold is free when both have released it."""
    pool = Workers()

    async def run() -> list[int]:
        thread = RequestThread(pool)
        await thread.run(threading.get_ident)
        thread.hold()
        idle = []
        for _ in range(2):
            thread.release()
            idle.append(len(pool._idle))
        return idle

    assert asyncio.run(run()) == [0, 1]


def test_errors_reach_the_caller_with_what_was_set_before() -> None:
    """What a function sets in a variable before it fails is set, as in a plain call."""
    variable = ContextVar("variable", default="unset")

    def fail() -> None:
        variable.set("set")
        raise KeyError("key")

    async def run() -> str:
        with pytest.raises(KeyError, match="key"):
            await RequestThread(Workers()).run(fail)
        return variable.get()

    assert asyncio.run(run()) == "set"


def test_variables_that_the_caller_resets_are_reset() -> None:
    """What an asynchronous function takes back, later plain functions do not see either."""
    variable = ContextVar("variable", default="unset")

    async def run() -> list[str]:
        thread = RequestThread(Workers())
        token = variable.set("set")
        seen = [await thread.run(variable.get)]
        variable.reset(token)
        seen.append(await thread.run(variable.get))
        variable.set("again")
        return [*seen, await thread.run(variable.get)]

    assert asyncio.run(run()) == ["set", "unset", "again"]


def test_programs_end_with_idle_workers() -> None:
    """The workers keep no program from ending."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], cwd=CHECKOUT, capture_output=True, text=True, timeout=30
    )

    assert (done.stdout, done.stderr, done.returncode) == ("answered\n", "", 0)
