"""The response class: compat's has the results of Flask's, and stock Quart's has not."""

import asyncio
from collections.abc import Generator
from typing import Any

import pytest
import quart
from werkzeug.wrappers import Response as WerkzeugResponse

from quart_parity import compat
from tests.compat.sides import COMPAT, FLASK, STOCK, Make, Side, cases, steps

TEXT = "0123456789" * 3
DATE = "Thu, 01 Jan 2026 00:00:00 GMT"
LATER = "Fri, 02 Jan 2026 00:00:00 GMT"
ETAG = '"given"'


@steps
def conditional(side: Side) -> Generator[Any, Any, Any]:
    """A response of text with an ETag and a date, made conditional with ranges."""
    response = side.Response(TEXT)
    response.set_etag("given")
    response.headers["Last-Modified"] = DATE
    return (yield response.make_conditional(side.request, True, len(TEXT)))


@steps
def conditional_stream(side: Side) -> Generator[Any, Any, Any]:
    """A response of chunks, made conditional with ranges."""
    response = side.Response(iter([TEXT[:7], b"", TEXT[7:]]))
    return (yield response.make_conditional(side.request, True, len(TEXT)))


@steps
def conditional_list(side: Side) -> Generator[Any, Any, Any]:
    """A response of a list, made conditional without ranges."""
    response = side.Response([TEXT, TEXT])
    yield response.add_etag()
    return (yield response.make_conditional(side.request))


CONDITIONS: dict[str, list[tuple[str, str]]] = {
    "plain": [],
    "etag-same": [("If-None-Match", ETAG)],
    "etag-weak": [("If-None-Match", f"W/{ETAG}")],
    "etag-other": [("If-None-Match", '"other"')],
    "etag-any": [("If-None-Match", "*")],
    "date-same": [("If-Modified-Since", DATE)],
    "date-later": [("If-Modified-Since", LATER)],
    "match-other": [("If-Match", '"other"')],
    "match-same": [("If-Match", ETAG)],
    "range-prefix": [("Range", "bytes=0-4")],
    "range-open": [("Range", "bytes=25-")],
    "range-suffix": [("Range", "bytes=-5")],
    "range-suffix-too-long": [("Range", "bytes=-500")],
    "range-too-long": [("Range", "bytes=20-500")],
    "range-last": [("Range", "bytes=29-29")],
    "range-none": [("Range", "bytes=30-")],
    "range-backwards": [("Range", "bytes=9-1")],
    "range-two": [("Range", "bytes=0-1,4-5")],
    "range-unit": [("Range", "lines=0-1")],
    "range-garbage": [("Range", "bytes=x")],
    "if-range-same": [("Range", "bytes=0-4"), ("If-Range", ETAG)],
    "if-range-other": [("Range", "bytes=0-4"), ("If-Range", '"other"')],
    "if-range-date": [("Range", "bytes=0-4"), ("If-Range", DATE)],
    "if-range-old": [("Range", "bytes=0-4"), ("If-Range", "Wed, 31 Dec 2025 00:00:00 GMT")],
    "range-and-etag": [("Range", "bytes=0-4"), ("If-None-Match", ETAG)],
}


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
@pytest.mark.parametrize("make", [conditional, conditional_stream, conditional_list])
@pytest.mark.parametrize("headers", cases(CONDITIONS))
def test_conditional_requests_are_answered_as_by_flask(
    headers: list[tuple[str, str]], make: Make, method: str
) -> None:
    """`make_conditional` gives Flask's status, fields and part of the body."""
    expected = FLASK.get(make, method=method, headers=headers)

    assert expected.status in {200, 206, 304, 412, 416}
    assert COMPAT.get(make, method=method, headers=headers) == expected


ALIKE = {"range-backwards", "range-garbage"}
"""What Werkzeug's parser refuses before Quart has a say."""


@pytest.mark.parametrize(
    "headers", cases({name: CONDITIONS[name] for name in CONDITIONS if name not in ALIKE})
)
def test_stock_quart_still_needs_the_conditions(headers: list[tuple[str, str]]) -> None:
    """Without compat at least `Date` and `Accept-Ranges` are missing."""

    assert STOCK.get(conditional, headers=headers) != FLASK.get(conditional, headers=headers)


