"""No report shows what is secret, in any format and wherever an application has it."""

import base64
import json
import re
import zlib
from io import StringIO
from typing import Any

import pytest

from quart_parity import Difference, Failure, Report, Request, Result, Scenario
from quart_parity.exchange import Exchange, Headers, Raised, RawRequest, Response, parse_base
from quart_parity.masks import Masker
from quart_parity.report import Compared, Pair
from quart_parity.reporters import REPORTERS, Manner

KEY = "the one key of the shop"
JSON = ("Content-Type", "application/json")
FORM = ("Content-Type", "application/x-www-form-urlencoded")
MULTIPART = ("Content-Type", "multipart/form-data; boundary=xx")
PART = '--xx\r\nContent-Disposition: form-data; name="pin"\r\n\r\n{}\r\n--xx--\r\n'
TARGET = "/a?token=hunter-query"


def raw(body: str = "", *headers: tuple[str, str]) -> RawRequest:
    return RawRequest(
        "POST", TARGET, (("Host", "localhost"), *headers), (body.encode(),), parse_base("http://a")
    )


ASKED = [
    raw("password=hunter-form&note=" + KEY, FORM, ("Cookie", "a=1; session=hunter-jar")),
    raw('{"a": [{"password": "hunter-json", "b": "x"}]}', JSON, ("X-Api-Key", "hunter-header")),
    raw(PART.format("hunter-part"), MULTIPART, ("Authorization", "Bearer hunter-bearer")),
    raw("", ("Referer", "http://u:hunter-user@shop.example/"), ("X-A", KEY)),
]
ANSWERED: Headers = (
    ("Set-Cookie", "session=hunter-session; Path=/"),
    ("Set-Cookie", "csrf_token=hunter-csrf"),
    ("Location", "/b?sid=hunter-location"),
    ("X-Debug", KEY),
    ("Content-Type", "text/html"),
)
PAGE = f'<input name="csrf" value="hunter-page"><p>{KEY} {{}}'


class User:
    """An application's own class, which says more of itself than it should."""

    def __init__(self, side: str) -> None:
        self.side = side

    def __repr__(self) -> str:
        return f"<User {self.side} {KEY} password=hunter-object>"


def answered(request: RawRequest, side: str) -> Exchange:
    return Exchange(
        request,
        Response(500, "OOPS", ANSWERED, PAGE.format(side).encode()),
        Raised("ValueError", f"{KEY}: password=hunter-raised", "a.py:1"),
        broken="the answer broke off after 'token=hunter-broken'",
        log=f"Traceback\nValueError: {KEY}: password='hunter-log'",
    )


def compared(position: int, request: RawRequest) -> Compared:
    session = {"token": "hunter-decoded", "note": KEY}
    ours, theirs = answered(request, "flask"), answered(request, "quart")
    sessions = {"": session | {"a": User("flask")}}, {"": session | {"a": {User("quart")}}}
    return Compared(position, ours, theirs, sessions, "/a")


def differences(position: int) -> list[Difference]:
    found = [
        (("session", "token"), "hunter-decoded", "hunter-decoded-otherwise"),
        (("session",), {"token": "hunter-decoded", "note": KEY}, {}),
        (("session", "a"), User("flask"), {User("quart")}),
        (("cookie", "session", "value"), "hunter-session", "hunter-session-otherwise"),
        (("header", "location"), "/b?sid=hunter-location", "/b?sid=hunter-elsewhere"),
        (("header", "x-debug"), KEY, "x"),
        (("body",), PAGE.format("flask"), PAGE.format("quart")),
        (("raised", "text"), f"{KEY}: password=hunter-raised", "other"),
        (("broken",), "the answer broke off after 'token=hunter-broken'", "x"),
    ]
    log = f"Traceback\nValueError: {KEY}: password='hunter-log'"
    return [
        Difference("buy", position, "POST", TARGET, path, ours, theirs, (), logs=(log, None))
        for path, ours, theirs in found
    ]


