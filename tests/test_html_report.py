"""The page of one run, without a browser: its markup, its data, and what must not be in them."""

import hashlib
import re
import tracemalloc
from base64 import b64encode
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date, datetime, tzinfo
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from markupsafe import Markup
from time_machine import travel

from quart_parity import Capture, Difference, Failure, Report, Request, Result, Scenario
from quart_parity.coverage import Coverage, Line
from quart_parity.exchange import Exchange
from quart_parity.report import Compared, Pair
from quart_parity.reporters import Manner
from quart_parity.reporters.page import spool
from quart_parity.routes import Route
from quart_parity.values import MISSING, Variants
from tests.builders import answer, raw_request
from tests.packed import Parsed, parse
from tests.reports import difference
from tests.shops import walk
from tests.streams import run_of, written

EVERY = Manner(every=True)


def compared(
    request: int = 0,
    ours: Exchange | None = None,
    theirs: Exchange | None = None,
    session: Any = None,
    **of: Any,
) -> Compared:
    asked = raw_request(target=of.pop("target", "/"), headers=of.pop("sent", ()))
    sides = (replace(one or answer(body=b"x"), request=asked) for one in (ours, theirs))
    sessions = Variants() if session is None else Variants({"path=/": session})
    return Compared(request, *sides, (sessions, sessions), **of)


def result(*differences: Difference, kept: tuple[Compared, ...] | None = None, **of: Any) -> Result:
    """A scenario with the exchanges that its differences belong to, or those that are given."""
    if kept is None:
        places = dict.fromkeys((one.request, one.target, one.route) for one in differences)
        kept = tuple(compared(at, target=target, route=route) for at, target, route in places)
    name = of.pop("scenario", "walk")
    count = of.pop("exchanges", len(kept))
    return Result(name, count, differences, compared=kept, **of)


def page(*results: Result, **of: Any) -> Parsed:
    return parse(written("html", *results, **of))


def targets(parsed: Parsed) -> list[str]:
    return [row[3] for row in parsed.index["exchanges"]]


def test_the_page_is_one_file_that_asks_for_nothing() -> None:
    """Every address in it is a fragment or data, so that it works wherever it lies."""
    parsed = page(result(difference()))
    addresses = [v for _, name, v in parsed.attributes if name in ("src", "href", "action", "data")]

    assert addresses[0] == "data:,"
    assert all(address.startswith("#") for address in addresses[1:])
    assert "url(" not in "".join(parsed.inline["style"])
    assert "import(" not in "".join(parsed.inline["script"])


def test_the_policy_allows_the_one_style_and_the_one_script() -> None:
    """The policy is the first thing in the page, and names both by what is in them."""
    text = written("html", result(difference()))
    parsed = parse(text)
    [style], [script] = parsed.inline["style"], parsed.inline["script"]
    hashes = [b64encode(hashlib.sha256(t.encode()).digest()).decode() for t in (style, script)]

    assert text.index("Content-Security-Policy") < text.index("<title")
    assert parsed.policy == (
        f"default-src 'none'; style-src 'sha256-{hashes[0]}'; script-src 'sha256-{hashes[1]}';"
        " img-src data:; base-uri 'none'; form-action 'none'"
    )


def test_no_element_has_a_style_or_a_handler_of_its_own() -> None:
    """The policy would refuse them."""
    parsed = page(result(difference()))
    names = {name for _, name, _ in parsed.attributes}

    assert not [name for name in names if name == "style" or name.startswith("on")]


HOSTILE = (
    "</script></style><img src=x onerror=alert(1)><script>alert(1)</script><!--]]>'\"`{{7*7}}"
    "{% x %}javascript:alert(1)\x00\x1b\u202e\u2028\ud800&amp;"
)
ROW = difference(
    ("header", HOSTILE),
    HOSTILE,
    f"{HOSTILE}2",
    scenario=HOSTILE,
    method=HOSTILE,
    target=HOSTILE,
    route=HOSTILE,
    views=(HOSTILE, HOSTILE),
    logs=(HOSTILE, HOSTILE),
    divergences=(),
)


