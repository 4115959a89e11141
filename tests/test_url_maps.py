"""Two URL maps compared."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from quart import Quart

from quart_parity.judging import used
from quart_parity.report import Result
from quart_parity.routes import Converter, Route, routes_of
from quart_parity.url_maps import compare_maps
from quart_parity.values import MISSING

READING = ["GET", "HEAD", "OPTIONS"]
WRITING = ["OPTIONS", "POST"]
INT = Converter("int", r"\d+")
TEXT = Converter("default", "[^/]{1,}")


def route(rule: str, endpoint: str = "view", **fields: Any) -> Route:
    return Route(rule, endpoint, fields.pop("methods", READING), **fields)


def told(result: Result) -> dict[str, tuple[Any, Any]]:
    return {one.path: (one.reference, one.candidate) for one in result.differences}


def compared(reference: list[Route], candidate: list[Route]) -> dict[str, tuple[Any, Any]]:
    return told(compare_maps(reference, candidate, {}))


def view(**values: object) -> str:
    return "x"


def application(make: Callable[..., Any]) -> Any:
    """The same rules in either framework."""
    app = make("shop")
    app.add_url_rule("/", "index", view)
    app.add_url_rule("/cart/", "cart", view, methods=["GET", "POST"], defaults={"page": 1})
    app.add_url_rule("/items/<int(min=1):id>", "item", view, strict_slashes=False)
    return app


def test_the_same_rules_are_the_same_in_both_frameworks() -> None:
    """What the frameworks add of themselves, static files too, is no difference."""
    ours, theirs = (routes_of(application(make)) or [] for make in (Flask, Quart))

    assert len(ours) == 4
    assert compared(ours, theirs) == {}


def test_what_one_side_lacks_is_told() -> None:
    """A rule that only one side has is a difference, with methods and endpoint to find it by."""
    both = route("/")
    found = compared([both, route("/a", "a")], [both, route("/b", "b", methods=WRITING)])

    assert found == {
        "route./a": ({"methods": READING, "endpoints": ["a"]}, MISSING),
        "route./b": (MISSING, {"methods": WRITING, "endpoints": ["b"]}),
    }


@pytest.mark.parametrize(
    ("ours", "theirs", "found"),
    [
        (
            {"methods": [*READING, "POST"]},
            {"methods": READING},
            {"methods": ([*READING, "POST"], READING)},
        ),
        ({"methods": []}, {"methods": READING}, {"methods": (["*"], READING)}),
        ({"endpoint": "a"}, {"endpoint": "b"}, {"endpoint": ("a", "b")}),
        ({"defaults": {"page": 1}}, {"defaults": {}}, {"defaults": ({"page": 1}, {})}),
        ({}, {"strict_slashes": False}, {"strict_slashes": (True, False)}),
        ({}, {"merge_slashes": False}, {"merge_slashes": (True, False)}),
        ({}, {"build_only": True}, {"build_only": (False, True)}),
        ({"redirect_to": "/"}, {}, {"redirect_to": ("/", MISSING)}),
    ],
    ids=lambda value: ",".join(value),
)
def test_what_a_rule_does_otherwise_is_told(
    ours: dict[str, Any], theirs: dict[str, Any], found: dict[str, Any]
) -> None:
    """Each property that differs is a difference of its own."""
    expected = {f"route./x.{name}": values for name, values in found.items()}

    assert compared([route("/x", **ours)], [route("/x", **theirs)]) == expected
    assert {path: (b, a) for path, (a, b) in expected.items()} == compared(
        [route("/x", **theirs)], [route("/x", **ours)]
    )


@pytest.mark.parametrize(
    ("theirs", "found"),
    [
        (TEXT, {"name": ("int", "default")}),
        (Converter("int", r"\d+", [3]), {"arguments": ([], [3])}),
        (Converter("int", r"\d+", [], {"min": 1}), {"options": ({}, {"min": 1})}),
        (Converter("int", r"-?\d+"), {"regex": (r"\d+", r"-?\d+")}),
        (Converter("int", r"\d+", weight=7, part_isolating=True), {}),
    ],
    ids=["name", "arguments", "options", "regex", "inner"],
)
def test_what_a_converter_does_otherwise_is_told(theirs: Converter, found: dict[str, Any]) -> None:
    """Its name, what it is given and what it takes count; how Werkzeug weighs it does not."""
    ours, theirs_ = (route("/<a:id>", converters={"id": one}) for one in (INT, theirs))
    expected = {f"route./<a:id>.converters.id.{name}": values for name, values in found.items()}

    assert compared([ours], [theirs_]) == expected


def test_rules_are_paired_by_the_paths_that_they_match() -> None:
    """Another converter or variable is a difference of one rule, and no rule that is missing."""
    ours = route("/c/<int:id>", converters={"id": INT})
    theirs = route("/c/<number>", converters={"number": TEXT})

    assert compared([ours], [theirs]) == {
        "route./c/<int:id>.variables": (["id"], ["number"]),
        "route./c/<int:id>.converters.id.name": ("int", "default"),
    }


def test_two_names_of_one_converter_are_equal() -> None:
    """``<string:x>`` is ``<x>``."""
    string = Converter("string", TEXT.regex)
    ours = route("/<x>", converters={"x": TEXT})

    assert compared([ours], [route("/<string:x>", converters={"x": string})]) == {}


def test_a_rule_that_moved_is_told_as_one_difference() -> None:
    """A rule that is left on each side is paired by its endpoint."""
    assert compared([route("/cart/", "cart")], [route("/cart", "cart")]) == {
        "route./cart/.rule": ("/cart/", "/cart")
    }


def test_a_rule_for_another_host_is_told_as_one_difference() -> None:
    """A rule that lost its host is not two rules that the sides lack."""
    assert compared([route("/", host="a.test")], [route("/")]) == {
        'route."//a.test/".rule': ("//a.test/", "/")
    }


def test_a_rule_in_two_is_the_same_as_one() -> None:
    """What counts is who answers each method, not in how many rules it is written."""
    one = [route("/x", "x", methods=[*READING, "POST"])]
    two = [route("/x", "x"), route("/x", "x", methods=WRITING)]

    assert compared(one, two) == {}
    assert compared(two, one) == {}


def test_the_order_of_rules_does_not_count() -> None:
    """Which of two rules answers OPTIONS, which both frameworks do alike, is no difference."""
    two = [route("/x", "show"), route("/x", "save", methods=WRITING)]

    assert compared(two, two[::-1]) == {}


def test_rules_of_one_path_are_told_apart_by_method() -> None:
    """Where several rules share a path, the difference names the methods of its own."""
    ours = [route("/x", "show"), route("/x", "save", methods=WRITING)]
    theirs = [route("/x", "show"), route("/x", "store", methods=WRITING)]

    assert compared(ours, theirs) == {"route./x{POST}.endpoint": ("save", "store")}


def test_differences_can_be_accepted() -> None:
    """An accept covers rules as it covers exchanges, and is known to be used."""
    accept = {"route.*": "moved to the proxy", "status": "unused"}
    result = compare_maps([route("/a", "a")], [], accept)

    assert [one.accepted for one in result.differences] == ["moved to the proxy"]
    assert result.used == {("route.*", "moved to the proxy")} == used(accept, result.differences)


def test_a_difference_names_the_rule() -> None:
    """The report shows the rule where a request's target would stand."""
    [difference] = compare_maps([route("/a")], [], {}).differences

    assert (difference.scenario, difference.method, difference.target) == ("URL map", "", "/a")
