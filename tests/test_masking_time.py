"""Masking takes time in proportion to its input, whatever an application sends."""

from time import perf_counter

import pytest

from quart_parity.masks import Masker

_SIZE = 100_000
SECONDS = 20
"""Far more than each takes; what grows with the square takes hours."""
PIECES = [
    "token", "token=", 'token="', "token=\\\"", 'token\\"=\\"', "token&quot;:&quot;", "cookie:",
    "cookie: a=1;", "token=bearer ", "secret:[", "secret:[\n", '{"secret":{"a":\n', "%3D", "%253D",
    "token%3D", "<a ", '<a "', "<a'\"", "<a b=", "<a t='", '<a name=token value="', "://", "://a:",
    "eyJ", "eyJ.", "eyJa.a.", ".", "a_key", "-key", "sess", "=", " ", "\t", "\\", "<", "[",
    "<token>", "<token>a", "<token><![CDATA[", "<token> ", "<token a='", "]]>", "<a></token>",
    "token: digest a=", "token=digest a", "%25", "%25253D", "<token>a</token", "]",
]  # fmt: skip
TYPES = ["application/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=t"]


@pytest.mark.parametrize("piece", ["<token>", "<token>a</token", "<token> <![CDATA[]", "<a:"])
def test_hostile_elements_take_no_time(piece: str) -> None:
    """A megabyte of tags that do not end is read once."""
    text = "<token><![CDATA[" + piece * (1_000_000 // len(piece))
    began = perf_counter()

    assert Masker().text(text)
    assert perf_counter() - began < SECONDS


@pytest.mark.parametrize("piece", ["<token>", "<a(", "<a:", "/<token>"])
def test_hostile_rules_take_no_time(piece: str) -> None:
    """Nor does a rule, which is an application's as well."""
    began = perf_counter()

    assert Masker().target("/a" * 10_000, piece * 10_000 + "<token>")
    assert perf_counter() - began < SECONDS


@pytest.mark.parametrize("piece", PIECES)
def test_hostile_text_takes_no_time(piece: str) -> None:
    """No pattern tries the same text again and again, with names asked for or without."""
    text = f"<a token{piece * (_SIZE // len(piece))}token:x"
    began = perf_counter()
    for masker in (Masker(), Masker(mask=["*a*b*c*", "x*"])):
        shown = masker.text(text)
        for content_type in TYPES:
            masker.body(text.encode(), content_type)

    assert shown
    assert perf_counter() - began < SECONDS


def test_a_long_name_takes_no_time() -> None:
    """Stars are not tried at every place."""
    masker = Masker(mask=["*a*a*a*a*a*b"])
    began = perf_counter()

    assert not masker.is_secret("a" * _SIZE)
    assert perf_counter() - began < SECONDS


def test_masks_need_bounded_memory() -> None:
    """A run without end knows the numbers of its latest secrets only."""
    masker = Masker()
    first = masker.hide("x0")
    again = masker.hide("x0")
    for number in range(1, 100_001):
        masker.hide(f"x{number}")

    assert first == again == "<masked 1>"
    assert masker.hide("x100000") == "<masked 100001>"
    assert masker.hide("x0") == "<masked 100002>"