def played() -> Result:
    requests = [
        Request(
            method="POST",
            target=TARGET,
            headers={"X-Api-Key": "hunter-header", "X-A": KEY},
            cookies={"session": "hunter-jar"},
            form={"password": "hunter-form", "note": KEY},
        ),
        Request(method="POST", target=TARGET, json={"a": [{"password": "hunter-json"}]}),
        Request(method="POST", target=TARGET, body="pin=hunter-body"),
        Request(method="POST", target=TARGET, headers={"Authorization": "Bearer hunter-bearer"}),
    ]
    return Result(
        "buy",
        len(ASKED),
        tuple(one for position in range(len(ASKED)) for one in differences(position)),
        (Failure("buy", 9, f"{KEY}: '/?token=hunter-failure' is bad"),),
        notes=(f"{KEY}: see http://a:hunter-note@b.example",),
        keys=frozenset([KEY]),
        pairs=(Pair("GET /?token=hunter-place: body", "x", "y"),),
        compared=tuple(compared(*one) for one in enumerate(ASKED)),
        played=Scenario("buy", requests),
    )


PACKED = re.compile(r'<script type="application/vnd.quart-parity"[^>]*>([^<]*)</script>')


def unpacked(text: str) -> str:
    """A report with what is packed in it."""
    data = [zlib.decompress(base64.b64decode(one), wbits=-15) for one in PACKED.findall(text)]
    return text + "".join(json.dumps(json.loads(one), ensure_ascii=False) for one in data)


def reported(format_: str, result: Result, **options: Any) -> str:
    masker = Masker(**options)
    masker.add_keys(result.keys)
    file = StringIO(newline="")
    manner = Manner(verbose=True, every=True, again=("quart-parity", "check", "a", "b"))
    reporter = REPORTERS[format_](lambda: file, masker, manner)
    report = Report("flask_app", "quart_app", unexplained=f"{KEY}: token=hunter-unexplained")
    report.add(result)
    reporter.add(result)
    reporter.end(report)
    return unpacked(file.getvalue())


def spelled(text: str, secret: str) -> set[str]:
    """The words of a report that begin with *secret*."""
    return set(re.findall(rf"{secret}[\w-]*", text))


@pytest.mark.parametrize("format_", list(REPORTERS))
def test_no_report_shows_a_secret(format_: str) -> None:
    """Requests, answers, sessions, logs, exceptions, curl lines and scenarios are masked."""
    text = reported(format_, played())

    assert spelled(text, "hunter") == set()
    assert KEY not in text


@pytest.mark.parametrize("format_", list(REPORTERS))
def test_a_report_shows_secrets_on_demand(format_: str) -> None:
    """Whoever asks for them sees them; an application's key nobody does."""
    text = reported(format_, played(), show_secrets=True)

    assert "hunter-query" in spelled(text, "hunter")
    assert KEY not in text


@pytest.mark.parametrize("format_", list(REPORTERS))
def test_a_report_shows_what_is_unmasked(format_: str) -> None:
    """A name that is asked for is shown, and the others are not."""
    text = reported(format_, played(), unmask=["token"])

    assert "hunter-query" in spelled(text, "hunter")
    assert "hunter-form" not in spelled(text, "hunter")


@pytest.mark.parametrize("format_", ["html", "text"])
def test_a_whole_report_has_all_secrets_on_demand(format_: str) -> None:
    """What this test hides in an exchange is shown where whole exchanges are."""
    words = spelled(reported(format_, played(), show_secrets=True), "hunter")

    assert words >= {
        *("hunter-form", "hunter-jar", "hunter-json", "hunter-header", "hunter-part"),
        *("hunter-bearer", "hunter-user", "hunter-session", "hunter-csrf", "hunter-location"),
        *("hunter-page", "hunter-raised", "hunter-broken", "hunter-log", "hunter-decoded"),
    }
