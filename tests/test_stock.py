"""Without compat the port differs where Quart is known to depart from Flask, and nowhere else."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from quart_parity import Difference, check, read_scenarios
from quart_parity.paths import matches, parse_pattern

ROOT = Path(__file__).resolve().parent.parent
SCENARIOS = sorted((ROOT / "parity_tests" / "scenarios").glob("*.toml"))

# Departure: method and route, and the path of the difference, each as a pattern.
DEPARTURES = {
    "an attachment of any name but ASCII": (r"GET .*/attachment/unicode", "header.*"),
    "a status with its reason phrase": (r"GET /responses/status/(phrase|json)", "status"),
    "an iterator that is no generator": (r"GET /responses/stream/(iterator|status)", "status"),
    "headers as a tuple of pairs": (r"GET /responses/headers/tuple", "status"),
    "the first of two Set-Cookie": (r"GET /responses/headers/list", "cookie.a"),
    "and so it is not sent back": (r"GET /listcookies", "body.**"),
    "a WSGI application": (r"(GET|POST|HEAD) (/app)?/responses/wsgi(/overridden)?", "status"),
    "the length of no content": (r"GET /responses/empty/204", "header.content-length"),
    "a body after no content": (r"GET /responses/empty/204/(body|json)", "body"),
    "entity headers of not modified": (r".* /responses/empty/304(/body)?", "header.content-type"),
    "a body after not modified": (r"GET /responses/empty/304/body", "body"),
    "the body of HEAD": (r"HEAD .*", "body"),
    "a stream that HEAD starts": (r"HEAD /responses/fail/stream", "raised"),
    "a stream that fails at once": (r"GET /responses/fail/stream", "status"),
    "the length of a list": (r"(GET|HEAD) /responses/object/parts", "header.content-length"),
    "the length of nothing": (r"GET /responses/object/empty", "header.content-length"),
    "a conditional response": (r"(GET|HEAD) /responses/object/conditional", "header.etag"),
    "a location of any but ASCII": (
        r"GET .*/responses/redirect/unicode(/host)?",
        "header.location",
    ),
    "a header in latin-1": (r"GET /responses/headers/latin", "header.x-name"),
    "a stream with context": (r"(GET|HEAD) /responses/stream/context", "status"),
    "Vary: Cookie on reading the session": (r".*", "header.vary"),
    "the order of a session's keys": (r"GET /sessions/show", "body.dict"),
    "an empty cookie domain": (r"GET .*", "cookie.session.domain"),
    "flashed messages without a key": (r"GET /sessions/flashed(/template)?", "status"),
    "a file kept from shared caches": (r"(GET|HEAD) /responses/file.*", "header.cache-control"),
    "a file's arguments": (r"(GET|HEAD) /responses/(file|directory).*", "status"),
}


@pytest.fixture(scope="module")
def differences() -> list[Difference]:
    stock = str(ROOT / "tests" / "stock.py")
    return check("flask_app", stock, read_scenarios(SCENARIOS)).differences


def departs(difference: Difference, departure: str) -> bool:
    route, path = DEPARTURES[departure]
    return _at(difference, route) and matches(parse_pattern(path), difference.parts)


def _at(difference: Difference, route: str) -> bool:
    target = difference.target.partition("?")[0]
    return re.fullmatch(route, f"{difference.method} {target}") is not None


@pytest.mark.parametrize("departure", DEPARTURES)
def test_departure_is_found(departure: str, differences: list[Difference]) -> None:
    """Each known departure of stock Quart is reported by route and path."""
    found = [one for one in differences if departs(one, departure)]

    assert found


def test_nothing_else_departs(differences: list[Difference]) -> None:
    """Routes at which stock Quart is not known to depart do not differ."""
    routes = [route for route, path in DEPARTURES.values() if route != ".*"]
    unexplained = {
        (one.method, one.target, one.path)
        for one in differences
        if one.path != "header.vary" and not any(_at(one, route) for route in routes)
    }

    assert not unexplained


def test_compat_closes_all() -> None:
    """With compat no route differs."""
    report = check("flask_app", "quart_app", read_scenarios(SCENARIOS))

    assert (report.count, report.failures) == (0, [])
