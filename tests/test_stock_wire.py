"""Over sockets the port on stock Quart differs as in process, and where only a socket shows it."""

from __future__ import annotations

import re

import pytest

from quart_parity import Report, check, read_scenarios
from quart_parity.wiring import Wiring
from tests.test_stock import ROOT, ROUTES, SCENARIOS

pytestmark = pytest.mark.matrix

CUT = ("GET /responses/fail/stream", "broken")
WIRE_ONLY = {
    "hypercorn": {CUT: "QP017"},
    "uvicorn": {
        CUT: "QP017",
        ("GET /responses/empty/204/body", "broken"): "QP014",
        ("GET /responses/empty/204/json", "broken"): "QP014",
        ("GET /responses/empty/304/body", "broken"): "QP014",
    },
}
"""By server: request and path of what no call in process shows, with its cause."""
RAW = ("GET /responses/redirect/unicode", "header.location")


@pytest.fixture(scope="module", params=WIRE_ONLY)
def served(request: pytest.FixtureRequest) -> tuple[str, Report]:
    """A server with what comparing the port on it gives."""
    server: str = request.param
    wiring = Wiring(servers=("gunicorn", server))
    stock = str(ROOT / "tests" / "stock.py")
    return server, check("flask_app", stock, read_scenarios(SCENARIOS), wiring=wiring)


def test_every_cause_is_named_over_sockets(served: tuple[str, Report]) -> None:
    """Each difference has its divergence, at a route that is known to show it."""
    _, report = served
    strange = [
        f"{one.method} {one.target} {one.path}: {one.divergences}"
        for one in report.differences
        if not one.divergences
        or not any(
            re.fullmatch(ROUTES[code], f"{one.method} {one.target.partition('?')[0]}")
            for code in one.divergences
        )
    ]

    assert strange == []
    assert len(report.differences) > 700


def test_what_only_a_socket_shows_is_found(served: tuple[str, Report]) -> None:
    """Bytes behind a 204 and a stream that breaks off are named by route, path and cause."""
    server, report = served
    broken = {
        (f"{one.method} {one.target}", one.path): ", ".join(one.divergences or ())
        for one in report.differences
        if one.path == "broken"
    }

    assert broken == WIRE_ONLY[server]


def test_the_bytes_of_a_location_are_seen(served: tuple[str, Report]) -> None:
    """Raw UTF-8 in a field is read as its bytes, where Flask sends them percent-encoded."""
    _, report = served
    (location,) = [
        one for one in report.differences if (f"{one.method} {one.target}", one.path) == RAW
    ]

    assert "%C3%A9" in location.reference
    assert "\xc3\xa9" in location.candidate
    assert location.divergences == ("QP016",)


def test_all_of_it_is_compared(served: tuple[str, Report]) -> None:
    """No scenario fails, and nothing stays unexplained."""
    _, report = served

    assert report.failures == []
    assert report.unexplained is None
