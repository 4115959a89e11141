"""What keeps a server from coming up, and what ends it before its time."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from time import monotonic

import pytest

from quart_parity import QuartParityError, ScenarioError, StartError, TargetError
from quart_parity.drivers import DRIVERS
from quart_parity.serving.processes import free_port
from quart_parity.serving.servers import SERVERS
from quart_parity.serving.starting import StartedServer
from quart_parity.targets import find_target, protocol_of
from tests.project import CHECKOUT
from tests.servers import comes, folders, get, group, one, shop, started, text

pytestmark = pytest.mark.wire

PLAIN = """
def app(environ, start_response):
    start_response("200 OK", [("Content-Length", "5")])
    return [b"plain"]
"""
BARE = """
async def app(scope, receive, send):
    if scope["type"] == "http":
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"plain"})
"""
NO_LIFESPAN = """
from quart import Quart
app = Quart("shop")

@app.before_serving
async def begin():
    raise LookupError("no shelves")
"""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder for applications; private folders are made in one beside it, and must go."""
    (tmp_path / "temporary").mkdir()
    (tmp_path / "home").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    yield tmp_path / "home"
    assert folders(tmp_path / "temporary") == []


def write(home: Path, source: str) -> str:
    """Write the module that a test serves; its name."""
    (home / "shop_served.py").write_text(source)
    return "shop_served"


def refused(target: str, server: str, home: Path, **config: object) -> QuartParityError:
    """What is raised where a server does not come up."""
    with (
        started(target, server, home) as side,
        pytest.raises(QuartParityError) as raised,
        side.serve(one(config=config), False),
    ):
        pass
    return raised.value


UNMADE = {
    "raising at import": ("\n1 / 0", "shop_served"),
    "exiting at import": ("raise SystemExit('bye')", "shop_served"),
    "a factory that raises": ("def create_app(): raise LookupError('x')", "shop_served"),
    "no application": ("", "shop_served"),
    "no module": ("", "shop_elsewhere"),
    "no file": ("", "shop_elsewhere.py"),
    "misspelled": ("", "shop served"),
    "no protocol": ("class App: pass\napp = App()", "shop_served:app"),
}


def in_process(target: str, home: Path) -> None:
    """Find and make what a target names, as this process would for itself."""
    found = find_target(target, home)
    protocol_of(found.make({}), found)


@pytest.mark.parametrize(("source", "target"), UNMADE.values(), ids=UNMADE)
def test_what_cannot_be_made_is_told_as_in_process(
    importing: Path, home: Path, monkeypatch: pytest.MonkeyPatch, source: str, target: str
) -> None:
    """Error and text are those that this process would raise, and no wall of a server's log."""
    write(home, source)
    error = refused(target, "flask", home)
    monkeypatch.chdir(home)
    with pytest.raises(QuartParityError) as ours:
        in_process(target, home)

    assert type(error) is type(ours.value)
    assert str(error) == str(ours.value)


@pytest.mark.parametrize("server", SERVERS)
def test_what_cannot_be_made_is_told_on_every_server(home: Path, server: str) -> None:
    """Whatever a server makes of a failing import, the side knows the reason."""
    error = refused(write(home, "\n1 / 0"), server, home)

    assert type(error) is StartError
    assert str(error) == (
        "target 'shop_served' cannot be imported: ZeroDivisionError: division by zero"
        " at shop_served.py:2"
    )


@pytest.mark.parametrize("server", ["hypercorn", "uvicorn", "granian"])
def test_a_lifespan_that_fails_is_told_as_in_process(home: Path, server: str) -> None:
    """What fails as the application starts is the reason why the server does not."""
    error = refused(write(home, NO_LIFESPAN), server, home)

    assert isinstance(error, StartError)
    assert str(error).startswith("target 'shop_served': its lifespan start-up failed: ")
    assert "no shelves" in str(error)


WRONG = {
    "Flask on uvicorn": ("flask", "uvicorn", "called as WSGI applications are", "only ASGI"),
    "Quart on gunicorn": ("quart", "gunicorn", "called as ASGI applications are", "only WSGI"),
    "Quart on flask": ("quart", "flask", "called as ASGI applications are", "only WSGI"),
}


@pytest.mark.parametrize(("framework", "server", "what", "why"), WRONG.values(), ids=WRONG)
def test_an_application_of_another_protocol_is_refused(
    home: Path, framework: str, server: str, what: str, why: str
) -> None:
    """A server that does not speak the application's protocol is the wrong choice."""
    error = refused(write(home, shop(framework)), server, home)

    assert isinstance(error, TargetError)
    assert f"target 'shop_served' is {what}, and {server} serves {why}" in str(error)


