"""Sides that somebody else serves: compared over sockets as they are."""

import socket
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import time
from typing import Any

import flask
import pytest
import quart
from flask import Flask
from quart import Quart

from quart_parity import Report, Request, Scenario, StartError, check, clock
from quart_parity.wiring import Wiring
from tests.builders import wsgi
from tests.hostile import Peer, Script, answering, serving
from tests.project import Run, scenario, write_scenarios
from tests.running import quart_server, wsgi_server
from tests.shops import flask_shop, quart_shop, told, walk

EMPTY = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
QUIET = wsgi(headers=[("Content-Length", "0")], body=[])
NO_KEY = "Session cookies were read without checking their signatures"


@pytest.fixture(scope="module")
def reference() -> Iterator[str]:
    with wsgi_server(flask_shop()) as url:
        yield url


@pytest.fixture(scope="module")
def candidate() -> Iterator[str]:
    with quart_server(quart_shop()) as url:
        yield url


def played(reference: Any, candidate: Any, *scenarios: Scenario, **options: Any) -> Report:
    """Both sides compared, with the key that is given."""
    wiring = Wiring(secret_key=options.pop("key", None))
    return check(reference, candidate, scenarios, wiring=wiring, **options)


def test_two_servers_that_agree_are_parity(reference: str, candidate: str) -> None:
    """What the servers themselves add is not compared, and sides are named as they were given."""
    report = played(reference, candidate, walk("/same", "/none", "/login"))

    assert told(report) == []
    assert (report.scenarios, report.exchanges, report.ok) == (1, 3, True)
    assert (report.reference, report.candidate) == (reference, candidate)


def test_a_difference_comes_over_the_wire(reference: str, candidate: str) -> None:
    """Path and both values are told as they are in process."""
    report = played(reference, candidate, walk("/same", "/other", "/cookie"))

    assert told(report)[0] == (1, "body.items[1].price", 2, 3)
    assert [path for _, path, _, _ in told(report)[1:]] == ["cookie.theme.httponly"]


@pytest.mark.parametrize("key", [None, "key"])
def test_sessions_are_compared_decoded(reference: str, candidate: str, key: str | None) -> None:
    """Two cookies that hold the same session are equal, with the key and without one."""
    report = played(reference, candidate, walk("/login"), key=key)

    assert told(report) == []
    assert [NO_KEY in note for note in report.notes] == [True] * (key is None)


@pytest.mark.parametrize("key", [None, "key"])
def test_a_difference_in_a_session_is_told(reference: str, key: str | None) -> None:
    """The value in the session is named, with the key and without one."""
    port = quart_shop()

    @port.after_request
    async def change(response: Any) -> Any:
        quart.session["a"] = 3
        return response

    with quart_server(port) as url:
        report = played(reference, url, walk("/login"), key=key)

    assert told(report) == [(0, "session.a", 2, 3)]


@pytest.mark.parametrize("key", [None, "key"])
def test_a_session_may_have_any_name(key: str | None) -> None:
    """What an application calls its session cookie need not be told for it to be decoded."""
    named = {"SESSION_COOKIE_NAME": "basket"}
    with wsgi_server(flask_shop(named)) as reference, quart_server(quart_shop(named)) as candidate:
        report = played(reference, candidate, walk("/login"), key=key)

    assert told(report) == []


def test_a_signature_that_does_not_hold_is_found_with_the_key_only(reference: str) -> None:
    """A port with another key logs everyone out, which nobody sees who has no key."""
    with quart_server(quart_shop({"SECRET_KEY": "another"})) as url:
        unverified = played(reference, url, walk("/login"))
        verified = played(reference, url, walk("/login"), key="key")

    assert told(unverified) == []
    assert verified.count > 0


def test_a_mixed_pair_shares_its_sessions(reference: str) -> None:
    """A server beside an application in this process: both are asked alike, at the passing time."""
    scenario = walk("/same", "/login", "/other")
    remote_first = played(reference, quart_shop, scenario, key="key")
    remote_last = played(flask_shop, reference, scenario, key="key")

    assert told(remote_first) == [(2, "body.items[1].price", 2, 3)]
    assert told(remote_last) == []
    assert remote_first.notes == remote_last.notes == []


@pytest.mark.parametrize("status", [200, 500])
def test_a_stream_that_fails_is_the_same_in_a_mixed_pair(status: int) -> None:
    """In process the exception tells that a stream broke off, over a wire its missing end does;
    an answer that came whole in process did not break off there."""

    def failing() -> Flask:
        app = flask_shop()

        @app.get("/half")
        def half() -> Any:
            def stream() -> Iterator[str]:
                yield "half"
                raise LookupError("no more")

            return stream()

        return app

    broken = b"HTTP/1.1 500 X\r\nContent-Type: text/html; charset=utf-8\r\n"
    broken += b"Content-Length: 265\r\n\r\n<!doctype html>"
    with serving(answering(broken)) as (_, whole), wsgi_server(failing()) as half:
        url, path = (half, "/half") if status == 200 else (str(whole.address), "/fail")
        report = played(failing, url, walk(path), key="key")

    assert [path for _, path, _, _ in told(report)] == ["broken", "body"] * (status == 500)


