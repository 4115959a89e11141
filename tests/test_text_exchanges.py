"""One exchange in the report for a person: where it is, what differs, how to see it again."""

from dataclasses import replace
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import Any

import pytest

from quart_parity import Difference, Report, Result
from quart_parity.exchange import RawRequest
from quart_parity.masks import Masker
from quart_parity.report import LISTED, Compared
from quart_parity.reporters import REPORTERS, Manner, exchanges
from quart_parity.reporters.exchanges import Kept
from quart_parity.reporters.sheets import Row, Sheet
from quart_parity.values import MISSING
from tests.builders import answer, cookies, raw_request
from tests.reports import difference, report
from tests.telling import shown

AGAIN = ("quart-parity", "check", "shop_flask", "shop_quart", "--scenarios", "my cart.toml")


def compared(request: int = 0, target: str = "/", body: bytes = b"", **fields: Any) -> Compared:
    """An exchange that both sides answered alike."""
    exchange = replace(answer(body=body), request=raw_request(target=target))
    sides = {"reference": exchange, "candidate": exchange} | fields
    return Compared(request, **sides, sessions=(None, None))


def told(*differences: Difference, kept: Compared | None = None, **manner: Any) -> str:
    """The report of one scenario, of which the exchanges came whole."""
    result = Result("walk", 3, differences, compared=(kept or compared(),))
    made = Report("flask_app", "quart_app")
    made.add(result)
    return shown(made, [result], **manner)


@pytest.fixture
def lines_of_curl(monkeypatch: pytest.MonkeyPatch) -> None:
    """A line that says which request it is for, and where it is sent."""

    def curl(request: RawRequest, masker: Masker, address: str | None, route: str) -> str:
        return f"curl {address or '$SIDE'}{masker.text(request.target)}"

    monkeypatch.setattr(exchanges, "curl", curl)


@pytest.mark.usefixtures("lines_of_curl")
def test_a_line_sends_the_request_again() -> None:
    """Below the differences stands the command; where nobody serves, how to have it served."""
    lines = told(difference()).splitlines()

    assert "  send   curl $SIDE/" in lines
    assert sum("quart-parity serve" in line for line in lines) == 1


@pytest.mark.usefixtures("lines_of_curl")
@pytest.mark.parametrize("target", ["http://127.0.0.1:8000", "http://a:pass@127.0.0.1:8000/"])
def test_a_server_that_runs_is_where_the_line_sends(target: str) -> None:
    """The candidate's own address is in the line, without who is logged in there."""
    result = Result("walk", 1, (difference(),), compared=(compared(),))
    made = Report("http://127.0.0.1:5000", target)
    made.add(result)
    text = shown(made, [result])

    assert "  send   curl http://127.0.0.1:8000/\n" in text
    assert "$SIDE" not in text


@pytest.mark.parametrize(
    ("scenario", "line"),
    [("walk", "-k walk"), ("it's a walk", """-k 'it'"'"'s a walk'""")],
    ids=["a word", "words"],
)
def test_a_line_plays_the_scenario_again(scenario: str, line: str) -> None:
    """It can be pasted into a shell, whatever the scenario is called."""
    text = told(difference(scenario=scenario), again=AGAIN)
    command = "quart-parity check shop_flask shop_quart --scenarios 'my cart.toml'"

    assert f"  again  {command} {line}\n" in text


@pytest.mark.parametrize(
    "given",
    [difference(scenario="reset token=abcdefgh"), difference(scenario="URL map", method="")],
    ids=["masked", "nothing sent"],
)
def test_no_line_plays_what_cannot_be_chosen(given: Difference) -> None:
    """A name that is masked and the comparison of URL maps are no scenarios to be named."""
    assert "again  " not in told(given, again=AGAIN)


def test_without_a_command_nothing_says_how_to_play_again() -> None:
    """Scenarios that each run makes anew have no command that plays one of them."""
    assert "again  " not in told(difference())


@pytest.mark.parametrize(
    ("views", "line"),
    [
        (("/opt/old.py:3", "/home/shop/cart.py:41"), "/opt/old.py:3 → cart.py:41"),
        ((None, "/home/shop/cart.py:41"), "cart.py:41, of the candidate alone"),
        (("/home/shop/cart.py:41", None), "cart.py:41, of the reference alone"),
    ],
    ids=["both", "candidate", "reference"],
)
def test_the_views_are_named_relative_to_the_folder(
    views: tuple[str | None, str | None], line: str
) -> None:
    """A file below the run's folder has a short name, any other its whole one; the reference's
    comes first."""
    lines = told(difference(views=views), folder=Path("/home/shop")).splitlines()

    assert f"  view   {line}" in lines


def test_where_no_view_is_known_none_is_named() -> None:
    """A page that nobody has routed is answered by no view."""
    assert "view  " not in told(difference())


SET = "a=1; Path=/; SameSite=Lax; Secure"
COOKIE = (
    difference(("cookie", "a", "samesite"), "Lax", MISSING),
    difference(("cookie", "a", "secure"), "", MISSING),
)


