"""A process that ends, hangs or talks nonsense costs its own exchange, and the run goes on."""

import os
from pathlib import Path
from signal import SIGTERM

import pytest

from quart_parity import Request, Scenario, check
from quart_parity.exchange import Exchange
from quart_parity.isolated.application import IsolatedApplication
from quart_parity.isolated.world import World
from quart_parity.runner import Runner
from quart_parity.wiring import Wiring
from tests.isolating import LIMIT, SHORT, isolated, pid_of
from tests.servers import get, group, one, text

SHOP = """
import ctypes
import inspect
import os
import signal
import subprocess
import sys
import time
from flask import Flask

app = Flask("shop")
visits = []

def end_it():
    print("last words")
    os._exit(7)

def kill_it():
    os.kill(os.getpid(), signal.SIGKILL)

def segfault():
    ctypes.string_at(0)

def abort():
    os.abort()

def block():
    time.sleep(60)

def block_python():
    # Holds the lock of the interpreter, so no thread of it runs.
    while True:
        ctypes.PyDLL(None).sleep(60)

def close_output():
    sys.stdout.close()
    os.close(1)
    os.close(2)
    return "closed"

def close_everything():
    os.closerange(3, 4096)
    return "closed"

def garble():
    for number in range(3, 4096):
        try:
            os.write(number, b"nonsense " * 4)
        except OSError:
            pass
    return "garbled"

def fork():
    child = os.fork()
    if child:
        os.waitpid(child, 0)
    return "child" if child == 0 else "parent"

def end_before_a_forked_child():
    if os.fork():
        os._exit(7)
    time.sleep(60)

def leave_a_child():
    return str(subprocess.Popen(["sleep", "60"]).pid)

def fail():
    raise LookupError("no such shelf")

def spawn():
    import multiprocessing
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return str(pool.apply(len, ("abc",)))

def pid():
    return str(os.getpid())

def count():
    visits.append(1)
    return str(len(visits))

def log():
    print("a line")
    print("another", file=sys.stderr)
    os.system("echo of a child")
    return ""

for name, view in [*globals().items()]:
    if inspect.isfunction(view):
        app.add_url_rule("/" + name, view_func=view)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "fragile_shop.py").write_text(SHOP)
    return tmp_path


ENDS: dict[str, tuple[str, str]] = {
    "end_before_a_forked_child": ("the process ended with status 7", "None"),
    "end_it": ("the process ended with status 7", "last words"),
    "kill_it": ("the process was ended by SIGKILL", ""),
    "segfault": ("the process was ended by SIGSEGV", "in segfault"),
    "abort": ("the process was ended by SIGABRT", "in abort"),
    "close_everything": ("the process ended with status 1", "Bad file descriptor"),
}


@pytest.mark.parametrize(("view", "told"), ENDS.items(), ids=ENDS)
def test_a_process_that_ends_is_told_with_its_last_words(
    folder: Path, view: str, told: tuple[str, str]
) -> None:
    """The exchange says how it ended and where it was; the next one has a new process."""
    broken, said = told
    with isolated("fragile_shop", folder) as side, side.serve(one(), False) as served:
        counts = [text(get(served, "/count")) for _ in range(2)]
        pid = pid_of(served)
        ended = get(served, f"/{view}")
        later = text(get(served, "/count"))

    assert counts == ["1", "2"]
    assert (ended.response, ended.broken) == (None, broken)
    assert said in str(ended.log)
    assert later == "1"
    assert group(pid) == []


@pytest.mark.parametrize("view", ["block", "block_python"])
def test_a_process_that_hangs_is_told_with_where(folder: Path, view: str) -> None:
    """Within the time limit, whatever blocks; the next exchange has a new process."""
    with isolated("fragile_shop", folder, SHORT) as side, side.serve(one(), False) as served:
        pid = pid_of(served)
        hung = get(served, f"/{view}")

        assert group(pid) == []
    assert hung.broken == "no answer within 0.3 s"
    assert f"in {view}" in str(hung.log)


def test_nonsense_in_the_pipe_is_told(folder: Path) -> None:
    """An application that writes where it should not breaks its own exchange."""
    with isolated("fragile_shop", folder) as side, side.serve(one(), False) as served:
        garbled = get(served, "/garble")
        later = get(served, "/count")

    assert garbled.broken is not None
    assert garbled.broken.startswith("the process does not keep to its pipe: b'nonsense")
    assert text(later) == "1"


def test_what_closes_its_output_answers(folder: Path) -> None:
    """The application's output is not the pipe."""
    with isolated("fragile_shop", folder) as side, side.serve(one(), False) as served:
        answers = [text(get(served, path)) for path in ("/close_output", "/count", "/pid")]
        failed = get(served, "/fail")

    assert answers[:2] == ["closed", "1"]
    assert failed.response is not None
    assert failed.response.status == 500


def test_a_forked_child_answers_nobody(folder: Path) -> None:
    """It comes back from the view as its parent does, and is ended there."""
    with isolated("fragile_shop", folder) as side, side.serve(one(), False) as served:
        forked, later = get(served, "/fork"), get(served, "/count")
        pid = pid_of(served)

        assert group(pid) == [pid]
    assert (text(forked), text(later)) == ("parent", "1")
    assert forked.log is None


