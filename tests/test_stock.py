"""Without compat the port differs where Quart is known to depart from Flask, and nowhere else."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from quart_parity import Difference, Report, check, read_scenarios
from quart_parity.paths import matches, parse_pattern
from quart_parity.report import LISTED

ROOT = Path(__file__).resolve().parent.parent
SCENARIOS = sorted((ROOT / "parity_tests" / "scenarios").glob("*.toml"))

# Departure: method and route, and the status that stock Quart answers where Flask does not. All
# else in such an answer may differ, too.
STATUSES = {
    "a status with its reason phrase": (r"GET /responses/status/(phrase|json)", 500),
    "an iterator that is no generator": (r"(GET|HEAD) /responses/stream/iterator", 500),
    "the same with a status": (r"GET /responses/stream/status", 500),
    "headers as a tuple of pairs": (r"GET /responses/headers/tuple", 500),
    "a WSGI application": (r"(GET|POST|HEAD) (/app)?/responses/wsgi", 500),
    "the same with headers": (r"GET /responses/wsgi/overridden", 500),
    "a stream that fails at once": (r"GET /responses/fail/stream", 200),
    "a stream with context": (r"(GET|HEAD) /responses/stream/context", 500),
    "flashed messages without a key": (r"GET /sessions/flashed", 500),
    "the same in a template": (r"GET /sessions/flashed/template", 500),
    "a file's arguments": (r"(GET|HEAD) /responses/file(/cached|/unconditional)?", 500),
    "a file as an attachment": (r"GET /responses/file/attachment(/unicode)?", 500),
    "a directory's arguments": (r"(GET|HEAD) /responses/directory/[^/]+", 500),
    "conditions and ranges of a file": (r"GET /responses/file/memory", 200),
}

# Departure: method and route, and the paths of the values that differ there.
VALUES = {
    "the first of two Set-Cookie": (r"(GET|HEAD) /responses/headers/list", "cookie.a"),
    "and so it is not sent back": (
        r"GET /listcookies",
        "body[0][*]",
        "body[1]",
        "header.content-length",
    ),
    "the length of no content": (
        r"(GET|HEAD) /responses/empty/204(/body|/json)?",
        "header.content-length",
    ),
    "a body after no content": (r"GET /responses/empty/204/(body|json)", "body"),
    "entity headers of not modified": (
        r"(GET|HEAD) /responses/empty/304(/body)?",
        "header.content-length",
        "header.content-type",
    ),
    "the language of not modified": (
        r"(GET|HEAD) /responses/empty/304/body",
        "header.content-language",
    ),
    "a body after not modified": (r"GET /responses/empty/304/body", "body"),
    "the body of HEAD": (r"HEAD .*", "body"),
    "a stream that HEAD starts": (r"HEAD /responses/fail/stream", "raised"),
    "the length of a list": (r"(GET|HEAD) /responses/object/parts", "header.content-length"),
    "the length of nothing": (r"GET /responses/object/empty", "header.content-length"),
    "a conditional response": (
        r"(GET|HEAD) /responses/object/conditional",
        "header.content-type",
        "header.date",
        "header.etag",
    ),
    "a location of any but ASCII": (
        r"GET (/app)?/responses/redirect/unicode(/host)?",
        "header.location",
    ),
    "a header in latin-1": (r"GET /responses/headers/latin", "header.x-name"),
    "a file kept from shared caches": (
        r"(GET|HEAD) /responses/file/memory",
        "header.accept-ranges",
        "header.cache-control",
        "header.date",
    ),
    "Vary: Cookie on reading the session": (
        r"(GET|HEAD) (/app)?/(checksession|removesession|sessions/.*)",
        "header.vary",
    ),
    "the same in a stream": (r"GET /responses/stream/context/function", "header.vary"),
    "the order of a session's keys": (r"GET /sessions/show", "body.dict"),
    "an empty cookie domain": (r"GET /app/.*", "cookie.session.domain"),
}


@pytest.fixture(scope="module")
def report() -> Report:
    stock = str(ROOT / "tests" / "stock.py")
    return check("flask_app", stock, read_scenarios(SCENARIOS))


def exchange(difference: Difference) -> tuple[str, int]:
    return difference.scenario, difference.request


def is_at(difference: Difference, route: str) -> bool:
    target = difference.target.partition("?")[0]
    return re.fullmatch(route, f"{difference.method} {target}") is not None


def answered(report: Report, departure: str) -> set[tuple[str, int]]:
    """The exchanges in which the status is the one of the departure."""
    route, status = STATUSES[departure]
    return {
        exchange(one)
        for one in report.differences
        if one.path == "status" and one.candidate == status and is_at(one, route)
    }


def departs(difference: Difference, route: str, paths: tuple[str, ...]) -> bool:
    return is_at(difference, route) and any(
        matches(parse_pattern(path), difference.parts) for path in paths
    )


@pytest.mark.parametrize("departure", STATUSES)
def test_status_departs(departure: str, report: Report) -> None:
    """Each route that stock Quart is known to answer with another status is reported."""

    assert answered(report, departure)


@pytest.mark.parametrize("departure", VALUES)
def test_values_depart(departure: str, report: Report) -> None:
    """Each value that stock Quart is known to change is reported by route and path."""
    route, *paths = VALUES[departure]
    found = [path for path in paths if any(departs(d, route, (path,)) for d in report.differences)]

    assert found == paths


def test_nothing_else_departs(report: Report) -> None:
    """Every difference of stock Quart is, by route and path, one of a known departure."""
    explained = set().union(*(answered(report, departure) for departure in STATUSES))
    unexplained = {
        (one.method, one.target, one.path)
        for one in report.differences
        if exchange(one) not in explained
        and not any(departs(one, route, tuple(paths)) for route, *paths in VALUES.values())
    }

    assert not unexplained
    assert not report.failures


def test_every_difference_is_looked_at(report: Report) -> None:
    """The report lists all that it counts, so that none can hide behind its limit."""
    counted, listed = report.count, len(report.differences)

    assert counted == listed < LISTED


def test_compat_closes_all() -> None:
    """With compat no route differs."""
    report = check("flask_app", "quart_app", read_scenarios(SCENARIOS))

    assert (report.count, report.failures) == (0, [])
