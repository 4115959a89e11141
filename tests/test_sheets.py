"""Exchanges laid out side by side."""

from dataclasses import replace
from typing import Any

import pytest
from markupsafe import Markup

from quart_parity.comparison import compare
from quart_parity.exchange import Exchange, Raised, Wire
from quart_parity.masks import Masker
from quart_parity.paths import Path
from quart_parity.report import Compared, Difference
from quart_parity.reporters.sheets import Cell, Row, Sheet, request_sheets, sheets
from quart_parity.reporters.sheets.aligning import aligned, pieces
from quart_parity.reporters.sheets.dumps import Bytes
from quart_parity.values import MISSING, Variants
from tests.builders import NO_KEYS, Pairs, answer, cookies, no_answer, raw_request
from tests.reports import difference

NOTHING: tuple[Any, Any] = (Variants(), Variants())


def laid_out(
    ours: Exchange,
    theirs: Exchange,
    *given: Difference,
    sessions: tuple[Any, Any] = NOTHING,
    masker: Masker | None = None,
) -> dict[str, Sheet]:
    """The sheets by their titles; of all differences that there are, where none are given."""
    found = given or [difference(*one) for one in compare(ours, theirs, *NO_KEYS)]
    made = sheets(Compared(0, ours, theirs, sessions), found, masker or Masker())
    return {one.title: one for one in made}


def rows(sheet: Sheet) -> list[tuple[str, str | None, str | None, bool]]:
    """Label, both texts, and whether they differ."""
    return [(r.label, text(r.reference), text(r.candidate), r.differs) for r in sheet.rows]


def text(cell: Cell | None) -> str | None:
    return None if cell is None else "".join(piece for piece, _ in cell)


def marked(cell: Cell | None) -> list[str]:
    return [piece for piece, is_marked in cell or () if is_marked]


def differing(sheet: Sheet) -> list[str]:
    return [row.label for row in sheet.rows if row.differs]


def page(body: str, *headers: tuple[str, str]) -> Exchange:
    fields = headers or (("Content-Type", "text/html"),)
    return answer(headers=fields, body=body.encode())


def as_json(body: str) -> Exchange:
    return page(body, ("Content-Type", "application/json"))


def test_the_status_is_there_with_what_was_raised() -> None:
    """Status, exception and break stand together, with what only one side has."""
    ours = answer(200)
    theirs = answer(500, raised=Raised("ValueError", "no", "app.py:7"), broken="it broke")
    made = laid_out(ours, theirs)["status"]

    assert rows(made) == [
        ("status", "200", "500", True),
        ("broken", None, "it broke", True),
        ("raised", None, "ValueError", True),
        ("message", None, "no", True),
        ("raised at", None, "app.py:7", False),
    ]


def test_a_reason_phrase_is_shown_and_never_marked() -> None:
    """It is the server's own."""
    made = laid_out(with_reason("Fine"), with_reason("Good"))["status"]

    assert rows(made)[1] == ("reason", "Fine", "Good", False)


def test_a_reason_phrase_of_one_side_alone_is_left_out() -> None:
    """Nothing over ASGI carries one."""
    made = laid_out(with_reason("OK"), answer())["status"]

    assert [row.label for row in made.rows] == ["status"]


def with_reason(reason: str) -> Exchange:
    made = answer()
    return replace(made, response=made.response and replace(made.response, reason=reason))


def test_a_side_without_answer_has_nothing_in_its_cells() -> None:
    """Where one side gave no response the other's is shown beside nothing."""
    made = laid_out(page("hello"), no_answer(broken="no answer in time"))

    assert rows(made["status"])[0] == ("status", "200", None, True)
    assert rows(made["headers"]) == [("Content-Type", "text/html", None, False)]
    assert rows(made["body"]) == [("1", "hello", None, False)]


def test_headers_are_aligned_by_name_in_the_order_of_the_reference() -> None:
    """Names are compared whatever their case; repeated fields each have a row."""
    ours = answer(headers=[("X-B", "1"), ("X-A", "1"), ("X-A", "2")])
    theirs = answer(headers=[("x-new", "n"), ("x-a", "1"), ("x-a", "3"), ("x-b", "1")])
    made = laid_out(ours, theirs)["headers"]

    assert rows(made) == [
        ("X-B", "1", "1", False),
        ("X-A", "1", "1", False),
        ("X-A", "2", "3", True),
        ("x-new", None, "n", True),
    ]


