"""From what a scenario says to what goes over the wire."""

import json
from typing import Any
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.formparser import parse_form_data

from quart_parity.drivers.asgi import scope
from quart_parity.drivers.wsgi import environ
from quart_parity.encoding import encode
from quart_parity.exchange import RawRequest, parse_base
from quart_parity.scenario import File, Request
from tests.builders import raw_request


def encoded(base: str = "http://localhost", **fields: Any) -> RawRequest:
    return encode(Request(**{"path": "/"} | fields), parse_base(base))


TARGETS: dict[str, tuple[dict[str, Any], str]] = {
    "plain": ({"path": "/a/b"}, "/a/b"),
    "a space and a percent sign": ({"path": "/a b%20"}, "/a%20b%2520"),
    "a question mark and a hash": ({"path": "/a?b#c"}, "/a%3Fb%23c"),
    "beyond ASCII": ({"path": "/é☃"}, "/%C3%A9%E2%98%83"),
    "what a segment may hold": ({"path": "/!$&'()*+,;=:@~-._"}, "/!$&'()*+,;=:@~-._"),
    "a mapping": ({"query": {"a": 1, "b": "x y"}}, "/?a=1&b=x+y"),
    "a mapping with a list": ({"query": {"a": [1, "2"], "b": 3}}, "/?a=1&a=2&b=3"),
    "pairs in their order": ({"query": [("b", 1), ("a", 2.5), ("b", "")]}, "/?b=1&a=2.5&b="),
    "query text as it stands": ({"query": "a=%zz&&+b"}, "/?a=%zz&&+b"),
    "an empty query": ({"query": ""}, "/?"),
    "an empty mapping": ({"query": {}}, "/?"),
    "a target as it stands": ({"path": None, "target": "//a/../%2e?x#y"}, "//a/../%2e?x#y"),
    "the server itself": ({"path": None, "target": "*", "method": "OPTIONS"}, "*"),
}


@pytest.mark.parametrize(("fields", "target"), TARGETS.values(), ids=TARGETS)
def test_the_target_says_what_path_and_query_say(fields: dict[str, Any], target: str) -> None:
    """A path is percent-encoded, a query is encoded as a form; raw text is left alone."""
    assert encoded(**fields).target == target


@given(st.text().map(lambda text: "/" + text))
def test_every_path_reaches_both_sides_as_it_was_written(path: str) -> None:
    """What is percent-encoded for the wire is decoded to the same text on either side."""
    raw = encoded(path=path)

    assert raw.target.isascii()
    assert environ(raw)["PATH_INFO"].encode("latin-1").decode() == path
    assert scope(raw)["path"] == path


PAIRS = st.lists(st.tuples(st.text(), st.text()))


@given(PAIRS)
def test_every_query_is_decoded_to_the_pairs_that_were_written(
    pairs: list[tuple[str, str]],
) -> None:
    """Names and values survive, repeats and order included."""
    query = encoded(query=pairs).query

    assert parse_qsl(query, keep_blank_values=True, separator="&") == pairs


BODIES: dict[str, tuple[dict[str, Any], str | None, bytes]] = {
    "none": ({}, None, b""),
    "text": ({"body": "é"}, None, b"\xc3\xa9"),
    "base64": ({"body_base64": "AP8="}, None, b"\0\xff"),
    "a form": (
        {"form": {"a b": "1&2", "c": ["é", 3]}},
        "application/x-www-form-urlencoded",
        b"a+b=1%262&c=%C3%A9&c=3",
    ),
    "JSON": (
        {"json": {"b": [1, None], "a": "é"}},
        "application/json",
        b'{"b":[1,null],"a":"\xc3\xa9"}',
    ),
    "JSON null": ({"json": None}, "application/json", b"null"),
}


@pytest.mark.parametrize(("fields", "content_type", "body"), BODIES.values(), ids=BODIES)
def test_a_body_comes_with_its_type_and_length(
    fields: dict[str, Any], content_type: str | None, body: bytes
) -> None:
    """Each kind of body is written as its content type says; the length is that of its bytes."""
    raw = encoded(**fields)
    headers = dict(raw.headers)

    assert b"".join(raw.chunks) == body
    assert headers.get("Content-Type") == content_type
    assert headers.get("Content-Length") == (str(len(body)) if body else None)


def test_chunks_are_sent_as_pieces() -> None:
    """Each chunk is a piece of its own, without a length; an empty one would be the end."""
    raw = encoded(chunks=["ab", "", "é"])

    assert raw.chunks == (b"ab", b"\xc3\xa9")
    assert ("Transfer-Encoding", "chunked") in raw.headers
    assert "Content-Length" not in dict(raw.headers)


def test_headers_are_sent_in_their_order_with_repeats() -> None:
    """A scenario's header fields are on the wire as they are written."""
    raw = encoded(headers=[("X-B", "1"), ("X-A", "2"), ("x-b", 3)])

    assert raw.headers == (("Host", "localhost"), ("X-B", "1"), ("X-A", "2"), ("x-b", "3"))


@pytest.mark.parametrize(
    ("header", "value"),
    [("host", "evil.example"), ("CONTENT-TYPE", "text/x"), ("Content-Length", "2")],
)
def test_a_given_header_takes_the_place_of_the_implied_one(header: str, value: str) -> None:
    """A scenario that says a field itself gets just that field."""
    raw = encoded(headers={header: value}, json={})
    values = [text for name, text in raw.headers if name.lower() == header.lower()]

    assert values == [value]


