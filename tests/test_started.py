"""Servers that are started for a side: each of them, with each application that it serves."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from quart_parity.serving.servers import find_server
from quart_parity.serving.started import StartedSide
from tests.servers import PAIRS, comes, cookie_of, folders, get, group, one, shop, started, text

pytestmark = pytest.mark.wire

MOUNTED = "https://shop.example/app"
CONFIG: dict[str, Any] = {
    "COLOUR": "red",
    "DEBUG": True,
    "SECRET_KEY": "new",
    "SECRET_KEY_FALLBACKS": ["old"],
    "SESSION_COOKIE_NAME": "visit",
}


@pytest.fixture(scope="module", params=PAIRS, ids="-on-".join)
def side(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[StartedSide]:
    """An application on a server, which the tests of a module share."""
    framework, server = request.param
    folder = tmp_path_factory.mktemp("shop")
    (folder / "shop_served.py").write_text(shop(framework))
    with started("shop_served", server, folder) as side:
        yield side


def test_a_started_server_answers(side: StartedSide) -> None:
    """It is up as soon as it is served, and works where its application lies."""
    with side.serve(one(), False) as served:
        answer = get(served, "/colour")
        folder = text(get(served, "/folder"))

    assert text(answer) == "None"
    assert answer.broken is None
    assert answer.log is None
    assert (Path(folder) / "shop_served.py").exists()


def test_a_configuration_arrives(side: StartedSide) -> None:
    """Each configuration has a process of its own, which is kept for it."""
    colours, pids = [], []
    for config in (CONFIG, {}, CONFIG):
        with side.serve(one(config=config), False) as served:
            colours.append(text(get(served, "/colour")))
            pids.append(text(get(served, "/process")))

    assert colours == ["red", "None", "red"]
    assert pids[0] == pids[2] != pids[1]


def test_a_server_adds_nothing_of_its_own_to_a_request(side: StartedSide) -> None:
    """Neither its commands nor what a request says of proxies changes the application."""
    with side.serve(one(config=CONFIG), False) as served:
        answer = get(served, "/debug", **{"X-Forwarded-For": "192.0.2.1"})

    assert text(answer) == "True 192.0.2.1 127.0.0.1"


def test_a_fresh_application_has_seen_nothing(side: StartedSide) -> None:
    """A scenario that asks for it gets a process that is ended with it."""
    with side.serve(one(fresh=True), False) as served:
        counts = [text(get(served, "/visits")) for _ in range(2)]
        pid = int(text(get(served, "/process")))

    assert counts == ["1", "2"]
    assert comes(lambda: not group(pid))


def test_scheme_host_and_mount_point_arrive(side: StartedSide) -> None:
    """The application believes to be where the scenario has it, as behind a proxy."""
    with side.serve(one(base=MOUNTED), False) as served:
        mounted = get(served, "/where", MOUNTED)
    with side.serve(one(), False) as served:
        plain = get(served, "/where")

    assert text(mounted).split() == [f"{MOUNTED}/where", "/app", "/where", "https"]
    assert text(plain).split() == ["http://localhost/where", "/where", "http"]


def test_a_clock_that_is_moved_is_ahead(side: StartedSide) -> None:
    """A session expires as time is moved past its end, and the next scenario begins now."""
    with side.serve(one(), False) as served:
        before = float(text(get(served, "/now")))
        cookie = f"session={cookie_of(get(served, '/login'))}"
        early = text(get(served, "/whoami", cookie=cookie))
        served.move(3600)
        late = text(get(served, "/whoami", cookie=cookie))
        after = float(text(get(served, "/now")))
    with side.serve(one(), False) as served:
        back = float(text(get(served, "/now")))

    assert (early, late) == ("ada", "None")
    assert 3600 <= after - before < 3630
    assert 0 <= back - before < 30


def test_sessions_can_be_read(side: StartedSide) -> None:
    """A cookie of the server is opened with the application's own keys."""
    with side.serve(one(config=CONFIG), False) as served:
        cookie = cookie_of(get(served, "/login"))
        sessions = served.sessions()

    assert sessions.name == "visit"
    assert sessions.open(cookie) == {"_permanent": True, "name": "ada"}
    assert sessions.open(cookie[:-2]) is None


def test_sessions_are_read_as_they_were_configured_last(side: StartedSide) -> None:
    """A key that a request has set is the one, also once the process is ended."""
    with side.serve(one(), True) as served:
        cookie = cookie_of(get(served, "/rekey"))

    assert served.sessions().open(cookie) == {"name": "bob"}


def test_a_traceback_is_in_the_exchange(side: StartedSide) -> None:
    """What a view raised stands in the server's log, and only in that exchange."""
    with side.serve(one(), False) as served:
        before, failed, after = (get(served, path) for path in ("/now", "/fail", "/error"))

    assert before.log is None
    assert after.log is None
    assert failed.response is not None
    assert failed.response.status == 500
    assert failed.log is not None
    assert "Traceback (most recent call last)" in failed.log
    assert "LookupError: no such shelf" in failed.log
    assert "\x1b" not in failed.log


def test_a_server_that_dies_says_so(side: StartedSide) -> None:
    """The exchange is broken, and the next scenario has a server again."""
    with side.serve(one(), False) as served:
        died = get(served, "/die")
    with side.serve(one(), False) as served:
        later = get(served, "/colour")

    assert died.response is None
    assert died.broken
    assert text(later) == "None"


def test_a_server_that_is_ended_leaves_nothing(
    tmp_path: Path, side: StartedSide, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No process of its group lives on, and its folder with the keys is gone."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    own = side.anew()
    with own.serve(one(), False) as served:
        pid = _leader(int(text(get(served, "/process"))))
        assert group(pid)
        assert len(folders(tmp_path)) == 1
    own.close()
    own.close()

    assert group(pid) == []
    assert folders(tmp_path) == []


def _leader(pid: int) -> int:
    """The process that leads the group of this one, which may be its parent."""
    status = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(status[2])


@pytest.mark.parametrize(("framework", "server"), [p for p in PAIRS if find_server(p[1]).http2])
def test_a_server_speaks_http2(framework: str, server: str, tmp_path: Path) -> None:
    """Where it can, it is spoken to in HTTP/2 without TLS."""
    (tmp_path / "shop_served.py").write_text(shop(framework))
    with (
        started("shop_served", server, tmp_path, http2=True) as side,
        side.serve(one(base=MOUNTED), False) as served,
    ):
        answer = get(served, "/where", MOUNTED)

    assert text(answer).split() == [f"{MOUNTED}/where", "/app", "/where", "https"]
    assert answer.wire is not None
    assert answer.wire.version == "2"