def test_a_process_may_start_others(folder: Path) -> None:
    """They run the application's modules, and not the worker once more."""
    with isolated("fragile_shop", folder) as side, side.serve(one(), False) as served:
        assert text(get(served, "/spawn")) == "3"


def test_what_an_application_leaves_running_is_ended(folder: Path) -> None:
    """A child outlives its process by nothing, however that ends."""
    with isolated("fragile_shop", folder) as side, side.serve(one(), False) as served:
        child = int(text(get(served, "/leave_a_child")))
        pid = pid_of(served)
        assert child in group(pid)
        get(served, "/kill_it")

        assert group(pid) == []


@pytest.mark.parametrize("asked", [True, False], ids=["asked meanwhile", "not asked"])
def test_a_process_that_ends_between_two_exchanges_is_told(folder: Path, asked: bool) -> None:
    """The next one says so, and the one after has a new process."""
    with isolated("fragile_shop", folder) as side:
        with side.serve(one(), False) as served:
            os.kill(pid_of(served), SIGTERM)
            if asked:
                assert served.settle() == ()
                assert served.routes() is None
        with side.serve(one(), False) as served:
            told, later = get(served, "/count"), get(served, "/count")

    assert (told.response, told.broken) == (None, "the process was ended by SIGTERM")
    assert text(later) == "1"


def test_one_that_cannot_be_started_again_is_told_each_time(folder: Path) -> None:
    """Once it has been up, an application that does not come up is a difference, and no error."""
    with isolated("fragile_shop", folder) as side:
        with side.serve(one(), False) as served:
            get(served, "/end_it")
            (folder / "fragile_shop.py").write_text("1 / 0")
            again = [get(served, "/count") for _ in range(2)]
        with side.serve(one(), False) as served:
            again.append(get(served, "/count"))
        (folder / "fragile_shop.py").write_text(SHOP)
        with side.serve(one(), False) as served:
            assert text(get(served, "/count")) == "1"

    for exchange in again:
        assert "could not be started again" in str(exchange.broken)
        assert "ZeroDivisionError" in str(exchange.broken)


def logged(exchange: Exchange) -> str | None:
    assert exchange.response is not None, exchange.broken
    return exchange.log


def test_a_traceback_is_in_its_exchange_only(folder: Path) -> None:
    """What else is logged is nobody's trouble."""
    with isolated("fragile_shop", folder) as side, side.serve(one(), False) as served:
        before, failed, after = (get(served, path) for path in ("/log", "/fail", "/log"))

    assert (logged(before), logged(after)) == (None, None)
    assert "LookupError: no such shelf" in str(failed.log)
    assert failed.raised is not None
    assert failed.raised.place == "fragile_shop.py:" + _line("raise LookupError")


def _line(words: str) -> str:
    lines = SHOP.splitlines()
    return str(next(number for number, line in enumerate(lines, 1) if words in line))


def test_a_log_that_grows_is_forgotten(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A long run does not fill the disk."""
    monkeypatch.setattr("quart_parity.isolated.process.ROOM", 100)
    with isolated("fragile_shop", folder) as side, side.serve(one(), False) as served:
        for _ in range(20):
            get(served, "/log")
        app = served.driver
        assert isinstance(app, IsolatedApplication)
        assert app._process is not None

        assert 0 < app._process.logged() < 200


def test_a_run_goes_on_after_a_crash(folder: Path) -> None:
    """The crash is the one difference of its scenario, and those after it are compared."""
    (folder / "sound_shop.py").write_text(SHOP.replace("os._exit(7)", 'return "sound"'))
    scenarios = [
        Scenario("crash", [Request(path=path) for path in ("/log", "/end_it", "/log")]),
        Scenario("after", [Request(path="/log")]),
    ]
    world = World(folder=folder)
    report = check(
        "fragile_shop",
        "sound_shop",
        scenarios,
        wiring=Wiring(worlds=(world, world)),
        timeout=LIMIT,
    )

    broken = [one for one in report.differences if one.path == "broken"]
    assert [(one.scenario, one.request) for one in broken] == [("crash", 1)]
    assert broken[0].reference == "the process ended with status 7"
    assert {(one.scenario, one.request) for one in report.differences} == {("crash", 1)}
    assert report.exchanges == 4


def test_a_run_goes_on_after_a_hang(folder: Path) -> None:
    """Both sides hang: nobody is left behind, and what comes after is compared."""
    world = World(folder=folder)
    runner = Runner(
        "fragile_shop",
        "fragile_shop",
        wiring=Wiring(worlds=(world, world)),
        timeout=1.0,
    )
    scenario = Scenario("hang", [Request(path="/block_python"), Request(path="/count")])
    [result] = runner.run([scenario])

    told = [(one.request, one.path, one.reference) for one in result.differences]
    assert told == [(0, "broken", "no answer within 1 s")]
    assert runner.report.exchanges == 2
    assert not runner.hung
