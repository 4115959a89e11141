"""What the HTTP driver reads off a sound answer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quart_parity.drivers.heads import parse_head
from quart_parity.exchange import Exchange, Headers
from tests.hostile import Peer, answer_to, answering, asking, serving


def answered(answer: bytes, method: str = "GET") -> Exchange:
    exchange = answer_to(answering(answer), method)
    assert exchange.broken is None
    return exchange


def body_of(answer: bytes) -> bytes:
    response = answered(answer).response
    assert response is not None
    return response.body


def fields_of(lines: bytes) -> Headers:
    response = answered(b"HTTP/1.1 204 No Content\r\n" + lines + b"\r\n").response
    assert response is not None
    return response.headers


def test_a_field_keeps_its_name_and_its_bytes() -> None:
    """Header names keep their case, values their bytes, and white space around them goes."""
    fields = fields_of(b"x-Odd_NAME:\t caf\xc3\xa9 \xe9\t \r\nEmpty:\r\nA: b: c\r\n")

    assert fields == (("x-Odd_NAME", "cafÃ© é"), ("Empty", ""), ("A", "b: c"))


def test_repeated_fields_stay_repeated_and_in_order() -> None:
    """Fields of one name are neither joined nor sorted."""
    fields = fields_of(b"Set-Cookie: b=1\r\nVary: A\r\nset-cookie: a=2\r\nVary: A\r\n")

    assert fields == (("Set-Cookie", "b=1"), ("Vary", "A"), ("set-cookie", "a=2"), ("Vary", "A"))


def test_repeated_lengths_that_agree_are_kept() -> None:
    """Two equal Content-Length fields frame the body, and both are told."""
    exchange = answered(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\ncontent-length: 2, 2\r\n\r\nhi")

    assert exchange.response is not None
    assert exchange.response.body == b"hi"
    assert exchange.response.headers == (("Content-Length", "2"), ("content-length", "2, 2"))


def test_a_field_continued_on_the_next_line_is_one() -> None:
    """A folded value is read with a space in place of the fold (RFC 9112, 5.2)."""
    assert fields_of(b"X-Folded: one\r\n\t two\r\n three\r\nY: z\r\n") == (
        ("X-Folded", "one two three"),
        ("Y", "z"),
    )


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"HTTP/1.1 299 Quite Unusual!", "Quite Unusual!"),
        (b"HTTP/1.1 299 ", ""),
        (b"HTTP/1.1 299", ""),
        (b"HTTP/1.1 299 \xc3\x96l", "Ã\x96l"),
        (b"HTTP/1.1 299  Two", " Two"),
    ],
)
def test_the_reason_phrase_is_as_sent(line: bytes, reason: str) -> None:
    """The reason phrase is what stands after the status, byte by byte."""
    response = answered(line + b"\r\nContent-Length: 0\r\n\r\n").response

    assert response is not None
    assert (response.status, response.reason) == (299, reason)


def test_a_chunked_body_is_put_together() -> None:
    """Chunks are joined, extensions passed over, and trailers kept apart."""
    exchange = answered(
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        b"3;name=value\r\nabc\r\nA \r\n0123456789\r\n0\r\nX-Sum: 9\r\nX-sum: 8\r\n\r\n"
    )

    assert exchange.response is not None
    assert exchange.response.body == b"abc0123456789"
    assert exchange.wire is not None
    assert exchange.wire.trailers == (("X-Sum", "9"), ("X-sum", "8"))


def test_a_chunked_body_comes_in_any_pieces() -> None:
    """Where packets are cut changes nothing."""
    whole = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n"

    def script(peer: Peer) -> None:
        peer.head()
        peer.drip(whole)

    exchange = answer_to(script)

    assert exchange.broken is None
    assert exchange.response is not None
    assert exchange.response.body == b"abc"


def test_a_body_is_not_decoded() -> None:
    """Content-Encoding is the application's, and is left as it is."""
    body = body_of(
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\n\x1f\x8b\x08"
    )

    assert body == b"\x1f\x8b\x08"


def test_a_body_without_a_length_goes_to_the_end() -> None:
    """Where nothing frames the body, the end of the connection does."""
    assert body_of(b"HTTP/1.1 200 OK\r\n\r\nall of it") == b"all of it"


@pytest.mark.parametrize(("method", "status"), [("HEAD", 200), ("GET", 204), ("GET", 304)])
def test_a_response_without_a_body_ends_with_its_head(method: str, status: int) -> None:
    """HEAD, 204 and 304 have no body whatever their fields say."""
    head = f"HTTP/1.1 {status} So\r\nContent-Length: 5\r\n\r\n".encode()
    response = answered(head, method).response

    assert response is not None
    assert (response.status, response.body) == (status, b"")


@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_the_version_is_the_server_s(version: str) -> None:
    """The version is the one that the answer names."""
    wire = answered(f"HTTP/{version} 200 OK\r\nContent-Length: 0\r\n\r\n".encode()).wire

    assert wire is not None
    assert wire.version == version


def test_interim_responses_are_kept_apart() -> None:
    """Responses before the final one are told in order, with their fields."""
    wire = answered(
        b"HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
        b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
    ).wire

    assert wire is not None
    assert wire.interim == ((102, ()), (103, (("Link", "</a>"),)))


def test_lines_may_end_without_a_carriage_return() -> None:
    """A bare line feed ends a line of the head (RFC 9112, 2.2)."""
    assert body_of(b"HTTP/1.1 200 OK\nContent-Length: 2\n\nhi") == b"hi"


def test_a_body_of_100_mb_is_an_ordinary_answer() -> None:
    """A large body is taken in whole, with a length and in chunks."""
    size, piece = 100_000_000, b"x" * 1_000_000

    def script(peer: Peer) -> None:
        peer.head()
        peer.send(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % size)
        for _ in range(100):
            peer.send(piece)
        peer.head()
        peer.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        for _ in range(100):
            peer.send(b"%x\r\n%b\r\n" % (len(piece), piece))
        peer.send(b"0\r\n\r\n")

    with serving(script) as (driver, _):
        exchanges = [driver.send(asking()), driver.send(asking())]

    assert [exchange.broken for exchange in exchanges] == [None, None]
    assert [len(exchange.response.body) for exchange in exchanges if exchange.response] == [
        size
    ] * 2


@given(
    st.lists(
        st.tuples(
            st.from_regex(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,12}", fullmatch=True),
            st.text(st.characters(max_codepoint=255, exclude_characters="\0\r\n")),
        )
    )
)
def test_every_sound_field_is_read_as_it_stands(fields: list[tuple[str, str]]) -> None:
    """Whatever a token names and a value may hold comes back, but for the white space around."""
    lines = "".join(f"{name}: {value}\r\n" for name, value in fields)
    head = parse_head(f"HTTP/1.1 200 OK\r\n{lines}\r\n".encode("latin-1"))

    assert head.headers == tuple((name, value.strip(" \t")) for name, value in fields)