def attacked(text: str) -> Parsed:
    """A page in which *text* stands in every field that anybody else has written."""
    request = raw_request(
        "GET", text, [("Cookie", text), (text, text)], [text.encode("utf-8", "surrogatepass")]
    )
    sent = [
        replace(
            answer(200, [("Set-Cookie", f"{name}={text}"), (text, text)], name.encode()),
            request=request,
        )
        for name in ("one", "other")
    ]
    both = Compared(0, *sent, (Variants({text: {text: text}}),) * 2, text, (text, text))
    fields = [replace(ROW, scenario=text, method=text, target=text, route=text)]
    given = [
        replace(
            fields[0],
            parts=parts,
            reference=text,
            candidate=f"{text}2",
            accepted=reason,
            views=(text, text),
            logs=(text, text),
        )
        for parts, reason in [
            (("header", text), None),
            (("body",), text),
            (("cookie", text, text), None),
            (("session", text, text), text),
        ]
    ]
    made = result(
        *given,
        kept=(both,),
        scenario=text,
        played=Scenario("walk", [Request(path="/", headers={"X": "y"})]),
        failures=(Failure(text, 0, text),),
        notes=(text,),
        pairs=(Pair(text, "a", "b"),),
    )
    report = run_of(made)
    report.reference = report.candidate = report.unexplained = text
    report.stale, report.noise = [text], {text: 1}
    report.coverage = Coverage([])
    report.coverage.lines = [Line(Route(f"/{text}", "view", ["GET"]), "GET")]
    return page(made, report=report, manner=Manner(every=True, again=(text,)))


def test_nothing_that_an_application_sent_becomes_markup() -> None:
    """Whatever stands in any field, the elements of the page are those of a harmless one."""
    hostile, harmless = attacked(HOSTILE), attacked("harmless")

    assert hostile.elements == harmless.elements
    assert len(hostile.attributes) == len(harmless.attributes)
    assert hostile.inline == harmless.inline
    assert "<img src=x" in hostile.text


def test_what_is_hostile_is_data_for_the_script() -> None:
    """It is read back as it was sent, but for halves of characters, which no link can hold."""
    data = repr(attacked(HOSTILE).data)

    assert "<img src=x onerror=alert(1)>" in data
    assert "\ud800" not in data
    assert re.search(r"[\ud800-\udfff]", "".join(map(str, _texts(attacked(HOSTILE).data)))) is None


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
    elif isinstance(value, str):
        yield value


def test_those_with_open_differences_come_first_and_the_worst_of_them() -> None:
    """Then what is the port's own or unknown, what is accepted, and what is the same; else the
    order played."""
    given = {
        "/same": None,
        "/accepted": difference(accepted="why"),
        "/unknown": difference(),
        "/own": difference(divergences=()),
        "/visible": difference(divergences=("QP008",)),
        "/crash": difference(divergences=("QP001",)),
        "/security": difference(divergences=("QP021", "QP001")),
        "/security2": difference(divergences=("QP021",)),
    }
    kept = tuple(compared(at, target=target) for at, target in enumerate(given))
    found = [
        replace(one, request=at, target=target)
        for at, (target, one) in enumerate(given.items())
        if one is not None
    ]
    parsed = page(result(*found, kept=kept), manner=EVERY)

    assert targets(parsed) == [
        *("/security", "/security2", "/crash", "/visible", "/own", "/unknown"),
        *("/accepted", "/same"),
    ]


def test_exchanges_without_difference_are_there_on_demand_only() -> None:
    """A result may hold more than the page was asked for."""
    made = result(difference(request=1, target="/b"), kept=(compared(), compared(1, target="/b")))

    assert targets(page(made)) == ["/b"]
    assert targets(page(made, manner=EVERY)) == ["/b", "/"]


