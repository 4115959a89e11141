"""What of a recording is sent again, and what the replay makes itself."""

import tracemalloc
from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest

from quart_parity import ScenarioError, read_scenarios
from quart_parity.encoding import encode
from quart_parity.exchange import parse_base
from quart_parity.scenario import pairs
from tests.recording import ORIGIN, entry, har, recorded, request, scenario

BROWSER = [
    (":authority", "shop.example:8080"),
    (":method", "GET"),
    ("Accept", "text/html,*/*;q=0.8"),
    ("Accept-Encoding", "gzip, br"),
    ("accept-language", "de,en;q=0.5"),
    ("Connection", "keep-alive"),
    ("Content-Length", "0"),
    ("Cookie", "session=abc; theme=dark"),
    ("Host", "shop.example:8080"),
    ("If-None-Match", '"abc"'),
    ("Origin", ORIGIN),
    ("Referer", f"{ORIGIN}/cart"),
    ("User-Agent", "Mozilla/5.0"),
    ("X-Requested-With", "fetch"),
]
FORM = "application/x-www-form-urlencoded"
BYTES = b"\0\xff"
KEPT = ["Accept", "accept-language", "Origin", "Referer", "User-Agent", "X-Requested-With"]


def test_the_browser_s_own_fields_are_sent_again(tmp_path: Path) -> None:
    """But those of the connection, of its cache, of its cookie jar, and pseudo-fields."""
    made = request(tmp_path, target="/caf%C3%A9?q=a+b#top", headers=BROWSER)

    assert made.target == "/caf%C3%A9?q=a+b"
    assert [name for name, _ in pairs(made.headers)] == KEPT


def test_the_scenario_is_served_where_it_was_recorded(tmp_path: Path) -> None:
    """So links, redirects and cookies for the host mean what they meant."""
    made = scenario(tmp_path, entry("/"))

    assert (made.name, made.base) == ("visit.har", ORIGIN)


@pytest.mark.parametrize(
    ("post", "body"),
    [
        ({"mimeType": "application/json", "text": '{"a":1}'}, b'{"a":1}'),
        ({"mimeType": "text/plain", "text": "gr\u00fcn"}, "grün".encode()),
        ({"mimeType": "x/y", "text": b64encode(BYTES).decode(), "encoding": "base64"}, BYTES),
        ({"mimeType": "text/plain", "text": "{{braces}}"}, b"{{braces}}"),
        ({"mimeType": FORM, "text": "a&b=1"}, b"a&b=1"),
        ({"mimeType": FORM, "text": "a=1&b=x+y%26"}, b"a=1&b=x+y%26"),
        ({"mimeType": FORM, "text": "a=%7e&b="}, b"a=%7e&b="),
        (
            {
                "mimeType": FORM,
                "params": [{"name": "a", "value": "x y"}, {"name": "b", "value": "%C3%A9"}],
            },
            b"a=x+y&b=%C3%A9",
        ),
        ({"mimeType": FORM, "text": "a={{b}}"}, b"a={{b}}"),
        ({"mimeType": "application/json", "text": ""}, b""),
    ],
    ids=[
        "json",
        "text",
        "base64",
        "braces",
        "field",
        "form",
        "odd form",
        "params",
        "form braces",
        "empty",
    ],
)
def test_a_body_is_sent_as_it_was(tmp_path: Path, post: dict[str, Any], body: bytes) -> None:
    """To the byte, with its type, whichever way the file holds it."""
    headers = [("Content-Type", post["mimeType"])]
    made = encode(request(tmp_path, method="POST", headers=headers, post=post), parse_base(ORIGIN))

    assert b"".join(made.chunks) == body
    assert [value for name, value in made.headers if name == "Content-Type"] == [post["mimeType"]]


BOUNDARY = "----WebKitFormBoundaryAbC"
MULTIPART = f"multipart/form-data; boundary={BOUNDARY}"
PARTS = (
    f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="title"\r\n\r\nOne\r\n'
    f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n'
    f"Content-Type: text/plain\r\n\r\nline\r\n\r\n--{BOUNDARY}--\r\n"
)
PARAMS = [
    {"name": "title", "value": "One"},
    {"name": "file", "fileName": "a.txt", "contentType": "text/plain", "value": "line\r\n"},
]


@pytest.mark.parametrize(
    "post",
    [
        {"text": PARTS},
        {"params": PARAMS},
        {"text": PARTS, "params": []},
        {"params": PARAMS, "text": ""},
    ],
    ids=["text", "params", "both", "params, no text"],
)
def test_an_upload_is_sent_with_its_files(tmp_path: Path, post: dict[str, Any]) -> None:
    """With a boundary of its own, as browsers do; fields and files are what they were."""
    given = {"mimeType": MULTIPART} | post
    headers = [("content-type", MULTIPART)]
    made = request(tmp_path, method="POST", headers=headers, post=given)
    [file] = made.files or []
    sent = encode(made, parse_base(ORIGIN))

    assert pairs(made.form or {}) == [("title", "One")]
    assert (file.field, file.filename, file.content_type) == ("file", "a.txt", "text/plain")
    assert b"\r\n\r\nline\r\n\r\n--quart-parity" in b"".join(sent.chunks)
    assert sum(name.lower() == "content-type" for name, _ in sent.headers) == 1


