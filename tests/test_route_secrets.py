"""Secrets in the variables of a rule, in every place where a request is told."""

import pytest

from quart_parity import Request, Scenario
from quart_parity.exchange import Exchange
from quart_parity.report import Compared, Result
from quart_parity.reporters import REPORTERS, Manner
from tests.builders import answer, raw_request
from tests.packed import parse
from tests.reports import difference
from tests.streams import written

ROUTE, TARGET, SECRET = "/reset/<token>", "/reset/hunter2secret", "hunter2secret"


@pytest.mark.parametrize("format_", REPORTERS)
def test_a_variable_of_a_secret_name_is_masked(format_: str) -> None:
    """In headings, permalinks, curl lines and data, whichever format tells of the request."""
    request = raw_request(target=TARGET)
    sides = [Exchange(request, one.response) for one in (answer(200), answer(404))]
    compared = Compared(0, *sides, ({}, {}), ROUTE)
    found = difference(("status",), 200, 404, target=TARGET, route=ROUTE)
    played = Scenario("walk", [Request(path=TARGET)])
    made = Result("walk", 1, (found,), compared=(compared,), played=played)
    text = written(format_, made, manner=Manner(verbose=True))
    if format_ == "html":
        text += str(parse(text).data)

    assert SECRET not in text