def test_a_row_of_the_index_tells_what_the_list_shows() -> None:
    """Positions lead to names; what is open and what is accepted is counted."""
    given = (
        difference(("status",), 200, 500, divergences=("QP001",), route="/a/<int:id>"),
        difference(("header", "x"), "One", MISSING, accepted="why", route="/a/<int:id>"),
    )
    kept = compared(0, answer(200), answer(500), target="/", route="/a/<int:id>")
    index = page(result(*given, kept=(kept,))).index
    [row] = index["exchanges"]

    assert row == [
        0,
        0,
        "GET",
        "/",
        0,
        200,
        500,
        [0, 1],
        [0, 1],
        1,
        1,
        'status 200 500 header.x "one"',
    ]
    assert index["scenarios"] == ["walk"]
    assert index["routes"] == ["GET /a/<int:id>"]
    assert index["kinds"] == ["status", "header"]
    assert [one["code"] for one in index["causes"]] == ["QP001", "unknown"]
    assert index["causes"][0]["severity"] == "crash"
    assert "By hand:" in index["causes"][0]["mend"]


def test_the_search_text_is_bounded() -> None:
    """Of each value its beginning, and of all of them no more than a list can hold."""
    many = [difference(("body", f"Key{n}"), "X" * 500, "y") for n in range(20)]
    [row] = page(result(*many)).index["exchanges"]

    assert row[-1].startswith("body.key0 " + '"' + "x" * 79 + ' "y" body.key1')
    assert len(row[-1]) == 600


def test_a_detail_holds_both_sides_and_what_shows_them_again() -> None:
    """Differences, sheets, the line for curl, the command, and the scenario to be saved."""
    kept = compared(1, answer(200, [("X-A", "1")]), answer(200, [("X-A", "2")]), target="/b")
    given = difference(("header", "x-a"), "1", "2", request=1, target="/b", divergences=())
    made = result(given, kept=(kept,), scenario="a walk", played=walk("/a", "/b", "/c"))
    manner = Manner(again=("quart-parity", "check", "a", "b"))
    [detail] = page(made, manner=manner).details

    assert detail["differences"] == [
        {
            "path": "header.x-a",
            "kind": "header",
            "accepted": None,
            "codes": [],
            "reference": '"1"',
            "candidate": '"2"',
            "diff": [],
            "places": [None, None],
        }
    ]
    assert detail["sheets"][1] == {
        "title": "headers",
        "kind": "fields",
        "left_out": 0,
        "rows": [["X-A", 0, 1, ["", "1"], ["", "2"]]],
    }
    assert detail["sent"][0]["rows"][0] == ["method", 0, 0, ["GET"], 0]
    assert detail["curl"].startswith("curl ")
    assert detail["again"] == "quart-parity check a b -k 'a walk'"
    assert '"/b"' in detail["scenario"]
    assert '"/c"' not in detail["scenario"]


def test_of_long_texts_the_lines_that_differ_are_told() -> None:
    """A value that is too long to be read at once has a diff."""
    ours, theirs = "\n".join(map(str, range(90))), "\n".join(map(str, [*range(50), "x"]))
    [detail] = page(result(difference(("body",), ours, theirs))).details

    assert "-50" in detail["differences"][0]["diff"]
    assert "+x" in detail["differences"][0]["diff"]


def test_what_no_request_showed_is_in_the_list_as_well() -> None:
    """A rule that only one URL map has differs without an exchange."""
    given = difference(("rule",), "/a", MISSING, method="", target="/a")
    parsed = page(Result("URL map", 0, (given,)))
    [row], [detail] = parsed.index["exchanges"], parsed.details

    assert row[2:4] == ["", "/a"]
    assert row[5:7] == [None, None]
    assert (detail["sheets"], detail["curl"]) == ([], "")


def test_a_permalink_names_scenario_and_position() -> None:
    """Both stand in the index under which a link looks for them."""
    parsed = page(
        result(difference(), scenario="one"), result(difference(request=3), scenario="two")
    )
    index = parsed.index

    assert [(index["scenarios"][row[0]], row[1]) for row in index["exchanges"]] == [
        ("one", 0),
        ("two", 3),
    ]


