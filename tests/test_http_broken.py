"""What the HTTP driver says of an answer that breaks off or is malformed."""

import pytest

from quart_parity.exchange import Exchange
from tests.hostile import Peer, Script, answer_to, answering, asking, serving


def body_of(exchange: Exchange) -> bytes | None:
    return exchange.response.body if exchange.response else None


OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"

CUT = {
    "before-an-answer": (b"", "the connection was closed before an answer", None),
    "in-the-status-line": (
        b"HTTP/1.1 2",
        "the connection was closed in the middle of the head",
        None,
    ),
    "in-the-fields": (
        OK + b"Server: x\r\n",
        "the connection was closed in the middle of the head",
        None,
    ),
    "after-interim": (
        b"HTTP/1.1 103 Early Hints\r\n\r\n",
        "the connection was closed after interim responses only",
        None,
    ),
    "in-the-body": (
        OK + b"Content-Length: 10\r\n\r\nhello",
        "the answer broke off: the connection ended after 5 of 10 bytes",
        b"hello",
    ),
    "before-the-body": (
        OK + b"Content-Length: 1\r\n\r\n",
        "the answer broke off: the connection ended after 0 of 1 byte",
        b"",
    ),
    "in-a-chunk": (
        CHUNKED + b"5\r\nhello\r\n5\r\nwo",
        "the answer broke off: the connection ended after 7 bytes of a body in chunks",
        b"hellowo",
    ),
    "before-the-last-chunk": (
        CHUNKED + b"1\r\nh\r\n",
        "the answer broke off: the connection ended after 1 byte of a body in chunks",
        b"h",
    ),
    "in-the-trailers": (
        CHUNKED + b"1\r\nh\r\n0\r\nX: y\r\n",
        "the answer broke off: the connection ended after 1 byte of a body in chunks",
        b"h",
    ),
}


@pytest.mark.parametrize("name", CUT)
def test_an_answer_that_breaks_off_is_told_as_far_as_it_came(name: str) -> None:
    """The sentence says where the connection ended, the response holds what had come."""
    sent, broken, body = CUT[name]
    exchange = answer_to(answering(sent))

    assert (exchange.broken, body_of(exchange)) == (broken, body)


GARBAGE = {
    "another-protocol": (b"SSH-2.0-x\r\n", r"what came is no answer in HTTP/1: 'SSH-2.0-x\r\n'"),
    "http-0.9": (
        b"<p>hello</p>\n\n",
        r"what came is no answer in HTTP/1: '<p>hello</p>\n\n'",
    ),
    "an-empty-line-first": (
        b"\r\n" + OK + b"\r\n",
        r"what came is no answer in HTTP/1: '\r\nHTTP/1.1 200 OK\r\n\r\n'",
    ),
    "long": (b"x" * 100_000, f"what came is no answer in HTTP/1: '{'x' * 60}…'"),
    "http-2": (b"HTTP/2 200 OK\r\n\r\n", "the status line is malformed: 'HTTP/2 200 OK'"),
    "two-digits": (b"HTTP/1.1 99 Odd\r\n\r\n", "the status line is malformed: 'HTTP/1.1 99 Odd'"),
    "status-zero": (b"HTTP/1.1 000 No\r\n\r\n", "the status line is malformed: 'HTTP/1.1 000 No'"),
    "no-space": (b"HTTP/1.1 200OK\r\n\r\n", "the status line is malformed: 'HTTP/1.1 200OK'"),
    "no-colon": (OK + b"nonsense\r\n\r\n", "a header line is malformed: 'nonsense'"),
    "a-space-before-the-colon": (
        OK + b"Vary : x\r\n\r\n",
        "a header line is malformed: 'Vary : x'",
    ),
    "a-nameless-field": (OK + b": x\r\n\r\n", "a header line is malformed: ': x'"),
    "a-folded-first-field": (OK + b" x: y\r\n\r\n", "a header line is malformed: ' x: y'"),
    "a-name-in-utf-8": (
        OK + "Größe: 1\r\n\r\n".encode(),
        "a header line is malformed: 'GrÃ¶Ã\\x9fe: 1'",
    ),
    "a-null": (OK + b"X: a\0b\r\n\r\n", "the header X holds a carriage return or a null"),
    "a-carriage-return": (
        OK + b"X: a\rSet-Cookie: b\r\n\r\n",
        "the header X holds a carriage return or a null",
    ),
}


