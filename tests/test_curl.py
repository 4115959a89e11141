"""A request is spelled as a line that somebody can read, copy and run."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quart_parity.exchange import RawRequest, parse_base
from quart_parity.masks import Masker
from quart_parity.reporters.curl import curl

BASE = parse_base("http://localhost")
HOST = ("Host", "localhost")


def request(
    method: str = "GET", target: str = "/", *headers: tuple[str, str], body: bytes = b""
) -> RawRequest:
    """As the encoder makes it: with Host, and with the length of a body."""
    length = [("Content-Length", str(len(body)))] if body else []
    return RawRequest(method, target, (HOST, *headers, *length), (body,) if body else (), BASE)


def form(body: bytes) -> RawRequest:
    kind = ("Content-Type", "application/x-www-form-urlencoded")
    return request("POST", "/login", kind, body=body)


LINES: dict[str, tuple[RawRequest, str]] = {
    "a page": (request(), """ "$SIDE"/"""),
    "a query": (request(target="/cart?x=1&y=2"), """ "$SIDE"'/cart?x=1&y=2'"""),
    "brackets": (request(target="/?a[]=1"), """ --globoff "$SIDE"'/?a[]=1'"""),
    "dots": (request(target="/a/../b"), """ --path-as-is "$SIDE"/a/../b"""),
    "no path": (request("OPTIONS", "*"), """ --request-target '*' "$SIDE"/"""),
    "a fragment": (request(target="/a#b"), """ --request-target '/a#b' "$SIDE"/"""),
    "a method": (request("DELETE"), " -X DELETE "),
    "a head": (request("HEAD"), " --head "),
    "a header": (request("GET", "/", ("X-A", "it's")), """ -H 'X-A: it'"'"'s' """),
    "an empty header": (request("GET", "/", ("X-A", "")), " -H 'X-A;' "),
    "no header of its own": (request(), " -H User-Agent: -H Accept: "),
    "a form": (form(b"a=1&b=2"), " --data-binary 'a=1&b=2' "),
    "an at sign": (form(b"@a"), "printf '@a' | curl "),
    "a hyphen": (form(b"-\0"), r"printf '\055\000' | curl "),
    "a percent sign": (form(b"%\n"), r"printf '%%\n' | curl "),
}


@pytest.mark.parametrize(("sent", "part"), LINES.values(), ids=LINES)
def test_a_line_says_what_is_sent(sent: RawRequest, part: str) -> None:
    """Method, target, header and body stand there as curl and the shell take them."""
    assert part in curl(sent, Masker()) + " "


def test_an_address_stands_in_the_url() -> None:
    """Where the side's address is known, nobody has to fill it in."""
    line = curl(request(target="/a?b=1&c"), Masker(), "http://127.0.0.1:5000")

    assert line.endswith(" 'http://127.0.0.1:5000/a?b=1&c'")


def test_secrets_stay_masked() -> None:
    """What is masked in a report is masked in its lines, until it is asked for."""
    kind = ("Content-Type", "application/json")
    headers = [("Authorization", "Bearer hunter2"), ("Cookie", "session=hunter3; a=1"), kind]
    sent = request("POST", "/?token=hunter4", *headers, body=b'{"password": "hunter5", "b": 1}')
    line = curl(sent, Masker())
    shown = curl(sent, Masker(show_secrets=True))

    assert "hunter" not in line
    assert '"b": 1' in line
    assert "Content-Length" not in line
    assert all(f"hunter{number}" in shown for number in range(2, 6))


def test_a_body_that_is_very_long_is_not_written_out() -> None:
    """The line says where it would stand, and how long it is."""
    name = ("Content-Type", "application/octet-stream")
    body = b"\0secret=hunter!" * 200_000
    line = curl(request("POST", "/a", name, body=body), Masker())

    assert " --data-binary @BODY " in line
    assert line.endswith('"$SIDE"/a # BODY: 3,000,000 bytes, not shown')
    assert len(line) < 1_000


@given(st.text(max_size=40), st.binary(max_size=40))
def test_a_line_is_one_line_without_control_characters(value: str, body: bytes) -> None:
    """Whatever an application was sent, the line can be shown, copied and pasted."""
    kind = ("X-A", value.encode("utf-8", "replace").decode("latin-1"))
    line = curl(request("POST", "/", kind, body=body), Masker())

    assert line.isprintable()
