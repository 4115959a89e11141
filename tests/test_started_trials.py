"""Causes of differences between applications that are served: found out in servers of their own."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from quart_parity import Difference, Report, Request, Scenario, attribution
from quart_parity.runner import Runner
from quart_parity.serving.started_trials import StartedTrial
from quart_parity.wiring import Wiring
from tests.servers import comes

pytestmark = pytest.mark.wire

SHOP = """
import os
from io import BytesIO
from pathlib import Path

from flask import Flask, Response, send_file, session


def create_app(config=None):
    app = Flask(__name__)
    app.config.update({"SECRET_KEY": "key"}, **(config or {}))
    app.logger.disabled = True
    visits = []

    @app.get("/read")
    def read():
        return str(session.get("name"))

    @app.get("/created")
    def created():
        return "created", "201 CREATED"

    @app.get("/file")
    def file():
        return send_file(BytesIO(b"x"), download_name="a.txt")

    @app.get("/both")
    def both():
        return f"flask {session.get('name')}", "201 CREATED"

    @app.get("/own")
    def own():
        return "flask"

    @app.get("/where")
    def where():
        return "", 302, {"Location": "/caf\\u00e9"}

    @app.get("/nothing")
    def nothing():
        return "body", 204

    @app.get("/once")
    def once():
        visits.append(1)
        return str(session.get("name")), 409 if visits[1:] else 200

    @app.get("/die")
    def die():
        return "alive"

    return app
"""
PORT = (
    SHOP.replace("from flask", "from quart")
    .replace("Flask", "Quart")
    .replace("    def ", "    async def ")
    .replace("return send_file", "return await send_file")
    .replace('f"flask', 'f"quart')
    .replace('"flask"', '"quart"')
    .replace('return "alive"', "os._exit(7)")
)
ONCE = """
from pathlib import Path
from port import create_app as create

def create_app(config=None):
    made = Path("made")
    if made.exists():
        raise RuntimeError("no second one")
    made.touch()
    return create(config)
"""
WRAPPED = """
from port import create_app

inner = create_app()

async def app(scope, receive, send):
    await inner(scope, receive, send)
"""
OTHER = """
from shop import create_app as create

def create_app(config=None):
    app = create(config)
    app.view_functions["own"] = lambda: "other"
    return app
"""
USUAL = ("flask", "hypercorn")
SHARED = ("/read", "/created", "/file", "/both", "/own", "/where")
"""What differs over a socket as it does in process."""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an application, its port on stock Quart, and ports that are no such thing."""
    folder = tmp_path_factory.mktemp("shops")
    sources = {"shop": SHOP, "port": PORT, "once": ONCE, "wrapped": WRAPPED, "other": OTHER}
    for name, source in sources.items():
        (folder / f"{name}.py").write_text(source)
    return folder


def compared(
    home: Path,
    *paths: str,
    candidate: str = "port:create_app()",
    servers: tuple[str, str] | None = USUAL,
    **options: Any,
) -> Report:
    """Each path in a scenario of its own."""
    wiring = Wiring(servers=servers)
    runner = Runner("shop:create_app()", candidate, where=home, wiring=wiring, **options)
    for _ in runner.run([Scenario(path, [Request(path=path)]) for path in paths]):
        pass
    return runner.report


Causes = dict[tuple[str, str], tuple[str, ...] | None]


def causes(report: Report) -> Causes:
    """By scenario and path; a date is a server's, and compared in process only."""
    found: Iterator[Difference] = (d for d in report.differences if d.path != "header.date")
    return {(one.scenario, one.path): one.divergences for one in found}


@pytest.fixture(scope="module")
def report(home: Path) -> Report:
    """Both applications served, and compared."""
    return compared(home, *SHARED, "/nothing")


def test_a_served_port_has_the_causes_that_it_has_in_process(home: Path, report: Report) -> None:
    """Each difference carries the code that it has where the same is called in this process."""
    found = {place: codes for place, codes in causes(report).items() if place[0] in SHARED}

    assert found == causes(compared(home, *SHARED, servers=None))
    assert found["/read", "header.vary"] == ("QP021",)
    assert found["/created", "status"] == ("QP001",)
    assert found["/file", "status"] == ("QP026",)
    assert found["/where", "header.location"] == ("QP016",)
    assert report.unexplained is None


def test_what_the_port_does_itself_is_told_apart(report: Report) -> None:
    """Behind what Quart causes, its own words are its own."""
    found = causes(report)

    assert found["/own", "body"] == ()
    assert found["/both", "header.vary"] == ("QP021",)
    assert found["/both", "body"] == ()


def test_what_only_the_server_made_of_it_is_known_too(report: Report) -> None:
    """Hypercorn drops the body that Quart gives with 204, and leaves its length."""
    found = {path: codes for (scenario, path), codes in causes(report).items()}

    assert [codes for (scenario, _), codes in causes(report).items() if scenario == "/nothing"] == [
        ("QP014",)
    ]
    assert "broken" not in found


