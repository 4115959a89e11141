"""Differences of header fields that are known for what they are without an experiment."""

from __future__ import annotations

from typing import Any

import pytest

from quart_parity import Difference
from quart_parity.divergences import DIVERGENCES
from quart_parity.paths import parse_pattern
from quart_parity.values import MISSING

RECOGNISED = [
    ("QP014", "broken", MISSING, "10 bytes follow a response that has no body"),
    ("QP015", "header.x-name", "é", "Ã©"),
    ("QP016", "header.location", "/%C3%A9%20b", "/Ã© b"),
    ("QP016", "header.content-location", "http://xn--9ca.example/", "http://Ã©.example/"),
]

OTHERS = [
    ("QP014", "broken", "5 bytes follow a response that has no body", MISSING),
    ("QP014", "broken", MISSING, "no answer within 1 s"),
    ("QP014", "body", MISSING, "10 bytes follow a response that has no body"),
    ("QP015", "header.x-name", "é", "e"),
    ("QP015", "header.x-name", "e", "e!"),
    ("QP015", "header.x-name", MISSING, "Ã©"),
    ("QP015", "header.x-name", ["é", "a"], ["Ã©", "a"]),
    ("QP015", "body", "é", "Ã©"),
    ("QP016", "header.location", "/a", "/b"),
    ("QP016", "header.location", "/a", MISSING),
    ("QP016", "header.location", ["/a"], "/a"),
    ("QP016", "header.location", "/%E9", "/é"),
    ("QP016", "header.location", "/a", "http://[/"),
    ("QP016", "header.x-name", "/%C3%A9", "/Ã©"),
]


def recognises(code: str, path: str, reference: Any, candidate: Any) -> bool:
    parts = tuple(str(part) for part in parse_pattern(path))
    recognise = DIVERGENCES[code].recognise
    assert recognise is not None
    return recognise(Difference("scenario", 0, "GET", "/", parts, reference, candidate))


@pytest.mark.parametrize(("code", "path", "reference", "candidate"), RECOGNISED)
def test_difference_is_recognised(code: str, path: str, reference: Any, candidate: Any) -> None:
    """What can be nothing else is known by the two values."""

    assert recognises(code, path, reference, candidate)


@pytest.mark.parametrize(("code", "path", "reference", "candidate"), OTHERS)
def test_difference_may_be_another(code: str, path: str, reference: Any, candidate: Any) -> None:
    """What may have another cause is left to an experiment."""

    assert not recognises(code, path, reference, candidate)