def test_only_the_application_is_visited(tmp_path: Path) -> None:
    """Its origin is that of the first page; what else the browser did is left out and counted."""
    cdn = "https://cdn.example"
    made = recorded(
        tmp_path,
        entry(f"{cdn}/a.js", mimetype="text/javascript"),
        entry("/"),
        *[entry(f"{cdn}/{n}.js", mimetype="text/javascript") for n in range(3)],
        entry("/static/a.css", mimetype="text/css"),
        entry("ws://shop.example:8080/live", status=101),
        entry("/socket", status=101, headers=[("Upgrade", "websocket")]),
        entry("/blocked", status=0),
        entry("/logo.png", mimetype="image/png", _fromCache="memory"),
        entry("data:image/png;base64,AAAA", status=200),
        entry(
            "/upload", method="POST", headers=[("Content-Length", "70"), ("Content-Type", "x/y")]
        ),
    )

    assert [one.target for one in made.scenarios[0].requests] == ["/", "/static/a.css"]
    assert made.notes == [
        "visit.har: requests left out: 2 that opened a WebSocket; 1 that were blocked, or got no"
        " answer; 1 that the browser answered from its cache; 1 whose body the browser did not"
        f" record, such as an uploaded file; 5 to other addresses than {ORIGIN}."
    ]


def test_without_a_page_the_most_frequent_origin_is_the_application_s(tmp_path: Path) -> None:
    """A recording of an API has no page that tells."""
    answers = [entry(f"/api/{n}", mimetype="application/json") for n in range(2)]
    other = entry("https://other.example/", mimetype="application/json")

    assert scenario(tmp_path, other, *answers).base == ORIGIN


def test_requests_are_sent_in_the_order_of_their_times(tmp_path: Path) -> None:
    """Whatever order the file has them in, where each tells its time."""
    late = entry("/late", startedDateTime="2024-01-01T10:00:01.000+01:00")
    soon = entry("/soon", startedDateTime="2024-01-01T09:00:00.500Z")

    assert [one.target for one in scenario(tmp_path, late, soon).requests] == ["/soon", "/late"]
    untold = entry("/untold", startedDateTime="soon")
    assert [one.target for one in scenario(tmp_path, late, untold).requests] == ["/late", "/untold"]


def test_cookies_from_before_the_recording_are_named(tmp_path: Path) -> None:
    """Whoever was logged in when it began is not in the replay, and the reader is told."""
    made = recorded(
        tmp_path,
        entry("/", headers=[("Cookie", "session=abc")], answered=[("Set-Cookie", "theme=dark")]),
        entry(
            "/a",
            headers=[("cookie", "session=abc; theme=dark; b=1")],
            answered=[("Set-Cookie", "a=1\nb=2")],
        ),
        entry("/b", headers=[("cookie", "a=1; b=2")]),
    )

    assert made.notes == [
        "visit.har: the browser began with cookies that no recorded answer set ('b', 'session'),"
        " and the replay begins with none: to replay what needs them, record from the login on."
    ]


def test_a_byte_order_mark_is_no_error(tmp_path: Path) -> None:
    """Some proxies write one."""
    path = tmp_path / "proxy.har"
    path.write_bytes(b"\xef\xbb\xbf" + har([entry("/a")], pages=[], creator={"name": "p"}))

    assert read_scenarios([path])[0].requests[0].target == "/a"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is no HAR, or was cut, after 0 entries"),
        (b"[1, 2]", "is no HAR, or an empty one: it has no log.entries"),
        (har([]), "is no HAR, or an empty one"),
        (har([entry("/a"), entry("/b")])[:-40], "was cut, after 1 entries"),
        (har([entry("/a"), {"request": 1}]), r"entries\[1\]: Expected `object`, got `int`"),
        (har([entry("/a"), {"response": {}}]), r"entries\[1\]: .*missing required field `request`"),
        (har([entry("/a", method="A B")]), r"entries\[0\] cannot be sent: method 'A B'"),
        (har([entry("/a", status=0)]), "holds no request that was answered: 1 that were blocked"),
        (har([entry("http://[1/")]), r"entries\[0\] cannot be sent: Invalid IPv6 URL"),
        (har([entry("http://a b/")]), "cannot be replayed: base 'http://a b' must be"),
    ],
    ids=[
        "empty",
        "list",
        "no entries",
        "cut",
        "wrong",
        "no request",
        "method",
        "blocked",
        "url",
        "host",
    ],
)
def test_what_is_wrong_is_said_with_its_place(tmp_path: Path, content: bytes, message: str) -> None:
    """The file, the entry's position, and what is wrong."""
    path = tmp_path / "bad.har"
    path.write_bytes(content)

    with pytest.raises(ScenarioError, match=message) as raised:
        read_scenarios([path])
    assert str(path) in str(raised.value)


def test_a_file_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    """As of any scenario file."""
    with pytest.raises(ScenarioError, match="cannot be read: No such file"):
        read_scenarios([tmp_path / "none.har"])


def test_a_long_recording_is_never_in_memory_whole(tmp_path: Path) -> None:
    """Of the answers nothing is kept: fifty times the file takes about the same."""
    page = "<p>some words</p>\n" * 5_000
    path = tmp_path / "long.har"

    def peak(count: int) -> int:
        path.write_bytes(har(entry("/", body=page) for _ in range(count)))
        tracemalloc.start()
        try:
            read_scenarios([path])
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    few, many = peak(2), peak(100)

    assert path.stat().st_size > 9_000_000
    assert many < few + 1_000_000
