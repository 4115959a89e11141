"""The worker calls applications just as the drivers in this process do."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace

import pytest

from quart_parity.exchange import Exchange, RawRequest
from quart_parity.in_process import InProcessSide
from quart_parity.isolated.side import IsolatedSide
from quart_parity.isolated.world import World
from quart_parity.modules import Home
from quart_parity.sides import Served, Side
from quart_parity.targets import find_target
from tests.builders import raw_request
from tests.driven import ASGI_CASES, FRAMEWORK_PATHS, WSGI_CASES
from tests.isolating import isolated
from tests.project import CHECKOUT
from tests.servers import one

SHORT = 0.5
"""Seconds for an answer; one that never comes is among them."""
BASES = ["http://localhost", "https://shop.example:8443/m%C3%A9tier", "http://[::1]:80/app"]
Both = tuple[Served, Served]


@pytest.fixture(scope="module", params=["wsgi_app", "asgi_app", "flask_app", "quart_app"])
def named(request: pytest.FixtureRequest) -> Iterator[tuple[str, Both]]:
    """An application in this process and in one of its own, with its name."""
    name = str(request.param)
    with pytest.MonkeyPatch.context() as patch, ExitStack() as ending:
        # Places are told as they are seen from the working folder.
        patch.chdir(CHECKOUT)
        target = f"tests.driven:{name}"
        sides: list[Side] = [
            InProcessSide(find_target(target, CHECKOUT), SHORT),
            IsolatedSide(target, World(folder=CHECKOUT), SHORT, None),
        ]
        for side in sides:
            ending.callback(side.kill)
            ending.callback(side.close)
        here, there = (ending.enter_context(side.serve(one(), False)) for side in sides)
        yield name, (here, there)
    Home.leave()


def both(sides: Both, request: RawRequest) -> tuple[Exchange, Exchange]:
    """What comes of a request on both, without the log that only one has."""
    here, there = (served.driver.send(request) for served in sides)
    return here, replace(there, log=None)


def test_every_case_gives_the_same_exchange(named: tuple[str, Both]) -> None:
    """Status, fields, body, what was raised and what broke are equal, whatever the case."""
    name, sides = named
    cases = {"wsgi_app": [*WSGI_CASES], "asgi_app": [*ASGI_CASES]}
    paths = cases.get(name) or FRAMEWORK_PATHS[name]
    exchanges = {
        (method, path): both(sides, raw_request(method, f"/{path}".replace(" ", "%20")))
        for path in paths
        for method in ("GET", "HEAD")
    }

    differing = {key: pair for key, pair in exchanges.items() if pair[0] != pair[1]}
    assert differing == {}
    assert {pair[0].response is None for pair in exchanges.values()} >= {False}


@pytest.mark.parametrize("base", BASES)
@pytest.mark.parametrize("chunks", [[], [b"a=1&b=%20"], [b"a=", b"1"]], ids=len)
def test_every_request_arrives_the_same(
    named: tuple[str, Both], base: str, chunks: list[bytes]
) -> None:
    """The environ and the scope are equal to the last key, mount point and body included."""
    name, sides = named
    root = "/" + base.split("//")[1].partition("/")[2]
    path = {"wsgi_app": "environ", "asgi_app": "scope"}.get(name, "body")
    headers = [
        ("Host", "shop.example"),
        ("Content-Type", "application/x-www-form-urlencoded"),
        ("X-One", "é"),
        ("x-one", "2"),
        ("X_Two", "dropped"),
        ("Cookie", "a=1"),
        ("cookie", "b=2"),
        ("Transfer-Encoding", "chunked")
        if len(chunks) > 1
        else ("Content-Length", str(sum(map(len, chunks)))),
    ]
    target = f"{root.rstrip('/')}/{path}?q=%C3%A9&q=/"
    here, there = both(sides, raw_request("POST", target, headers, chunks, base))

    assert here == there
    assert here.response is not None
    assert here.response.status == 200


def test_what_else_is_asked_is_answered_the_same(named: tuple[str, Both]) -> None:
    """The URL map and the way to read sessions are those that this process would see."""
    _, (here, there) = named
    cookie = "eyJuYW1lIjoiYWRhIn0.aAAAAA.AAAA"

    assert here.routes() == there.routes()
    assert here.sessions().name == there.sessions().name
    assert here.sessions().keys == there.sessions().keys
    assert here.sessions().open(cookie) == there.sessions().open(cookie)


def test_a_session_of_one_is_read_by_the_other() -> None:
    """The keys that come through the pipe open what was signed there, and nothing else."""
    with isolated("tests.driven:flask_app", CHECKOUT) as side, side.serve(one(), False) as served:
        answer = served.driver.send(raw_request(target="/session")).response
        sessions = served.sessions()
    assert answer is not None
    cookie = dict(answer.headers)["Set-Cookie"].partition("=")[2].partition(";")[0]

    assert sessions.open(cookie) == {"name": "ada"}
    assert sessions.open(cookie[:-3]) is None
