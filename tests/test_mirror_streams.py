"""What a test reads of an answer is compared, and reads as it does alone."""

from asyncio import ensure_future, sleep
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from quart_parity.drivers.asgi import ASGIDriver
from quart_parity.exchange import Base, RawRequest
from tests.ported import Suite

Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

VIEWS = """
app.done = []

@app.get("/pieces")
def pieces():
    def made():
        try:
            yield from (f"piece {n};" for n in range(5))
        finally:
            app.done.append("end")
    return Response(made(), mimetype="text/plain")

@app.get("/length")
def length():
    return Response(iter(["abc", "def"]), headers={"Content-Length": "6"})

@app.get("/endless")
def endless():
    def made():
        n = 0
        while True:
            yield f"{n:9}"
            n += 1
    return Response(made())

@app.get("/breaks")
def breaks():
    def made():
        yield "one"
        raise ValueError("broken off")
    return Response(made())

@app.get("/whole")
def whole():
    return "all of it"

@app.get("/raises")
def raises():
    raise ValueError("raised")

@app.get("/exits")
def exits():
    raise SystemExit(3)

@app.get("/file")
def file():
    return send_file("original.py")

@app.teardown_request
def down(error):
    app.done.append("down")
"""
READ = """
    def test_it(client):
        answer = client.get("/pieces")
        assert answer.is_streamed
        assert answer.text.startswith("piece 0;piece 1;")
        answer.close()
"""
PARTLY = """
    def test_it(client):
        with client.get("/pieces") as answer:
            pieces = answer.iter_encoded()
            assert [next(pieces), next(pieces)] == [b"piece 0;", b"piece 1;"]
        client.get("/whole")
"""
NEVER = """
    def test_it(client):
        client.get("/pieces")
        client.get("/endless").close()
"""
BETWEEN = """
    def test_it(client):
        with client.get("/pieces") as answer:
            pieces = iter(answer.response)
            next(pieces)
            assert client.get("/whole").text == "all of it"
            assert b"".join(pieces).endswith(b"4;")
"""
ENDLESS = """
    def test_it(client):
        with client.get("/endless") as answer:
            pieces = answer.iter_encoded()
            assert [int(next(pieces)) for _ in range(3)] == [0, 1, 2]
"""
BREAKS = """
    import pytest

    def test_it(client):
        with client.get("/breaks") as answer, pytest.raises(ValueError, match="broken off"):
            answer.get_data()
        with client.get("/breaks") as answer:
            assert next(answer.iter_encoded()) == b"one"
"""
BUFFERED = """
    def test_it(client):
        answer = client.get("/pieces", buffered=True)
        assert not answer.is_streamed
        assert len(answer.response) == 5
        answer = client.get("/length")
        assert answer.is_streamed
        assert answer.text == "abcdef"
"""
RAISES = """
    import pytest

    def test_it(app, client):
        assert client.get("/raises").status_code == 500
        app.testing = True
        with pytest.raises(ValueError) as caught:
            client.get("/raises")
        assert caught.traceback[-1].name == "raises"
        app.config.update(TESTING=False, PROPAGATE_EXCEPTIONS=True)
        with pytest.raises(ValueError):
            client.get("/raises")
        with pytest.raises(SystemExit):
            client.get("/exits")
        assert client.get("/whole").status_code == 200
"""
CLOSED = """
    def test_it(app, client):
        answer = client.get("/pieces")
        assert app.done == ["down"]
        answer.get_data()
        answer.close()
        assert app.done == ["down", "end"]
        with client.get("/file") as answer:
            assert b"create_app" in answer.data
        client.get("/file").close()
"""
SUITES = {
    "read": (READ, "range(5)", "range(4)", "body"),
    "partly": (PARTLY, "piece {n};", "piece {n}.", "body"),
    "never": (NEVER, 'mimetype="text/plain"', 'mimetype="text/html"', "header.content-type"),
    "between": (BETWEEN, '"all of it"', '"some of it"', "body"),
    "endless": (ENDLESS, "n += 1", "n += 2", "body"),
    "breaks": (BREAKS, "ValueError", "KeyError", "KeyError"),
    "buffered": (BUFFERED, '"def"', '"deg"', "body"),
    "raises": (RAISES, "ValueError", "KeyError", "KeyError"),
    "closed": (CLOSED, '"original.py"', '"port.py"', "body"),
}


@pytest.mark.parametrize("case", SUITES)
def test_an_answer_reads_as_it_does_alone(pytester: pytest.Pytester, case: str) -> None:
    """However far a test reads an answer, it passes beside an equal port, and without warnings."""
    Suite(pytester, VIEWS, SUITES[case][0]).is_equal()


@pytest.mark.parametrize("case", SUITES)
def test_what_was_read_is_compared(pytester: pytest.Pytester, case: str) -> None:
    """A port whose answer differs in what a test has read of it fails the test."""
    tests, before, after, told = SUITES[case]

    Suite(pytester, VIEWS, tests).finds(before, after, told)


def test_what_was_not_read_is_not_compared(pytester: pytest.Pytester) -> None:
    """A port that differs only beyond what a test has read passes, whether it streams or not."""
    one = Suite(pytester, VIEWS, PARTLY)
    later = one.run("range(5)", "range(3)")
    at_once = one.run("made(), mimetype", '"piece 0;piece 1;piece 2;", mimetype')

    later.assert_outcomes(passed=1)
    assert "header.content-length" in at_once.stdout.str()
    assert "    body" not in at_once.stdout.str()


BASE = Base("http", "localhost", 80, "")


def driven(app: Any, times: int = 1, enough: int | None = None) -> list[Any]:
    driver = ASGIDriver(app, 0.2)
    try:
        request = RawRequest("GET", "/", (), (), BASE, enough=enough)
        return [driver.send(request) for _ in range(times)]
    finally:
        driver.close()


@pytest.mark.parametrize("more", [False, True], ids=["whole", "streamed"])
def test_the_client_goes_with_what_is_enough(more: bool) -> None:
    """A driver gives no more of a body than was asked for, also of one that came in one piece."""

    async def app(scope: dict[str, Any], receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"abcdef", "more_body": more})

    (exchange,) = driven(without_lifespan(app), enough=3)

    assert exchange.response.body == b"abc"
    assert exchange.broken is None


def test_an_application_that_exits_leaves_the_next_request_alone() -> None:
    """An exit in a task of the application is that request's, and no later one's."""
    paths = iter(["exit", "answer"])

    async def leave() -> None:
        await sleep(0)
        raise SystemExit(3)

    async def app(scope: dict[str, Any], receive: Receive, send: Send) -> None:
        if next(paths) == "exit":
            await ensure_future(leave())
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    first, second = driven(without_lifespan(app), times=2)

    assert first.raised.type == "SystemExit"
    assert (second.raised, second.response.status) == (None, 200)


def without_lifespan(app: Any) -> Any:
    async def called(scope: dict[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            raise NotImplementedError
        await app(scope, receive, send)

    return called