@steps
def tagged(side: Side) -> Generator[Any, Any, Any]:
    """A response tagged by its content."""
    response = side.Response(TEXT)
    yield response.add_etag()
    return response


@steps
def frozen(side: Side) -> Generator[Any, Any, Any]:
    """A stream, frozen."""
    response = side.Response(iter("abc"))
    yield response.freeze()
    return response


@steps
def described(side: Side) -> Generator[Any, Any, Any]:
    """What responses of several kinds say of themselves."""
    told = []
    for body in [None, "ä", b"x", ["a", "ä"], ("a",), iter("abc")]:
        response = side.Response(body)
        told += [response.is_sequence, response.is_streamed, response.content_length]
        told += [(yield response.calculate_content_length()), response.is_sequence]
    return told


@steps
def unread(side: Side) -> Generator[Any, Any, Any]:
    """What a stream says that must not be read."""
    response = side.Response(iter("abc"), direct_passthrough=True)
    told = [response.direct_passthrough, (yield response.calculate_content_length())]
    return [*told, response.is_streamed]


@steps
def parsed(side: Side) -> Generator[Any, Any, Any]:
    """What is parsed out of JSON, of what is none, and of another type."""
    told = []
    for body, mimetype in [
        ('{"a": 1}', "application/json"),
        ("{", "application/json"),
        ("1", "a/b"),
    ]:
        response = side.Response(body, mimetype=mimetype)
        told.append((yield response.get_json(silent=True)))
    return told


@steps
def unparsable(side: Side) -> Generator[Any, Any, Any]:
    """A view that parses what is no JSON, and does not ask for silence."""
    return [(yield side.Response("{", mimetype="application/json").get_json())]


@steps
def replaced(side: Side) -> Generator[Any, Any, Any]:
    """A response whose body is replaced and read back."""
    response = side.Response(iter("abc"), mimetype="text/plain")
    response.set_data("äb")
    return [response.content_length, (yield response.get_data(as_text=True))]


CLASS: dict[str, Make] = {
    "add-etag": tagged,
    "freeze": frozen,
    "described": described,
    "unread": unread,
    "get-json": parsed,
    "get-json-failing": unparsable,
}


@pytest.mark.parametrize("make", cases({**CLASS, "set-data": replaced}))
def test_response_behaves_as_flasks(make: Make) -> None:
    """What a response says and does is what Flask's says and does."""

    assert COMPAT.get(make) == FLASK.get(make)


@pytest.mark.parametrize("make", cases(CLASS))
def test_stock_quart_still_needs_the_class(make: Make) -> None:
    """Without compat names are missing or results are others."""

    assert STOCK.get(make) != FLASK.get(make)


def test_force_type_converts_responses_only() -> None:
    """`force_type` keeps the object's headers, and refuses what only a view can return."""
    given = WerkzeugResponse("x", "203 OK", {"X-A": "1"})

    class Own(compat.Response):
        """A class of the application's own."""

    converted = Own.force_type(given)

    assert type(converted) is Own
    assert converted.headers is given.headers
    assert converted.status == "203 OK"
    assert asyncio.run(converted.get_data()) == b"x"
    assert Own.force_type(converted) is converted
    with pytest.raises(TypeError, match="return it from the view"):
        Own.force_type(lambda environ, start_response: [])


def test_responses_of_stock_quart_become_compats() -> None:
    """A response that a view built of Quart's own class is converted in place, as Flask does."""
    given = quart.Response("x", 203)
    converted = compat.Response.force_type(given)

    assert converted is given
    assert type(given) is compat.Response


def test_response_closes_as_a_context_manager() -> None:
    """`async with` closes the body and runs what was registered."""
    called: list[str] = []

    async def use() -> None:
        async with compat.Response(iter("ab")) as response:
            response.call_on_close(lambda: called.append("x"))
            chunks = [chunk async for chunk in response.iter_encoded()]
            assert chunks == [b"a", b"b"]

    asyncio.run(use())

    assert called == ["x"]


def test_numbers_are_no_chunks() -> None:
    """A list of numbers is refused at once, not sent as zeros."""
    with pytest.raises(TypeError):
        compat.Response([1, 2])
