"""Each aspect is shown differences that it must find, and equalities that it must not report."""

from dataclasses import replace
from typing import Any

import pytest

from quart_parity.aspects import ASPECTS
from quart_parity.exchange import Exchange, Raised, Unawaited
from quart_parity.values import MISSING
from tests.builders import answer, cookies, found, no_answer

JSON = [("Content-Type", "application/json")]


def text(body: bytes, content_type: str = "text/plain; charset=utf-8") -> Exchange:
    return answer(headers=[("Content-Type", content_type)], body=body)


def json(body: bytes) -> Exchange:
    return answer(headers=JSON, body=body)


# One wrapped in the other's place: reference, candidate, and all that must be found.
DIFFERENT: dict[str, tuple[Exchange, Exchange, dict[str, tuple[Any, Any]]]] = {
    "another status": (answer(200), answer(201), {"status": (200, 201)}),
    "no answer": (
        answer(),
        no_answer(broken="no answer within 1 s"),
        {"status": (200, MISSING), "broken": (MISSING, "no answer within 1 s")},
    ),
    "broken off": (answer(), answer(broken="half"), {"broken": (MISSING, "half")}),
    "broken otherwise": (answer(broken="a"), answer(broken="b"), {"broken": ("a", "b")}),
    "raised on one side": (
        answer(500),
        answer(500, raised=Raised("KeyError", "'a'", "shop.py:1")),
        {"raised": (MISSING, {"type": "KeyError", "text": "'a'"})},
    ),
    "another type raised": (
        answer(raised=Raised("KeyError", "x", None)),
        answer(raised=Raised("IndexError", "x", None)),
        {"raised.type": ("KeyError", "IndexError")},
    ),
    "another text raised": (
        answer(raised=Raised("KeyError", "x", None)),
        answer(raised=Raised("KeyError", "y", None)),
        {"raised.text": ("x", "y")},
    ),
    "raised by the application on one side only": (
        answer(raised=Raised("TypeError", "x", None)),
        answer(raised=Raised("TypeError", None, None)),
        {"raised.text": ("x", MISSING)},
    ),
    "raised without an answer": (
        no_answer(raised=Raised("KeyError", None, None)),
        no_answer(raised=Raised("OSError", None, None)),
        {"raised.type": ("KeyError", "OSError")},
    ),
    "a coroutine that nobody awaited": (
        answer(),
        replace(answer(), unawaited=(Unawaited("fetch"),)),
        {"unawaited": (MISSING, "fetch")},
    ),
    "a header missing": (answer(headers=[("X", "1")]), answer(), {"header.x": ("1", MISSING)}),
    "a header more": (
        answer(),
        answer(headers=[("ETag", '"1"')]),
        {"header.etag": (MISSING, '"1"')},
    ),
    "another value": (
        answer(headers=[("X", "1")]),
        answer(headers=[("X", "2")]),
        {"header.x": ("1", "2")},
    ),
    "another case in a value": (
        answer(headers=[("X", "a")]),
        answer(headers=[("X", "A")]),
        {"header.x": ("a", "A")},
    ),
    "a repeat lost": (
        answer(headers=[("X", "1"), ("X", "2")]),
        answer(headers=[("X", "2")]),
        {"header.x": (["1", "2"], "2")},
    ),
    "repeats the other way around": (
        answer(headers=[("X", "1"), ("X", "2")]),
        answer(headers=[("X", "2"), ("X", "1")]),
        {"header.x[0]": ("1", "2"), "header.x[1]": ("2", "1")},
    ),
    "repeats joined": (
        answer(headers=[("X", "1"), ("X", "2")]),
        answer(headers=[("X", "1, 2")]),
        {"header.x": (["1", "2"], "1, 2")},
    ),
    "no Vary": (
        answer(headers=[("Vary", "Cookie")]),
        answer(),
        {"header.vary": ("cookie", MISSING)},
    ),
    "a name less in Vary": (
        answer(headers=[("Vary", "Cookie, Accept")]),
        answer(headers=[("Vary", "Cookie")]),
        {"header.vary": ("accept, cookie", "cookie")},
    ),
    "a method less in Allow": (
        answer(headers=[("Allow", "GET, HEAD")]),
        answer(headers=[("Allow", "GET")]),
        {"header.allow": ("GET, HEAD", "GET")},
    ),
    "methods in another case": (
        answer(headers=[("Allow", "GET")]),
        answer(headers=[("Allow", "get")]),
        {"header.allow": ("GET", "get")},
    ),
    "another text": (text(b"a"), text(b"b"), {"body": ("a", "b")}),
    "another line break": (text(b"a\n"), text(b"a\r\n"), {"body": ("a\n", "a\r\n")}),
    "a space": (text(b"a"), text(b"a "), {"body": ("a", "a ")}),
    "other bytes": (answer(body=b"\xff"), answer(body=b"\xfe"), {"body": (b"\xff", b"\xfe")}),
    "bytes for text": (answer(body=b"a"), answer(body=b"\xff"), {"body": ("a", b"\xff")}),
    "an empty body": (text(b"a"), text(b""), {"body": ("a", "")}),
    "another number": (json(b'{"a": [1, 2]}'), json(b'{"a": [1, 3]}'), {"body.a[1]": (2, 3)}),
    "a number for another kind": (json(b"1"), json(b"1.0"), {"body": (1, 1.0)}),
    "a truth for a number": (json(b"[1]"), json(b"[true]"), {"body[0]": (1, True)}),
    "text for a number": (json(b'{"a": 1}'), json(b'{"a": "1"}'), {"body.a": (1, "1")}),
    "null for nothing": (json(b'{"a": null}'), json(b"{}"), {"body.a": (None, MISSING)}),
    "an item more": (json(b"[1]"), json(b"[1, null]"), {"body[1]": (MISSING, None)}),
    "items the other way around": (
        json(b'["a", "b"]'),
        json(b'["b", "a"]'),
        {"body[0]": ("a", "b"), "body[1]": ("b", "a")},
    ),
    "broken JSON": (json(b"{}"), json(b"{"), {"body": ({}, "{")}),
    "JSON by its suffix": (
        text(b"[1]", "application/problem+json"),
        text(b"[2]", "application/problem+json"),
        {"body[0]": (1, 2)},
    ),
    "a charset that the text is not in": (
        text(b"\xe9", "text/plain; charset=utf-8"),
        text(b"\xc3\xa9", "text/plain; charset=utf-8"),
        {"body": (b"\xe9", "é")},
    ),
}
EQUAL: dict[str, tuple[Exchange, Exchange]] = {
    "Vary in another order and case": (
        answer(headers=[("Vary", "Cookie, Accept")]),
        answer(headers=[("Vary", "accept"), ("Vary", "cookie,")]),
    ),
    "Allow in another order": (
        answer(headers=[("Allow", "GET, HEAD, OPTIONS")]),
        answer(headers=[("Allow", "OPTIONS,HEAD, GET")]),
    ),
    "the place where it was raised": (
        answer(raised=Raised("KeyError", "x", "a.py:1")),
        answer(raised=Raised("KeyError", "x", "b.py:2")),
    ),
    "JSON in another order": (json(b'{"a": 1, "b": [2]}'), json(b'{"b": [2],\n"a": 1}')),
    "JSON escaped otherwise": (json('"é"'.encode()), json(b'"\\u00e9"')),
    "not a number": (json(b"[NaN]"), json(b"[ NaN]")),
    "cookies of two names in another order": (cookies("a=1", "b=2"), cookies("b=2", "a=1")),
    "attributes in another order and case": (
        cookies("a=1; Path=/; HttpOnly"),
        cookies("a=1; httponly; PATH=/"),
    ),
}


