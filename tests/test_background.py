"""What a request begins and does not wait for has its time before the next one."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from threading import Event, Thread
from typing import Any

import pytest
from quart import Quart

from quart_parity import check
from quart_parity.drivers import background
from quart_parity.drivers.asgi import ASGIDriver
from quart_parity.drivers.unawaited import Noter
from quart_parity.exchange import Raised
from tests.builders import raw_request
from tests.forgetful import PATIENCE, at, noting, original, port
from tests.shops import told, walk

HERE = __file__
SHORT = 0.05
"""Seconds for what never ends."""


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """For how many tasks each wait was; what does not end is waited for only shortly."""
    counts: list[int] = []
    wait = background._wait

    async def counting(tasks: set[asyncio.Task[Any]], seconds: float) -> set[asyncio.Task[Any]]:
        counts.append(len(tasks))
        return await wait(tasks, seconds)

    monkeypatch.setattr(background, "_wait", counting)
    monkeypatch.setattr("quart_parity.drivers.asgi.SECONDS", SHORT)
    return counts


async def steps() -> None:
    """Take some of the event loop's time, and some of a thread's."""
    for _ in range(20):
        await asyncio.sleep(0)
    await asyncio.to_thread(int)


async def never() -> None:
    await asyncio.get_running_loop().create_future()


def asked(app: Any, *paths: str) -> list[Raised | None]:
    """What each exchange has raised."""
    driver = ASGIDriver(app, PATIENCE)
    try:
        return [driver.send(raw_request(target=path)).raised for path in paths]
    finally:
        driver.close()


@pytest.mark.parametrize("how", ["background task", "background function", "task", "thread"])
def test_the_next_request_sees_what_was_done_meanwhile(how: str) -> None:
    """Tasks and threads that a request begins are done before the next one comes."""
    done: list[str] = []
    tasks: list[asyncio.Task[None]] = []

    async def work() -> None:
        await steps()
        done.append("done")

    async def begin() -> str:
        if how == "background task":
            app.add_background_task(work)
        elif how == "background function":
            app.add_background_task(done.append, "done")
        elif how == "task":
            tasks.append(asyncio.create_task(work()))
        else:
            Thread(target=asyncio.run, args=[work()]).start()
        return "same"

    async def look() -> str:
        return "same" if done else "nothing"

    app = port(begin=begin, look=look)

    assert told(check(original("/begin", "/look"), app, [walk("/begin", "/look")])) == []


def test_the_reference_s_threads_have_their_time_as_well() -> None:
    """What Flask's view begins in a thread is what the port's begins in a task."""
    done: list[str] = []
    app = original()
    app.add_url_rule("/look", "look", lambda: "same" if done else "nothing")

    @app.get("/begin")
    def begin() -> str:
        Thread(target=lambda: Thread(target=done.append, args=["done"]).start()).start()
        return "same"

    async def same() -> str:
        return "same"

    assert told(check(app, port(begin=same, look=same), [walk("/begin", "/look")])) == []


def test_what_a_task_begins_is_waited_for() -> None:
    """The work of a request is done when nothing of it is left."""
    done: list[str] = []
    app = port()

    async def second() -> None:
        await steps()
        done.append("done")

    async def first() -> None:
        await steps()
        app.add_background_task(second)

    @app.get("/")
    async def begin() -> str:
        app.add_background_task(first)
        return ""

    @app.get("/look")
    async def look() -> str:
        seen.extend(done)
        return ""

    seen: list[str] = []
    asked(app, "/", "/look")

    assert seen == ["done"]


def endless(app: Quart) -> None:
    """Add a request that begins what never ends, as it is and as a background task."""
    app.config["BACKGROUND_TASK_SHUTDOWN_TIMEOUT"] = 0
    tasks: list[asyncio.Task[None]] = []

    @app.get("/never")
    async def begin() -> str:
        tasks.append(asyncio.create_task(never()))
        app.add_background_task(never)
        return ""


def test_what_never_ends_costs_its_time_once(waits: list[int]) -> None:
    """Neither the task nor another one of the same function is waited for again."""
    app = port()
    endless(app)
    asked(app, "/never", "/none", "/never")

    assert waits == [2, 0]


def test_beside_what_never_ends_all_else_is_waited_for(waits: list[int]) -> None:
    """Another function's tasks have their time as before."""
    app = port()
    endless(app)
    done: list[str] = []

    async def work() -> None:
        await steps()
        done.append("done")

    @app.get("/work")
    async def begin_work() -> str:
        app.add_background_task(work)
        return ""

    asked(app, "/never", "/work")

    assert waits[1] == 1
    assert done == ["done"]