def test_a_port_that_dies_is_itself_the_cause(home: Path) -> None:
    """Its server ends with and without compat; what came before and after is explained."""
    found = causes(compared(home, "/read", "/die", "/created"))

    assert found["/die", "broken"] == ()
    assert found["/read", "header.vary"] == ("QP021",)
    assert found["/created", "status"] == ("QP001",)


def test_a_request_that_answers_otherwise_later_is_explained(home: Path) -> None:
    """Experiments are made in servers that have seen nothing yet."""
    assert causes(compared(home, "/once")) == {("/once", "header.vary"): ("QP021",)}


def test_what_is_around_a_port_is_judged_by_signs(home: Path) -> None:
    """Compat goes into Quart applications only; the report says so."""
    report = compared(home, "/read", "/own", candidate="wrapped:app")

    assert causes(report) == {("/read", "header.vary"): ("QP021",), ("/own", "body"): None}
    assert "in Quart applications only" in str(report.unexplained)


@pytest.mark.parametrize("servers", [USUAL, ("flask", "flask"), None], ids=str)
def test_a_candidate_that_is_no_quart_application_has_no_causes(
    home: Path, servers: tuple[str, str] | None
) -> None:
    """Two Flask applications differ by themselves, on whatever server; nothing is blamed."""
    report = compared(home, "/own", candidate="other:create_app()", servers=servers)

    assert causes(report) == {("/own", "body"): None}
    assert "in Quart applications only" in str(report.unexplained)


@pytest.fixture
def private(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where servers of this test have their folders, by which they can be known."""
    folder = tmp_path / "private"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    return folder


def living(private: Path) -> list[str]:
    """The processes that were started with a folder in there."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            environment = (entry / "environ").read_bytes()
        except OSError:
            continue
        if os.fsencode(private) in environment:
            found.append(entry.name)
    return found


class Watch:
    """Sees that experiments are really made in processes."""

    def __init__(self, private: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.most = 0
        find = attribution.find_causes

        def watched(differences: Any, statuses: Any, play: Any) -> Any:
            found = find(differences, statuses, play)
            self.most = max(self.most, len(living(private)))
            return found

        monkeypatch.setattr(attribution, "find_causes", watched)


def test_nothing_is_left_of_experiments(
    home: Path, private: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Four servers take part, and with the run they and their folders are gone."""
    watch = Watch(private, monkeypatch)
    compared(home, "/created")

    assert watch.most == 4
    assert living(private) == []
    assert list(private.iterdir()) == []


def test_an_experiment_that_cannot_be_made_leaves_nothing(home: Path, private: Path) -> None:
    """Where no second server comes up the report says so, and the differences stay."""
    (home / "made").unlink(missing_ok=True)
    report = compared(home, "/created", candidate="once:create_app()")

    assert set(causes(report).values()) == {None}
    assert report.count > 0
    assert "no second one" in str(report.unexplained)
    assert living(private) == []
    assert list(private.iterdir()) == []


@pytest.mark.parametrize("error", [KeyboardInterrupt, LookupError])
def test_an_experiment_that_is_broken_off_leaves_nothing(
    home: Path, private: Path, monkeypatch: pytest.MonkeyPatch, error: type[BaseException]
) -> None:
    """Also where somebody interrupts, or the library itself is at fault."""
    seen: list[int] = []

    def broken_off(differences: Any, statuses: Any, play: Any) -> None:
        play(())
        seen.append(len(living(private)))
        raise error

    monkeypatch.setattr(attribution, "find_causes", broken_off)
    with pytest.raises(error):
        compared(home, "/created")

    assert seen == [4]
    assert comes(lambda: living(private) == [])
    assert list(private.iterdir()) == []


def test_an_experiment_that_hangs_leaves_nothing(
    home: Path, private: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fault while its server is asked ends that server with the others."""
    begun: list[int] = []

    def failing(self: StartedTrial, *args: Any) -> None:
        begun.append(len(living(private)))
        raise LookupError("at fault")

    monkeypatch.setattr(StartedTrial, "serve", failing)
    with pytest.raises(LookupError, match="at fault"):
        compared(home, "/created")

    assert begun
    assert comes(lambda: living(private) == [])
    assert list(private.iterdir()) == []


def test_parity_starts_two_servers_and_no_more(
    home: Path, private: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where nothing differs nothing is tried out."""
    monkeypatch.setattr(attribution, "Attribution", None)
    report = compared(home, "/own", candidate="shop:create_app()")

    assert report.ok
    assert list(private.iterdir()) == []


def test_causes_can_be_left_out_of_what_is_served(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever wants nothing started again gets the differences alone."""
    monkeypatch.setattr(attribution, "Attribution", None)
    report = compared(home, "/created", causes=False)

    assert set(causes(report).values()) == {None}
    assert report.unexplained is None
