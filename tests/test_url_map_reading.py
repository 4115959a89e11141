"""What a walk over a URL map reads in answers, which may be anything."""

import json
import re
from time import process_time
from typing import Any

import pytest
from flask import Flask, Response
from hypothesis import given, settings
from hypothesis import strategies as st

from quart_parity.routes import Converter
from quart_parity.sources.url_map import URLMap
from quart_parity.sources.url_map.json_answers import complaints, objects_in
from quart_parity.sources.url_map.pages import LONGEST, read_page
from quart_parity.sources.url_map.signs import is_farewell, looks_generated, names_token
from quart_parity.sources.url_map.values import edges, sample, typical
from tests.walking import walk


@pytest.mark.parametrize(
    "text",
    [
        "5f1c0d7e-1111-4222-8333-444455556666",
        "0123456789abcdef",
        "b7Kq3yT9ZpLmN2wRx1sQ",
        "IjEyMzQ1Njc4OTAxMjM0NTY3OCI.Z1abcd.Qw3rTy7UiOp1AsDfGhJkLz9XcVb",
        "app.3f2a9c1b4d5e6f70.js",
        "0WLz8aI4K6pqEgXc2uYyvtoezugqLjHL",
        "RnHvlZGExdZAHd-I57ysEMYsdrSpEc9u",
        "3ad33c5b81de0942268b2d53ec675c6da4aaefb9",
    ],
)
def test_what_is_made_up_looks_so(text: str) -> None:
    """UUIDs, long hexadecimal numbers, random and signed tokens are each side's own."""
    assert looks_generated(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "17",
        "12345678901234567890",
        "customer-service-information",
        "2024-06-15T10:11:12",
        "a-very-long-slug-of-a-page-2024",
        "documentation.pdf",
        "two words",
    ],
)
def test_what_somebody_chose_looks_so(text: str) -> None:
    """Numbers, dates, slugs and names are the same on both sides, and sent as they are."""
    assert not looks_generated(text)


def test_names_tell_tokens_and_ends() -> None:
    """What proves a form, and what ends a session or an account, is known by its name."""
    ends = ["/logout", "auth.log_out", "Sign out", "/account/delete", "Close your account"]
    others = ["/account", "/cart/delete", "/blog", "/account/addresses/1/delete"]

    assert [n for n in ("csrf_token", "authenticity", "colour") if names_token(n)] == [
        "csrf_token",
        "authenticity",
    ]
    assert [name for name in [*ends, *others] if is_farewell(name)] == ends
    assert not is_farewell("Delete", "/account/addresses")


def test_a_page_is_read_as_far_as_it_goes() -> None:
    """Tags that are broken, nested wrongly or never closed do not hide what stands before."""
    page = read_page(
        '<a href="/a">one <b>two</a><form action="/f"><select name=s><option>x<option value=y>z'
        "</form><a href=/b>"
    )

    assert page.links == {"/a": "one two", "/b": ""}
    assert page.forms[0].fields[0].options == ["x", "y"]


HOSTILE = ["<", "<!--", "<a ", "<a b='", "&", "<![CDATA[", "</", "<script>", "<textarea>", "<a/"]
HOSTILE += ["<input name=a b=", "<!doctype [", "<form>", "<a href=/x>", "<option>", "&#x", '<a"']


@pytest.mark.parametrize("piece", HOSTILE)
def test_a_hostile_page_takes_bounded_time(piece: str) -> None:
    """No page is read in more than linear time, and of a huge one only the beginning."""
    text = piece * (2 * LONGEST // len(piece))
    began = process_time()
    page = read_page(text)

    assert process_time() - began < 5
    assert len(page.links) <= 500
    assert len(page.forms) <= 40


@given(st.text(alphabet="<>/a=\"' !-&#;x[]?\n", max_size=60))
@settings(max_examples=200, deadline=None)
def test_any_text_is_a_page(text: str) -> None:
    """Whatever an application answers, it can be read."""
    read_page(text)
    read_page(f"<form>{text}<select name=a>{text}")


def answering(body: bytes, kind: str) -> Flask:
    app = Flask("hostile", static_folder=None)
    app.add_url_rule("/", "index", lambda: Response(body, content_type=kind))
    return app


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"[" * 100_000, "application/json"),
        (b'{"a":' * 900 + b"1" + b"}" * 900, "application/json"),
        (json.dumps({str(n): {"a": [n] * 9} for n in range(9_000)}).encode(), "application/json"),
        (b'{"a": "\\ud800"}', "application/json"),
        (b'{"a": "{{x}}"}', "application/json"),
        (b'{"{{x}}": 1}', "application/json"),
        (b"\xff\xfe\x00<a href=/>", "text/html; charset=utf-16"),
        (b'<a href="/\xff?q={{x}}">', "text/html"),
        (b"<form method=post action=/><input name='{{x}}' value='{{y}}'>", "text/html"),
        (
            b"<form method=post><input type=hidden name='a]b(' value=b7Kq3yT9ZpLmN2wRx1sQ>",
            "text/html",
        ),
        (b"<form method=post><input name=a pattern='(a+)+$' maxlength=1e99 min=nan>", "text/html"),
        (b"\x00" * 1_000_000, "text/plain"),
        (b"x", "text/html; \xff".encode("latin-1").decode("latin-1")),
    ],
    ids=range(13),
)
def test_any_answer_can_be_walked(body: bytes, kind: str) -> None:
    """Endless depth, huge, binary and broken answers lead to requests that work."""
    app = answering(body, kind)
    for method in ("PUT", "POST"):
        app.add_url_rule("/", method, lambda: Response(body, content_type=kind), methods=[method])

    assert walk(app).exchanges


