"""From targets to sides: in this process, on a server of ours, or on somebody else's."""

from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from quart_parity import StartError, TargetError, UsageError
from quart_parity.in_process import InProcessSide
from quart_parity.remote import RemoteSide
from quart_parity.serving.started import StartedSide
from quart_parity.sides import Side
from quart_parity.wiring import UNVERIFIED, Wiring, is_remote
from tests.builders import wsgi
from tests.conftest import Write

URL = "http://127.0.0.1:5000"
SOCKET = "http+unix:///run/app.sock"
APP = "shop_module:app"
SERVERS = ("flask", "hypercorn")


def wired(wiring: Wiring, reference: Any = APP, candidate: Any = APP) -> tuple[Side, Side]:
    return wiring.sides(reference, candidate, 5.0, None)


@pytest.fixture(autouse=True)
def shop(write: Write) -> None:
    write("from flask import Flask\napp = Flask(__name__)")


def test_an_application_is_called_in_this_process() -> None:
    """Without a word about servers there is none."""
    ours, theirs = wired(Wiring(), APP, wsgi())

    assert isinstance(ours, InProcessSide)
    assert isinstance(theirs, InProcessSide)
    assert (ours.name, ours.timeout, ours.ticks) == (APP, 5.0, False)


@pytest.mark.parametrize("target", [URL, SOCKET, "h2+https://[::1]:8443"])
def test_a_url_is_somebody_elses_server(target: str) -> None:
    """It is named as it was spelled, and is not connected to yet."""
    remote, local = wired(Wiring(secret_key="key", ca_file=Path("ca.pem")), target, APP)

    assert isinstance(remote, RemoteSide)
    assert (remote.name, remote.timeout, remote.ticks) == (target, 5.0, True)
    assert (remote.secret_key, remote.ca_file) == ("key", Path("ca.pem"))
    assert (is_remote(remote), is_remote(local)) == (True, False)


def test_each_side_is_served_on_its_own_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Names of servers turn applications into sides of processes, none of which runs yet."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    before = list(tmp_path.iterdir())
    ours, theirs = wired(Wiring(servers=SERVERS), APP, "elsewhere:create_app()")

    assert isinstance(ours, StartedSide)
    assert isinstance(theirs, StartedSide)
    assert [side._server.name for side in (ours, theirs)] == [*SERVERS]
    assert (theirs.name, theirs.timeout, theirs.ticks) == ("elsewhere:create_app()", 5.0, True)
    assert list(tmp_path.iterdir()) == before


def test_http2_reaches_both_servers() -> None:
    """Where it is asked for both sides speak it."""
    sides = wired(Wiring(servers=("hypercorn", "hypercorn"), http2=True))

    assert [isinstance(side, StartedSide) and side._http2 for side in sides] == [True, True]


def test_applications_are_served_from_where_they_are_looked_for(tmp_path: Path) -> None:
    """The folder that a target is found in is the server's, else it is the working one."""
    (tmp_path / "inner").mkdir()
    given, _ = Wiring(servers=SERVERS).sides(APP, APP, 5.0, tmp_path / "inner")
    working, _ = Wiring(servers=SERVERS).sides(APP, APP, 5.0, None)

    assert isinstance(given, StartedSide)
    assert isinstance(working, StartedSide)
    assert given._where == (tmp_path / "inner").resolve()
    assert working._where == Path.cwd().resolve()


REFUSED: dict[str, tuple[Wiring, Any, Any, type[Exception], str]] = {
    "a server to be served": (Wiring(servers=SERVERS), URL, APP, UsageError, "is a running server"),
    "the other one": (Wiring(servers=SERVERS), APP, SOCKET, UsageError, "is a running server"),
    "an object": (Wiring(servers=SERVERS), APP, Flask("shop"), UsageError, "name it, as 'module:"),
    "an unknown server": (Wiring(servers=("flask", "apache")), APP, APP, UsageError, "'apache'"),
    "no HTTP/2": (Wiring(servers=SERVERS, http2=True), APP, APP, UsageError, "no HTTP/2"),
    "a path": (Wiring(), f"{URL}/shop", APP, TargetError, "written into the base"),
    "no module": (Wiring(), "nowhere", APP, TargetError, "no module 'nowhere'"),
}


@pytest.mark.parametrize(
    ("wiring", "reference", "candidate", "kind", "why"), REFUSED.values(), ids=REFUSED
)
def test_what_cannot_be_a_side_is_refused(
    wiring: Wiring, reference: Any, candidate: Any, kind: type[Exception], why: str
) -> None:
    """Before anything is started; the error says what is wrong."""
    with pytest.raises(kind, match=why):
        wired(wiring, reference, candidate)


def test_a_module_that_raises_is_no_start(write: Write) -> None:
    """An application that is called in this process is imported at once."""
    write("1 / 0", "raising.py")
    with pytest.raises(StartError, match="ZeroDivisionError"):
        wired(Wiring(), "raising", APP)


@pytest.mark.parametrize(
    ("reference", "candidate", "key", "notes"),
    [
        (URL, URL, None, [UNVERIFIED]),
        (APP, URL, None, [UNVERIFIED]),
        (URL, APP, "key", []),
        (APP, APP, None, []),
    ],
)
def test_what_is_not_verified_is_noted(
    reference: str, candidate: str, key: str | None, notes: list[str]
) -> None:
    """The reader hears of it where a server's key is not known, and only then."""
    wiring = Wiring(secret_key=key)

    assert wiring.notes(*wired(wiring, reference, candidate)) == notes


def test_nothing_needs_a_key_that_was_started() -> None:
    """Servers of our own say how their sessions are read."""
    wiring = Wiring(servers=SERVERS)

    assert wiring.notes(*wired(wiring)) == []
