"""A process of a server: what it is started with, and that nothing of it is left."""

import os
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from quart_parity.serving.processes import LONGEST, Process, environment, free_port, is_taken
from tests.servers import comes, group

STUBBORN = """
import os, signal, subprocess, sys
signal.signal(signal.SIGTERM, signal.SIG_IGN)
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
print("up")
signal.pause()
"""


class Starter:
    """Starts modules of one folder, and ends whatever a test leaves."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._processes: list[Process] = []

    def __call__(self, source: str, *arguments: str, **own: str) -> Process:
        (self._folder / "little.py").write_text(source)
        process = Process("little", arguments, own, self._folder, self._folder / "log")
        self._processes.append(process)
        return process

    def end(self) -> None:
        for process in self._processes:
            process.end(0)


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Starter]:
    starter = Starter(tmp_path)
    yield starter
    starter.end()


def test_a_process_leads_a_session_of_its_own(start: Starter) -> None:
    """What is typed into the terminal of this process is not for it."""
    process = start("import signal\nsignal.pause()")

    assert os.getsid(process.pid) == process.pid
    assert os.getsid(process.pid) != os.getsid(0)


def test_a_process_reads_nothing_and_logs_all(start: Starter) -> None:
    """Standard input is empty; both outputs are in the log, at once and without colours."""
    process = start(
        "import os, sys\nprint(repr(sys.stdin.read()))\nprint('\\x1b[31mred\\x1b[0m',"
        " file=sys.stderr)\nos._exit(0)"
    )

    assert process.ending(10) == "ended with status 0"
    assert process.log_since(0) == "''\nred\n"
    assert process.log_since(3) == "red\n"
    assert process.last_words(1) == "red"


def test_a_long_log_is_shown_from_its_end(start: Starter) -> None:
    """However much a server logs, a report holds so much of it at most."""
    process = start(f"print('x' * {3 * LONGEST})\nprint('end')")
    process.ending(10)

    assert len(process.log_since(0)) == LONGEST
    assert process.log_since(0).endswith("xx\nend\n")


def test_whole_lines_are_taken_from_a_log(start: Starter) -> None:
    """A line that is still being written waits for its end."""
    process = start("import sys\nsys.stdout.write('one\\ntwo\\nthr')")
    process.ending(10)

    assert process.lines_since(0) == (["one", "two"], 8)
    assert process.lines_since(4) == (["two"], 8)
    assert process.lines_since(8) == ([], 8)


ENDINGS = {
    "by itself": ("raise SystemExit(3)", "ended with status 3"),
    "by a signal": (
        "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)",
        "was ended by SIGKILL",
    ),
    "by a signal without a name": (
        "import os, signal\nos.kill(os.getpid(), signal.SIGRTMIN + 1)",
        "was ended by signal 35",
    ),
}


@pytest.mark.parametrize(("source", "ending"), ENDINGS.values(), ids=ENDINGS)
def test_an_end_is_told(start: Starter, source: str, ending: str) -> None:
    """How a process ended is said in words."""
    assert start(source).ending(10) == ending


def test_a_living_process_has_not_ended(start: Starter) -> None:
    """As long as it runs there is nothing to tell."""
    process = start("import signal\nsignal.pause()")

    assert process.ending() is None


def test_a_process_that_listens_ends_by_itself(start: Starter) -> None:
    """Asked to end, it may do what it does at its end."""
    process = start(
        "import signal, sys\n"
        "signal.signal(signal.SIGTERM, lambda *_: sys.exit('bye'))\nprint('up')\nsignal.pause()"
    )
    assert comes(lambda: "up" in process.log_since(0))
    process.terminate()
    process.end(10)

    assert "bye" in process.log_since(0)
    assert process.ending() == "ended with status 1"


def test_nothing_of_a_stubborn_process_is_left(start: Starter) -> None:
    """What does not end when asked is killed, with all that it has started."""
    process = start(STUBBORN)
    assert comes(lambda: "up" in process.log_since(0) and len(group(process.pid)) == 2)
    process.terminate()
    process.end(0.1)

    assert group(process.pid) == []
    assert process.ending() == "was ended by SIGKILL"


def test_what_a_dead_process_has_started_is_ended(start: Starter) -> None:
    """Its children do not outlive it for long, though it cannot be asked any more."""
    process = start(STUBBORN)
    assert comes(lambda: "up" in process.log_since(0) and len(group(process.pid)) == 2)
    os.kill(process.pid, signal.SIGKILL)
    process.ending(10)
    process.end()

    assert group(process.pid) == []


def test_ending_twice_is_ending_once(start: Starter) -> None:
    """Whoever comes second finds nothing to do."""
    process = start("import signal\nsignal.pause()")
    process.end(0)
    process.terminate()
    process.end(0)

    assert process.ending() == "was ended by SIGKILL"


LEFT_OUT = [
    "FLASK_APP",
    "FLASK_DEBUG",
    "FLASK_RUN_PORT",
    "FORWARDED_ALLOW_IPS",
    "GRANIAN_WORKERS",
    "GUNICORN_CMD_ARGS",
    "QUART_DEBUG",
    "SCRIPT_NAME",
    "UVICORN_WORKERS",
    "WEB_CONCURRENCY",
    "WERKZEUG_RUN_MAIN",
]


@pytest.mark.parametrize("name", LEFT_OUT)
def test_settings_of_servers_are_left_out(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What somebody's shell says to servers does not change how these start."""
    monkeypatch.setenv(name, "9")

    assert name not in environment({})


@pytest.mark.parametrize("name", ["FLASK_SECRET_KEY", "QUART_TITLE", "PARITY_COLOUR", "PATH"])
def test_settings_of_applications_are_left(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What an application reads from its environment is there, as it is in this process."""
    monkeypatch.setenv(name, "9")

    assert environment({})[name] == "9"
    assert environment({name: "own"})[name] == "own"


def test_relative_search_paths_go_on_from_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server works in another folder, and still finds what is found from this one."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", f"src{os.pathsep}/elsewhere")

    paths = environment({})["PYTHONPATH"].split(os.pathsep)

    assert paths[:2] == [str(tmp_path / "src"), "/elsewhere"]


def test_a_free_port_is_free_until_somebody_takes_it() -> None:
    """Only who listens has taken a port."""
    port = free_port("127.0.0.1")
    assert not is_taken("127.0.0.1", port)
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", port))
        listening.listen()

        assert is_taken("127.0.0.1", port)


def test_a_log_that_is_gone_is_empty(start: Starter, tmp_path: Path) -> None:
    """Another thread may have removed the folder, and nobody falls over that."""
    process = start("print('up')")
    process.ending(10)
    with suppress(FileNotFoundError):
        (tmp_path / "log").unlink()

    assert process.logged() == 0
    assert process.log_since(0) == process.last_words() == ""
    assert process.lines_since(0) == ([], 0)


def test_a_process_is_of_this_python(start: Starter) -> None:
    """The applications are installed where this package is."""
    process = start("import sys\nprint(sys.executable)")
    process.ending(10)

    assert process.log_since(0).strip() == sys.executable
