"""A driver that remembers cookies: what the jar adds to a request, and what it does not."""

from typing import Any

import pytest

from quart_parity import Request, check
from tests.builders import Message, Receive, Send, piece, start, wsgi
from tests.shops import told, walk

COOKIES: dict[str, tuple[list[Request], list[bytes]]] = {
    "what was set comes back": ([Request(path="/"), Request(path="/")], [b"", b"a=1"]),
    "what a scenario puts in": ([Request(path="/", cookies={"b": "2", "c": "3"})], [b"b=2; c=3"]),
    "what it puts in stays": (
        [Request(path="/", cookies={"b": "2"}), Request(path="/")],
        [b"b=2", b"b=2; a=1"],
    ),
    "what it puts in comes before": (
        [Request(path="/"), Request(path="/", cookies={"a": "2"})],
        [b"", b"a=2"],
    ),
    "a Cookie header takes the jar's place": (
        [Request(path="/"), Request(path="/", headers={"cookie": "x=y"}), Request(path="/")],
        [b"", b"x=y", b"a=1"],
    ),
    "beyond latin-1": ([Request(path="/", cookies={"é": "☃"})], [b"\xe9=\xe2\x98\x83"]),
    "until it expires": ([Request(path="/"), Request(path="/", after=60)], [b"", b""]),
}


@pytest.mark.parametrize(("requests", "sent"), COOKIES.values(), ids=COOKIES)
def test_cookies_are_sent_on_both_sides_alike(requests: list[Request], sent: list[bytes]) -> None:
    """Both applications get the cookies that a user agent would send, in the same bytes."""
    ours: list[bytes] = []
    theirs: list[bytes] = []

    def flask_side(environ: Message, start_response: Any) -> list[bytes]:
        ours.append(environ.get("HTTP_COOKIE", "").encode("latin-1"))
        start_response("200 OK", [("Set-Cookie", "a=1; Max-Age=60")])
        return []

    async def quart_side(scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            raise NotImplementedError
        theirs.append(dict(scope["headers"]).get(b"cookie", b""))
        await send(start(200, [(b"set-cookie", b"a=1; Max-Age=60")]))
        await send(piece())

    report = check(flask_side, quart_side, [walk(*requests)])

    assert told(report) == []
    assert ours == theirs == sent


def test_a_cookies_path_is_compared_as_it_is_on_the_wire() -> None:
    """A path is matched percent-encoded, as the request-target has it (RFC 6265bis, 5.8.3)."""
    seen: list[str | None] = []

    def app(environ: Message, start_response: Any) -> list[bytes]:
        seen.append(environ.get("HTTP_COOKIE"))
        start_response("200 OK", [("Set-Cookie", "a=1; Path=/caf%C3%A9")])
        return []

    check(app, wsgi(), [walk("/", "/café")])

    assert seen == [None, "a=1"]