def test_flask_run_serves_flask_only(home: Path) -> None:
    """Its command takes no other WSGI application."""
    error = refused(write(home, PLAIN) + ":app", "flask", home)

    assert isinstance(error, TargetError)
    assert "is no Flask application, and flask run serves no other" in str(error)


@pytest.mark.parametrize(
    ("source", "server"),
    [
        *[(PLAIN, server) for server in ("gunicorn", "waitress", "hypercorn", "granian")],
        *[(BARE, server) for server in ("hypercorn", "uvicorn", "granian")],
    ],
    ids=lambda given: "wsgi" if given is PLAIN else "asgi" if given is BARE else given,
)
def test_a_bare_application_is_served(home: Path, source: str, server: str) -> None:
    """Any WSGI or ASGI callable will do; its cookies are compared raw."""
    with (
        started(write(home, source) + ":app", server, home) as side,
        side.serve(one(), False) as served,
    ):
        answer = get(served, "/")

        assert text(answer) == "plain"
        assert served.sessions().name is None


@pytest.mark.parametrize("protocol", DRIVERS)
def test_a_target_may_say_its_protocol(home: Path, protocol: str) -> None:
    """A spelling with a protocol means the same as it does in this process."""
    source = PLAIN if protocol == "wsgi" else BARE
    with (
        started(f"{protocol}+{write(home, source)}:app", "hypercorn", home) as side,
        side.serve(one(), False) as served,
    ):
        assert text(get(served, "/")) == "plain"


def test_an_instance_gets_a_configuration_over_its_own(home: Path) -> None:
    """An application that is not made by a factory has the scenario's values, too."""
    target = write(home, shop("flask") + "\napp = create_app({'COLOUR': 'red', 'SIZE': 1})")
    seen = []
    with started(f"{target}:app", "flask", home) as side:
        for config in ({}, {"COLOUR": "blue"}, {}):
            with side.serve(one(config=config), False) as served:
                seen.append(text(get(served, "/colour")))

    assert seen == ["red", "blue", "red"]


def test_a_configuration_that_cannot_travel_is_refused(home: Path) -> None:
    """What only this process can hold is the scenario's mistake."""
    error = refused(write(home, shop("flask")), "flask", home, CALL=lambda: None)

    assert isinstance(error, ScenarioError)
    assert "a config cannot be given to a server" in str(error)


@pytest.mark.parametrize("server", ["flask", "waitress", "hypercorn", "uvicorn", "granian"])
def test_a_port_that_is_taken_is_tried_elsewhere(
    home: Path, monkeypatch: pytest.MonkeyPatch, server: str
) -> None:
    """Somebody may take the port that was free; the server then gets another one."""
    target = write(home, shop("quart" if server == "uvicorn" else "flask"))
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        ports = iter([taken.getsockname()[1]])
        monkeypatch.setattr(
            "quart_parity.serving.starting.free_port",
            lambda host: next(ports, None) or free_port(host),
        )
        with started(target, server, home) as side, side.serve(one(), False) as served:
            assert text(get(served, "/colour")) == "None"


