"""The journal's own suite, of the size of a tutorial's, mirrored: with its port, with errors in
it, and with itself."""

import re
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.mirroring import MIRRORED, ROOT, run_suite

JOURNAL = ROOT / "examples" / "journal"
ITSELF = "--parity-candidate=journal_flask:create_app()"

pytestmark = pytest.mark.example


@dataclass(frozen=True, slots=True)
class Mistake:
    """What somebody did wrong when porting, in one place."""

    name: str
    file: str
    text: str
    instead: str
    path: str
    """Where it shows."""
    test: str
    """Fails by it."""
    cause: str = "the port itself"


MISTAKES = [
    Mistake(
        "session reads",
        "__init__.py",
        "    db.init_app(app)\n",
        '    db.init_app(app)\n    app.config["FLASK_COMPAT"] = {"QP021": False}\n',
        "header.vary",
        "test_auth.py::test_log_in",
        "QP021",
    ),
    Mistake(
        "no compat",
        "__init__.py",
        "class App(FlaskCompat, Quart):",
        "class App(Quart):",
        "header.vary",
        "test_entries.py::test_index",
        "QP021",
    ),
    Mistake(
        "flash not awaited",
        "auth.py",
        'await flash("There is no account of this name.")',
        'flash("There is no account of this name.")',
        "unawaited",
        "test_auth.py",
    ),
    Mistake(
        "logout leads elsewhere",
        "auth.py",
        '    session.clear()\n    return redirect(url_for("entries.index"))',
        '    session.clear()\n    return redirect(url_for(".login"))',
        "header.location",
        "test_auth.py::test_log_out",
    ),
    Mistake(
        "session kept",
        "auth.py",
        '    session.clear()\n    return redirect(url_for("entries.index"))',
        '    return redirect(url_for("entries.index"))',
        "cookie.session",
        "test_auth.py::test_log_out",
    ),
    Mistake(
        "status left out",
        "entries.py",
        'return await render_template("entries/form.html", values=form), 400',
        'return await render_template("entries/form.html", values=form)',
        "status",
        "test_entries.py",
    ),
    Mistake(
        "order reversed",
        "entries.py",
        "ORDER BY day DESC, entries.id DESC",
        "ORDER BY day",
        "body",
        "test_entries.py::test_latest_comes_first",
    ),
    Mistake(
        "name of the file",
        "entries.py",
        '    headers = {"Content-Disposition": "attachment; filename=journal.csv"}\n',
        "    headers = {}\n",
        "header.content-disposition",
        "test_entries.py",
    ),
    Mistake(
        "everybody edits",
        "entries.py",
        "    entry = find_own_entry(number)\n    if request",
        "    entry = find_entry(number)\n    if request",
        "status",
        "test_entries.py",
    ),
    Mistake(
        "nothing committed",
        "entries.py",
        "    with connection() as db:\n        cursor = db.execute(insert",
        "    for db in [connection()]:\n        cursor = db.execute(insert",
        "body",
        "test_entries.py",
    ),
    Mistake(
        "back to the list",
        "entries.py",
        'return redirect(url_for(".show", number=number))',
        'return redirect(url_for(".index"))',
        "header.location",
        "test_entries.py::test_edit",
    ),
]


def copied(folder: Path, mistake: Mistake | None = None) -> Path:
    """Both versions of the journal with the suite, and with a mistake in the port."""
    journal = folder / "journal"
    shutil.copytree(JOURNAL, journal, ignore=shutil.ignore_patterns("instance", "__pycache__"))
    if mistake is not None:
        file = journal / "journal_quart" / mistake.file
        text = file.read_text("utf-8")
        assert text.count(mistake.text) == 1, f"{mistake.file} has it {text.count(mistake.text)}x"
        file.write_text(text.replace(mistake.text, mistake.instead), "utf-8")
    return journal


@pytest.mark.parametrize("candidate", [[], [ITSELF]], ids=["its port", "itself"])
def test_the_suite_passes_mirrored(candidate: list[str], tmp_path: Path) -> None:
    """The suite passes with its port and with itself, as it passes alone, and all is mirrored."""
    alone = run_suite(JOURNAL)
    run = run_suite(copied(tmp_path), *MIRRORED, *candidate)

    assert (run.status, run.passed) == (0, alone.passed), run.text
    assert "84 exchanges of 44 tests mirrored, 0 differences" in run.text
    assert "17 of 17 routes reached" in run.text
    assert alone.passed == 49


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.name)
def test_a_mistake_fails_the_suite(mistake: Mistake, tmp_path: Path) -> None:
    """A mistake in the port fails a test that passes alone, with its path and cause."""
    run = run_suite(copied(tmp_path, mistake), *MIRRORED, f"tests/{mistake.test}")

    assert run.status == 1, run.text
    assert any(f"tests/{mistake.test}" in name for name in run.failed), run.text
    assert mistake.path in run.paths, run.text
    assert mistake.cause in run.text
    assert re.search(r"^\d+ tests? failed by a difference alone", run.text, re.MULTILINE)


def test_one_database_for_both(tmp_path: Path) -> None:
    """With a shared database both sides write: a name is refused to the second who registers it,
    what the first deletes is gone, and entries are counted on. Nothing else differs, and nothing
    is done again to find causes."""
    run = run_suite(copied(tmp_path), *MIRRORED, ITSELF, "--parity-state=share")

    assert run.status == 1
    assert run.failed == {
        "tests/test_auth.py::test_register",
        "tests/test_auth.py::test_register_then_log_in",
        "tests/test_entries.py::test_delete",
        "tests/test_entries.py::test_import",
    }
    assert "reference  302\n      candidate  400" in run.text
    assert "the port itself" not in run.text


HOOKS = """

def pytest_parity_snapshot(reference):
    if not Path(reference.config["DATABASE"]).exists():
        return None
    with closing(sqlite3.connect(reference.config["DATABASE"])) as database:
        return "\\n".join(database.iterdump())


def pytest_parity_restore(candidate, snapshot):
    if snapshot is None:
        return
    candidate.config["DATABASE"] += ".port"
    with closing(sqlite3.connect(candidate.config["DATABASE"])) as database:
        database.executescript(snapshot)
"""
IMPORTS = "import sqlite3\nfrom contextlib import closing\nfrom pathlib import Path\n"
NOT_DUMPED = '"\\n".join(database.iterdump())'


@pytest.mark.parametrize("candidate", [[], [ITSELF]], ids=["its port", "itself"])
def test_hooks_for_the_database(candidate: list[str], tmp_path: Path) -> None:
    """With hooks that dump and load it, the database need not be copied: the suite passes; it does
    not where they carry nothing."""
    journal = copied(tmp_path)
    conftest = journal / "tests" / "conftest.py"
    with_hooks = conftest.read_text("utf-8").replace("from pathlib import Path\n", IMPORTS) + HOOKS
    conftest.write_text(with_hooks, "utf-8")
    run = run_suite(journal, *MIRRORED, *candidate, "--parity-state=share")
    conftest.write_text(with_hooks.replace(NOT_DUMPED, '""'), "utf-8")
    without = run_suite(journal, *MIRRORED, *candidate, "--parity-state=share", "-k", "test_index")

    assert (run.status, run.passed) == (0, 49), run.text
    assert "0 differences" in run.text
    assert without.status == 1
    assert "status" in without.paths
