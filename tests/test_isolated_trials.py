"""Causes of differences, where the candidate lives in a process of its own."""

from pathlib import Path
from typing import Any

import pytest

from quart_parity import Report, Request, Scenario, check
from quart_parity.isolated.world import World
from quart_parity.wiring import Wiring
from tests.isolating import LIMIT

FLASK = """
from flask import Flask, session

def create_app(config=None):
    app = Flask("shop")
    app.secret_key = "key"
    visits = []

    @app.get("/tuple")
    def tuple_():
        return "made", "201 CREATED"

    @app.get("/session")
    def read():
        return str(session.get("name"))

    @app.get("/own")
    def own():
        return "flask"

    @app.get("/visits")
    def count():
        visits.append(1)
        return str(len(visits))

    return app
"""
QUART = (
    FLASK.replace("from flask", "from quart")
    .replace("Flask", "Quart")
    .replace('return "flask"', 'return "quart"')
)
PATHS = ["/tuple", "/session", "/own", "/visits"]
SCENARIOS = [Scenario(path, [Request(path="/visits"), Request(path=path)]) for path in PATHS]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "flask_store.py").write_text(FLASK)
    (tmp_path / "quart_store.py").write_text(QUART)
    return tmp_path


def checked(folder: Path, reference: World | None, candidate: World | None) -> Report:
    targets = (str(folder / "flask_store.py"), str(folder / "quart_store.py"))
    wiring = Wiring(worlds=(reference, candidate))
    return check(*targets, SCENARIOS, wiring=wiring, timeout=LIMIT)


def told(report: Report) -> list[tuple[Any, ...]]:
    return [(one.scenario, one.request, one.path, one.divergences) for one in report.differences]


WORLDS = {"both": (True, True), "the candidate": (False, True), "the reference": (True, False)}


@pytest.mark.parametrize("own", WORLDS.values(), ids=WORLDS)
def test_causes_are_found_as_in_this_process(folder: Path, own: tuple[bool, bool]) -> None:
    """The same differences have the same causes, whichever side is apart."""
    here = checked(folder, None, None)
    worlds = [World(folder=folder) if apart else None for apart in own]
    there = checked(folder, *worlds)

    assert told(there) == told(here)
    assert {codes for *_, codes in told(here)} >= {("QP001",), ("QP021",), ()}
    assert there.unexplained is None


HIDING = """
import importlib.abc, sys

class Hiding(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name == "msgspec":
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Hiding())
"""


def test_an_interpreter_that_lacks_the_library_says_so(folder: Path) -> None:
    """Differences are told all the same, without causes, with what to install and where."""
    (folder / "sitecustomize.py").write_text(HIDING)
    world = World(folder=folder, environment={"PYTHONPATH": str(folder)})
    report = checked(folder, None, world)

    assert {path for *_, path, _ in told(report)} >= {"body", "header.vary"}
    assert report.unexplained is not None
    assert "No module named 'msgspec'): install quart-parity there" in report.unexplained


def test_no_experiment_is_made_with_a_wsgi_candidate(folder: Path) -> None:
    """What is no Quart application cannot be mended, and needs no reason for it."""
    (folder / "quart_store.py").write_text(FLASK.replace('"flask"', '"other"'))
    report = checked(folder, None, World(folder=folder))

    assert [path for *_, path, _ in told(report)] == ["body"]
    assert report.unexplained is not None
    assert "Quart applications only" in report.unexplained