def test_a_header_that_nobody_calls_a_difference_is_not_marked() -> None:
    """A date of each server's own is no difference though its bytes are."""
    ours = answer(headers=[("Date", "one"), ("X-A", "1")])
    theirs = answer(headers=[("Date", "other"), ("X-A", "2")])
    made = laid_out(ours, theirs, difference(("header", "x-a"), "1", "2"))["headers"]

    assert differing(made) == ["X-A"]
    assert made.rows[0].reference == (("one", False),)


def test_a_token_of_each_sides_own_is_not_marked_beside_a_difference() -> None:
    """In a field that differs elsewhere, only what differs is marked."""
    ours = answer(headers=[("Location", "/go?token=abc&page=1")])
    theirs = answer(headers=[("Location", "/go?token=xyz&page=2")])
    given = difference(("header", "location"), "/go?token=abc&page=1", "/go?token=abc&page=2")
    [row] = laid_out(ours, theirs, given, masker=Masker(show_secrets=True))["headers"].rows

    assert (marked(row.reference), marked(row.candidate)) == (["1"], ["2"])


def test_accepted_differences_are_marked_as_well() -> None:
    """Whoever lives with a difference still sees where it is."""
    given = difference(("header", "x-a"), "1", "2", accepted="known")
    made = laid_out(answer(headers=[("X-A", "1")]), answer(headers=[("X-A", "2")]), given)

    assert made["headers"].differs


def test_each_cookie_has_a_sheet_of_its_attributes() -> None:
    """The usual attributes come first, in one order; what is set without a value says so."""
    ours = cookies("theme=dark; HttpOnly; Path=/; Priority=High")
    theirs = cookies("theme=light; SameSite=Lax; Path=/")
    made = laid_out(ours, theirs)

    assert rows(made["cookie theme"]) == [
        ("value", "dark", "light", True),
        ("path", "/", "/", False),
        ("httponly", "set", None, True),
        ("samesite", None, "Lax", True),
        ("priority", "High", None, True),
    ]
    assert "headers" not in made


def test_a_cookie_that_one_side_lacks_is_marked_whole() -> None:
    """Every attribute stands beside nothing."""
    made = laid_out(cookies("a=1; Path=/"), cookies())["cookie a"]

    assert rows(made) == [("value", "1", None, True), ("path", "/", None, True)]


def test_cookies_of_one_name_are_told_apart_as_in_paths() -> None:
    """The title says domain and path where there are several."""
    ours = cookies("a=1; Path=/", "a=2; Path=/shop")
    made = laid_out(ours, cookies("a=1; Path=/", "a=3; Path=/shop"))

    assert differing(made["cookie a{path=/shop}"]) == ["value"]
    assert not made["cookie a{path=/}"].differs


def test_what_is_read_off_a_sessions_value_has_a_row() -> None:
    """Who can read a session cookie is no attribute, and yet a difference."""
    both = cookies("session=abc.def.ghi"), cookies("session=abc.xyz.ghi")
    given = difference(("cookie", "session", "readable", "candidate"), True, False)
    made = laid_out(*both, given, masker=Masker(show_secrets=True))["cookie session"]

    assert rows(made) == [
        ("value", "abc.def.ghi", "abc.xyz.ghi", False),
        ("readable.candidate", "true", "false", True),
    ]


def test_the_session_is_a_tree_with_pythons_types() -> None:
    """Branches are counted, leaves that JSON lacks are spelled as in Python."""
    ours = {"user": {"id": 1, "tags": ("a", "b")}, "raw": b"x"}
    theirs = {"user": {"id": 1, "tags": ["a", "b"]}, "raw": b"x"}
    given = difference(("session", "user", "tags"), ("a", "b"), ["a", "b"])
    sessions = Variants({"path=/": ours}), Variants({"path=/": theirs})
    made = laid_out(answer(), answer(), given, sessions=sessions)["session"]

    assert made.kind == "tree"
    assert [(row.depth, *cells) for row, cells in zip(made.rows, rows(made), strict=True)] == [
        (0, "", "{ 2 items }", "{ 2 items }", False),
        (1, "user", "{ 2 items }", "{ 2 items }", False),
        (2, "id", "1", "1", False),
        (2, "tags", "( 2 items )", "[ 2 items ]", True),
        (3, "[0]", '"a"', '"a"', True),
        (3, "[1]", '"b"', '"b"', True),
        (1, "raw", "b'x'", "b'x'", False),
    ]