def test_chunks_hold_the_details_in_the_order_of_the_index() -> None:
    """Whoever opens the 70th exchange unpacks the second chunk."""
    found = [difference(("body", f"n{at}"), request=at) for at in range(70)]
    parsed = page(result(*found))
    paths = [detail["differences"][0]["path"] for detail in parsed.details]

    assert list(parsed.packed) == ["chunk-0", "chunk-1", "index"]
    assert [len(parsed.data[f"chunk-{n}"]) for n in (0, 1)] == [64, 6]
    assert paths == [f"body.n{at}" for at in range(70)]


KEY = "k3y-of-the-application"
SECRET = "hunter2hunter2"


def test_neither_secrets_nor_keys_are_in_the_page_nor_in_its_data() -> None:
    """Keys are masked also where they become known after the exchange in which they stand."""
    body = f'{{"password": "{SECRET}", "x": "{KEY}"}}'.encode()
    json = [("Content-Type", "application/json"), ("Set-Cookie", f"auth_token={SECRET}")]
    sent = [("Authorization", f"Bearer {SECRET}"), ("Cookie", f"token={SECRET}; k={KEY}")]
    kept = compared(
        0,
        answer(200, json, body),
        session={"password": SECRET, "k": KEY},
        target=f"/?token={SECRET}&k={KEY}",
        sent=sent,
    )
    given = [
        difference(("session", "password"), SECRET, KEY, target=kept.reference.request.target),
        replace(
            ROW,
            method="GET",
            target=kept.reference.request.target,
            logs=(KEY, f"token={SECRET}"),
            scenario=KEY,
            route=KEY,
            views=(KEY, KEY),
            accepted=KEY,
        ),
    ]
    posted = Request(
        path="/",
        method="POST",
        form={"password": SECRET, "k": KEY},
        headers=[("X-Api-Key", SECRET)],
        cookies={"auth": SECRET},
    )
    made = result(*given, kept=(kept,), scenario=KEY, played=Scenario(KEY, [posted]))
    report = run_of(made)
    report.failures = [Failure(KEY, 0, f"token={SECRET}")]
    report.notes = [f"{KEY} http://me:{SECRET}@host"]
    report.noise = report.corresponding = {f"?token={SECRET} {KEY}": 1}
    report.unexplained = KEY
    report.stale = [KEY]
    parsed = page(made, report=report, manner=Manner(again=(KEY,)), keys=[KEY])

    assert SECRET not in parsed.text + repr(parsed.data)
    assert KEY not in parsed.text + repr(parsed.data)
    assert "<masked 1>" in repr(parsed.data)


def test_parity_says_what_was_compared() -> None:
    """A run without difference is told as such, with the aspects and how much was played."""
    made = result(exchanges=12)
    parsed = page(made)

    assert "Parity" in parsed.text
    assert "12 exchanges" in parsed.text
    assert "header same" in " ".join(parsed.text.split())
    assert parsed.index["exchanges"] == []


def test_a_run_that_could_not_start_says_why() -> None:
    """The failure is there, and nothing is said to have been compared."""
    report = Report("a", "b", failures=[Failure("", 0, "no module named a")])
    parsed = page(report=report)

    assert "could not be made" in parsed.text
    assert "no module named a" in parsed.text
    assert "What was compared" not in parsed.text


def test_causes_are_there_with_their_mends_without_a_script() -> None:
    """Code, severity, routes and both ways to mend it are in the markup."""
    given = [
        difference(("header", "vary"), divergences=("QP021",), route="/cart"),
        difference(divergences=(), request=1, target="/own", route="/own"),
    ]
    text = " ".join(page(result(*given)).text.split())

    assert "security, 1 difference in 1 route" in text
    assert "GET /cart" in text
    assert "quart-parity explain QP021" in text
    assert text.index("QP021") < text.index("The port's own")


def test_causes_are_counted_beyond_what_a_report_lists() -> None:
    """Their differences and routes are those of the run, not of its first thousand differences."""
    port = [difference(request=n, route=f"/p{n % 30}", divergences=()) for n in range(1_500)]
    unknown = [difference(request=n, route=f"/u{n}", target="/u") for n in range(1_500)]
    text = " ".join(page(result(*port, *unknown, kept=())).text.split())

    assert "1,500 differences in 30 routes" in text
    assert "1,500 differences in at least 1,000 routes" in text


