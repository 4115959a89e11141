"""The stream of lines: one for each exchange as it comes, and a summary at its end."""

import json
from io import StringIO
from typing import Any

import pytest

from quart_parity import Failure, Request
from quart_parity.masks import Masker
from quart_parity.report import Keep
from quart_parity.reporters import ALWAYS_WHOLE, REPORTERS, Manner
from quart_parity.reporters.jsonl import JSONLinesReporter
from quart_parity.runner import Runner
from tests.reports import difference
from tests.shops import flask_shop, quart_shop, walk
from tests.streams import result, run_of, written


def read(text: str) -> list[Any]:
    return [json.loads(line, parse_constant=pytest.fail) for line in text.splitlines()]


def streamed(*requests: str | Request) -> list[Any]:
    """The lines of a run that compares the two shops."""
    keep: Keep = "all" if "jsonl" in ALWAYS_WHOLE else "differing"
    runner = Runner(flask_shop, quart_shop, causes=False, keep=keep)
    file = StringIO(newline="")
    reporter = REPORTERS["jsonl"](lambda: file, Masker(), Manner())
    for one in runner.run([walk(*requests)]):
        reporter.add(one)
    reporter.end(runner.report)
    return read(file.getvalue())


def test_each_exchange_is_a_line() -> None:
    """Also those without a difference, with what was asked and how both sides answered."""
    same, other, _ = streamed("/same", "/other")

    assert {key: same[key] for key in same if key != "views"} == {
        "type": "exchange",
        "scenario": "walk",
        "request": 0,
        "method": "GET",
        "target": "/same",
        "route": "/same",
        "status": {"reference": 200, "candidate": 200},
        "equal": True,
        "differences": [],
    }
    assert (other["equal"], other["request"]) == (False, 1)
    assert [one["path"] for one in other["differences"]] == ["body.items[1].price"]
    assert same["views"]["candidate"].rpartition(":")[0].endswith("shops.py")


def test_the_last_line_sums_up() -> None:
    """It has the counts of the JSON report, and its version."""
    *_, last = streamed("/same", "/other")

    assert (last["type"], last["version"]) == ("summary", 1)
    assert (last["summary"]["exchanges"], last["summary"]["differences"]) == (2, 1)
    assert "differences" not in last


def test_what_belongs_to_no_exchange_has_a_line_of_its_own() -> None:
    """Differences of the URL maps, and scenarios that could not be played."""
    found = difference(("route", "/cart", "methods"), method="", target="/cart")
    failed = result(failures=(Failure("walk", 1, "no"),))
    of_maps, failure, _ = read(written("jsonl", result(found, scenario="URL map"), failed))

    assert (of_maps["type"], of_maps["path"]) == ("difference", "route./cart.methods")
    assert failure == {"type": "failure", "scenario": "walk", "request": 1, "message": "no"}


def test_a_line_is_written_whole_and_at_once() -> None:
    """Who reads along while the run goes on never reads half of a line."""
    pieces: list[str] = []

    class File(StringIO):
        def write(self, text: str) -> int:
            pieces.append(text)
            return len(text)

    file = File()
    reporter = JSONLinesReporter(lambda: file, Masker(), Manner())
    reporter.add(result(difference()))
    before_the_end = len(pieces)
    reporter.end(run_of())

    assert (before_the_end, len(pieces)) == (1, 2)
    assert all(piece.endswith("\n") and piece.count("\n") == 1 for piece in pieces)


def test_lines_are_ascii() -> None:
    """Line and paragraph separators, lone surrogates and nulls end no line and break no reader."""
    text = "\x00\u2028\u0085\ud800é"
    file = written("jsonl", result(difference(ours=text, target=text, scenario=text)))
    found = read(file)[0]

    assert file.isascii()
    assert file.count("\n") == 2
    assert (found["reference"], found["target"], found["scenario"]) == (text, text, text)


def test_secrets_are_masked() -> None:
    """Targets, values and logs pass the masker; application keys never appear."""
    found = difference(
        *(("session", "password"), "hunter2", "hunter3"),
        target="/?token=hunter4",
        route="/key77777",
        logs=("key77777", None),
    )
    text = written("jsonl", result(found, scenario="key77777"), keys=["key77777"])

    assert "hunter" not in text
    assert "key77777" not in text


def test_what_was_asked_is_masked_also_where_nothing_differs() -> None:
    """The target of an exchange without difference passes the masker, too."""
    first, *_ = streamed(Request(path="/same", query={"token": "hunter4", "page": 2}))

    assert first["target"] == "/same?token=<masked 1>&page=2"
