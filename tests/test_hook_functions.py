"""Functions around each scenario on each side, given its application."""

import asyncio
import warnings
from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest

from quart_parity.errors import HookError
from tests.conftest import Write
from tests.forgetful import original
from tests.hooked import BOTH, COMMANDS, SHORT, played, sides
from tests.running import wsgi_server
from tests.shops import told, walk

FUNCTIONS = """
import pathlib
notes = pathlib.Path(__file__).with_name("notes")

def note(*words):
    with notes.open("a") as file:
        print(*words, file=file)

def setup(side, app):
    note("setup", side, app.name)

async def teardown(side, app):
    import asyncio
    note("teardown", side, app.name, id(asyncio.get_running_loop()) == getattr(app, "loop", None))
"""


def test_a_module_s_functions_get_the_side_and_its_application(write: Write) -> None:
    """Plain or async; those of a Quart application run on its own event loop."""
    notes = write(FUNCTIONS, "hooks.py").with_name("notes")
    flask, quart = sides()

    @quart.before_serving
    async def remember() -> None:
        vars(quart)["loop"] = id(asyncio.get_running_loop())

    played(flask, quart, walk("/view"), module="hooks.py", folder=notes.parent)

    assert notes.read_text().splitlines() == [
        "setup reference original",
        "teardown reference original False",
        "setup candidate port",
        "teardown candidate port True",
    ]


def test_what_commands_set_up_is_there_for_functions(write: Write) -> None:
    """Commands come first and go last, around the application's start."""
    notes = write(FUNCTIONS, "hooks.py").with_name("notes")
    played(*sides(), walk("/view"), module="hooks.py", folder=notes.parent, **COMMANDS)
    lines = notes.read_text().splitlines()[:4]

    assert [line.split()[-1] for line in lines] == ["walk", "original", "False", "walk"]


def test_a_module_may_have_one_function_and_a_dotted_name(write: Write) -> None:
    """What it lacks is not called; a name is imported as the application would."""
    write("", "around/__init__.py")
    write("def setup(side, app): app.config['SIDE'] = side", "around/hooks.py")
    factory = (
        "    app = {0}('one')\n    app.add_url_rule('/view', 'view', lambda: app.config['SIDE'])"
    )
    for name in ("Flask", "Quart"):
        source = f"from {name.lower()} import {name}\ndef create_app():\n{factory.format(name)}"
        write(source + "\n    return app", f"our_{name.lower()}.py")
    report = played("our_flask", "our_quart", walk("/view"), module="around.hooks")

    assert (0, "body", *BOTH) in told(report)


def test_a_server_s_functions_are_called_without_application(write: Write, served: str) -> None:
    """Nobody can reach into it: the function gets None, in this process."""
    notes = write(FUNCTIONS.replace("app.name", "app"), "hooks.py").with_name("notes")
    played(served, original("/view"), walk("/view"), module="hooks.py")

    assert notes.read_text().splitlines()[:2] == [
        "setup reference None",
        "teardown reference None False",
    ]


@pytest.fixture
def served() -> Iterator[str]:
    with wsgi_server(original("/view")) as url:
        yield url


FAILING = {
    "def setup(side, app): raise LookupError('no table')": r"setup of '.*hooks\.py' failed:"
    r" LookupError: no table at hooks\.py:1",
    "async def setup(side, app): raise LookupError('no table')": "LookupError: no table",
    "def setup(side, app): raise SystemExit(3)": "SystemExit: 3",
    "def setup(): pass": "TypeError: .*takes 0 positional arguments",
    "import nowhere": "cannot be imported: ModuleNotFoundError: No module named 'nowhere'",
    "def set_up(side, app): pass": r"has neither setup\(side, app\) nor teardown\(side, app\)",
}


@pytest.mark.parametrize(("source", "why"), FAILING.items(), ids=FAILING)
def test_a_function_that_fails_ends_the_run(write: Write, source: str, why: str) -> None:
    """The side, the scenario, the error and its line are told."""
    write(source, "hooks.py")

    with pytest.raises(HookError, match=f"^setup of the reference for scenario 'walk': .*{why}"):
        played(*sides(), walk("/view"), module="hooks.py")


def test_a_module_that_is_missing_is_told(importing: Path) -> None:
    """A file is looked for beside the side, and where the command runs."""
    with pytest.raises(HookError, match=r"gone\.py' cannot be imported: FileNotFoundError"):
        played(*sides(), walk("/view"), module="gone.py")


def test_a_function_that_hangs_ends_the_run(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is left behind as an application would be; the run does not wait for it again."""
    monkeypatch.setattr("quart_parity.worker.GRACE", 0.0)
    monkeypatch.setattr("quart_parity.playing.GRACE", 0.0)
    write("def setup(side, app): app.config['EVENT'].wait(10)", "hooks.py")
    flask, quart = sides()
    flask.config["EVENT"] = event = Event()
    try:
        with pytest.raises(HookError, match=r"setup of the reference .* did not end within 0\.3 s"):
            played(flask, quart, walk("/view"), module="hooks.py", timeout=SHORT)
    finally:
        event.set()


def test_what_a_hook_forgets_is_not_the_application_s(write: Write) -> None:
    """It is warned of as ever, and no difference."""
    write("async def greet(): pass\ndef setup(side, app): greet()\nteardown = setup", "hooks.py")
    names: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            warnings,
            "_warn_unawaited_coroutine",
            lambda coroutine: names.append(coroutine.__name__),
        )
        report = played(*sides(), walk("/view"), module="hooks.py")

    assert told(report) == []
    assert names == ["greet"] * 4