@pytest.mark.parametrize("name", GARBAGE)
def test_what_is_no_http_is_told_with_what_came(name: str) -> None:
    """A malformed head is no response, and the sentence shows the beginning of what is wrong."""
    sent, broken = GARBAGE[name]
    exchange = answer_to(answering(sent))

    assert (exchange.broken, exchange.response) == (broken, None)


FRAMING = {
    "both": (
        b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
        "both Content-Length and Transfer-Encoding say how long the body is",
    ),
    "two-lengths": (
        b"Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
        "Content-Length is '3, 4'",
    ),
    "a-negative-length": (b"Content-Length: -1\r\n\r\n", "Content-Length is '-1'"),
    "a-signed-length": (b"Content-Length: +1\r\n\r\nx", "Content-Length is '+1'"),
    "an-empty-length": (b"Content-Length:\r\n\r\n", "Content-Length is ''"),
    "a-length-in-words": (b"Content-Length: four\r\n\r\nfour", "Content-Length is 'four'"),
}


@pytest.mark.parametrize("name", FRAMING)
def test_contradictory_framing_is_broken(name: str) -> None:
    """A body of which two clients would read two things is not read at all."""
    sent, broken = FRAMING[name]
    exchange = answer_to(answering(OK + sent))

    assert (exchange.broken, body_of(exchange)) == (broken, b"")


def test_chunks_in_http_1_0_are_broken() -> None:
    """HTTP/1.0 knows no chunks (RFC 9112, 6.1)."""
    exchange = answer_to(answering(CHUNKED.replace(b"/1.1", b"/1.0") + b"0\r\n\r\n"))

    assert exchange.broken == "Transfer-Encoding is in an answer of HTTP/1.0"


BAD_CHUNKS = {
    "a-word": (b"xyz\r\nabc\r\n", "a chunk of the body does not tell its size: 'xyz'", b""),
    "nothing": (b"\r\nabc\r\n", "a chunk of the body does not tell its size: ''", b""),
    "a-line-feed": (b"3\nabc\r\n", "a chunk of the body does not tell its size: '3'", b""),
    "a-sign": (b"-3\r\nabc\r\n", "a chunk of the body does not tell its size: '-3'", b""),
    "an-endless-line": (
        b"3;" + b"x" * 5000,
        f"a chunk of the body does not tell its size: '3;{'x' * 58}…'",
        b"",
    ),
    "a-long-chunk": (
        b"3\r\nabcdef\r\n0\r\n\r\n",
        "a chunk of the body is longer than the size that it tells",
        b"abc",
    ),
    "a-bad-trailer": (
        b"1\r\na\r\n0\r\nnonsense\r\n\r\n",
        "a header line is malformed: 'nonsense'",
        b"a",
    ),
}


@pytest.mark.parametrize("name", BAD_CHUNKS)
def test_a_malformed_chunk_is_broken(name: str) -> None:
    """The chunks before the malformed one are kept."""
    sent, broken, body = BAD_CHUNKS[name]
    exchange = answer_to(answering(CHUNKED + sent))

    assert (exchange.broken, body_of(exchange)) == (broken, body)


def after(sent: bytes) -> Script:
    """Answers with *sent*, and stays until the client goes."""

    def script(peer: Peer) -> None:
        peer.head()
        peer.send(sent)
        peer.hang()

    return script


LIMITS = {
    "a-header-of-1-mb": (
        OK + b"X-Long: " + b"x" * 1_000_000 + b"\r\n\r\n",
        "the head is longer than 256 KiB",
        None,
    ),
    "an-endless-line": (b"HTTP/1.1 200 " + b"x" * 300_000, "the head is longer than 256 KiB", None),
    "interim": (
        b"HTTP/1.1 103 Early Hints\r\n\r\n" * 65,
        "more than 64 interim responses came",
        None,
    ),
    "a-length": (
        OK + b"Content-Length: 134217729\r\n\r\n",
        "the body is longer than 128 MiB",
        b"",
    ),
    "a-chunk": (CHUNKED + b"fffffffffffffff\r\n", "the body is longer than 128 MiB", b""),
    "trailers": (
        CHUNKED + b"0\r\n" + b"X: y\r\n" * 60_000,
        "the trailers are longer than 256 KiB",
        b"",
    ),
}


