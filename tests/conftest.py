"""What every test of the library starts from."""

import gc
import logging
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import flask.logging
import pytest
import quart.logging
from click.testing import CliRunner, Result
from hypothesis import settings

from quart_parity.cli import main
from quart_parity.modules import Home
from tests.project import FLASK, QUART, Run, scenario, write_scenarios

# A shared machine says nothing by being slow once.
settings.register_profile("quart-parity", deadline=None, max_examples=60)
settings.load_profile("quart-parity")


@pytest.fixture(autouse=True)
def _at_home(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Whoever looked for a target has its folder's modules in sight, and not for the next test."""
    yield
    # Before the path is as it was.
    Home.leave()


@pytest.fixture
def importing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty folder to work in; what is imported from it is forgotten afterwards."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [*sys.path])
    before = set(sys.modules)
    yield tmp_path
    for name in set(sys.modules) - before:
        file = getattr(sys.modules[name], "__file__", None) or ""
        if file.startswith(str(tmp_path)):
            del sys.modules[name]


Write = Callable[..., Path]


@pytest.fixture
def write(importing: Path) -> Write:
    """Writes a module into the working folder."""

    def write_module(source: str, name: str = "shop_module.py") -> Path:
        path = importing / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source)
        return path

    return write_module


@pytest.fixture
def process() -> Iterator[None]:
    """The process as it was, after the command has set it up for itself."""
    handlers: list[logging.Handler] = [flask.logging.default_handler, quart.logging.default_handler]
    levels = [handler.level for handler in handlers]
    threshold = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*threshold)
    for handler, level in zip(handlers, levels, strict=True):
        handler.setLevel(level)


@pytest.fixture
def folder(importing: Path) -> Path:
    """A project with both applications, scenarios, and settings that say nothing."""
    (importing / "our_flask.py").write_text(FLASK)
    (importing / "our_quart.py").write_text(QUART)
    (importing / "pyproject.toml").write_text("[project]\nname = 'shop'\n")
    write_scenarios(importing, "same.json", scenario("same", "/"))
    write_scenarios(importing, "name.json", scenario("other name", "/name"))
    return importing


@pytest.fixture
def run(folder: Path, process: None) -> Run:
    """Runs ``quart-parity check`` in the project, in this process."""

    def invoke(*args: str) -> Result:
        return CliRunner().invoke(main, ["check", *args])

    return invoke