def test_a_worker_goes_on_between_requests() -> None:
    """What was begun at start-up takes what a request gives it, before the next one comes."""
    app = port()
    orders: asyncio.Queue[str] = asyncio.Queue()
    done: list[str] = []
    seen: list[list[str]] = []
    workers: list[asyncio.Task[None]] = []

    async def work() -> None:
        while True:
            order = await orders.get()
            for _ in range(12):
                await asyncio.sleep(0)
            done.append(order)

    @app.before_serving
    async def begin() -> None:
        workers.append(asyncio.create_task(work()))

    @app.get("/")
    async def order() -> str:
        seen.append(list(done))
        await orders.put("tea")
        return ""

    asked(app, "/", "/")

    assert seen == [[], ["tea"]]


async def burn() -> None:
    await steps()
    raise LookupError("burnt")  # burnt


@pytest.mark.parametrize("how", ["background task", "task"])
def test_what_it_raises_is_in_the_exchange(how: str) -> None:
    """With its text and its line, though the answer was complete; the next one has none of it."""
    app = port()
    app.logger.disabled = True
    tasks: set[asyncio.Task[None]] = set()

    @app.get("/")
    async def begin() -> str:
        if how == "task":
            tasks.add(task := asyncio.create_task(burn()))
            task.add_done_callback(tasks.discard)
        else:
            app.add_background_task(burn)
        return ""

    raised, after = asked(app, "/", "/none")

    assert raised == Raised("LookupError", "burnt", at(HERE, "burnt"))
    assert after is None


def test_what_the_request_raises_itself_comes_first() -> None:
    """One exchange tells of one exception: the one that its answer tells of."""
    app = port()
    app.logger.disabled = True

    @app.get("/")
    async def begin() -> str:
        app.add_background_task(burn)
        raise KeyError("mine")

    [raised] = asked(app, "/")

    assert raised is not None
    assert raised.type == "KeyError"


def test_what_a_thread_raises_is_compared_with_what_a_task_raises() -> None:
    """The same error on both sides is none; on one side it is told with its line."""

    def burn_in_thread() -> None:
        raise LookupError("burnt")  # in a thread

    def begin_thread() -> str:
        Thread(target=burn_in_thread).start()
        return "same"

    async def begin_task() -> str:
        app.add_background_task(burn)
        return "same"

    app = port(view=begin_task)
    app.logger.disabled = True
    threading = original()
    threading.add_url_rule("/view", "view", begin_thread)
    alike = check(threading, app, [walk("/view")])
    [one] = check(threading, original("/view"), [walk("/view")]).differences

    assert told(alike) == []
    assert one.reference == {"type": "LookupError", "text": "burnt"}
    assert one.places == (at(HERE, "in a thread"), None)


@pytest.fixture
def joins(monkeypatch: pytest.MonkeyPatch) -> list[Thread]:
    """The threads that were waited for, no longer than shortly."""
    joined: list[Thread] = []
    join = Thread.join

    def shortly(self: Thread, timeout: float | None = None) -> None:
        joined.append(self)
        join(self, min(timeout or 0, SHORT))

    monkeypatch.setattr(Thread, "join", shortly)
    return joined


def test_a_thread_that_never_ends_costs_its_time_once(joins: list[Thread]) -> None:
    """Nor does another one with the same function."""
    stop = Event()
    threads: list[Thread] = []
    noter = Noter()
    for _ in range(2):
        with noting(noter):
            threads.append(Thread(target=lambda: stop.wait(PATIENCE)))
            threads[-1].start()
    waited = list(joins)
    noter.close()
    stop.set()
    for thread in threads:
        thread.join()

    assert waited == threads[:1]


def test_nobody_waits_for_an_executor_s_threads(joins: list[Thread]) -> None:
    """They wait for more to do, for as long as the executor lasts."""
    noter = Noter()
    with ThreadPoolExecutor(1) as executor:
        with noting(noter):
            executor.submit(int).result()
        waited = list(joins)
    noter.close()

    assert waited == []