def test_an_exchange_with_very_many_differences_tells_the_first_of_them() -> None:
    """What is accepted is left out before what is not, and all are counted."""
    found = [difference(("body", n), accepted="why") for n in range(150)]
    found += [difference(("body", n)) for n in range(150, 400)]
    parsed = page(result(*found))
    [detail] = parsed.details
    [row] = parsed.index["exchanges"]

    assert len(detail["differences"]) == 200
    assert {one["accepted"] for one in detail["differences"]} == {None}
    assert detail["more"] == 200
    assert row[9:11] == [250, 150]


def test_very_long_names_are_cut_after_they_are_masked() -> None:
    """Neither a path nor a label nor a target fills the page, nor shows half of a secret."""
    long = "x" * 1_990 + KEY + "x" * 1_000_000
    kept = compared(session={long: 1}, target="/" + long, route="/" + long)
    given = difference(("session", long), target="/" + long, route="/" + long)
    parsed = page(result(given, kept=(kept,)), keys=[KEY])

    assert KEY[:6] not in parsed.text + repr(parsed.data)
    assert len(parsed.text) < 30_000
    assert len(repr(parsed.data)) < 30_000


def test_each_route_has_a_row_with_its_outcomes() -> None:
    """The worst first, counted by exchanges; what is not kept is counted without its route."""
    found = [
        difference(route="/a"),
        difference(("status",), route="/a"),
        difference(request=1, route="/b", accepted="why"),
    ]
    kept = (compared(0, route="/a"), compared(1, route="/b"), compared(2, route="/a"))
    text = page(result(*found, kept=kept, exchanges=10)).text
    table = " ".join(text[text.index("What was compared") :].split())

    assert "Route differs accepted same GET /a ≠ 1 0 = 1 GET /b 0 ≈ 1 0" in table
    assert "7 more exchanges were answered the same" in table


def test_routes_are_counted_whatever_is_shown() -> None:
    """A page of what differs tells as well how often each route was answered alike."""
    kept = tuple(replace(compared(n), route="/a") for n in range(3))
    parsed = page(result(difference(request=1, route="/a"), kept=kept))
    text = " ".join(parsed.text.split())

    assert "GET /a ≠ 1 0 = 2" in text
    assert len(parsed.index["exchanges"]) == 1


def test_a_page_names_no_more_routes_than_can_be_looked_at() -> None:
    """The rest is counted."""
    found = [difference(request=n, target=f"/{n}", route=f"/r{n}") for n in range(203)]
    parsed = page(result(*found))

    assert parsed.elements["svg"] == 200
    assert "3 more routes are counted" in parsed.text


def test_what_are_too_many_exchanges_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page holds so many, of those that differ and of the others; the rest is counted."""
    monkeypatch.setattr(spool, "DIFFERING", 2)
    monkeypatch.setattr(spool, "SAME", 1)
    found = [difference(request=n) for n in range(3)]
    kept = tuple(compared(n) for n in range(6))
    parsed = page(result(*found, kept=kept), manner=EVERY)

    assert len(parsed.index["exchanges"]) == 3
    assert "3 more exchanges" in parsed.text


def test_the_same_run_gives_the_same_page() -> None:
    """But for the time at which it ran."""
    made = [result(difference()), result(scenario="other")]
    with travel(date(2026, 1, 1), tick=False):
        pages = {written("html", *made) for _ in range(2)}

    assert len(pages) == 1


def test_what_nobody_else_can_hold_is_shown_as_python_writes_it() -> None:
    """A session's value of a class that cannot be copied breaks no report."""

    class Money:
        def __repr__(self) -> str:
            return "Money(4)"

    kept = compared(session={"cart": [Money()]})
    given = difference(("session", "cart", 0), Money(), MISSING)
    [detail] = page(result(given, kept=(kept,))).details

    assert detail["differences"][0]["reference"] is not None
    assert "Money(4)" in repr(detail["sheets"])


