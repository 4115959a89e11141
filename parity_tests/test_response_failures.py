"""HTTP exceptions, and what a view must not return."""

import pytest

from parity_tests.clients import AsyncClient, set_by
from quart_parity.mirror.pair import ParityClient

HTML = "text/html; charset=utf-8"


@pytest.mark.parametrize(
    ("path", "status", "body"),
    [
        ("raised", 404, "<h1>Not Found</h1>\n<p>No &lt;such&gt; thing.</p>\n"),
        ("returned", 410, "<h1>Gone</h1>\n<p>Gone, and returned.</p>\n"),
        ("returned/tuple", 404, "<h1>Gone</h1>\n"),
        ("response", 409, "aborted with a response"),
        ("headers", 401, "<h1>Unauthorized</h1>\n"),
        ("retry", 503, "<h1>Service Unavailable</h1>\n"),
    ],
)
async def test_an_http_exception_is_an_answer(
    parity: ParityClient, raised: list[BaseException], path: str, status: int, body: str
) -> None:
    """Raised or returned, an HTTP exception is its page, escaped, and no error."""
    answer = await parity.get(f"/responses/exception/{path}")

    assert answer.status_code == status
    assert raised == []
    assert answer.headers["Content-Type"] == HTML
    assert answer.headers["Content-Length"] == str(len(answer.data))
    assert body in answer.text


@pytest.mark.parametrize(
    ("path", "name", "value"),
    [
        ("headers", "WWW-Authenticate", "Basic realm=shop"),
        ("retry", "Retry-After", "120"),
        ("returned/tuple", "X-A", "1"),
    ],
)
async def test_an_http_exception_brings_headers(
    parity: ParityClient, path: str, name: str, value: str
) -> None:
    """Headers of the exception, or given beside it, are sent."""
    answer = await parity.get(f"/responses/exception/{path}")

    assert answer.headers.getlist(name) == [value]


@pytest.mark.parametrize(
    ("path", "error"),
    [
        ("fail/none", "TypeError"),
        ("fail/number", "TypeError"),
        ("fail/set", "TypeError"),
        ("fail/tuple/empty", "TypeError"),
        ("fail/tuple/none", "TypeError"),
        ("fail/tuple/four", "TypeError"),
        ("fail/header", "ValueError"),
        ("json/unsupported", "TypeError"),
        ("template/missing", "TemplateNotFound"),
        ("exception/unhandled", "LookupError"),
    ],
)
async def test_what_must_fail_does(
    client: AsyncClient, caplog: pytest.LogCaptureFixture, path: str, error: str
) -> None:
    """What is no response is an exception in the log and a 500 that says nothing of it."""
    answer = await client.get(f"/responses/{path}")

    assert answer.status == 500
    assert answer.raised is not None
    assert answer.raised.type == error
    assert "<h1>Internal Server Error</h1>" in answer.text
    assert error not in answer.text
    assert [record.levelname for record in caplog.records] == ["ERROR"]
    assert error in caplog.text


async def test_a_line_break_forges_no_header(parity: ParityClient) -> None:
    """A header value with a line break sends neither that header nor another."""
    answer = await parity.get("/responses/fail/header")

    assert "X-A" not in answer.headers
    assert set_by(answer) == {}


@pytest.mark.parametrize("path", ["/nowhere", "/responses", "/responses/string/", "/setcookie"])
async def test_an_unknown_path_is_a_404(
    parity: ParityClient, raised: list[BaseException], path: str
) -> None:
    """What no rule matches is not found."""
    answer = await parity.get(path)

    assert (answer.status_code, raised) == (404, [])
    assert "<title>404 Not Found</title>" in answer.text


async def test_another_method_is_a_405_that_names_the_known(parity: ParityClient) -> None:
    """A method that the rule does not take is refused with those that it takes."""
    answer = await parity.post("/setsession", data="unwanted")

    assert answer.status_code == 405
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}
    assert set_by(answer) == {}


async def test_options_names_the_methods(parity: ParityClient) -> None:
    """OPTIONS answers without a body for every route."""
    answer = await parity.options("/responses/wsgi")

    assert (answer.status_code, answer.data) == (200, b"")
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS", "POST"}