def test_sessions_of_several_cookies_are_told_apart() -> None:
    """Each has a sheet under the label of its cookie."""
    sessions = Variants({"path=/": {"a": 1}, "path=/b": {}}), Variants({"path=/": {"a": 1}})
    made = laid_out(answer(), answer(), sessions=sessions)

    assert rows(made["session{path=/b}"]) == [("", "{}", None, False)]
    assert "session{path=/}" in made


def test_json_is_a_tree_in_the_order_in_which_it_was_sent() -> None:
    """Only the values that differ are marked, with those that one side lacks."""
    ours = as_json('{"z": 1, "items": [{"price": 1.5}, {"price": 2}]}')
    theirs = as_json('{"items": [{"price": 1.5}, {"price": 3}], "z": 1, "new": null}')
    made = laid_out(ours, theirs)["body"]

    assert [row.label for row in made.rows[:3]] == ["", "z", "items"]
    assert [cells for cells in rows(made) if cells[3]] == [
        ("price", "2", "3", True),
        ("new", None, "null", True),
    ]


def test_deep_json_needs_no_recursion() -> None:
    """What nests as deep as it is compared by value is laid out."""
    deep = as_json("[" * 90 + "1" + "]" * 90)
    made = laid_out(deep, as_json("[" * 90 + "2" + "]" * 90))["body"]

    assert made.rows[-1].depth == 90
    assert made.differs


def test_text_is_aligned_by_its_lines() -> None:
    """A line that only one side has moves the others down; numbers say where they were."""
    made = laid_out(page("a\nb\nc"), page("a\nnew\nb\nC"))["body"]

    assert rows(made) == [
        ("1", "a", "a", False),
        ("2", None, "new", True),
        ("2/3", "b", "b", False),
        ("3/4", "c", "C", True),
    ]


def test_a_token_in_a_text_is_not_marked_beside_a_difference() -> None:
    """Each side's own token stays visible, and only the line that differs is marked."""
    given = difference(("body",), "id=abc1\nx", "id=abc1\ny")
    made = laid_out(page("id=abc1\nx"), page("id=xyz2\ny"), given)["body"]

    assert rows(made) == [("1", "id=abc1", "id=xyz2", False), ("2", "x", "y", True)]


def test_bytes_are_shown_in_hexadecimal() -> None:
    """Sixteen a line, with their offset and what of them can be printed."""
    ours, theirs = bytes(range(250, 256)) + b"A" * 12, bytes(range(250, 256)) + b"A" * 11 + b"B"
    made = laid_out(answer(body=ours), answer(body=theirs))["body"]

    assert made.kind == "hex"
    assert differing(made) == ["00000010"]
    assert text(made.rows[0].reference) == f"fa fb fc fd fe ff{' 41' * 10}  ......AAAAAAAAAA"
    assert (text(made.rows[1].candidate) or "").split() == ["41", "42", "AB"]


@pytest.mark.parametrize(
    ("ours", "theirs", "kind"),
    [
        (as_json("{}"), as_json("[]"), "tree"),
        (as_json("{}"), page("<p>"), "lines"),
        (as_json("{"), as_json("{}"), "lines"),
        (as_json('"text"'), as_json('"other"'), "lines"),
        (page("<p>"), answer(body=b"\xff"), "hex"),
        (as_json("{}"), answer(), "tree"),
    ],
    ids=["both json", "json and text", "broken json", "a json string", "bytes", "nothing"],
)
def test_both_bodies_are_shown_in_one_form(ours: Exchange, theirs: Exchange, kind: str) -> None:
    """Two that are of unequal kinds are shown in the form that does for both."""
    assert laid_out(ours, theirs)["body"].kind == kind


def test_no_body_has_no_sheet() -> None:
    """Nothing is shown of what neither side sent."""
    assert list(laid_out(answer(), answer())) == ["status"]


