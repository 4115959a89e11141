"""Both applications kept running, to be looked at side by side."""

import os
import re
import signal
import subprocess
import sys
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from threading import Event, Thread

import pytest

from quart_parity import StartError, UsageError
from quart_parity.serving.both import serve
from tests.project import CHECKOUT
from tests.servers import comes, group, shop

pytestmark = pytest.mark.wire

SERVE = """
from quart_parity.serving.both import serve
serve("flask_shop", "quart_shop", ("flask", "hypercorn"), say=lambda line: print(line, flush=True))
print("ended", flush=True)
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A folder with an application and its port."""
    for framework in ("flask", "quart"):
        (tmp_path / f"{framework}_shop.py").write_text(shop(framework))
    return tmp_path


def read(url: str, path: str) -> tuple[int, str]:
    """Status and body of an answer."""
    connection = HTTPConnection(url.partition("//")[2], timeout=5)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def test_both_are_served_until_interrupted(home: Path) -> None:
    """The addresses are said; Ctrl-C ends both, and is no error."""
    parent = subprocess.Popen(
        [sys.executable, "-c", SERVE],
        cwd=home,
        env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    with parent:
        assert parent.stdout is not None
        lines = [parent.stdout.readline() for _ in range(2)]
        urls = [re.findall(r"http://\S+", line)[0] for line in lines]
        places = [read(url, "/where")[1].split()[0] for url in urls]
        pids = [int(read(url, "/process")[1]) for url in urls]
        os.killpg(parent.pid, signal.SIGINT)
        said, complaint = parent.communicate(timeout=10)

    assert [line.split(":")[0] for line in lines] == ["reference", "candidate"]
    assert places == [f"{url}/where" for url in urls]
    assert said.endswith("ended\n")
    assert parent.returncode == 0
    assert complaint == ""
    assert [group(pid) for pid in pids] == [[], []]


def test_what_they_log_is_said_and_an_end_is_an_error(home: Path) -> None:
    """Each line says whose it is; one without the other is nothing to look at."""
    said: list[str] = []
    errors: list[StartError] = []
    up = Event()

    def say(line: str) -> None:
        said.append(line)
        if line.startswith("candidate: "):
            up.set()

    def run() -> None:
        try:
            serve("flask_shop", "quart_shop", ("waitress", "uvicorn"), where=home, say=say)
        except StartError as error:
            errors.append(error)

    thread = Thread(target=run)
    thread.start()
    assert up.wait(20)
    urls = [re.findall(r"http://[^ ]+", line)[0] for line in said if ": http://" in line]
    assert read(urls[0], "/fail")[0] == 500
    assert comes(lambda: "reference | LookupError: no such shelf" in said)
    pids = [int(read(url, "/process")[1]) for url in urls]
    with pytest.raises((ConnectionError, HTTPException)):
        read(urls[1], "/die")
    thread.join(10)

    assert [str(error) for error in errors] == [
        "the server of the candidate, quart_shop, ended with status 7"
    ]
    assert [group(pid) for pid in pids] == [[], []]


def test_a_server_that_is_not_there_is_refused_first(home: Path) -> None:
    """Nothing is started where the other one cannot be."""
    with pytest.raises(UsageError, match="there is no server 'apache'"):
        serve("flask_shop", "quart_shop", ("flask", "apache"), where=home, say=print)


def test_the_one_that_came_up_is_ended_with_the_other(home: Path) -> None:
    """Where one does not start, none is left running."""
    (home / "quart_shop.py").write_text("1 / 0")
    (home / "flask_shop.py").write_text(
        "from pathlib import Path\nimport os\n"
        "Path('pid').write_text(str(os.getpid()))\n" + shop("flask")
    )
    with pytest.raises(StartError, match="ZeroDivisionError"):
        serve("flask_shop", "quart_shop", ("flask", "hypercorn"), where=home, say=print)

    assert group(int((home / "pid").read_text())) == []


def test_a_server_that_runs_already_is_not_served(home: Path) -> None:
    """An address is taken for what it is, and not for the name of a file."""
    with pytest.raises(UsageError, match=r"'http://127\.0\.0\.1:5000' is a running server"):
        serve("flask_shop", "http://127.0.0.1:5000", ("flask", "hypercorn"), where=home, say=print)
