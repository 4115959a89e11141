"""Whatever ends the run ends its processes, and nothing of them is left."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tests.project import CHECKOUT
from tests.servers import comes, folders, group

SHOP = """
import ctypes
import os
import subprocess
import time
from pathlib import Path
from flask import Flask

def create_app():
    app = Flask("shop")

    @app.get("/<kind>")
    def blocking(kind):
        child = subprocess.Popen(["sleep", "60"])
        Path(f"{os.getpid()}.new").write_text(str(child.pid))
        Path(f"{os.getpid()}.new").rename(f"{os.getpid()}.pid")
        if kind == "idle":
            return ""
        while True:
            # The latter holds the lock of the interpreter, so no thread of it runs.
            time.sleep(60) if kind == "block" else ctypes.PyDLL(None).sleep(60)

    return app
"""
RUN = """
import sys
from pathlib import Path
from time import sleep
from quart_parity.isolated.side import IsolatedSide
from quart_parity.isolated.world import World
from tests.servers import get, one

side = IsolatedSide("ending_shop", World(Path(sys.argv[1]), revision=sys.argv[3] or None), 60, None)
with side.serve(one(), False) as served:
    get(served, f"/{sys.argv[2]}")
    sleep(60)
"""


@contextmanager
def running(folder: Path, kind: str, revision: str = "") -> Iterator[tuple[int, int]]:
    """The process ids of a run and of its worker, once a view is where it should be."""
    command = [sys.executable, "-c", RUN, str(folder), kind, revision]
    environment = {
        **os.environ,
        "PYTHONPATH": str(CHECKOUT),
        "TMPDIR": str(folder / "tmp"),
    }
    with subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL) as process:
        try:
            assert comes(lambda: pids(folder) != [])
            [worker] = pids(folder)
            yield process.pid, worker
        finally:
            process.kill()
    with suppress(ProcessLookupError):
        os.killpg(worker, signal.SIGKILL)


def pids(folder: Path) -> list[int]:
    """What has written that it is there, in the folder or in one for a revision's files."""
    return [int(path.stem) for path in folder.rglob("*.pid")]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A repository with the application, and a folder for temporary files in it."""
    (tmp_path / "tmp").mkdir()
    (tmp_path / "ending_shop.py").write_text(SHOP)
    return tmp_path


SIGNALS = [signal.SIGINT, signal.SIGTERM, signal.SIGKILL]


@pytest.mark.parametrize("sent", SIGNALS, ids=lambda sent: sent.name)
@pytest.mark.parametrize("kind", ["idle", "block", "locked"])
def test_a_worker_ends_with_who_started_it(folder: Path, sent: signal.Signals, kind: str) -> None:
    """With all that it started, even while a view blocks the interpreter, and no file is left."""
    with running(folder, kind) as (pid, worker):
        assert len(group(worker)) == 2
        os.kill(pid, sent)

        assert comes(lambda: group(worker) == [])
    assert folders(folder / "tmp") == []


@pytest.mark.parametrize("kind", ["idle", "block", "locked"])
def test_a_revisions_files_go_with_a_run_that_is_killed(folder: Path, kind: str) -> None:
    """Who is killed can remove nothing, so its processes do."""
    git = [
        str(shutil.which("git")),
        "-C",
        str(folder),
        "-c",
        "user.name=a",
        "-c",
        "user.email=a@example.com",
    ]
    for command in (["init", "-q"], ["add", "ending_shop.py"], ["commit", "-qm", "all"]):
        subprocess.run([*git, *command], check=True)
    with running(folder, kind, "HEAD") as (pid, worker):
        assert len(folders(folder / "tmp")) == 1
        assert len(group(worker)) == 3
        os.kill(pid, signal.SIGKILL)

        assert comes(lambda: group(worker) == [])
    assert folders(folder / "tmp") == []