def test_a_cookies_attributes_stand_in_a_table() -> None:
    """What differs is in columns below one head; what both sides give is named beside it."""
    sides = {"reference": cookies(SET), "candidate": cookies("a=1; Path=/")}
    kept = compared(**{name: replace(one, request=raw_request()) for name, one in sides.items()})
    lines = told(*COOKIE, kept=kept).splitlines()
    at = lines.index("  cookie.a")

    assert lines[at + 1 : at + 5] == [
        "    attribute  reference  candidate",
        '    samesite   "Lax"      (missing)',
        '    secure     ""         (missing)',
        "    alike: path=/",
    ]


def test_a_cookie_that_one_side_lacks_has_all_its_attributes_there() -> None:
    """Each stands in a row of its own, and the value of a session stays masked."""
    given = {"value": "hunter2hunter2", "path": "/"}
    text = told(difference(("cookie", "session"), given, MISSING))

    assert "    value      " in text
    assert '    path       "/"' in text
    assert "hunter2" not in text


def test_a_table_that_does_not_fit_is_none() -> None:
    """Long values stand one below the other, with the whole path."""
    lines = told(difference(("cookie", "a", "value"), "x" * 80, "y")).splitlines()

    assert "  cookie.a.value" in lines
    assert f'    reference  "{"x" * 80}"' in lines


def test_wide_characters_do_not_shift_the_columns() -> None:
    """A character that takes two columns counts as two."""
    given = (
        difference(("cookie", "a", "value"), "日本", "b"),
        difference(("cookie", "a", "path"), "/", "/shop"),
    )
    lines = told(*given).splitlines()
    at = lines.index("  cookie.a")

    assert lines[at + 2] == '    value      "日本"     "b"'
    assert lines[at + 3] == '    path       "/"        "/shop"'


@pytest.fixture
def two_sheets(monkeypatch: pytest.MonkeyPatch) -> None:
    """A field that differs, one that both have, one that one side lacks; and what was sent."""
    rows = (
        Row("vary", (("Cookie", False),), (("Accept, ", True), ("Cookie", False)), True),
        Row("server", (("same\x1b[2J", False),), (("same\x1b[2J", False),), False),
        Row("age", (("1", True),), None, True),
    )
    answered, sent = Sheet("headers", "fields", rows, left_out=7), Sheet("body", "lines", ())
    monkeypatch.setattr(exchanges, "sheets", lambda *_: [answered])
    monkeypatch.setattr(exchanges, "request_sheets", lambda *_: [sent])


@pytest.mark.usefixtures("two_sheets")
def test_an_exchange_is_shown_whole_on_demand() -> None:
    """What was sent and both answers, the reference's line above the candidate's where they part;
    nothing of it obeys an application."""
    lines = told(difference(), verbose=True).splitlines()
    at = lines.index("    sent: body")

    assert lines[at + 1 : at + 7] == [
        "    headers",
        "      - vary    Cookie",
        "      + vary    Accept, Cookie",
        "        server  same\\x1b[2J",
        "      - age     1",
        "        … and 7 more rows",
    ]
    assert "    headers" not in told(difference()).splitlines()


@pytest.mark.usefixtures("two_sheets")
def test_an_exchange_is_shown_whole_once() -> None:
    """One that differs for two causes is not repeated below the second."""
    known = difference(("header", "vary"), divergences=("QP021",))
    text = told(known, difference(divergences=()), verbose=True)

    assert text.count("    headers\n") == 1
    assert text.count("the exchange is shown whole above") == 1


def test_exchanges_are_kept_in_bounded_number() -> None:
    """A run without end keeps the first ones that differ, without bodies that nobody shows."""
    kept = Kept(whole=False)
    for n in range(LISTED + 10):
        given = difference(request=n)
        kept.add(Result("walk", 1, (given,), compared=(compared(n, body=b"x" * 100),)))
    first, last = kept.find(difference(request=0)), difference(request=LISTED)

    assert kept.find(last) is None
    assert first is not None
    assert first.reference.response is not None
    assert first.reference.response.body == b""


def test_exchanges_are_kept_in_bounded_size() -> None:
    """What is larger than the room that is left is not kept, and what is smaller still is."""
    kept = Kept(whole=True, _room=1_000)
    for n, size in enumerate([300, 300, 100]):
        given = difference(request=n)
        kept.add(Result("walk", 1, (given,), compared=(compared(n, body=b"x" * size),)))

    found = [kept.find(difference(request=n)) is not None for n in range(3)]
    assert found == [True, False, True]


def test_only_what_is_shown_is_kept() -> None:
    """Exchanges without difference, and those that someone lives with, need no lines to be
    reproduced by."""
    kept = Kept(whole=False)
    differences = (difference(request=1, accepted="known"),)
    kept.add(Result("walk", 2, differences, compared=(compared(0), compared(1))))

    assert kept.find(difference(request=0)) is None
    assert kept.find(difference(request=1)) is None


@pytest.mark.parametrize("name", ["tab\there", "a\u202eb", "é"], ids=["control", "turned", "ascii"])
def test_a_name_that_cannot_be_typed_is_in_no_command(name: str) -> None:
    """What is shown in another spelling would choose no scenario."""
    file = TextIOWrapper(BytesIO(), "ascii", errors="backslashreplace", newline="")
    manner = Manner(again=("quart-parity", "check"))
    REPORTERS["text"](lambda: file, Masker(), manner).end(report(difference(scenario=name)))
    file.seek(0)

    assert "again" not in file.read()