def test_equal_exchanges_are_laid_out_without_a_mark() -> None:
    """Whoever wants to see what was compared finds it, and nothing that differs."""
    both = page("<p>\nhello", ("Content-Type", "text/html"), ("Set-Cookie", "a=1"))
    made = laid_out(both, both)

    assert list(made) == ["status", "headers", "cookie a", "body"]
    assert not any(one.differs for one in made.values())


def test_of_a_long_text_the_rows_around_what_differs_are_shown() -> None:
    """The rest is counted."""
    lines = [f"line {n}" for n in range(5_000)]
    other = [*lines[:3_000], "changed", *lines[3_001:]]
    made = laid_out(page("\n".join(lines)), page("\n".join(other)))["body"]
    labels = [row.label for row in made.rows]

    assert differing(made) == ["3001"]
    assert {"2999", "3000", "3002", "3003"} <= set(labels)
    assert (len(labels), made.left_out) == (400, 4_600)


def test_of_a_big_tree_the_branch_of_what_differs_is_shown() -> None:
    """A leaf deep down stands below the keys that lead to it."""
    items = ",".join(f'{{"n": {n}}}' for n in range(2_000))
    ours = as_json(f'{{"items": [{items}]}}')
    theirs = as_json(f'{{"items": [{items.replace(": 1500}", ": -1}")}]}}')
    made = laid_out(ours, theirs)["body"]
    at = next(at for at, row in enumerate(made.rows) if row.differs)
    before = [row.label for row in made.rows[: at + 1]]

    assert {"items", "[1500]"} <= set(before)
    assert len(made.rows) == 400


def test_two_texts_without_a_common_line_are_aligned_in_bounded_time() -> None:
    """Where too much differs to be matched, lines stand side by side in their order."""
    ours, theirs = ([f"{side}{n}" for n in range(100_000)] for side in "ab")
    pairs = aligned(ours, theirs)

    assert pairs == [(n, n) for n in range(100_000)]


def test_a_long_line_is_cut_around_the_point_at_which_it_differs() -> None:
    """A page in one line shows what differs, with an ellipsis for what is cut."""
    ours, theirs = "a" * 9_000 + "one" + "b" * 9_000, "a" * 9_000 + "other" + "b" * 9_000
    [row] = laid_out(page(ours), page(theirs))["body"].rows

    assert "one" in (text(row.reference) or "")
    assert "other" in (text(row.candidate) or "")
    assert all((text(c) or "").strip("…") != text(c) for c in (row.reference, row.candidate))
    assert len(text(row.reference) or "") <= 2_000


def test_only_the_words_that_differ_are_marked() -> None:
    """In a line that changed the rest stays plain."""
    ours, theirs = pieces("<td>4.50 EUR</td>", "<td>4.60 EUR</td>")

    assert (marked(ours), marked(theirs)) == (["50"], ["60"])
    assert text(ours) == "<td>4.50 EUR</td>"


def test_what_nobody_would_see_is_spelled_out() -> None:
    """A carriage return, a mark that turns the line, half a character: each is shown escaped."""
    made = laid_out(page("a\r\n\u202eb"), page("a\n\u202eb"))["body"]

    assert rows(made)[0] == ("1", "a\\r", "a", True)
    assert rows(made)[1][1] == "\\u202eb"


@pytest.mark.parametrize(
    ("path", "exchange"),
    [
        (("interim", 0, "header", "link"), "interim"),
        (("trailer", "x-sum"), "trailers"),
    ],
    ids=["interim", "trailer"],
)
def test_what_only_a_wire_carries_is_shown(path: Path, exchange: str) -> None:
    """Responses before the final one and fields behind the body have sheets where there are any."""
    interim = ((100, ()), (103, (("Link", "</a>"),)))
    ours = replace(answer(), wire=Wire("1.1", interim, (("X-Sum", "1"),)))
    theirs = replace(answer(), wire=Wire("1.1", interim, (("X-Sum", "1"),)))
    made = laid_out(ours, theirs, difference(path, "1", "2"))

    assert rows(made["interim responses"])[0] == ("status", "103", "103", False)
    assert [title for title, sheet in made.items() if sheet.differs] == [
        {"interim": "interim responses"}.get(exchange, exchange)
    ]