@pytest.mark.parametrize("name", LIMITS)
def test_what_grows_over_a_limit_is_broken(name: str) -> None:
    """No server makes the driver take in more than it has room for."""
    sent, broken, body = LIMITS[name]
    exchange = answer_to(after(sent), timeout=0.2)

    assert (exchange.broken, body_of(exchange)) == (broken, body)


@pytest.mark.parametrize("head", [OK + b"\r\n", CHUNKED])
def test_an_endless_stream_ends_at_the_limit(head: bytes) -> None:
    """A body without an end is kept up to the limit, to the byte."""
    piece = b"x" * 1_000_003
    if head == CHUNKED:
        piece = b"%x\r\n%b\r\n" % (len(piece), piece)

    def script(peer: Peer) -> None:
        peer.head()
        peer.send(head)
        peer.flood(piece)

    exchange = answer_to(script)

    assert exchange.broken == "the body is longer than 128 MiB"
    assert len(body_of(exchange) or b"") == 128 * 1024 * 1024


def test_a_reset_in_a_body_without_a_length_is_broken() -> None:
    """A reset is no end: what came before it may not be all."""

    def script(peer: Peer) -> None:
        peer.head()
        peer.send(OK + b"\r\nhello")
        # By then the client has read what was sent.
        peer.socket.settimeout(0.1)
        try:
            peer.socket.recv(1)
        except TimeoutError:
            peer.reset()

    exchange = answer_to(script)

    reason = "the connection was reset after 5 bytes of the body"
    assert exchange.broken == f"the answer broke off: {reason}"
    assert body_of(exchange) == b"hello"


@pytest.mark.parametrize(
    ("head", "method", "extra", "broken"),
    [
        (b"HTTP/1.1 204 No Content", "GET", b"hello", "5 bytes follow"),
        (b"HTTP/1.1 204 No Content\r\nContent-Length: 5", "GET", b"hello", "5 bytes follow"),
        (b"HTTP/1.1 304 Not Modified", "GET", b"hello", "5 bytes follow"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 5", "HEAD", b"hello", "5 bytes follow"),
        (b"HTTP/1.1 204 No Content", "GET", b"h", "1 byte follows"),
        (
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked",
            "HEAD",
            b"0\r\n\r\n",
            "5 bytes follow",
        ),
    ],
)
def test_a_body_where_none_may_be_is_broken(
    head: bytes, method: str, extra: bytes, broken: str
) -> None:
    """Bytes after HEAD, 204 and 304 are told, also where they come a little later."""

    def script(peer: Peer) -> None:
        for _ in range(2):
            peer.head()
            peer.send(head + b"\r\n\r\n")
            peer.send(extra)

    with serving(script) as (driver, server):
        first, second = driver.send(asking(method)), driver.send(asking(method))

    assert first.broken == second.broken == f"{broken} a response that has no body"
    assert body_of(first) == b""
    assert server.connections == 2


@pytest.mark.parametrize(
    "answer", [OK + b"Content-Length: 3\r\n\r\nhello", CHUNKED + b"3\r\nhel\r\n0\r\n\r\nlo"]
)
def test_bytes_after_a_complete_body_are_broken(answer: bytes) -> None:
    """A body longer than its framing says is told with the answer that it follows."""
    exchange = answer_to(after(answer))

    assert exchange.broken == "2 bytes too many came after the body"
    assert body_of(exchange) == b"hel"


def test_a_flood_after_an_answer_is_counted_to_a_limit() -> None:
    """A server that never stops after 204 is told in the same words each time."""

    def script(peer: Peer) -> None:
        peer.head()
        peer.send(b"HTTP/1.1 204 No Content\r\n\r\n")
        peer.flood(b"x" * 10_000)

    expected = "65536 bytes or more follow a response that has no body"
    assert answer_to(script).broken == expected
