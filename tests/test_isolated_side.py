"""A side in a process of its own: its folder, its environment, and what can be asked of it."""

import os
import sys
from pathlib import Path
from typing import Any

import pytest

from quart_parity import Request, Scenario, StartError, TargetError, check
from quart_parity.clock import standing_clock
from quart_parity.errors import HookError, ScenarioError, UnplayableError
from quart_parity.isolated.application import IsolatedApplication
from quart_parity.isolated.side import KEPT, IsolatedSide
from quart_parity.isolated.world import World
from quart_parity.sides import Served
from quart_parity.wiring import Wiring
from tests.isolating import LIMIT, SHORT, isolated, pid_of
from tests.servers import cookie_of, folders, get, group, one, shop, text

FRAMEWORKS = ["flask", "quart"]
MOUNTED = "https://shop.example/app"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """With the shop for each framework."""
    for framework in FRAMEWORKS:
        (tmp_path / f"{framework}_shop.py").write_text(shop(framework))
    return tmp_path


def pids(side: IsolatedSide, *scenarios: Scenario) -> list[int]:
    """The process that each scenario is played in."""
    found = []
    for scenario in scenarios:
        with side.serve(scenario, False) as served:
            found.append(int(text(get(served, "/process"))))
    return found


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_an_application_is_where_its_folder_is(folder: Path, framework: str) -> None:
    """It works in its folder, believes to be at the scenario's base, and sees nothing of a pipe."""
    with isolated(f"{framework}_shop", folder) as side, side.serve(one(), False) as served:
        where = text(get(served, "/where", MOUNTED))
        working = text(get(served, "/folder"))
        pid = int(text(get(served, "/process")))

    assert where.split() == [f"{MOUNTED}/where", "/app", "/where", "https"]
    assert Path(working) == folder.resolve()
    assert pid != os.getpid()


def test_each_configuration_has_a_process(folder: Path) -> None:
    """An application is built once for each, and one that ends takes no other's state along."""
    red, plain = one(config={"COLOUR": "red"}), one()
    with isolated("flask_shop", folder) as side:
        found = pids(side, red, plain, red)
        with side.serve(red, False) as served:
            assert text(get(served, "/colour")) == "red"
            assert get(served, "/die").broken == "the process ended with status 7"
        later = pids(side, red, plain)

    assert found[0] == found[2] != found[1]
    assert later[0] != found[0]
    assert later[1] == found[1]


def test_a_fresh_application_has_seen_nothing(folder: Path) -> None:
    """A scenario that asks for it has a process that ends with it, prepared or not."""
    scenario = one(fresh=True)
    with isolated("flask_shop", folder) as side:
        for prepared in (False, True):
            if prepared:
                side.prepare(scenario, False)
            with side.serve(scenario, False) as served:
                counts = [text(get(served, "/visits")) for _ in range(2)]
                pid = pid_of(served)

            assert counts == ["1", "2"]
            assert group(pid) == []