def test_a_captured_value_that_one_side_lacks_has_a_row() -> None:
    """It stands in no answer as such."""
    made = laid_out(answer(), answer(), difference(("capture", "id"), "7", MISSING))

    assert rows(made["captured"]) == [("id", "7", None, True)]


HIDDEN = "hunter2hunter2"
SECRETS: dict[str, tuple[Exchange, Exchange]] = {
    "a header": (answer(headers=[("X-Api-Key", HIDDEN)]), answer()),
    "a cookie": (cookies(f"auth_token={HIDDEN}"), cookies()),
    "json": (as_json(f'{{"password": "{HIDDEN}"}}'), as_json('{"password": "x"}')),
    "text": (page(f"password={HIDDEN}"), page("password=x")),
    "a key anywhere": (answer(body=b"k3yk3yk3yk3y"), answer(headers=[("k3yk3yk3yk3y", "x")])),
    "a key as a name": (as_json('{"k3yk3yk3yk3y": 1}'), as_json("{}")),
    "a key in bytes": (answer(body=b"\xffk3yk3yk3yk3y"), answer()),
    "an exception": (answer(raised=Raised("E", f"token={HIDDEN}", None)), answer()),
}


@pytest.mark.parametrize("both", SECRETS.values(), ids=SECRETS)
def test_secrets_are_masked(both: tuple[Exchange, Exchange]) -> None:
    """Whatever part of an exchange holds one, it is not shown; nor is an application's key."""
    made = laid_out(*both, masker=Masker(keys=["k3yk3yk3yk3y"]))

    assert HIDDEN not in repr(made)
    assert "k3yk3yk3yk3y" not in repr(made)


def sent(
    ours: Pairs = (), theirs: Pairs = (), body: bytes = b"", target: str = "/"
) -> dict[str, Sheet]:
    requests = [raw_request("POST", target, headers, [body]) for headers in (ours, theirs)]
    exchanges = [replace(answer(), request=request) for request in requests]
    compared = Compared(0, exchanges[0], exchanges[1], NOTHING)
    return {sheet.title: sheet for sheet in request_sheets(compared, Masker())}


def test_what_was_sent_is_shown_once_where_it_is_the_same() -> None:
    """Method, target and fields stand in one sheet."""
    headers = [("Host", "localhost"), ("Accept", "*/*")]
    made = sent(headers, headers)

    assert rows(made["request"]) == [
        ("method", "POST", "POST", False),
        ("target", "/", "/", False),
        ("Host", "localhost", "localhost", False),
        ("Accept", "*/*", "*/*", False),
    ]
    assert list(made) == ["request"]


def test_what_was_sent_otherwise_is_no_difference() -> None:
    """Cookies of each side's own are shown with what is unequal; nothing is called differing."""
    row: Row = sent([("Cookie", "a=1; id=abc")], [("Cookie", "a=1; id=xyz")])["request"].rows[-1]

    assert (marked(row.reference), marked(row.candidate)) == (["abc"], ["xyz"])
    assert not row.differs


@pytest.mark.parametrize(
    ("content_type", "body", "kind", "first"),
    [
        ("application/x-www-form-urlencoded", b"a=1&b=%20x", "fields", ("a", "1", "1", False)),
        ("application/json", b'{"a": 1}', "tree", ("", "{ 1 item }", "{ 1 item }", False)),
        ("text/plain", b"hello", "lines", ("1", "hello", "hello", False)),
        ("application/octet-stream", b"\xff", "hex", None),
    ],
    ids=["form", "json", "text", "bytes"],
)
def test_the_body_that_was_sent_is_shown_in_its_own_form(
    content_type: str, body: bytes, kind: str, first: Any
) -> None:
    """A form has its fields, JSON is a tree, text has lines, and bytes are in hexadecimal."""
    headers = [("Content-Type", content_type)]
    made = sent(headers, headers, body)["request body"]

    assert made.kind == kind
    assert first is None or rows(made)[0] == first


