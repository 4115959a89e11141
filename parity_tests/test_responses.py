"""Responses: what a view may return, and what is made of it."""

from typing import Any

import pytest
from werkzeug.datastructures import Headers

from parity_tests.clients import AsyncClient, fields
from quart_parity.mirror.pair import ParityClient

HTML = {"Content-Type": "text/html; charset=utf-8"}
TEXT = {"Content-Type": "text/plain; charset=utf-8"}
JSON = {"Content-Type": "application/json"}
TWO_COOKIES = ["a=1; Path=/", "b=2; Path=/"]

OBJECTS: list[tuple[str, int, dict[str, Any], str]] = [
    ("/object/response", 202, TEXT | {"X-Made": "by hand"}, "made by hand"),
    ("/object/empty", 200, HTML, ""),
    ("/object/parts", 200, HTML, "one, two, thrée"),
    ("/object/made", 203, HTML | {"X-Made": "yes"}, "made"),
    ("/object/subclass", 200, TEXT, "plain by default"),
    ("/object/werkzeug", 206, TEXT | {"X-From": "Werkzeug"}, "from Werkzeug"),
    ("/object/overridden", 201, HTML | {"X-A": "new", "X-B": "kept"}, "overridden"),
    (
        "/object/headers",
        200,
        HTML
        | {
            "Cache-Control": "max-age=60, public",
            "Vary": "Accept, Cookie",
            "Content-Language": "en",
            "Last-Modified": "Thu, 29 Feb 2024 12:30:00 GMT",
            "Expires": "Thu, 29 Feb 2024 12:30:00 GMT",
            "ETag": 'W/"properties"',
        },
        "with properties",
    ),
    ("/object/data", 200, HTML, "before and after"),
    ("/object/after", 200, HTML | {"X-After": "yes"}, "with a header from afterwards"),
]

STRINGS: list[tuple[str, int, dict[str, Any], str]] = [
    ("/string", 200, HTML, "a string"),
    ("/string/empty", 200, HTML, ""),
    ("/string/unicode", 200, HTML, "naïve \N{SNOWMAN} \N{PILE OF POO}"),
    ("/string/markup", 200, HTML, "<b>&lt;escaped&gt;</b>"),
    (
        "/template",
        200,
        HTML,
        "<!doctype html>\n<title>Greeting</title>\n<p>Hello, tom!</p>",
    ),
    ("/template/string", 200, HTML, "<p>Hello, tom!</p>"),
    ("/redirect/slash/", 200, HTML, "with a slash"),
]

TUPLES: list[tuple[str, int, dict[str, Any], str]] = [
    ("/tuple/one", 200, HTML, "alone in a tuple"),
    ("/tuple/one/response", 202, HTML, "alone in a tuple"),
    ("/tuple/status", 201, HTML, "created"),
    ("/tuple/headers", 200, HTML | {"X-A": "1"}, "with a header"),
    ("/tuple/status/headers", 201, HTML | {"X-A": "1"}, "created with a header"),
    ("/tuple/none", 200, HTML, "as it is"),
    ("/status/phrase", 201, HTML, "created"),
    ("/status/digits", 202, HTML, "accepted"),
    ("/status/enum", 201, HTML, "created"),
    ("/status/unknown", 299, HTML, "unknown"),
    ("/status/json", 202, JSON, '{"status":"text"}\n'),
    ("/headers/dict", 200, HTML | {"X-One": "1", "X-Many": ["2", "3"]}, "dict"),
    ("/headers/list", 200, HTML | {"Set-Cookie": TWO_COOKIES}, "list"),
    ("/headers/tuple", 200, HTML | {"X-A": ["1", "2"]}, "tuple"),
    ("/headers/object", 200, HTML | {"X-A": ["1", "2"]}, "object"),
    ("/headers/json", 200, JSON | {"Set-Cookie": "b=2; Path=/"}, '{"headers":"list"}\n'),
    (
        "/headers/type",
        200,
        {"Content-Type": "text/csv; charset=utf-8; header=absent"},
        "a,b\n",
    ),
    ("/headers/number", 200, HTML | {"X-Number": "42"}, "number"),
    ("/headers/latin", 200, HTML | {"X-Name": "café"}, "latin"),
]

JSONS: list[tuple[str, int, dict[str, Any], str]] = [
    ("/json/dict", 200, JSON, '{"a":null,"b":1,"c":[true,1.5]}\n'),
    ("/json/list", 200, JSON, '[1,"two",{"three":3}]\n'),
    ("/json/empty", 200, JSON, "{}\n"),
    ("/json/nested", 200, JSON, '{"levels":[{"level":[{"level":{"level":[]}}]},{}]}\n'),
    (
        "/json/unicode",
        200,
        JSON,
        '{"na\\u00efve":"\\u2603 \\ud83d\\udca9 </script>"}\n',
    ),
    (
        "/json/types",
        200,
        JSON,
        '{"dataclass":{"x":1,"y":2},"date":"Thu, 29 Feb 2024 00:00:00 GMT",'
        '"datetime":"Thu, 29 Feb 2024 12:30:00 GMT","decimal":"1.10","markup":"<b>",'
        '"tuple":[1,2],"uuid":"00000000-0000-0000-0000-000000000001"}\n',
    ),
    ("/json/jsonify", 203, JSON, '{"age":3,"name":"tom"}\n'),
    ("/json/scalar", 200, JSON, '"alone"\n'),
]