def test_why_there_are_no_causes_is_said(reference: str, candidate: str) -> None:
    """Compat cannot be put into somebody else's server; what is known by its signs is named."""
    report = played(reference, candidate, walk("/login", "/whoami", "/other"))
    causes = {one.path: one.divergences for one in report.differences}

    assert causes == {"header.vary": ("QP021",), "body.items[1].price": None}
    assert "compat cannot be tried in a running server" in str(report.unexplained)
    assert candidate in str(report.unexplained)


def test_a_candidate_in_process_has_causes_beside_a_server(reference: str) -> None:
    """Experiments need the candidate only."""
    report = played(reference, quart_shop, walk("/login", "/whoami", "/other"))
    causes = {one.path: one.divergences for one in report.differences}

    assert causes == {"header.vary": ("QP021",), "body.items[1].price": ()}
    assert report.unexplained is None


UNPLAYABLE = (
    walk("/same", name="configured", config={"COLOUR": "green"}),
    walk("/same", name="fresh", fresh=True),
    walk("/same", Request(path="/same", after=3600), name="later"),
)


def test_what_a_server_cannot_do_is_told_and_the_rest_is_compared(
    reference: str, candidate: str
) -> None:
    """A configuration, a fresh application and a moved clock are errors of those scenarios."""
    report = played(reference, candidate, walk("/same"), *UNPLAYABLE, walk("/other", name="last"))
    failed = {(failure.scenario, failure.request) for failure in report.failures}

    assert failed == {("configured", 0), ("fresh", 0), ("later", 1)}
    assert (report.scenarios, report.exchanges) == (5, 3)
    assert [(d.scenario, d.path) for d in report.differences] == [("last", "body.items[1].price")]
    assert all("--serve" in failure.message for failure in report.failures)
    assert report.exit_status() == 2


def test_what_neither_side_can_do_is_told_once(reference: str, candidate: str) -> None:
    """Two sides that fail for one reason give one error."""
    report = played(reference, candidate, UNPLAYABLE[2])

    assert len(report.failures) == 1


def test_one_server_is_enough_to_be_unable(reference: str) -> None:
    """An application in this process cannot make up for the server that it is compared with."""
    report = played(reference, quart_shop, UNPLAYABLE[0])

    assert [failure.scenario for failure in report.failures] == ["configured"]
    assert (report.exchanges, report.exit_status()) == (0, 2)


def test_fresh_for_all_compares_nothing(reference: str, candidate: str) -> None:
    """A server is as it is; who wants it anew hears that for each scenario."""
    report = played(reference, candidate, walk("/same"), walk("/same", name="more"), fresh=True)

    assert {failure.scenario for failure in report.failures} == {"walk", "more"}
    assert report.exit_status() == 2