MULTIPART = (
    b'--b\r\nContent-Disposition: form-data; name="password"\r\n\r\nhunter2hunter2\r\n--b--\r\n'
)


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/x-www-form-urlencoded", b"password=hunter2hunter2"),
        ("multipart/form-data; boundary=b", MULTIPART),
        ("application/json", b'{"password": "hunter2hunter2"}'),
    ],
    ids=["form", "multipart", "json"],
)
def test_secrets_that_were_sent_are_masked(content_type: str, body: bytes) -> None:
    """A password stands in the body under its name in each form."""
    headers = [("Content-Type", content_type), ("Authorization", "Bearer hunter2hunter2")]
    made = sent(headers, headers, body, "/?token=hunter2hunter2")

    assert "hunter2" not in repr(made)
    assert "password" in repr(made)


NESTED = ('{"auth": {"user": "bob", "level": 1}}', '{"auth": {"user": "bob", "level": 2}}')
KEYS = ("k3yk3yk3yk3y", "0therk3y0ther")
PROPERTY: dict[str, tuple[Exchange, Exchange]] = {
    "below a secret name": (as_json(NESTED[0]), as_json(NESTED[1])),
    "a secret name below a secret name": (
        as_json('{"token": {"token": [1]}}'),
        as_json('{"token": {"token": [2]}}'),
    ),
    "json and the same text": (as_json('{"a": 1}'), page('{"a": 1}')),
    "text and the same bytes": (
        page("<p>é", ("Content-Type", "text/html; charset=ascii")),
        page("<p>é"),
    ),
    "json and nothing": (as_json("null"), answer()),
    "text and nothing": (page("<p>"), answer()),
    "bytes": (answer(body=b"\xff1"), answer(body=b"\xff2")),
    "keys in text": (page(KEYS[0]), page(KEYS[1])),
    "keys in bytes": (answer(body=b"\xff" + KEYS[0].encode()), answer(body=b"\xff")),
    "keys in json": (as_json(f'{{"{KEYS[0]}": 1}}'), as_json(f'{{"{KEYS[1]}": 1}}')),
    "another charset": (page("é", ("Content-Type", "text/html; charset=latin-1")), page("é")),
}


@pytest.mark.parametrize("both", PROPERTY.values(), ids=PROPERTY)
def test_a_body_that_is_a_difference_has_a_marked_row(both: tuple[Exchange, Exchange]) -> None:
    """However its bytes are masked or read, somebody who looks at it sees that it differs."""
    assert laid_out(*both, masker=Masker(keys=KEYS))["body"].differs


WRITTEN = "<coroutine object load at 0x7f00>"
ELSEWHERE: dict[str, tuple[Exchange, Exchange, str]] = {
    "a header": (answer(headers=[("X-A", KEYS[0])]), answer(headers=[("X-A", KEYS[1])]), "headers"),
    "a header sent twice": (
        answer(headers=[("X-A", "1")]),
        answer(headers=[("X-A", "1"), ("X-A", "1")]),
        "headers",
    ),
    "a cookie": (cookies(f"a={KEYS[0]}"), cookies(f"a={KEYS[1]}"), "cookie a"),
    "a coroutine": (page("text"), page(WRITTEN), "status"),
    "what was raised": (
        answer(raised=Raised("E", None, None)),
        answer(raised=Raised("E", "no", None)),
        "status",
    ),
}


@pytest.mark.parametrize(("ours", "theirs", "title"), ELSEWHERE.values(), ids=ELSEWHERE)
def test_whatever_is_a_difference_has_a_marked_row(
    ours: Exchange, theirs: Exchange, title: str
) -> None:
    """In the sheet of the part that it is in."""
    assert laid_out(ours, theirs, masker=Masker(keys=KEYS))[title].differs


def test_a_time_that_is_written_alike_may_differ() -> None:
    """It is compared with when the answer was given."""
    both = cookies("a=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT")
    given = difference(("cookie", "a", "expires"), "now", "an hour ago")

    assert differing(laid_out(both, both, given)["cookie a"]) == ["expires"]


def test_a_difference_below_a_secret_name_is_marked_where_the_branch_ends() -> None:
    """The container is masked whole, and nothing else of it is shown or marked."""
    ours, theirs = (as_json(f'{{"a": 1, "b": {one}}}') for one in NESTED)
    made = laid_out(ours, theirs)["body"]

    assert differing(made) == ["auth"]
    assert [row.label for row in made.rows] == ["", "a", "b", "auth"]
    assert "bob" not in repr(made)


