"""Two worlds at once: revisions of one repository, and installations of one framework."""

import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

import flask
import pytest

from quart_parity import Request, Scenario, StartError, UsageError, check
from quart_parity.isolated.side import IsolatedSide
from quart_parity.isolated.world import World
from quart_parity.wiring import Wiring
from tests.isolating import LIMIT, isolated
from tests.servers import folders, get, one, text

SHOP = """
from pathlib import Path
from {framework} import {class_}

app = {class_}(__name__)

@app.get("/")
{prefix}def index():
    from .late import NAME
    return NAME

@app.get("/folder")
{prefix}def folder():
    return str(Path.cwd())
"""
WALK = Scenario("walk", [Request(path="/"), Request(path="/nowhere")])


def git(folder: Path, *arguments: str) -> None:
    options = ["-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "init.defaultBranch=x"]
    command = [str(shutil.which("git")), "-C", str(folder), *options, *arguments]
    subprocess.run(command, check=True)


def write_shop(package: Path, framework: str, name: str) -> None:
    """One version of a package, which is called the same in each."""
    package.mkdir(parents=True, exist_ok=True)
    class_, prefix = framework.capitalize(), "" if framework == "flask" else "async "
    source = SHOP.format(framework=framework, class_=class_, prefix=prefix)
    (package / "__init__.py").write_text(source)
    (package / "late.py").write_text(f"NAME = {name!r}")


@pytest.fixture(params=["", "src"], ids=["flat", "below"])
def repository(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """A folder of a repository whose commit ``main`` is Flask's, and whose files are Quart's."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))
    (tmp_path / "tmp").mkdir()
    top = tmp_path / "repository"
    folder = top / str(request.param)
    write_shop(folder / "one_store", "flask", "main")
    git(top, "init", "-q")
    git(top, "add", ".")
    git(top, "commit", "-qm", "all")
    git(top, "tag", "main")
    write_shop(folder / "one_store", "quart", "port")
    return folder


def state(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, with its bytes."""
    paths = [path for path in folder.rglob("*") if path.is_file()]
    return {str(path): path.read_bytes() for path in paths}


def test_a_revision_is_compared_with_the_working_tree(repository: Path, tmp_path: Path) -> None:
    """The same package is Flask's on one side and Quart's on the other, and git is unchanged."""
    top = next(path for path in (repository, *repository.parents) if (path / ".git").is_dir())
    before = state(top / ".git")
    worlds = World(folder=repository, revision="main"), World(folder=repository)
    report = check("one_store", "one_store", [WALK], wiring=Wiring(worlds=worlds), timeout=LIMIT)

    told = [(d.request, d.path, d.reference, d.candidate) for d in report.differences]
    assert told == [(0, "body", "main", "port")]
    assert state(top / ".git") == before
    assert folders(tmp_path / "tmp") == []


def test_a_revisions_files_are_gone_with_the_side(repository: Path, tmp_path: Path) -> None:
    """An application works in its revision's folder, and a side made anew in the same one."""
    with isolated("one_store", repository, revision="main") as side:
        with side.serve(one(), False) as served:
            first = Path(text(get(served, "/folder")))
        again = side.anew()
        with again.serve(one(), False) as served:
            second = Path(text(get(served, "/folder")))
        again.close()

        assert len(folders(tmp_path / "tmp")) == 1
        assert first == second != repository
        assert (first / "one_store").is_dir()
    assert folders(tmp_path / "tmp") == []


def test_a_side_that_is_killed_leaves_no_revision(repository: Path, tmp_path: Path) -> None:
    """Whoever is interrupted does not close what is played."""
    side = IsolatedSide("one_store", World(folder=repository, revision="main"), LIMIT, None)
    with side.serve(one(), False):
        side.kill()

    assert folders(tmp_path / "tmp") == []


def test_a_working_tree_is_not_taken_for_a_revision(repository: Path) -> None:
    """A path that leads back to the working tree would compare it with itself."""
    environment = {"PYTHONPATH": str(repository.parent)}
    (repository / "only_here.py").write_text("")
    package = repository / "one_store" / "__init__.py"
    git(repository, "commit", "-qam", "ported")
    package.write_text("import only_here\n" + package.read_text())
    git(repository, "commit", "-qam", "importing")
    environment = {"PYTHONPATH": str(repository)}
    with (
        isolated("one_store", repository, revision="HEAD", environment=environment) as side,
        pytest.raises(StartError, match=r"module 'only_here' was imported from .*not of the"),
        side.serve(one(), False),
    ):
        pass


def test_a_revision_that_is_not_there_says_so(repository: Path) -> None:
    """The error names it, and is one of how the command is used."""
    with (
        isolated("one_store", repository, revision="nowhere") as side,
        pytest.raises(UsageError, match="has no revision 'nowhere'"),
        side.serve(one(), False),
    ):
        pass


VERSIONED = """
import sys
import flask

app = flask.Flask("shop")
app.secret_key = "key"

@app.get("/")
def index():
    flask.session["name"] = "ada"
    return f"{flask.VERSION_OF_TESTS} {sys.prefix}"

@app.get("/fail")
def fail():
    raise LookupError("no such shelf")
"""
# As Flask before 2.3, which had signals only where blinker was installed, and no common base.
OLDER = """
VERSION_OF_TESTS = "older"

class _Unavailable:
    def connect(self, *args, **kwargs):
        raise RuntimeError("signals are unavailable")
    def send(self, *args, **kwargs):
        pass

import flask.app
got_request_exception = flask.app.got_request_exception = _Unavailable()
"""


def install(folder: Path, addition: str) -> str:
    """An environment with a Flask of its own; returns its interpreter."""
    venv.create(folder, symlinks=True)
    packages = next(folder.glob("lib*/python*/site-packages"))
    source = Path(str(flask.__file__)).parent
    shutil.copytree(source, packages / "flask")
    with (packages / "flask" / "__init__.py").open("a") as file:
        file.write(addition)
    # All that Flask needs comes from where this one is; its own Flask is found first.
    (packages / "others.pth").write_text(str(source.parent))
    return str(folder / "bin" / "python")


def test_two_interpreters_have_their_own_flask(tmp_path: Path) -> None:
    """Each side runs what is installed for it, and both are read alike."""
    (tmp_path / "shop.py").write_text(VERSIONED)
    pythons = {
        "older": install(tmp_path / "older", OLDER),
        "newer": install(tmp_path / "newer", 'VERSION_OF_TESTS = "newer"\n'),
    }
    for name, python in pythons.items():
        with (
            isolated("shop", tmp_path, python=python) as side,
            side.serve(one(), False) as served,
        ):
            answer, failed = get(served, "/"), get(served, "/fail")
            sessions, routes = served.sessions(), served.routes()

        assert text(answer) == f"{name} {tmp_path / name}"
        assert failed.raised is not None
        assert (failed.raised.type, failed.raised.text) == ("LookupError", "no such shelf")
        assert sessions.name == "session"
        assert routes is not None
        assert {route.endpoint for route in routes} == {"static", "index", "fail"}


def test_a_relative_interpreter_is_found_from_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A path on the command line means what it means to the shell, and no variable misleads it."""
    (tmp_path / "elsewhere").mkdir()
    write_shop(tmp_path / "elsewhere" / "one_store", "flask", "name")
    (tmp_path / "python").symlink_to(sys.executable)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONHOME", str(tmp_path))
    here = os.path.join(os.curdir, "python")
    # A link outside an environment does not know where its packages are.
    environment = {"PYTHONPATH": str(Path(str(flask.__file__)).parents[1])}
    with (
        isolated("one_store", tmp_path / "elsewhere", python=here, environment=environment) as side,
        side.serve(one(), False) as served,
    ):
        assert text(get(served, "/")) == "name"
