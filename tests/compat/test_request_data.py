"""What is left of a body once a form has been parsed from it."""

from operator import attrgetter
from typing import Any

import pytest
import quart

from tests.compat.sides import COMPAT, FLASK, STOCK, CompatQuart, cases
from tests.compat.uploading import (
    END,
    JSON,
    MULTIPART,
    URLENCODED,
    get_data,
    get_json,
    part,
    post,
    reading,
)

DATA, FORM, FILES = attrgetter("data"), attrgetter("form"), attrgetter("files")
LEFT = get_data(parse_form_data=True)
TEXT = get_data(as_text=True, parse_form_data=True)
OFF = {"FLASK_COMPAT": {"QP055": False}}

CALLS: dict[str, list[Any]] = {
    "data": [DATA],
    "data-again": [DATA, DATA],
    "data-and-form": [DATA, FORM],
    "form-and-data": [FORM, DATA],
    "files-and-data": [FILES, DATA, LEFT],
    "text": [TEXT],
    "left-and-data": [LEFT, DATA, FORM],
    "uncached": [get_data(cache=False, parse_form_data=True), DATA],
    "read-before": [get_data(), DATA, FORM, DATA, TEXT],
    "read-and-forgotten": [get_data(cache=False), DATA, FORM],
    "json-before": [get_json(force=True, silent=True), DATA, FORM],
}
BODIES: dict[str, tuple[bytes, Any]] = {
    "urlencoded": (b"a=1&b=2", URLENCODED),
    "multipart": (part(b"a", b"1") + END, MULTIPART),
    "file": (part(b'a; filename="n"', b"1") + END, MULTIPART),
    "no-boundary": (part(b"a", b"1") + END, [("Content-Type", "multipart/form-data")]),
    "empty-form": (b"", URLENCODED),
    "json": (b'{"a": 1}', JSON),
    "text": (b"a=1", [("Content-Type", "text/plain")]),
    "old-type": (b"a=1", [("Content-Type", "application/x-other")]),
    "parameters": (b"a=1", [("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")]),
    "no-type": (b"a=1", []),
}


@pytest.mark.parametrize("body", cases(BODIES))
@pytest.mark.parametrize("calls", cases(CALLS))
def test_data_is_what_parsing_leaves(calls: Any, body: tuple[bytes, Any]) -> None:
    """In whatever order a body is read and parsed, its data is as in Flask."""
    content, headers = body
    answer = post(COMPAT, reading(*calls), [content], headers)

    assert answer == post(FLASK, reading(*calls), [content], headers)
    assert answer[0] == 200


@pytest.mark.parametrize("body", cases(BODIES))
@pytest.mark.parametrize("calls", [[FORM, get_data()], [DATA, get_data()]], ids=["form", "data"])
def test_reading_after_parsing_is_quarts(calls: Any, body: tuple[bytes, Any]) -> None:
    """`get_data()` after a form gives what it has given without the piece."""
    content, headers = body
    [_, after] = post(COMPAT, reading(*calls), [content], headers)[1].split(b",", 1)
    [_, before] = post(COMPAT, reading(*calls), [content], headers, config=OFF)[1].split(b",", 1)

    assert after == before


@pytest.mark.parametrize("calls", [[DATA], [TEXT], [FORM, LEFT]], ids=["data", "text", "form"])
def test_data_is_quarts_with_the_piece_off(calls: Any) -> None:
    """Without the piece an urlencoded form is its own data."""
    answer = post(COMPAT, reading(*calls), [b"a=1"], URLENCODED, config=OFF)

    assert answer == post(STOCK, reading(*calls), [b"a=1"], URLENCODED)
    assert answer != post(FLASK, reading(*calls), [b"a=1"], URLENCODED)


async def test_data_is_known_of_requests_made_for_tests() -> None:
    """In a test request context it is the same."""
    app = CompatQuart(__name__)
    async with app.test_request_context("/", method="POST", form={"a": "1"}):
        data, form = await quart.request.data, await quart.request.form

    assert (data, form.to_dict()) == (b"", {"a": "1"})