def test_keys_that_are_masked_alike_keep_their_rows() -> None:
    """Each has its own value beside the other side's, and the one that differs is marked."""
    ours, theirs = (as_json(f'{{"{KEYS[0]}": 1, "{KEYS[1]}": {n}}}') for n in (2, 3))
    made = laid_out(ours, theirs, masker=Masker(keys=KEYS))["body"]

    assert rows(made)[1:] == [
        ("<application key>", "1", "1", False),
        ("<application key>", "2", "3", True),
    ]


def test_what_a_body_was_read_as_has_a_row_where_it_differs() -> None:
    """The same bytes are no JSON where their type says something else."""
    made = laid_out(as_json('{"a": 1}'), page('{"a": 1}'))["body"]

    assert rows(made) == [("read as", "JSON", "text", True), ("1", '{"a": 1}', '{"a": 1}', False)]


def test_a_token_in_one_of_several_fields_of_a_name_is_not_marked() -> None:
    """Each position of a repeated field has a difference of its own."""
    ours, theirs = (
        answer(headers=[("Link", "</a>"), ("Link", f"</b?t={token}>; rel={rel}")])
        for token, rel in (("abc", "y0"), ("xyz", "y1"))
    )
    given = difference(("header", "link", 1), "</b?t=abc>; rel=y0", "</b?t=abc>; rel=y1")
    row = laid_out(ours, theirs, given)["headers"].rows[1]

    assert (marked(row.reference), marked(row.candidate)) == (["y0"], ["y1"])


def test_a_character_is_told_from_its_escape() -> None:
    """What is sent as a backslash is doubled where it would be taken for what is escaped."""
    [row] = laid_out(page("a \0"), page("a \\x00"))["body"].rows

    assert (text(row.reference), text(row.candidate)) == ("a \\x00", "a \\\\x00")
    assert (marked(row.reference), row.differs) == (["\\x00"], True)


def test_of_many_bytes_only_the_lines_that_are_shown_are_written_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A big image costs what its rows do; the rest is counted."""
    dump, written = Bytes.dump, list[int]()
    monkeypatch.setattr(Bytes, "dump", lambda self, at: written.append(at) or dump(self, at))
    ours = b"\xff" * 1_600_000
    theirs = ours[:800_000] + b"\xfe" + ours[800_001:] + b"more"
    made = laid_out(answer(body=ours), answer(body=theirs))["body"]

    assert differing(made) == ["000c3500", "00186a00"]
    assert (len(made.rows), made.left_out) == (400, 99_601)
    assert len(written) == 800


def test_masks_of_other_lengths_move_no_bytes() -> None:
    """Behind a secret each line stands beside the one that has the same offset."""
    begin, end = b"\xff token=", b" " + bytes(range(128, 168))
    ours, theirs = begin + b"abcdefgh" + end, begin + b"xyzxyzxy" + end
    made = laid_out(answer(body=ours), answer(body=theirs))["body"]

    assert differing(made) == ["00000000"]
    assert text(made.rows[0].reference) == (
        "ff 20 74 6f 6b 65 6e 3d ** ** ** ** ** ** ** **  . token=********"
    )
    assert (text(made.rows[1].reference) or "").startswith("20 80 81")


def test_a_cookie_without_a_name_is_not_called_refused() -> None:
    """A user agent keeps it."""
    made = laid_out(cookies("=value"), cookies("=value", "a=1; Path=/"))

    assert "cookie (no name)" in made


def test_pythons_types_are_told_from_text_that_says_the_same() -> None:
    """What a session holds is spelled so that its type is seen."""
    ours, theirs = {"page": Markup("<b>"), "ids": {1}}, {"page": "<b>", "ids": "{1}"}
    given = [difference(("session", name), ours[name], theirs[name]) for name in ours]
    sessions = Variants({"path=/": ours}), Variants({"path=/": theirs})
    made = laid_out(answer(), answer(), *given, sessions=sessions)["session"]

    assert rows(made)[1:] == [
        ("page", 'Markup("<b>")', '"<b>"', True),
        ("ids", "{1}", '"{1}"', True),
    ]
