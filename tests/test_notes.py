"""What an application tells of an exchange, and what is left of its server's answer."""

from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from quart_parity.exchange import Exchange, Raised
from quart_parity.serving.notes import Note, read_notes, told
from tests.builders import answer, no_answer
from tests.wires import on_wire

ERROR = ("LookupError", "no such shelf", "shop.py:7")
RAISED = Raised(*ERROR)
SERVERS = [("Date", "today"), ("Server", "x"), ("Content-Length", "9")]
SURPLUS = "5 bytes follow a response that has no body"


def page(status: int = 500, broken: str | None = None) -> Exchange:
    """What a server says of an application that failed."""
    return on_wire(answer(status, SERVERS, b"our fault", broken=broken))


def kept(exchange: Exchange) -> tuple[int, tuple[tuple[str, str], ...], bytes]:
    assert exchange.response is not None
    return exchange.response.status, exchange.response.headers, exchange.response.body


def test_a_servers_own_page_is_its_status_alone() -> None:
    """The client gets that status; the server's fields and words are nobody's doing."""
    notes = [Note(1), Note(1, raised=ERROR, escaped=True), Note(1, ended=True)]
    exchange = told(page(), notes)

    assert kept(exchange) == (500, (), b"")
    assert exchange.raised == RAISED
    assert exchange.broken is None
    assert exchange.wire is not None
    assert not exchange.is_servers


def test_an_answer_that_had_not_begun_is_the_servers() -> None:
    """What an application announced and did not give is not what the client got."""
    notes = [
        Note(1, fields=["content-type"]),
        Note(1, raised=ERROR, escaped=True, status=200),
        Note(1, ended=True, body=0),
    ]

    assert kept(told(page(), notes)) == (500, (), b"")


@pytest.mark.parametrize("begun", [True, False], ids=["begun", "head sent"])
def test_an_answer_that_has_begun_stays(begun: bool) -> None:
    """A server that has sent the application's own head says nothing in its place."""
    notes = [
        Note(1, fields=["content-type", "x-own"]),
        Note(1, raised=ERROR, escaped=True, status=200, begun=begun),
        Note(1, ended=True, body=4),
    ]
    half = answer(200, [("X-Own", "1"), *SERVERS], b"half", broken="closed early")
    exchange = told(on_wire(half), notes)

    assert kept(exchange) == (200, (("X-Own", "1"),), b"half")
    assert exchange.broken == "closed early"
    assert exchange.raised == RAISED


def test_an_answer_that_began_and_another_status_stays() -> None:
    """Once bytes are out, the status is what it is, and it is not the server's own page."""
    notes = [Note(1, raised=ERROR, escaped=True, status=200, begun=True), Note(1, ended=True)]

    assert kept(told(page(), notes)) == (500, tuple(SERVERS), b"our fault")


def test_an_application_without_an_answer_is_told_so() -> None:
    """A server may answer for it, but nobody takes that for an answer of its."""
    notes = [Note(1), Note(1, escaped=True), Note(1, ended=True, body=0)]
    exchange = told(page(), notes)

    assert kept(exchange) == (500, (), b"")
    assert exchange.broken == "the application returned without a response"


def test_what_else_is_wrong_with_the_answer_comes_first() -> None:
    """How the connection broke is told before how the application did."""
    notes = [Note(1), Note(1, escaped=True), Note(1, ended=True, body=0)]

    assert told(page(broken="closed early"), notes).broken == "closed early"


def test_what_was_raised_and_handled_leaves_the_answer() -> None:
    """The application's own page for an exception is its own."""
    own = on_wire(answer(500, [("Content-Type", "text/html"), *SERVERS], b"sorry"))
    notes = [Note(1, raised=ERROR), Note(1, fields=["content-type"]), Note(1, ended=True, body=5)]
    exchange = told(own, notes)

    assert kept(exchange) == (500, (("Content-Type", "text/html"),), b"sorry")
    assert exchange.raised == RAISED


def test_what_was_raised_last_counts() -> None:
    """An exception that another one follows is that one's cause only."""
    notes = [Note(1, raised=("KeyError", "a", None)), Note(1, raised=ERROR, escaped=True)]

    assert told(page(), notes).raised == RAISED


def test_fields_of_the_server_are_dropped_and_the_applications_kept() -> None:
    """Names are compared without case; repeated fields, values and order stay."""
    fields = [("Set-Cookie", "a=1"), ("DATE", "today"), ("X-Own", "1"), ("set-cookie", "b=2")]
    notes = [Note(1, fields=["x-own", "set-cookie", "set-cookie"]), Note(1, ended=True)]
    exchange = told(on_wire(answer(headers=fields)), notes)

    assert kept(exchange)[1] == (("Set-Cookie", "a=1"), ("X-Own", "1"), ("set-cookie", "b=2"))


