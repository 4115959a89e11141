"""The report for a program: its shape, and values that JSON lacks."""

from dataclasses import fields
from typing import Any

import pytest

from quart_parity import Failure
from quart_parity.values import MISSING, moment
from tests.reports import as_json, difference, report, shown


def test_the_json_report_has_the_documented_shape() -> None:
    """Every documented key is there, and none beside."""
    given = difference(
        *(("body", "items", 2), MISSING, None),
        request=1,
        method="PUT",
        target="/a?b",
        accepted="why",
        route="/<name>",
        views=(None, "shop.py:7"),
    )
    failure = Failure("walk", 2, "neither side")

    assert as_json(report(given, failures=(failure,))) == {
        "version": 1,
        "reference": "flask_app",
        "candidate": "quart_app",
        "summary": {
            "scenarios": 1,
            "exchanges": 3,
            "differences": 0,
            "accepted": 1,
            "errors": 1,
            "seconds": 1.235,
        },
        "differences": [
            {
                "scenario": "walk",
                "request": 1,
                "method": "PUT",
                "target": "/a?b",
                "route": "/<name>",
                "views": {"candidate": "shop.py:7"},
                "path": "body.items[2]",
                "candidate": None,
                "divergences": None,
                "accepted": "why",
                "places": {},
                "logs": {},
            }
        ],
        "causes": {},
        "unexplained": None,
        "errors": [{"scenario": "walk", "request": 2, "message": "neither side"}],
        "corresponding": {},
        "noise": {},
        "coverage": None,
        "stale": [],
        "notes": [],
    }


def test_causes_are_codes() -> None:
    """A difference has the codes of its causes, an empty list for the port itself, else null."""
    given = [("QP021",), (), None]
    made = as_json(report(*(difference(divergences=codes) for codes in given)))

    assert [one["divergences"] for one in made["differences"]] == [["QP021"], [], None]
    assert made["causes"] == {"QP021": 1, "port": 1}


def test_logs_are_whole_and_notes_are_listed() -> None:
    """A side that logged something has its log; what a reader must know is told."""
    log = "\n".join(f"line {n}" for n in range(100))
    made = report(difference(logs=(None, log)), difference(logs=(log, "x")))
    made.notes = ["signatures were not checked"]

    assert [one["logs"] for one in as_json(made)["differences"]] == [
        {"candidate": log},
        {"reference": log, "candidate": "x"},
    ]
    assert as_json(made)["notes"] == ["signatures were not checked"]


@pytest.mark.parametrize(
    ("ours", "theirs", "keys"),
    [
        (1, MISSING, {"reference"}),
        (MISSING, 1, {"candidate"}),
        (None, 1, {"reference", "candidate"}),
    ],
    ids=["candidate", "reference", "null"],
)
def test_a_missing_value_has_no_key(ours: Any, theirs: Any, keys: set[str]) -> None:
    """A value that a side lacks is told from one that is null."""
    (one,) = as_json(report(difference(ours=ours, theirs=theirs)))["differences"]

    assert one.keys() & {"reference", "candidate"} == keys


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ({"a": [1, 1.5, True, None, "é"]}, {"a": [1, 1.5, True, None, "é"]}),
        (b"\xff", r"b'\xff'"),
        ((1, 2), "(1, 2)"),
        ({1: 2}, "{1: 2}"),
        (float("nan"), "nan"),
        (float("-inf"), "-inf"),
        ([float("inf")], ["inf"]),
        (moment("then", 160, (100.0, 100.5)), "then (60 s from then)"),
    ],
    ids=["JSON's own", "bytes", "tuple", "number as key", "nan", "infinity", "inside", "moment"],
)
def test_a_value_that_json_lacks_is_written_as_python_does(value: Any, written: Any) -> None:
    """JSON's values are themselves; the report stays JSON whatever the value."""
    assert as_json(report(difference(ours=value)))["differences"][0]["reference"] == written


def test_the_differences_that_are_not_accepted_come_first() -> None:
    """Accepted ones are listed behind, and counted apart."""
    made = as_json(report(difference(("a",), accepted="why"), difference(("b",))))

    assert [one["path"] for one in made["differences"]] == ["b", "a"]
    assert (made["summary"]["differences"], made["summary"]["accepted"]) == (1, 1)


def test_at_most_a_thousand_are_listed_and_all_are_counted() -> None:
    """A report stays small; its counts stay true, and it says that there are more."""
    many = [difference(("body", n), accepted="why" if n % 2 else None) for n in range(2_400)]
    made = report(*many)
    listed = as_json(made)["differences"]

    assert len(listed) == 1_000
    assert not any(one["accepted"] for one in listed)
    assert as_json(made)["summary"]["differences"] == 1_200
    assert "1400 more differences are counted and not listed" in shown(made)


def test_a_report_keeps_no_more_than_it_lists() -> None:
    """However many differences a run has, what it holds in memory is bounded."""
    made = report(*(difference(("body", n)) for n in range(3_000)))
    kept = [getattr(made, field.name) for field in fields(made)]

    assert max(len(value) for value in kept if isinstance(value, list)) == 1_000