def test_what_comes_later_is_waited_for(
    reference: str, candidate: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each side's later request comes so many seconds after its first one."""
    waited: list[float] = []
    monkeypatch.setattr(clock, "sleep", waited.append)
    report = played(reference, candidate, walk("/same", Request(path="/same", after=9.0)))
    # Before each side's first request it waits for the next second to begin.
    begun, later = waited[::2], waited[1::2]

    assert report.ok
    assert (len(begun), len(later)) == (2, 2)
    assert max(begun) < 1
    assert all(0 < seconds <= 9 for seconds in later)


def test_a_server_that_is_down_ends_the_run() -> None:
    """Where nobody listens there is nothing to compare with."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"

    with pytest.raises(StartError, match=f"{url} cannot be reached: "):
        played(url, wsgi(), walk("/"))


def test_a_server_that_goes_down_is_a_difference_and_the_run_goes_on(tmp_path: Path) -> None:
    """What it answered is compared, what it does not is broken, scenario by scenario."""

    def last_answer(peer: Peer) -> None:
        peer.head()
        server._listener.shutdown(socket.SHUT_RDWR)
        server._listener.close()
        peer.send(EMPTY.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))

    with serving(last_answer) as (driver, server):
        scenarios = walk("/one", "/two"), walk("/three", name="next")
        report = played(QUIET, str(driver.address), *scenarios)
    broken = {(d.scenario, d.request) for d in report.differences if d.path == "broken"}

    assert broken == {("walk", 1), ("next", 0)}
    assert report.exchanges == 3
    assert not any(d.scenario == "walk" and d.request == 0 for d in report.differences)
    assert report.exit_status() == 1


def hanging(peer: Peer) -> None:
    peer.head()
    peer.hang()


ENDLESS = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n"


def never_ending(peer: Peer) -> None:
    peer.head()
    peer.send(ENDLESS)
    peer.hang()


BROKEN: dict[str, Script] = {
    "hangs": hanging,
    "never ends": never_ending,
    "says nonsense": answering(b"garbage\r\n\r\n"),
    "has a header of 1 MB": answering(
        b"HTTP/1.1 200 OK\r\nX: " + b"x" * 1_000_000 + b"\r\nContent-Length: 0\r\n\r\n"
    ),
    "stops half-way": answering(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"),
}


@pytest.mark.parametrize("script", BROKEN.values(), ids=BROKEN)
def test_a_server_that_misbehaves_is_a_difference(script: Script) -> None:
    """Within the time limit, and the next scenario is played all the same."""
    with serving(script, answering(EMPTY)) as (driver, _):
        scenarios = walk("/"), walk("/", name="next")
        report = played(QUIET, str(driver.address), *scenarios, timeout=0.2, causes=False)
    differing = {d.scenario for d in report.differences}

    assert ("walk", "broken") in {(d.scenario, d.path) for d in report.differences}
    assert differing == {"walk"}
    assert report.exchanges == 2
    assert report.seconds < 5


def test_a_hundred_megabytes_are_an_answer() -> None:
    """It is compared like any other; of what differs the report keeps the beginning."""
    size = 100_000_000
    whole = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % size + b"x" * size
    with serving(answering(whole)) as (driver, _):
        report = played(QUIET, str(driver.address), walk("/"), causes=False)
    found = {one.path: one.candidate for one in report.differences}

    assert found.keys() == {"header.content-length", "body"}
    assert found["body"] == "x" * 65_536 + f" [{size - 65_536} more]"


class Ticker:
    """A time that goes on by three tenths of a second whenever somebody asks for it."""

    def __init__(self) -> None:
        self.now = int(time()) + 0.2

    def __call__(self) -> float:
        self.now += 0.3
        return self.now


def setting_cookies(clock: Callable[[], float], seconds: float) -> tuple[Flask, Quart]:
    """Two applications of which each gives a cookie that ends later, by its own clock."""

    def later(seconds: float) -> datetime:
        return datetime.fromtimestamp(clock(), UTC) + timedelta(seconds=seconds)

    ours, theirs = Flask("ours", static_folder=None), Quart("theirs", static_folder=None)

    @ours.get("/")
    def set_ours() -> flask.Response:
        response = flask.make_response("")
        response.set_cookie("theme", "dark", expires=later(3600))
        return response

    @theirs.get("/")
    async def set_theirs() -> Any:
        response = await quart.make_response("")
        response.set_cookie("theme", "dark", expires=later(seconds))
        return response

    return ours, theirs


def expiring(clock: Callable[[], float], seconds: float) -> Report:
    """Twenty exchanges, each with a cookie."""
    ours, theirs = setting_cookies(clock, seconds)
    with wsgi_server(ours) as reference, quart_server(theirs) as candidate:
        return played(reference, candidate, walk(*["/"] * 20), causes=False)


def test_a_cookie_ends_as_long_after_its_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """Times are read relative to the exchange, also where a second ends in it."""
    ticker = Ticker()
    monkeypatch.setattr("quart_parity.playing.time", ticker)

    assert told(expiring(ticker, 3600)) == []


@pytest.mark.parametrize("seconds", [3597, 3603])
def test_a_cookie_that_ends_at_another_time_differs(seconds: float) -> None:
    """What no second's boundary explains is a difference, in each exchange."""
    report = expiring(time, seconds)

    assert [path for _, path, _, _ in told(report)] == ["cookie.theme.expires"] * 20


@pytest.fixture
def urls(folder: Path, reference: str, candidate: str) -> tuple[str, str]:
    """Both servers, in a project with scenarios for them."""
    write_scenarios(folder, "walk.json", scenario("walk", "/same", "/login"))
    write_scenarios(folder, "other.json", scenario("other", "/other"))
    write_scenarios(folder, "own.json", scenario("own", "/same", config={"COLOUR": "green"}))
    return reference, candidate


def test_the_command_compares_servers(
    urls: tuple[str, str], run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Parity is 0; that nothing was verified is said unless a key was named."""
    monkeypatch.setenv("SHOP_KEY", "key")
    without = run(*urls, "--scenarios", "walk.json")
    verified = run(*urls, "--scenarios", "walk.json", "--secret-key-env", "SHOP_KEY")

    assert (without.exit_code, verified.exit_code) == (0, 0)
    assert f"note: {NO_KEY}" in without.stdout
    assert "note" not in verified.stdout
    assert without.stderr == verified.stderr == ""


def test_the_commands_status_tells_what_came_of_it(urls: tuple[str, str], run: Run) -> None:
    """A difference is 1, a scenario that could not be played 2, whatever else was compared."""
    different = run(*urls, "--scenarios", "other.json")
    unplayable = run(*urls, "--scenarios", "own.json", "--scenarios", "other.json")

    assert (different.exit_code, unplayable.exit_code) == (1, 2)
    assert "body.items[1].price" in unplayable.stdout
    assert f"error: own, request 0: scenario 'own' gives config, and {urls[0]}" in unplayable.stdout


def test_a_server_that_is_down_is_3(urls: tuple[str, str], run: Run) -> None:
    """A side that cannot be reached at the start is one that did not start."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        down = f"http://127.0.0.1:{listener.getsockname()[1]}"
    result = run(urls[0], down, "--scenarios", "walk.json")

    assert result.exit_code == 3
    assert f"{down} cannot be reached" in result.stderr
    assert "Traceback" not in result.stderr