def test_a_field_that_the_application_gives_is_its_own() -> None:
    """A date or a length is dropped only where the server wrote it."""
    notes = [Note(1, fields=["date", "content-length"]), Note(1, ended=True)]
    exchange = told(on_wire(answer(headers=SERVERS)), notes)

    assert kept(exchange)[1] == (("Date", "today"), ("Content-Length", "9"))


def test_an_answer_that_is_started_again_has_the_last_fields() -> None:
    """PEP 3333 lets an application take back its head while nothing is sent."""
    notes = [Note(1, fields=["date"]), Note(1, fields=["server"]), Note(1, ended=True)]

    assert kept(told(on_wire(answer(headers=SERVERS)), notes))[1] == (("Server", "x"),)


def test_an_answer_without_any_field_keeps_none() -> None:
    """An application that gives no field is told apart from one that was not heard."""
    bare = [Note(1, fields=[]), Note(1, ended=True)]
    unheard = [Note(1)]

    assert kept(told(on_wire(answer(headers=SERVERS)), bare))[1] == ()
    assert kept(told(on_wire(answer(headers=SERVERS)), unheard))[1] == tuple(SERVERS)


def test_surplus_bytes_are_the_servers_where_the_application_gave_none() -> None:
    """A server that ends chunks of nothing after HEAD does not make a difference."""
    exchange = on_wire(answer(204, broken=SURPLUS))

    assert told(exchange, [Note(1), Note(1, ended=True, body=0)]).broken is None


@pytest.mark.parametrize("body", [5, None], ids=["counted", "of a file"])
def test_surplus_bytes_are_the_applications_where_it_gave_some(body: int | None) -> None:
    """A body after 204 is a difference like any other."""
    exchange = on_wire(answer(204, broken=SURPLUS))

    assert told(exchange, [Note(1), Note(1, ended=True, body=body)]).broken == SURPLUS


def test_other_breaks_stay() -> None:
    """Only surplus bytes can be the server's own."""
    exchange = on_wire(answer(broken="closed early"))

    assert told(exchange, [Note(1), Note(1, ended=True, body=0)]).broken == "closed early"


def test_an_answer_that_was_not_asked_for_is_the_servers() -> None:
    """A request that a server refuses never reaches its application."""
    refused = on_wire(answer(400, SERVERS, b"no"))
    exchange = told(refused, [])

    assert exchange == replace(refused, is_servers=True)


def test_no_answer_is_nobodys() -> None:
    """Where nothing came the server has not answered either; what was raised is told."""
    silent = no_answer(broken="closed")

    assert told(silent, []) == silent
    assert told(silent, [Note(1, raised=ERROR, escaped=True)]) == replace(silent, raised=RAISED)


def written(path: Path, *notes: Note) -> int:
    """Append notes as lines; returns where they end."""
    with path.open("ab") as file:
        for note in notes:
            file.write(msgspec.json.encode(note) + b"\n")
        return file.tell()


def test_notes_are_read_from_where_the_last_ones_ended(tmp_path: Path) -> None:
    """What was read is not read again, and all that a note says comes back."""
    path = tmp_path / "notes"
    first = Note(1, fields=["a"], raised=ERROR, escaped=True, status=200, begun=True)
    second = Note(2, trial=3, pieces=["QP001"], error="no", ended=True, body=7)
    place = written(path, first)
    end = written(path, second)

    assert read_notes(path, 0) == ([first, second], end)
    assert read_notes(path, place) == ([second], end)
    assert read_notes(path, end) == ([], end)


def test_a_line_that_is_half_written_is_left_for_later(tmp_path: Path) -> None:
    """A note is read once, when it is whole."""
    path = tmp_path / "notes"
    end = written(path, Note(1))
    line = msgspec.json.encode(Note(1, fields=["a"])) + b"\n"
    with path.open("ab") as file:
        file.write(line[:9])
    half = read_notes(path, 0)
    with path.open("ab") as file:
        file.write(line[9:])

    assert half == ([Note(1)], end)
    assert read_notes(path, end) == ([Note(1, fields=["a"])], end + len(line))


def test_a_first_line_that_is_half_written_is_none(tmp_path: Path) -> None:
    """Nothing is read of it, and nothing is skipped."""
    path = tmp_path / "notes"
    path.write_bytes(b'{"exch')

    assert read_notes(path, 0) == ([], 0)