CONVERSIONS = [
    pytest.param(*case, id=case[0].strip("/")) for case in OBJECTS + STRINGS + TUPLES + JSONS
]


@pytest.mark.parametrize(("path", "status", "headers", "body"), CONVERSIONS)
async def test_conversion(
    parity: ParityClient,
    raised: list[BaseException],
    path: str,
    status: int,
    headers: dict[str, Any],
    body: str,
) -> None:
    """What the view returned has this status, these headers and no others, and this body."""
    answer = await parity.get(f"/responses{path}")
    length = {"Content-Length": str(len(body.encode()))}

    assert answer.status_code == status
    assert fields(answer.headers) == fields(Headers(headers | length))
    assert answer.text == body
    assert raised == []


@pytest.mark.parametrize(("path", "status", "headers", "body"), CONVERSIONS)
async def test_conversion_for_head(
    client: AsyncClient, path: str, status: int, headers: dict[str, Any], body: str
) -> None:
    """HEAD has status and headers of GET, the length included, and no body."""
    answer = await client.head(f"/responses{path}")
    length = {"Content-Length": str(len(body.encode()))}

    assert answer.status == status
    assert answer.fields == fields(Headers(headers | length))
    assert answer.body == b""


async def test_bytes_are_sent_as_they_are(parity: ParityClient) -> None:
    """Bytes are a body of the default type, whatever they stand for."""
    answer = await parity.get("/responses/bytes")

    assert answer.status_code == 200
    assert fields(answer.headers) == fields(Headers(HTML | {"Content-Length": "256"}))
    assert answer.data == bytes(range(256))


async def test_two_cookies_in_a_list_both_come_back(parity: ParityClient) -> None:
    """A header list that repeats Set-Cookie sets both cookies."""
    await parity.get("/responses/headers/list")
    answer = await parity.get("/listcookies")

    assert answer.json == [["a", "1"], ["b", "2"]]


@pytest.mark.parametrize("path", ["template", "template/string"])
async def test_templates_escape(parity: ParityClient, path: str) -> None:
    """What a visitor says is text in a template, not markup."""
    answer = await parity.get(f"/responses/{path}", query_string={"name": "<i>'\"&</i>"})

    assert "Hello, &lt;i&gt;&#39;&#34;&amp;&lt;/i&gt;!" in answer.text


@pytest.mark.parametrize(
    ("method", "parts", "body"),
    [
        ("GET", {}, "GET /responses/wsgi\nquery , body "),
        ("GET", {"query_string": "a=%C3%A9"}, "GET /responses/wsgi\nquery a=%C3%A9, body "),
        ("POST", {"data": "naïve"}, "POST /responses/wsgi\nquery , body naïve"),
    ],
    ids=["get", "query", "post"],
)
async def test_a_wsgi_application_is_run(
    parity: ParityClient, method: str, parts: dict[str, Any], body: str
) -> None:
    """Anything else is taken for a WSGI application: it gets the request, its answer is sent."""
    answer = await parity.open("/responses/wsgi", method=method, **parts)

    assert answer.status_code == 203
    assert fields(answer.headers) == [
        ("content-type", "text/plain"),
        ("set-cookie", "a=1"),
        ("set-cookie", "b=2"),
    ]
    assert answer.text == body


async def test_a_wsgi_application_is_overridden(parity: ParityClient) -> None:
    """Status and headers beside a WSGI application override its own."""
    answer = await parity.get("/responses/wsgi/overridden")

    assert answer.status_code == 202
    assert answer.headers["X-Over"] == "ridden"
    assert answer.headers.getlist("Set-Cookie") == ["a=1", "b=2"]


async def test_a_response_can_be_conditional(parity: ParityClient) -> None:
    """A response that was given an ETag is not sent again to whom has it."""
    first = await parity.get("/responses/object/conditional")
    headers = {"If-None-Match": first.headers["ETag"]}
    second = await parity.get("/responses/object/conditional", headers=headers)
    other = {"If-Match": '"other"'}
    third = await parity.get("/responses/object/conditional", headers=other)

    assert first.headers["ETag"] == '"9d427d4cd0a3c905c6fbdac716e6163210dc1e84"'
    assert [answer.status_code for answer in (first, second, third)] == [200, 304, 412]
    assert second.headers["ETag"] == first.headers["ETag"]
    assert second.data == b""