def test_a_server_that_ends_is_told_with_its_last_words(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where it was not the application's doing, its log says why."""
    monkeypatch.setenv("PYTHONHOME", "/nowhere")
    error = refused(write(home, shop("flask")), "waitress", home)

    assert isinstance(error, StartError)
    assert str(error).startswith("target 'shop_served': its server waitress ended with status 1:\n")
    assert "encodings" in str(error)


def test_a_server_that_never_comes_up_is_given_up(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It has so many seconds, and is ended where they were not enough."""
    monkeypatch.setattr("quart_parity.serving.starting.LEAST", 0.5)
    write(home, "print('thinking')\nimport signal\nsignal.pause()")
    server = StartedServer("shop_served", SERVERS["flask"], {}, home, False)
    with pytest.raises(StartError, match=r"its server flask did not come up within 0\.5 s"):
        server.wait(0.1)

    assert group(server.process.pid) == []


def test_who_waits_long_for_answers_waits_as_long_for_the_server(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An application that loads for minutes comes up where the timeout allows it."""
    waits: list[float] = []

    def is_up(server: StartedServer, until: float) -> bool:
        waits.append(until - monotonic())
        return True

    monkeypatch.setattr(StartedServer, "_is_up", is_up)
    server = StartedServer(write(home, PLAIN), SERVERS["waitress"], {}, home, False)
    try:
        for timeout in (1.0, 300.0):
            server.wait(timeout)
    finally:
        server.end(0)

    assert waits == [pytest.approx(20, abs=1), pytest.approx(300, abs=1)]


def test_a_kill_ends_what_is_starting(home: Path) -> None:
    """Another thread ends a side at any time, after which it starts nothing any more."""
    write(home, "import signal\nsignal.pause()")
    errors: list[BaseException] = []

    def wait() -> None:
        try:
            with side.serve(one(), False):
                pass
        except StartError as error:
            errors.append(error)

    with started("shop_served", "flask", home) as side:
        thread = Thread(target=wait)
        thread.start()
        assert comes(lambda: bool(side._all))
        pid = side._all[0].process.pid
        began = monotonic()
        side.kill()
        thread.join(10)
        with pytest.raises(StartError), side.serve(one(), False):
            pass

    assert monotonic() - began < 5
    assert len(errors) == 1
    assert group(pid) == []


def test_a_server_that_is_left_is_ended(home: Path) -> None:
    """One that does not answer any more is not asked again."""
    pids = []
    with started(write(home, shop("flask")), "flask", home) as side:
        for _ in range(2):
            with side.serve(one(), False) as served:
                pids.append(int(text(get(served, "/process"))))
            side.leave(served)
            assert group(pids[-1]) == []

    assert pids[0] != pids[1]


@pytest.mark.parametrize(("framework", "is_kept"), [("flask", True), ("quart", False)])
def test_a_server_that_is_stuck_is_replaced(home: Path, framework: str, is_kept: bool) -> None:
    """A view that blocks all others costs its own scenario, and not those that follow."""
    server = {"flask": "flask", "quart": "hypercorn"}[framework]
    pids = []
    with started(write(home, shop(framework)), server, home) as side:
        side.timeout = 0.5
        for path in ("/hang", "/colour"):
            with side.serve(one(), False) as served:
                pids.append(text(get(served, "/process")))
                answer = get(served, path)
            if path == "/hang":
                assert answer.broken == "no answer within 0.5 s"

    assert text(answer) == "None"
    assert (pids[0] == pids[1]) is is_kept


def test_a_request_to_a_dead_server_is_broken(home: Path) -> None:
    """What was still to be asked of it has no answer, and the reason is its end."""
    with started(write(home, shop("flask")), "flask", home) as side:
        with side.serve(one(), False) as served:
            pid = int(text(get(served, "/process")))
            died = get(served, "/die")
            asked = get(served, "/colour")
        with side.serve(one(), False) as served:
            os.kill(int(text(get(served, "/process"))), signal.SIGKILL)
            killed = get(served, "/colour")

    assert died.broken == asked.broken == "the server ended with status 7"
    assert killed.broken == "the server was ended by SIGKILL"
    assert group(pid) == []


PARENT = """
import signal, sys
from pathlib import Path
from quart_parity.serving.servers import find_server
from quart_parity.serving.started import StartedSide
from tests.servers import one

side = StartedSide("shop_served", find_server(sys.argv[1]), 5, where=Path.cwd())
with side.serve(one(), False):
    server = side._all[0]
    print(server.process.pid, server.handover.folder, flush=True)
    signal.pause()
"""


@pytest.mark.parametrize(
    ("server", "how"),
    [
        *[(server, signal.SIGKILL) for server in ("flask", "gunicorn", "hypercorn", "granian")],
        ("flask", signal.SIGTERM),
    ],
)
def test_a_server_does_not_outlive_who_started_it(
    home: Path, server: str, how: signal.Signals
) -> None:
    """Even where the one who started it is killed, nothing of it is left."""
    write(home, shop("flask"))
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, server],
        cwd=home,
        env={**os.environ, "PYTHONPATH": str(CHECKOUT), "TMPDIR": str(home.parent / "temporary")},
        stdout=subprocess.PIPE,
        text=True,
    )
    with parent:
        assert parent.stdout is not None
        pid, folder = parent.stdout.readline().split()
        assert group(int(pid))
        parent.send_signal(how)

    assert comes(lambda: not group(int(pid)))
    assert not Path(folder).exists()


def test_only_so_many_servers_are_kept(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there are many configurations, the one that was not needed for longest is ended."""
    monkeypatch.setattr("quart_parity.serving.started.KEPT", 2)
    pids = []
    with started(write(home, shop("flask")), "flask", home) as side:
        for colour in "abacab":
            with side.serve(one(config={"COLOUR": colour}), False) as served:
                pids.append((colour, text(get(served, "/process"))))
        assert len(side._all) == 2

    firsts = dict(reversed(pids))
    assert [pid == firsts[colour] for colour, pid in pids] == [True, True, True, True, True, False]
