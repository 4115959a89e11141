"""Streams: bodies of a length that nobody knows, and redirects, and bodies that are not sent."""

import pytest

from parity_tests.clients import AsyncClient
from quart_parity.mirror.pair import ParityClient

HTML = "text/html; charset=utf-8"
TEXT = "text/plain; charset=utf-8"

STREAMS = [
    ("stream/generator", 200, HTML, "one, two, thrée"),
    ("stream/expression", 200, HTML, "0\n1\n2\n"),
    ("stream/empty", 200, HTML, ""),
    ("stream/iterator", 200, HTML, "one, two"),
    ("stream/status", 206, HTML, "012"),
    ("stream/response", 200, TEXT, "0\n1\n2\n"),
    (
        "template/stream",
        200,
        HTML,
        "<!doctype html>\n<title>Stream</title>\n<ol>\n"
        + "".join(f"  <li>{n} at /responses/template/stream</li>\n" for n in range(3))
        + "</ol>",
    ),
    (
        "stream/context",
        200,
        TEXT,
        "session: missing\nrequest: /responses/stream/context\ng: kept\n",
    ),
    ("stream/context/function", 200, TEXT, "name: missing\n"),
]


@pytest.mark.parametrize(("path", "status", "content_type", "body"), STREAMS)
async def test_a_stream_is_sent_piece_by_piece(
    parity: ParityClient, path: str, status: int, content_type: str, body: str
) -> None:
    """Every iterator is a body, sent without a length."""
    answer = await parity.get(f"/responses/{path}")

    assert (answer.status_code, answer.text) == (status, body)
    assert answer.headers["Content-Type"] == content_type
    assert "Content-Length" not in answer.headers


@pytest.mark.parametrize("path", [case[0] for case in STREAMS] + ["fail/stream"])
async def test_head_does_not_begin_a_stream(client: AsyncClient, path: str) -> None:
    """HEAD of a stream runs no step of it, so what would fail there does not."""
    answer = await client.head(f"/responses/{path}")

    assert answer.status in (200, 206)
    assert answer.raised is None
    assert answer.body == b""


async def test_bytes_are_streamed(parity: ParityClient) -> None:
    """Pieces of bytes are sent as they are, empty ones left out."""
    answer = await parity.get("/responses/stream/bytes")

    assert (answer.status_code, answer.data) == (200, b"\x00\xff")


async def test_a_stream_takes_repeated_headers(parity: ParityClient) -> None:
    """Status and headers beside a stream are taken as for any body."""
    answer = await parity.get("/responses/stream/status")

    assert answer.headers.getlist("X-A") == ["1", "2"]


@pytest.mark.parametrize(
    ("path", "line"),
    [("stream/context", "session: tom\n"), ("stream/context/function", "name: tom\n")],
)
async def test_a_stream_with_context_reads_the_session(
    parity: ParityClient, path: str, line: str
) -> None:
    """A stream that keeps its context reads the session of its request."""
    await parity.get("/setsession")
    answer = await parity.get(f"/responses/{path}")

    assert answer.text.startswith(line)


async def test_a_stream_that_fails_first_is_an_error(client: AsyncClient) -> None:
    """What fails before its first piece is no half answer: the server answers with its 500."""
    answer = await client.get("/responses/fail/stream")

    assert answer.status is None
    assert answer.raised is not None
    assert answer.raised.type == "ValueError"


@pytest.mark.parametrize(
    ("path", "status", "headers"),
    [
        ("204", 204, [("content-type", HTML)]),
        ("204/body", 204, [("content-type", HTML)]),
        ("204/json", 204, [("content-type", "application/json")]),
        ("304", 304, [("etag", '"empty"')]),
        ("304/body", 304, [("expires", "0")]),
    ],
)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_204_and_304_have_no_body(
    client: AsyncClient, method: str, path: str, status: int, headers: list[tuple[str, str]]
) -> None:
    """Neither a body nor its length is sent, and 304 loses what describes a body."""
    answer = await client.request(method, f"/responses/empty/{path}")

    assert answer.status == status
    assert answer.fields == headers
    assert answer.body == b""


@pytest.mark.parametrize(
    ("path", "status", "location"),
    [
        ("relative", 302, "/getcookies?key=name"),
        ("route", 302, "/responses/template?name=tom+%26+jerry"),
        ("absolute", 302, "https://shop.example/basket?item=1#top"),
        ("unicode", 302, "/s%C3%B6me%20p%C3%A4ge?q=%C3%A9%20b"),
        ("unicode/host", 302, "https://xn--bcher-kva.example/%C3%A9"),
        ("code", 308, "/responses/string"),
        ("slash", 308, "http://localhost/responses/redirect/slash/"),
    ],
)
async def test_a_redirect_is_written_in_ascii(
    parity: ParityClient, path: str, status: int, location: str
) -> None:
    """A redirect names where to go, percent-encoded or in Punycode, and links there."""
    answer = await parity.get(f"/responses/redirect/{path}")

    assert answer.status_code == status
    assert answer.headers.getlist("Location") == [location]
    assert answer.headers["Content-Length"] == str(len(answer.data))
    assert "<title>Redirecting...</title>" in answer.text
