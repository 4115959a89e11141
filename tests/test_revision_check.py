"""A working tree beside its own past: the same package, Flask then and Quart now."""

import shutil
from pathlib import Path

import pytest

from tests.project import CHECKOUT, started
from tests.repositories import commit, contents, git, repository

SHOP = CHECKOUT / "examples" / "shop"
SHARED = ("templates", "static", "downloads", "schema.sql")
SCENARIOS = [
    argument
    for path in sorted((SHOP / "scenarios").glob("*.toml"))
    for argument in ("--scenarios", str(path))
]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The store as one package, in Flask on main; in Quart on the branch that is checked out."""
    folder = repository(tmp_path / "project")
    for name in SHARED:
        copy = shutil.copytree if (SHOP / name).is_dir() else shutil.copy
        copy(SHOP / name, folder / name)
    shutil.copytree(SHOP / "shop_flask", folder / "shop")
    (folder / ".gitignore").write_text("instance/\n__pycache__/\n")
    commit(folder, "The store")
    git(folder, "checkout", "-q", "-b", "port")
    shutil.rmtree(folder / "shop")
    shutil.copytree(SHOP / "shop_quart", folder / "shop")
    commit(folder, "Port it")
    return folder


def test_a_port_on_a_branch_behaves_as_main_did(project: Path) -> None:
    """One name is enough, and git's folder is the same to the byte afterwards."""
    before = contents(project / ".git")
    done = started(project, "check", "shop:create_app()", "--reference-rev", "main", *SCENARIOS)

    assert done.stdout.splitlines()[-1].split(" in ")[0].endswith("exchanges, 0 differences")
    assert (done.returncode, done.stderr) == (0, "")
    assert contents(project / ".git") == before


def test_what_is_not_committed_is_compared(project: Path) -> None:
    """The candidate is the working tree as it stands, not the branch's last commit."""
    views = project / "shop" / "site.py"
    text = views.read_text()
    views.write_text(text.replace('"/health"', '"/healthy"'))
    arguments = ["shop:create_app()", "--reference-rev", "main", *SCENARIOS]
    done = started(project, "check", *arguments)

    assert views.read_text() != text
    assert done.returncode == 1
    assert "GET /health  " in done.stdout


def test_a_revision_that_does_not_exist_is_wrong_usage(project: Path) -> None:
    """One line says what is missing."""
    arguments = ["shop:create_app()", "--reference-rev", "nothing", *SCENARIOS]
    done = started(project, "check", *arguments)

    assert done.returncode == 2
    assert "has no revision 'nothing'" in done.stderr
    assert len(done.stderr.splitlines()) == 1
