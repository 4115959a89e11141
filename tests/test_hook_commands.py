"""Commands around each scenario on each side, as to put its database back."""

import os
import signal
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from select import select
from threading import Event, Thread
from typing import Any

import pytest
from flask import Flask

from quart_parity import Request, Scenario
from quart_parity.errors import HookError
from quart_parity.hooks import Hooks
from quart_parity.runner import Runner
from tests.forgetful import original, port
from tests.hooked import BOTH, COMMANDS, SHORT, played, sides
from tests.shops import told, walk


def test_commands_are_run_around_each_scenario_on_each_side(tmp_path: Path) -> None:
    """They know the side and the scenario, and each is done before what comes next."""
    played(
        *sides(), walk("/view", name="one"), walk("/view", name="two"), folder=tmp_path, **COMMANDS
    )

    assert (tmp_path / "notes").read_text().splitlines() == [
        f"{which} {side} {name}"
        for name in ("one", "two")
        for side in BOTH
        for which in ("setup", "teardown")
    ]


def counting(file: Path) -> Callable[[], str]:
    """A view that counts its visits in a file, as in a database."""

    def count() -> str:
        with file.open("a") as visits:
            visits.write("x")
        return file.read_text()

    return count


def test_a_database_that_is_reset_is_the_same_for_every_scenario(tmp_path: Path) -> None:
    """One file for both sides: without a reset, the second one would find the first one's."""
    flask, quart = original(), port(view=counting(tmp_path / "visits"))
    flask.add_url_rule("/view", "view", counting(tmp_path / "visits"))
    scenarios = walk("/view", "/view"), walk("/view", name="two")
    reset = played(flask, quart, *scenarios, setup="rm -f visits", folder=tmp_path)
    grown = played(flask, quart, *scenarios, folder=tmp_path)

    assert told(reset) == []
    assert told(grown) != []


def test_a_command_is_the_shell_s(tmp_path: Path) -> None:
    """It is given as one would type it, in its own folder and with the side's variables."""
    command = 'cd inner && echo "$COLOUR" | tr a-z A-Z > colour'
    (tmp_path / "inner").mkdir()
    played(*sides(), walk("/view"), setup=command, folder=tmp_path, environment={"COLOUR": "red"})

    assert (tmp_path / "inner" / "colour").read_text() == "RED\n"


def test_a_command_that_fails_ends_the_run(tmp_path: Path) -> None:
    """The side, the scenario, the command, its status and what it said are in the error."""
    command = "echo nothing; echo no such table >&2; exit 4"

    with pytest.raises(HookError) as caught:
        played(*sides(), walk("/view"), setup=command, folder=tmp_path)

    assert caught.value.exit_status == 3
    assert str(caught.value) == (
        "setup of the reference for scenario 'walk': the command 'echo nothing; echo no such table"
        " >&2; exit 4' ended with 4, saying: nothing\nno such table"
    )


def test_of_a_long_complaint_the_end_is_told(tmp_path: Path) -> None:
    """An exception's last line says what is wrong."""
    with pytest.raises(HookError, match=r"the end$") as caught:
        played(*sides(), walk("/view"), teardown="seq 10000; echo the end; exit 1", folder=tmp_path)

    assert len(str(caught.value)) < 3000


def test_a_folder_that_is_missing_is_told(tmp_path: Path) -> None:
    """A command that cannot be run at all fails as well."""
    with pytest.raises(HookError, match=r"cannot be run in .*gone"):
        played(*sides(), walk("/view"), setup="true", folder=tmp_path / "gone")


def test_a_command_that_hangs_is_ended_with_all_it_started(tmp_path: Path) -> None:
    """After the time limit its whole process group is gone."""
    os.mkfifo(tmp_path / "pipe")
    # Whoever reads a pipe hears of it when the last one who can write to it is gone.
    reader = os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    command = "exec 9> pipe; echo started >&9; sleep 600 & sleep 600"

    with pytest.raises(HookError, match=r"did not end within 0\.3 s"):
        played(*sides(), walk("/view"), setup=command, folder=tmp_path, timeout=SHORT)
    heard = []
    for _ in range(2):
        select([reader], [], [], 10)
        heard.append(os.read(reader, 100))
    os.close(reader)

    assert heard == [b"started\n", b""]


def test_what_a_command_leaves_running_is_not_waited_for(tmp_path: Path) -> None:
    """A server that a command starts may hold its output, and goes on."""
    report = played(*sides(), walk("/view"), setup="sleep 60 & echo $! >> pids", folder=tmp_path)
    for pid in (tmp_path / "pids").read_text().split():
        os.kill(int(pid), signal.SIGKILL)

    assert report.ok


def test_a_scenario_that_cannot_be_played_is_cleared_up_after(tmp_path: Path) -> None:
    """What was set up is cleared up, whatever came between."""
    asks = Scenario("asks", [Request("/view")], config={"COLOUR": "red"})
    played("http://127.0.0.1:9", original("/view"), asks, folder=tmp_path, **COMMANDS)

    assert "teardown reference asks" in (tmp_path / "notes").read_text()


def test_a_scenario_is_set_up_once_though_its_application_hangs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is left of it is played in another application, and goes on where it was."""
    monkeypatch.setattr("quart_parity.worker.GRACE", 0.0)
    event = Event()

    def create_app() -> Flask:
        app = original("/view")
        app.add_url_rule("/hang", "hang", lambda: str(event.wait(10)))
        return app

    try:
        played(
            create_app,
            create_app,
            walk("/hang", "/view"),
            folder=tmp_path,
            timeout=SHORT,
            **COMMANDS,
        )
    finally:
        event.set()
    notes = (tmp_path / "notes").read_text().split()

    assert notes[::3] == ["setup", "teardown"] * 2


def test_experiments_are_set_up_as_well(tmp_path: Path) -> None:
    """What finds out a cause plays the scenario again, and so needs its database again."""
    flask, quart = original(), port(view=counting(tmp_path / "visits"))
    answer: Any = "x", "200 OK"
    flask.add_url_rule("/view", "view", lambda: answer)
    for app in (flask, quart):
        app.add_url_rule("/status", "status", lambda: answer)
    quart.logger.disabled = True
    around = Hooks("rm -f visits", folder=tmp_path)
    both = around, replace(around, side="candidate")
    runner = Runner(flask, quart, hooks=both)
    causes = {
        (one.target, one.path): one.divergences
        for result in runner.run([walk("/view", "/status")])
        for one in result.differences
    }

    assert causes[("/status", "status")] == ("QP001",)
    assert {target for target, _ in causes} == {"/status"}


def test_an_interrupted_run_ends_its_command(tmp_path: Path) -> None:
    """Whoever kills a stage from any thread ends the command that its worker waits for."""
    os.mkfifo(tmp_path / "pipe")
    hooks = Hooks("echo started > pipe; sleep 600", folder=tmp_path)
    failures: list[HookError] = []

    def run() -> None:
        try:
            hooks.command("setup", "walk", 60)
        except HookError as error:
            failures.append(error)

    thread = Thread(target=run)
    thread.start()
    (tmp_path / "pipe").read_text()
    hooks.kill()
    thread.join(10)

    assert "ended with -9" in str(failures)