def test_the_oldest_application_makes_room(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Processes are not kept without end; the one that was not needed for longest is ended."""
    monkeypatch.setattr("quart_parity.isolated.side.KEPT", 2)
    scenarios = [one(config={"COLOUR": colour}) for colour in ("a", "b", "a", "c")]
    with isolated("flask_shop", folder) as side:
        found = pids(side, *scenarios)

        assert [bool(group(pid)) for pid in found] == [True, False, True, True]
    assert KEPT > 2


SAME_NAME = """
import os
from flask import Flask
from .names import NAME

def create_app():
    app = Flask(__name__)
    words = NAME, os.environ.get("COLOUR"), os.environ["HOME"]
    app.add_url_rule("/", view_func=lambda: " ".join(map(str, words)))
    return app
"""


def test_two_packages_of_one_name_are_two(tmp_path: Path) -> None:
    """Each side has its own modules and variables, and the rest of this process's."""
    for name in ("old", "new"):
        package = tmp_path / name / "one_store"
        package.mkdir(parents=True)
        (package / "__init__.py").write_text(SAME_NAME)
        (package / "names.py").write_text(f"NAME = {name!r}")
    answers = []
    for name, environment in (("old", {"COLOUR": "red"}), ("new", {})):
        with (
            isolated("one_store", tmp_path / name, environment=environment) as side,
            side.serve(one(), False) as served,
        ):
            answers.append(text(get(served, "/")))

    home = os.environ["HOME"]
    assert answers == [f"old red {home}", f"new None {home}"]


def test_a_module_beside_the_worker_is_not_found_by_its_name(tmp_path: Path) -> None:
    """The worker's own folder is not on the path, and nothing is left on the command line."""
    (tmp_path / "shop.py").write_text(
        "import sys\nfrom flask import Flask\napp = Flask('shop')\n"
        "try:\n    import revisions\nexcept ImportError as error:\n    found = str(error)\n"
        "app.add_url_rule('/', view_func=lambda: f'{found} {len(sys.argv)} {sys.path[0]}')"
    )
    with isolated("shop", tmp_path) as side, side.serve(one(), False) as served:
        told = text(get(served, "/"))

    assert told == f"No module named 'revisions' 1 {tmp_path.resolve()}"


def test_a_port_may_import_compat(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The library is there also where it is not installed, and behind all that is."""
    monkeypatch.setenv("PYTHONPATH", "first")
    (tmp_path / "shop.py").write_text(
        "import sys, quart_parity.compat\nfrom flask import Flask\napp = Flask('shop')\n"
        "app.add_url_rule('/', view_func=lambda: '\\n'.join(sys.path))"
    )
    with isolated("shop", tmp_path) as side, side.serve(one(), False) as served:
        path = text(get(served, "/")).splitlines()

    assert path[:2] == [str(tmp_path.resolve()), str(tmp_path.resolve() / "first")]


def test_sets_of_texts_are_in_one_order(tmp_path: Path) -> None:
    """Two processes, and one that is started again, iterate alike as one process does."""
    (tmp_path / "shop.py").write_text(
        "from flask import Flask\napp = Flask('shop')\n"
        "app.add_url_rule('/', view_func=lambda: ''.join({*'abcdefghijklmnop'}))"
    )
    orders = set()
    for _ in range(3):
        with isolated("shop", tmp_path) as side, side.serve(one(), False) as served:
            orders.add(text(get(served, "/")))

    assert len(orders) == 1


def test_sessions_are_read_as_they_were_configured_last(folder: Path) -> None:
    """A key that a request has set is the one, also once the process is ended."""
    with isolated("flask_shop", folder) as side, side.serve(one(), True) as served:
        first, before = cookie_of(get(served, "/login")), served.sessions()
        second = cookie_of(get(served, "/rekey"))

    assert before.open(first) == {"_permanent": True, "name": "ada"}
    assert served.sessions().open(second) == {"name": "bob"}
    assert served.sessions().open(first) is None


def test_a_clock_that_is_moved_is_ahead(folder: Path) -> None:
    """A session expires as time is moved past its end, and the next scenario begins now."""
    with isolated("flask_shop", folder) as side, side.serve(one(), False) as served:
        before = float(text(get(served, "/now")))
        cookie = f"session={cookie_of(get(served, '/login'))}"
        served.move(3600)
        late = text(get(served, "/whoami", cookie=cookie))
        after = float(text(get(served, "/now")))
        served.move(0)
        early, back = text(get(served, "/whoami", cookie=cookie)), float(text(get(served, "/now")))

    assert (early, late) == ("ada", "None")
    assert 3600 <= after - before < 3630
    assert 0 <= back - before < 30


TIMED = """
import time
from flask import Flask
STARTED = time.time()
app = Flask("shop")
app.add_url_rule("/", view_func=lambda: f"{STARTED} {time.time()}")
"""


def test_a_clock_stands_still_as_in_this_process(tmp_path: Path) -> None:
    """All of a run happens in one second, from the application's import on, unless it is moved."""
    (tmp_path / "shop.py").write_text(TIMED)
    told = []
    with standing_clock() as clock, isolated("shop", tmp_path) as side:
        assert not side.ticks
        start = clock.now
        for elapsed in (0, 0, 3600, 0):
            clock.move(elapsed)
            with side.serve(one(), False) as served:
                told.append(text(get(served, "/")))

    assert told == [f"{start:.1f} {start + later:.1f}" for later in (0, 0, 3600, 0)]


def test_a_run_whose_clock_stands_has_no_times_to_differ(tmp_path: Path) -> None:
    """What an application writes of the time is the same on both sides, wherever they live."""
    (tmp_path / "shop.py").write_text(TIMED.replace("STARTED}", "app.name}"))
    world = World(folder=tmp_path)
    for worlds in ((world, world), (None, world), (world, None)):
        target = str(tmp_path / "shop.py")
        report = check(target, target, [one("/")], wiring=Wiring(worlds=worlds), timeout=LIMIT)

        assert report.count == 0


def test_a_clock_that_cannot_be_moved_says_so(folder: Path) -> None:
    """Without time-machine in its interpreter only what takes no time can be played."""
    (folder / "sitecustomize.py").write_text(
        "import importlib.abc, sys\n"
        "class Hiding(importlib.abc.MetaPathFinder):\n"
        "    def find_spec(self, name, path, target=None):\n"
        "        if name == 'time_machine': raise ModuleNotFoundError(name=name)\n"
        "sys.meta_path.insert(0, Hiding())"
    )
    world: dict[str, Any] = {"python": sys.executable, "environment": {"PYTHONPATH": str(folder)}}
    with isolated("flask_shop", folder, **world) as side, side.serve(one(), False) as served:
        assert side.ticks
        served.move(0.0)

        with pytest.raises(UnplayableError, match="install time-machine for its interpreter"):
            served.move(1.0)


NO_STARTS: dict[str, tuple[str, dict[str, Any], type[Exception], str]] = {
    "no such module": ("nowhere", {}, TargetError, "target 'nowhere': there is no module"),
    "raising": ("raising_shop", {}, StartError, "ZeroDivisionError: division by zero at raising"),
    "ending": ("ending_shop", {}, StartError, "the process ended with status 3:\nlast words"),
    "not starting": ("waiting_shop", {}, StartError, "start-up failed: no database"),
    "no interpreter": ("flask_shop", {"python": "./nopython"}, StartError, "nopython' cannot be"),
    "no Python": ("flask_shop", {"python": "/bin/echo"}, StartError, "ended with status 0:\n-u"),
}


@pytest.mark.parametrize(("target", "world", "kind", "why"), NO_STARTS.values(), ids=NO_STARTS)
def test_what_does_not_start_says_why(
    folder: Path, target: str, world: dict[str, Any], kind: type[Exception], why: str
) -> None:
    """The error is the one that would be raised here, or has the process's last words."""
    (folder / "raising_shop.py").write_text("1 / 0")
    (folder / "ending_shop.py").write_text("import os\nprint('last words')\nos._exit(3)")
    (folder / "waiting_shop.py").write_text(
        "from quart import Quart\napp = Quart('shop')\n"
        "@app.before_serving\nasync def begin(): raise LookupError('no database')\n"
    )
    with isolated(target, folder, **world) as side:
        with pytest.raises(kind) as raised, side.serve(one(), False):
            pass

        assert side._all == []
    assert why in str(raised.value)


def test_a_folder_that_is_not_there_says_so(tmp_path: Path) -> None:
    """A misspelled folder is not taken for a missing interpreter."""
    with (
        isolated("shop", tmp_path / "nowhere") as side,
        pytest.raises(StartError, match=r"there is no folder '.*nowhere'"),
        side.serve(one(), False),
    ):
        pass


def test_a_configuration_of_this_process_only_is_refused(folder: Path) -> None:
    """An object cannot be given to another process, and nothing is started for it."""
    with isolated("flask_shop", folder) as side:
        with (
            pytest.raises(ScenarioError, match=r"'flask_shop': of its config, <object"),
            side.serve(one(config={"X": object()}), False),
        ):
            pass

        assert side._all == []


def test_an_application_that_takes_too_long_to_start_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It has some time, however short the one for an answer."""
    monkeypatch.setattr("quart_parity.isolated.application.LEAST", SHORT)
    (tmp_path / "shop.py").write_text("import time\ntime.sleep(60)")
    with (
        isolated("shop", tmp_path, SHORT) as side,
        pytest.raises(StartError, match=r"'shop': no answer within 0\.3 s"),
        side.serve(one(), False),
    ):
        pass


HOOKS = """
seen = []

def setup(side, app):
    app.config["COLOUR"] = f"{side} {len(seen)}"
    seen.append(1)
"""
ASYNC_HOOKS = HOOKS.replace("def setup", "async def setup")


@pytest.mark.parametrize("framework", FRAMEWORKS)
@pytest.mark.parametrize("source", [HOOKS, ASYNC_HOOKS], ids=["plain", "async"])
@pytest.mark.parametrize("is_file", [True, False], ids=["file", "module"])
def test_a_hook_is_called_where_the_application_is(
    folder: Path, framework: str, source: str, is_file: bool
) -> None:
    """A function of a module or a file gets the application itself, on its loop if it is async."""
    path = folder / "hooks_of_shop.py"
    path.write_text(source)
    module = str(path) if is_file else path.stem
    with isolated(f"{framework}_shop", folder) as side, side.serve(one(), False) as served:
        assert served.hook is not None
        for _ in range(2):
            served.hook(module, "setup", "candidate")
        served.hook(module, "teardown", "candidate")

        assert text(get(served, "/colour")) == "candidate 1"


FAILING: dict[str, tuple[str, str]] = {
    "no functions": ("", "has neither setup(side, app) nor teardown(side, app)"),
    "raising": ("def setup(side, app): 1 / 0", "failed: ZeroDivisionError: division by zero at"),
    "at import": ("import nowhere", "cannot be imported: ModuleNotFoundError"),
    "ending": (
        "import os\ndef setup(side, app): os._exit(5)",
        "failed: the process ended with status 5",
    ),
    "hanging": ("import time\ndef setup(side, app): time.sleep(60)", "failed: no answer within"),
}


@pytest.mark.parametrize(("source", "why"), FAILING.values(), ids=FAILING)
def test_a_hook_that_fails_says_so(folder: Path, source: str, why: str) -> None:
    """Nobody knows the side's state then; the next one to ask finds a process all the same."""
    path = folder / "hooks_of_shop.py"
    path.write_text(source)
    timeout = SHORT if "sleep" in source else LIMIT
    with isolated("flask_shop", folder, timeout) as side, side.serve(one(), False) as served:
        assert served.hook is not None
        with pytest.raises(HookError) as raised:
            served.hook(str(path), "setup", "reference")

        assert why in str(raised.value)
    with isolated("flask_shop", folder) as side, side.serve(one(), False) as served:
        assert text(get(served, "/colour")) == "None"


FORGETFUL = """
from quart import Quart
app = Quart("shop")
kept = []

async def order(): ...

@app.get("/now")
async def now():
    order()
    return ""

@app.get("/cycle")
async def cycle():
    holder = [order()]
    holder.append(holder)
    return ""
"""


def test_forgotten_awaits_are_told_with_their_place(tmp_path: Path) -> None:
    """In the exchange that frees it, else as the scenario ends."""
    (tmp_path / "shop.py").write_text(FORGETFUL)
    with isolated("shop", tmp_path) as side, side.serve(one(), False) as served:
        at_once = get(served, "/now").unawaited
        in_a_cycle = get(served, "/cycle").unawaited or served.settle()
        nothing = served.settle()

    assert [(found.name, found.place) for found in at_once] == [("order", "shop.py:10")]
    assert [(found.name, found.place) for found in in_a_cycle] == [("order", "shop.py:15")]
    assert nothing == ()


def test_a_side_that_is_ended_leaves_nothing(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No process, no folder, and nothing that is open here."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    before = os.listdir("/proc/self/fd")
    with isolated("quart_shop", folder) as side:
        found = pids(side, one(), one(config={"COLOUR": "red"}))
        side.prepare(one(fresh=True), False)

        assert all(map(group, found))
        assert len(side._all) == 3
    side.close()

    assert [group(pid) for pid in found] == [[], []]
    assert folders(tmp_path) == []
    assert os.listdir("/proc/self/fd") == before


def test_a_side_that_is_killed_starts_nothing(folder: Path) -> None:
    """Whoever still plays is told so, and leaves no process behind."""
    with isolated("flask_shop", folder) as side, side.serve(one(), False) as served:
        pid = pid_of(served)
        side.kill()
        broken = get(served, "/colour").broken

        assert broken is not None
        assert group(pid) == []
        with pytest.raises(StartError, match="were ended"), side.serve(one(config={"A": 1}), False):
            pass


STOPPING = """
import asyncio
from pathlib import Path
from quart import Quart
app = Quart("shop")

@app.get("/colour")
async def colour(): return ""

@app.after_serving
async def end():
    Path("ended").write_text("")
    await asyncio.sleep({seconds})
"""


def test_an_application_is_shut_down_before_it_ends(tmp_path: Path) -> None:
    """Its lifespan ends as under a server that is stopped."""
    (tmp_path / "shop.py").write_text(STOPPING.format(seconds=0))
    with isolated("shop", tmp_path) as side, side.serve(one(), False) as served:
        get(served, "/colour")

        assert not (tmp_path / "ended").exists()
    assert (tmp_path / "ended").exists()


def test_a_shut_down_that_hangs_is_told_and_ended(tmp_path: Path) -> None:
    """The error names what hangs, and the process is gone all the same."""
    (tmp_path / "shop.py").write_text(STOPPING.format(seconds=60))
    side = IsolatedSide("shop", World(folder=tmp_path), SHORT, None)
    with side.serve(one(), False) as served:
        pid = pid_of(served)

    with pytest.raises(StartError, match=r"lifespan\.shutdown gave no answer within 0\.3 s"):
        side.close()

    assert group(pid) == []


def test_what_does_not_answer_is_left(folder: Path) -> None:
    """A side that is told to leave an application ends its process, and starts another one."""
    with isolated("flask_shop", folder) as side:
        with side.serve(one(), False) as served:
            pid = pid_of(served)
            side.leave(served)
        with side.serve(one(), False) as again:
            assert isinstance(again, Served)
            assert isinstance(again.driver, IsolatedApplication)
            other = pid_of(again)

    assert group(pid) == []
    assert other != pid


def test_the_interpreter_is_the_one_that_is_named(tmp_path: Path) -> None:
    """A link to an interpreter is run by that very name, as those of virtual environments are."""
    (tmp_path / "python-of-shop").symlink_to(sys.executable)
    (tmp_path / "shop.py").write_text(
        "import sys\ndef app(environ, start_response):\n    start_response('200 OK', [])\n"
        "    return [sys.orig_argv[0].encode()]\n"
    )
    python = str(tmp_path / "python-of-shop")
    with (
        isolated("shop:app", tmp_path, python=python) as side,
        side.serve(Scenario("a", [Request(path="/")]), False) as served,
    ):
        assert text(get(served, "/")) == python
