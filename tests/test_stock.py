"""Without compat the port differs where Quart is known to depart from Flask, and nowhere else."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

import pytest

from quart_parity import Report, check, read_scenarios
from quart_parity.report import LISTED

ROOT = Path(__file__).resolve().parent.parent
SCENARIOS = sorted((ROOT / "parity_tests" / "scenarios").glob("*.toml"))

# By the code of the divergence: methods and routes at which stock Quart shows it.
ROUTES = {
    "QP001": "GET /responses/status/(json|phrase)",
    "QP002": "(GET|HEAD) /responses/stream/(iterator|status)",
    "QP003": "GET /responses/headers/tuple",
    "QP004": "(GET|HEAD) /(responses/headers/list|listcookies)",
    "QP005": "(GET|HEAD|POST) (/app)?/responses/wsgi(/overridden)?",
    "QP008": "(GET|HEAD) /responses/object/(empty|parts)",
    "QP011": "(GET|HEAD) /responses/object/conditional",
    "QP013": "(GET|HEAD) /responses/object/conditional",
    "QP014": "HEAD .*|GET /responses/(empty/(204|304)(/body|/json)?|object/conditional)",
    "QP015": "GET /responses/headers/latin",
    "QP016": "GET (/app)?/responses/redirect/unicode(/host)?",
    "QP017": "GET /responses/fail/stream",
    "QP020": "(GET|HEAD) /responses/stream/context",
    "QP021": "(GET|HEAD) (/app)?/(checksession|removesession|sessions/.*|responses/stream/.*)",
    "QP022": "GET /sessions/show",
    "QP023": "GET /sessions/flashed(/template)?",
    "QP025": "GET /app/.*",
    "QP026": "(GET|HEAD) /responses/(file|directory)(/.*)?",
}


@pytest.fixture(scope="module")
def report() -> Report:
    stock = str(ROOT / "tests" / "stock.py")
    return check("flask_app", stock, read_scenarios(SCENARIOS))


@pytest.fixture(scope="module")
def routes(report: Report) -> dict[str, set[str]]:
    """Methods and routes by the code of what causes a difference there."""
    found: dict[str, set[str]] = defaultdict(set)
    for one in report.differences:
        for code in one.divergences or (str(one.divergences),):
            found[code].add(f"{one.method} {one.target.partition('?')[0]}")
    return found


@pytest.mark.parametrize("code", ROUTES)
def test_a_divergence_is_named_where_it_shows(code: str, routes: dict[str, set[str]]) -> None:
    """Each divergence that the port meets is named, at its own routes and at no other."""
    elsewhere = {route for route in routes[code] if not re.fullmatch(ROUTES[code], route)}

    assert routes[code]
    assert elsewhere == set()


def test_nothing_else_departs(report: Report, routes: dict[str, set[str]]) -> None:
    """Every difference of stock Quart has a known divergence as its cause; none is the port's."""
    assert set(routes) - set(ROUTES) == set()
    assert not report.failures
    assert report.unexplained is None


def test_every_difference_is_looked_at(report: Report) -> None:
    """The report lists all that it counts, so that none can hide behind its limit."""
    counted, listed = report.count, len(report.differences)

    assert counted == listed < LISTED


def test_compat_closes_all() -> None:
    """With compat no route differs."""
    report = check("flask_app", "quart_app", read_scenarios(SCENARIOS))

    assert (report.count, report.failures) == (0, [])
