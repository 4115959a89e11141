"""Answers with arbitrary damage: the HTTP driver always has something to say."""

from hpack import Encoder
from hyperframe.frame import DataFrame, Frame, GoAwayFrame, HeadersFrame, PingFrame, SettingsFrame
from hypothesis import given
from hypothesis import strategies as st

from tests.hostile import Script, answering, asking, serving
from tests.hostile_http2 import HTTP2Peer, speaking

ANSWERS = [
    b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nVary: a\r\n\r\nhello",
    b"HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;x=y\r\nhello\r\n0\r\nX: y\r\n\r\n",
    b"HTTP/1.0 204 No Content\r\n\r\n",
]


def frames(*given: Frame) -> bytes:
    return b"".join(frame.serialize() for frame in given)


STREAM = 1
FIELDS = Encoder().encode([(":status", "200"), ("content-length", "5"), ("vary", "a")])
STREAMS = [
    frames(
        SettingsFrame(0, {SettingsFrame.MAX_CONCURRENT_STREAMS: 5}),
        PingFrame(0, b"12345678"),
        HeadersFrame(STREAM, FIELDS, flags=["END_HEADERS"]),
        DataFrame(STREAM, b"hel"),
        DataFrame(STREAM, b"lo", flags=["END_STREAM"]),
    ),
    frames(
        HeadersFrame(STREAM, Encoder().encode([(":status", "103")]), flags=["END_HEADERS"]),
        HeadersFrame(STREAM, Encoder().encode([(":status", "204")]), flags=["END_HEADERS"]),
        GoAwayFrame(0, STREAM),
        HeadersFrame(STREAM, Encoder().encode([("x", "y")]), flags=["END_HEADERS", "END_STREAM"]),
    ),
]

Damage = tuple[int, bytes, int]
DAMAGE = st.tuples(st.integers(0, 400), st.binary(max_size=4), st.integers(0, 4))


def damaged(sound: bytes, damage: list[Damage]) -> bytes:
    """*sound* with some bytes replaced by others, at each of these places."""
    for place, put, removed in damage:
        place %= len(sound) + 1
        sound = sound[:place] + put + sound[place + removed :]
    return sound


def check(script: Script, http2: bool) -> None:
    with serving(script, timeout=2.0, http2=http2) as (driver, _):
        exchange = driver.send(asking())
    assert exchange.response or exchange.broken
    assert "no answer within" not in (exchange.broken or "")


@given(st.sampled_from(ANSWERS), st.lists(DAMAGE, max_size=3))
def test_a_damaged_answer_is_an_answer_or_broken(sound: bytes, damage: list[Damage]) -> None:
    """Whatever stands in an answer of HTTP/1.1, nothing is raised, and nothing is waited for."""
    check(answering(damaged(sound, damage)), http2=False)


@given(st.sampled_from(STREAMS), st.lists(DAMAGE, max_size=3))
def test_damaged_frames_are_an_answer_or_broken(sound: bytes, damage: list[Damage]) -> None:
    """Whatever stands in the frames of HTTP/2, nothing is raised, and nothing is waited for."""

    def script(peer: HTTP2Peer) -> None:
        peer.request()
        peer.peer.send(damaged(sound, damage))

    check(speaking(script), http2=True)
