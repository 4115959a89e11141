"""A server that is watched while it is asked: its notes, its log, and its end."""

from collections.abc import Callable
from pathlib import Path
from threading import Timer
from typing import Any

import msgspec
import pytest

from quart_parity.exchange import Exchange, Raised, RawRequest
from quart_parity.serving import watching
from quart_parity.serving.notes import Note
from quart_parity.serving.watching import WatchedDriver
from tests.builders import answer, no_answer, raw_request
from tests.wires import ESCAPED, HANDLED

ERROR = ("LookupError", "no such shelf", "shop.py:7")
WHOLE = f"{HANDLED}later\n"


class Application:
    """A process and a driver at once: what happens as it is asked is a list of steps."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "notes"
        self.path.touch()
        self.logs = ""
        self.end: str | None = None
        self.steps: list[Callable[[], None]] = []
        self.answers: list[Exchange] = []
        self.waited: list[float] = []
        driver: Any = self
        self.driver = WatchedDriver(driver, driver, self.path)

    def send(self, request: RawRequest) -> Exchange:
        for step in self.steps:
            step()
        self.steps = []
        return self.answers.pop(0) if self.answers else answer()

    def notes(self, *notes: Note) -> None:
        with self.path.open("ab") as file:
            file.writelines(msgspec.json.encode(note) + b"\n" for note in notes)

    def says(self, text: str) -> None:
        self.logs += text

    def ask(self, *notes: Note, gives: Exchange | None = None, log: str = "") -> Exchange:
        """One exchange in which these are told, logged and given."""
        self.steps += [lambda: self.notes(*notes), lambda: self.says(log)]
        if gives is not None:
            self.answers.append(gives)
        return self.driver.send(raw_request())

    def logged(self) -> int:
        return len(self.logs)

    def log_since(self, start: int) -> str:
        return self.logs[start:]

    def ending(self, seconds: float = 0.0) -> str | None:
        self.waited.append(seconds)
        return self.end


@pytest.fixture
def application(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Application:
    for name in ("LOGGING", "ENDING"):
        monkeypatch.setattr(watching, name, 0.01)
    return Application(tmp_path)


def test_an_exchange_has_its_own_notes(application: Application) -> None:
    """What one request is told of is not what the next is."""
    first = application.ask(Note(1), Note(1, raised=ERROR), Note(1, ended=True))
    second = application.ask(Note(2), Note(2, ended=True))

    assert (first.raised, second.raised) == (Raised(*ERROR), None)
    assert application.driver.notes == [Note(2), Note(2, ended=True)]


def test_who_is_not_asked_tells_nothing(application: Application) -> None:
    """An answer without a note is the server's own."""
    application.ask(Note(1), Note(1, ended=True))
    refused = application.ask(gives=answer(400))

    assert refused.is_servers
    assert application.driver.notes == []


def test_late_notes_are_not_the_next_exchanges(application: Application) -> None:
    """What an exchange that was given up tells later on is not told of the one after it."""
    application.ask(Note(1), gives=no_answer(broken="no answer"))
    late = Note(1, raised=ERROR, escaped=True), Note(1, ended=True)
    exchange = application.ask(*late, Note(2), Note(2, ended=True))

    assert exchange.raised is None
    assert application.driver.notes == [Note(2), Note(2, ended=True)]


def test_late_notes_between_others_are_left_out(application: Application) -> None:
    """Whose they are is told by their number, and not by their place."""
    application.ask(Note(1), gives=no_answer(broken="no answer"))
    exchange = application.ask(Note(2), Note(1, raised=ERROR), Note(1, ended=True), Note(2, body=3))

    assert exchange.raised is None
    assert application.driver.notes == [Note(2), Note(2, body=3)]


def test_an_application_that_is_asked_late_tells_nothing_of_the_next(
    application: Application,
) -> None:
    """A request that was given up before it reached its application has notes of its own."""
    application.ask(gives=no_answer(broken="no answer"))
    late = Note(1), Note(1, raised=ERROR), Note(1, ended=True)
    exchange = application.ask(*late, Note(2), Note(2, ended=True))

    assert exchange.raised is None
    assert application.driver.notes == [Note(2), Note(2, ended=True)]


def test_late_notes_are_not_those_of_a_request_that_was_refused(application: Application) -> None:
    """An application that was not asked has told nothing, whatever comes in meanwhile."""
    application.ask(Note(1), gives=no_answer(broken="no answer"))
    refused = application.ask(Note(1, raised=ERROR), Note(1, ended=True), gives=answer(400))

    assert refused.is_servers
    assert refused.raised is None
    assert application.driver.notes == []


def test_the_end_of_an_exchange_is_waited_for(
    application: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is raised behind the last byte is part of the exchange."""
    monkeypatch.setattr(watching, "ENDING", 5.0)
    rest = Note(1, raised=ERROR, escaped=True, begun=True), Note(1, ended=True)
    later = Timer(0.02, application.notes, rest)
    application.steps.append(later.start)
    exchange = application.ask(Note(1))
    later.join()

    assert exchange.raised == Raised(*ERROR)


def test_an_exchange_that_does_not_end_is_not_waited_for_long(application: Application) -> None:
    """An application that goes on after its answer keeps nobody."""
    exchange = application.ask(Note(1), Note(1, fields=[]))

    assert exchange.response is not None
    assert not exchange.is_servers


def test_a_traceback_is_kept_where_an_answer_says_nothing(application: Application) -> None:
    """What a server logged during an exchange is told where it holds a traceback, and only then."""
    told = Note(1), Note(1, ended=True)
    logs = [
        application.ask(*told, log=log, gives=answer(status)).log
        for log, status in [("started\n", 200), (WHOLE, 200), ("", 500), (ESCAPED, 500)]
    ]

    assert logs == [None, WHOLE, None, ESCAPED]


def test_a_traceback_that_is_still_written_is_waited_for(
    application: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last line of a traceback is the one that says what happened."""
    monkeypatch.setattr(watching, "LOGGING", 5.0)
    later = Timer(0.02, application.says, [HANDLED[20:]])
    application.steps.append(later.start)
    exchange = application.ask(Note(1), Note(1, ended=True), log=HANDLED[:20], gives=answer(500))
    later.join()

    assert exchange.log == HANDLED


def test_a_server_that_died_of_a_request_says_so(application: Application) -> None:
    """How the process ended is told in place of how the connection did."""
    application.steps.append(lambda: setattr(application, "end", "ended with status 7"))
    died = application.ask(gives=no_answer(broken="closed"))
    asked = len(application.answers)
    after = application.driver.send(raw_request())

    assert died.broken == after.broken == "the server ended with status 7"
    assert died.response is after.response is None
    assert asked == 0
    assert application.waited == [0.0, watching.DYING, 0.0]


def test_a_server_that_lives_broke_only_its_answer(application: Application) -> None:
    """Where the process goes on, what the client saw is told."""
    broken = application.ask(Note(1), gives=no_answer(broken="closed early"))

    assert broken.broken == "closed early"
    assert application.driver.is_doubtful


def test_a_server_that_answered_is_not_doubted(application: Application) -> None:
    """Only one that left the last request without an answer may be stuck."""
    application.ask(gives=no_answer(broken="no answer"))
    application.ask(Note(1), Note(1, ended=True))

    assert not application.driver.is_doubtful
