"""Experiments and checks in several threads leave every module what it imported."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path
from typing import Any

import flask
import pytest
import quart
from quart import helpers

from quart_parity import Request, Scenario, check
from quart_parity.compat import FlaskCompat

SCENARIOS = [Scenario("s", [Request(path="/")])]


def test_what_is_imported_in_an_experiment_is_quarts_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A module that only the mended application imports keeps none of compat's functions."""
    (tmp_path / "imported_late.py").write_text("from quart import send_file\n")
    (tmp_path / "imported_mended.py").write_text("from quart_parity.compat import send_file\n")
    monkeypatch.syspath_prepend(tmp_path)
    original, port = flask.Flask(__name__), quart.Quart(__name__)
    original.add_url_rule("/", "index", _done)
    port.add_url_rule("/", "index", _import_late)
    check(original, port, SCENARIOS)
    late, mended = (sys.modules.pop(f"imported_{name}") for name in ("late", "mended"))

    assert late.send_file is quart.send_file
    assert mended.send_file.__module__ == "quart_parity.compat.files"


def test_functions_that_are_named_by_their_module_are_known() -> None:
    """What a port takes from `quart.helpers` is tried with compat's as well."""
    original, port = flask.Flask(__name__), quart.Quart(__name__)
    original.add_url_rule("/", "index", lambda: flask.send_file(BytesIO(b"x"), "text/plain"))
    port.add_url_rule("/", "index", _send_file)
    report = check(original, port, SCENARIOS)

    assert {one.divergences for one in report.differences} == {("QP026",)}
    assert helpers.send_file.__module__ == "quart.helpers"


async def _send_file() -> Any:
    return await helpers.send_file(BytesIO(b"x"), "text/plain")


def _done() -> Any:
    return "done", "200 OK"


async def _import_late() -> Any:
    if isinstance(quart.current_app, FlaskCompat):
        __import__("imported_late")
        __import__("imported_mended")
    return "done", "200 OK"


MODULE = """
import {framework}
from views import TEXT
from {framework} import send_file

def create_app():
    app = {framework}.Flask(__name__) if {framework}.__name__ == "flask" else quart.Quart(__name__)
    app.add_url_rule("/", "index", lambda: (TEXT, "201 CREATED"))
    return app
"""


def project(folder: Path, text: str) -> tuple[str, str]:
    for framework in ("flask", "quart"):
        home = folder / framework
        home.mkdir(parents=True)
        (home / "views.py").write_text(f"TEXT = {text!r}\n")
        (home / "app.py").write_text(MODULE.format(framework=framework))
    return f"{folder}/flask/app.py:create_app", f"{folder}/quart/app.py:create_app"


def test_threads_do_not_get_each_others_modules(tmp_path: Path) -> None:
    """Checks in several threads wait for each other also while they import their targets."""
    projects = [project(tmp_path / str(number), str(number)) for number in range(8)]
    with ThreadPoolExecutor(len(projects)) as pool:
        reports = list(pool.map(lambda sides: check(sides[0], sides[1], SCENARIOS), projects))
    found = [{one.divergences for one in report.differences} for report in reports]

    assert found == [{("QP001",)}] * len(projects)