def test_an_application_that_fails_is_walked_on() -> None:
    """An exception in a view, or a cookie of a strange name, ends nothing."""
    app = Flask("failing", static_folder=None)
    app.add_url_rule("/", "index", lambda: str(1 / 0))
    app.add_url_rule(
        "/odd", "odd", lambda: Response("x", headers={"Set-Cookie": 'a"[b]=\xe9; Path=/'})
    )
    app.config["PROPAGATE_EXCEPTIONS"] = True

    assert {"/", "/odd"} <= set(walk(app).sent())


@pytest.mark.parametrize(
    "regex",
    [
        "[a-z]+(?:-[a-z]+)*",
        "[A-Z]{2}[0-9]{4}",
        r"\d{4}-\d{2}-\d{2}",
        "(?:foo|bar)x+?",
        "[^a-z]{3}",
        r"\w+\.\w{3}",
        r"(?i:a)[^\d]\s",
        "a?b*c{0}",
    ],
)
def test_a_regex_gives_a_value(regex: str) -> None:
    """Common regexes of converters have a value that they take."""
    converter = Converter("own", regex)

    assert sample(regex) is not None
    assert typical(converter)


@pytest.mark.parametrize("regex", ["(?P<a>x)(?P=a)", "(", "(?=a)b", "a{9999999}"])
def test_a_regex_without_a_value_is_no_error(regex: str) -> None:
    """Where no value is found, there is none to be typical."""
    found = sample(regex)

    assert found is None or len(found) < 1_000


@pytest.mark.parametrize(
    ("converter", "usual", "odd"),
    [
        (Converter("int", r"\d+"), ["1", "2", "3"], {"0", "-1", "9" * 30}),
        (Converter("int", r"\d+", [], {"min": 5, "max": 6}), ["5", "6"], {"4", "7"}),
        (Converter("int", r"\d+", [], {"fixed_digits": 3}), ["001", "002", "003"], {"01"}),
        (Converter("float", r"\d+\.\d+", [], {"max": 1.0}), ["1.00"], {"1.1", "nan"}),
        (Converter("any", "(?:a|b)", ["a", "b"]), ["a", "b"], {"none-of-them", "A"}),
        (Converter("string", "[^/]{3}", [], {"length": 3}), ["exa"], {"bbb", "bbbb"}),
        (Converter("path", "[^/].*?"), ["example", "example-1", "en"], {"a/b.txt", "../a"}),
    ],
    ids=["int", "bounds", "digits", "float", "any", "length", "path"],
)
def test_a_converter_has_typical_values_and_edges(
    converter: Converter, usual: list[str], odd: set[str]
) -> None:
    """Typical values are taken; edges lie on both sides of what is."""
    assert typical(converter)[: len(usual)] == usual
    assert odd <= set(edges(converter))


def test_errors_speak_of_fields() -> None:
    """Names under errors, and quoted in messages, are fields that are missing."""
    said: Any = {
        "errors": {"a": "needed", "b.c": "wrong"},
        "message": "'d' is missing",
        "code": "x",
    }

    assert complaints(said) == {"a": "needed", "b.c": "wrong", "d": "'d' is missing"}


def test_objects_are_found_inside_of_lists() -> None:
    """The items of a collection come before the whole."""
    data = {"items": [{"id": 1}, {"id": 2}], "page": 1}

    assert list(objects_in(data)) == [("/items/0", {"id": 1}), ("/items/1", {"id": 2}), ("", data)]


def hidden(count: int) -> str:
    """Forms that each hide what nobody chose, under one name."""
    field = '<input type="hidden" name="id" value="{0:08x}-1111-4222-8333-444455556666">'
    form = f'<form method="post" action="/{{0}}/delete">{field}</form>'
    return "".join(form.format(number) for number in range(count))


def test_what_is_captured_is_searched_in_bounded_time() -> None:
    """A value among many of its kind is not looked for for ever where there are fewer."""
    app = answering(hidden(60).encode(), "text/html")
    app.add_url_rule("/<int:id>/delete", "delete", lambda id: "x", methods=["POST"])
    scenarios = walk(app, URLMap(limit=300)).scenarios
    patterns = {
        capture.regex or ""
        for scenario in scenarios
        for request in scenario.requests
        for capture in request.capture.values()
    }
    began = process_time()
    found = {
        re.search(pattern, page)
        for pattern in patterns
        for page in (hidden(30), "<input " * 20_000, "<input name=id " * 10_000)
    }

    assert any("{39}" in pattern for pattern in patterns)
    assert None in found
    assert process_time() - began < 5