class Zone(tzinfo):
    """What an application may make of one."""

    def __repr__(self) -> str:
        return "Zone()"


class Foreign(dict[str, Any]):
    """A class that pickle would look for where its application is."""

    def __reduce__(self) -> str:
        pytest.fail("asked how to make one again")


FOREIGN: dict[str, tuple[Any, str]] = {
    "a class": (Zone, "test_html_report.Zone"),
    "a function": (page, "function page"),
    "a zone": (datetime(2026, 1, 1, tzinfo=Zone()), "datetime(2026, 1, 1"),
    "a mapping": (Foreign(a=5), '{"a": 5}'),
    "an ordered mapping": (OrderedDict.fromkeys("ab"), '{"a": null'),
    "what pickle copies": (Path("/shop"), "Path('/shop')"),
    "markup": (Markup("<b>"), "Markup('<b>')"),
    "a date": (date(2026, 1, 1), "datetime.date(2026, 1, 1)"),
}


@pytest.mark.parametrize(("value", "shown"), FOREIGN.values(), ids=FOREIGN)
def test_a_value_is_kept_without_its_class(value: Any, shown: str) -> None:
    """What is read back imports no module of an application, and calls nothing in it."""
    given = difference(("session", "cart"), value, MISSING)
    pickled = spool._pickled(next(spool.items(result(given), every=True)))
    [detail] = page(result(given, kept=(compared(session={"cart": value}),))).details

    assert shown in detail["differences"][0]["reference"]
    assert b"test_html_report" not in pickled.replace(shown.encode(), b"")


def test_what_python_writes_of_a_value_is_kept_in_bounds() -> None:
    """A configuration and a session may hold what is very long, or cannot be written at all."""

    class Long:
        def __repr__(self) -> str:
            return "x" * 1_000_000

    class Broken:
        def __repr__(self) -> str:
            raise ValueError

    played = Scenario("walk", [Request(path="/")], config={"A": Long(), "B": Broken()})
    given = difference(("session", "a"), Long(), Broken())
    [detail] = page(result(given, played=played)).details

    assert "Broken" in detail["differences"][0]["candidate"]
    assert len(repr(detail)) < 20_000
    assert detail["scenario"] == ""


def test_a_captured_token_is_named_in_the_scenario_and_not_masked() -> None:
    """What the earlier answer gives is asked for again when it is played again."""
    login = Request(path="/login", capture={"token": Capture(regex='token="([^"]+)"')})
    form = {"csrf_token": "{{token}}", "password": SECRET}
    posted = Request(path="/", method="POST", form=form, headers={"X-CSRF-Token": "{{token}}"})
    played = Scenario("walk", [login, posted])
    made = result(difference(request=1), played=played)
    [detail] = page(made).details

    assert detail["scenario"].count("{{token}}") == 2
    assert SECRET not in detail["scenario"]


def test_many_exchanges_stay_on_the_disk() -> None:
    """Until the end next to nothing of an exchange is in memory, and then a few of them."""
    body = "".join(f"<p>{n}</p>\n" for n in range(2_000)).encode()
    answers = (answer(body=body + str(n).encode()) for n in range(400))
    results = (
        result(
            kept=tuple(compared(n, one) for n, one in enumerate(islice(answers, 10))), exchanges=10
        )
        for _ in range(40)
    )
    with closing(spool.Spool()) as kept:
        tracemalloc.start()
        for one in results:
            for item in spool.items(one, every=True):
                kept.add(item)
        held, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()

    assert len(kept) == 400
    assert held < 400 * len(body) / 5
    assert peak < 400 * len(body) / 3


def test_a_cause_links_to_what_it_does_in_the_list() -> None:
    """The fragment says route and cause as the index spells them."""
    given = difference(divergences=("QP021",), route="/cart/<int:id>")
    parsed = page(result(given))
    links = [value for _, name, value in parsed.attributes if name == "href"]
    chosen = [parse_qs(link[1:]) for link in links if link.startswith("#route=")]
    routes = parsed.index["routes"]

    assert chosen == [{"route": routes, "cause": ["QP021"]}, {"route": routes}]