@pytest.mark.parametrize(
    ("value", "wire"), [("é", b"\xe9"), ("☃", b"\xe2\x98\x83"), ("a\tb", b"a\tb")]
)
def test_a_header_value_is_bytes_as_latin_1(value: str, wire: bytes) -> None:
    """One character is one byte, and UTF-8 stands in where latin-1 has none."""
    assert dict(encoded(headers={"X": value}).headers)["X"].encode("latin-1") == wire


def uploaded(raw: RawRequest) -> tuple[list[tuple[str, str]], list[tuple[str, Any]]]:
    """Fields and files as Werkzeug, which both frameworks use, reads them."""
    _, form, files = parse_form_data(environ(raw))
    read = []
    for name, file in files.items(multi=True):
        read.append((name, (file.filename, file.content_type, file.read())))
        file.close()
    return list(form.items(multi=True)), read


def test_a_multipart_body_holds_fields_and_files_in_order() -> None:
    """What was written as form and files is read as such on the other side."""
    raw = encoded(
        method="POST",
        form=[("a", "1"), ("a", "é")],
        files=[
            File("f", "x.txt", content="text"),
            File("f", "é.bin", content_base64="AP8=", content_type="image/png"),
        ],
    )
    form, files = uploaded(raw)

    assert form == [("a", "1"), ("a", "é")]
    assert files == [
        ("f", ("x.txt", "application/octet-stream", b"text")),
        ("f", ("é.bin", "image/png", b"\0\xff")),
    ]


@given(st.lists(st.text("-quartpiy\r\n", max_size=40) | st.text(), max_size=3))
def test_no_content_ends_a_multipart_body_early(contents: list[str]) -> None:
    """The boundary is found in none of the contents, whatever they are."""
    contents = [*contents, "--quart-parity--"]
    raw = encoded(method="POST", files=[File("f", "f", content=text) for text in contents])

    assert [content for _, (_, _, content) in uploaded(raw)[1]] == [t.encode() for t in contents]


def test_equal_requests_are_equal_on_the_wire() -> None:
    """Nothing random is in a request: what differs in the answers is the application's."""
    one, other = (encoded(files=[File("f", "x", content="x")], form={"a": 1}) for _ in "ab")

    assert one == other


def test_repeated_request_headers_are_one_list_in_an_environ() -> None:
    """WSGI has one value for each name: a list with commas, and cookies with semicolons."""
    headers = [
        ("X-A", "1"),
        ("x-a", "2"),
        ("Cookie", "a=1"),
        ("Cookie", "b=2"),
        ("Content-Type", "x"),
    ]
    made = environ(raw_request(headers=headers))

    assert (made["HTTP_X_A"], made["HTTP_COOKIE"], made["CONTENT_TYPE"]) == ("1,2", "a=1; b=2", "x")
    assert "HTTP_CONTENT_TYPE" not in made


def test_a_scope_keeps_repeated_request_headers_apart() -> None:
    """ASGI has ordered pairs with lower-case names."""
    made = scope(raw_request(headers=[("X-A", "1"), ("x-a", "é")]))

    assert made["headers"] == [(b"x-a", b"1"), (b"x-a", b"\xe9")]


def test_a_scope_has_the_target_raw_and_decoded() -> None:
    """Path and query are there as they were sent; the path is decoded besides."""
    made = scope(raw_request(target="/%C3%A9%2F?a=%20"))

    assert (made["path"], made["raw_path"]) == ("/é/", b"/%C3%A9%2F")
    assert made["query_string"] == b"a=%20"


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists))
def test_every_json_value_is_sent_as_itself(value: Any) -> None:
    """The body of a JSON request parses to the value that was written."""
    assert json.loads(b"".join(encoded(json=value).chunks)) == value


@pytest.mark.parametrize(
    ("name", "sent"), [('a"b.txt', "a%22b.txt"), ("a\r\nb", "a%0D%0Ab"), ("é.txt", "é.txt")]
)
def test_a_file_name_cannot_end_its_header(name: str, sent: str) -> None:
    """Quotes and line breaks in names are written as browsers write them."""
    request = Request("/", "POST", files=[File(field=name, filename=name, content="x")])
    body = b"".join(encode(request, parse_base("http://localhost")).chunks).decode()

    assert f'name="{sent}"; filename="{sent}"' in body


@pytest.mark.parametrize(("method", "lengths"), [("POST", ["0"]), ("PUT", ["0"]), ("GET", [])])
def test_an_empty_body_is_told_where_one_is_expected(method: str, lengths: list[str]) -> None:
    """A user agent says of a POST without content that it has none (RFC 9110, 8.6)."""
    headers = encode(Request("/", method), parse_base("http://localhost")).headers

    assert [value for name, value in headers if name == "Content-Length"] == lengths


@pytest.mark.parametrize(
    ("fields", "header"),
    [
        ({"body": "abc"}, ("Content-Length", "2")),
        ({"chunks": ["abc"]}, ("Content-Length", "3")),
        ({"body": "abc"}, ("Transfer-Encoding", "gzip")),
        ({}, ("Content-Length", "-1")),
    ],
)
def test_framing_that_contradicts_the_body_is_refused(
    fields: dict[str, Any], header: tuple[str, str]
) -> None:
    """Servers would read different requests out of it (RFC 9112, 6)."""
    with pytest.raises(ValueError, match="contradicts the body"):
        encoded(headers=[header], **fields)


def test_a_header_with_an_underscore_reaches_neither_side() -> None:
    """WSGI servers drop such a field, and what a server does is not the application's."""
    raw = encoded(headers={"X_A": "1", "X-B": "2"})

    assert "HTTP_X_A" not in environ(raw)
    assert [name for name, _ in scope(raw)["headers"]] == [b"host", b"x-b"]