@pytest.mark.parametrize(("ours", "theirs", "paths"), DIFFERENT.values(), ids=DIFFERENT)
def test_a_difference_is_found_with_its_path_and_values(
    ours: Exchange, theirs: Exchange, paths: dict[str, tuple[Any, Any]]
) -> None:
    """What the two sides do not share is reported, and nothing beside it."""
    assert found(ours, theirs) == paths


@pytest.mark.parametrize(("ours", "theirs", "paths"), DIFFERENT.values(), ids=DIFFERENT)
def test_a_difference_is_found_from_either_side(
    ours: Exchange, theirs: Exchange, paths: dict[str, tuple[Any, Any]]
) -> None:
    """With the sides exchanged, the same paths are found with the values exchanged."""
    assert found(theirs, ours) == {path: (b, a) for path, (a, b) in paths.items()}


@pytest.mark.parametrize(("ours", "theirs"), EQUAL.values(), ids=EQUAL)
def test_what_means_the_same_is_no_difference(ours: Exchange, theirs: Exchange) -> None:
    """Order, case and spelling that carry no meaning are not reported."""
    assert found(ours, theirs) == {}


@pytest.mark.parametrize(
    "charset", ["undefined", "no-such", "idna", "punycode", "utf-16", "hex", ""]
)
def test_a_declared_charset_never_raises(charset: str) -> None:
    """Whatever an application declares, its body is read as text or as bytes."""
    ours, theirs = (
        text(body, f"text/plain; charset={charset}") for body in (b"a\xff\xfe", b"b\xff")
    )

    assert found(ours, theirs).keys() == {"body"}


def test_json_that_is_too_deep_is_compared_as_text() -> None:
    """A body nested beyond reading is compared all the same."""
    ours, theirs = (json(b"[" * 100_000 + end + b"]" * 100_000) for end in (b"1", b"2"))

    assert found(ours, theirs).keys() == {"body"}


def test_without_a_response_nothing_else_is_compared() -> None:
    """Where one side did not answer, that is all there is to say."""
    differences = found(answer(headers=[("X", "1")], body=b"x"), no_answer())

    assert differences == {"status": (200, MISSING)}


def test_every_aspect_is_shown_a_difference() -> None:
    """The table above leaves no aspect out but those that have files of their own."""
    paths = {path for _, _, paths in DIFFERENT.values() for path in paths}
    shown = {path.partition(".")[0].partition("[")[0] for path in paths}

    assert shown | {"cookie", "session", "interim", "trailer"} == set(ASPECTS)
