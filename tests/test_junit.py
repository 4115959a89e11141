"""JUnit XML: what the services that read it ask for, and hostile text in it."""

from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quart_parity import Difference, Failure, Report
from quart_parity.reporters import Manner
from tests.reports import difference
from tests.streams import result, run_of, written

Element = ElementTree.Element
INSIDE = {
    "testsuites": {"testsuite"},
    "testsuite": {"properties", "testcase", "system-out"},
    "properties": {"property"},
    "property": set(),
    "testcase": {"failure", "error", "system-out"},
    "failure": set(),
    "error": set(),
    "system-out": set(),
}
COUNTS = {"tests", "failures", "errors", "time"}
REQUIRED = {
    "testsuites": {"name", *COUNTS},
    "testsuite": {"name", "skipped", *COUNTS},
    "property": {"name", "value"},
    "testcase": {"name", "classname"},
    "failure": {"message", "type"},
    "error": {"message", "type"},
}
ALLOWED = {"testcase": {"file", "line"}}


def checked(text: str) -> Element:
    """The root; elements, attributes and counts are as the services expect them."""
    root = ElementTree.fromstring(text)  # noqa: S314 - the reporter's own, without a DTD
    assert root.tag == "testsuites"
    for element in root.iter():
        assert {child.tag for child in element} <= INSIDE[element.tag]
        required = REQUIRED.get(element.tag, set())
        assert required <= set(element.keys()) <= required | ALLOWED.get(element.tag, set())
        assert not list(element) or not (element.text or "").strip()
    for element in (root, *root.iter("testsuite")):
        for count, tag in (("tests", "testcase"), ("failures", "failure"), ("errors", "error")):
            assert int(element.get(count, "")) == sum(1 for _ in element.iter(tag))
        assert float(element.get("time", "")) >= 0
    for case in root.iter("testcase"):
        assert sum(child.tag in ("failure", "error") for child in case) <= 1
    names = [(case.get("classname"), case.get("name")) for case in root.iter("testcase")]
    assert len(set(names)) == len(names)
    return root


def case(root: Element, name: str) -> Element:
    (found,) = (one for one in root.iter("testcase") if one.get("name") == name)
    return found


def test_a_scenario_is_a_test_case() -> None:
    """Each passes, fails with its differences, or is in error where it could not be played."""
    broken = result(scenario="c", failures=(Failure("c", 2, "no such\ncookie"),))
    root = checked(
        written("junit", result(scenario="a"), result(difference(), scenario="b"), broken)
    )
    failure, error = case(root, "b").find("failure"), case(root, "c").find("error")

    assert [one.get("name") for one in root.iter("testcase")] == ["a", "b", "c"]
    assert list(case(root, "a")) == []
    assert failure is not None
    assert failure.get("message") == "body: cause unknown"
    assert error is not None
    assert error.get("message") == "c, request 2: no such"
    assert error.text == "c, request 2: no such\ncookie"


def test_a_failure_says_what_the_text_report_says() -> None:
    """Path and cause first, then each request with both values, without colour."""
    found = (
        difference(("header", "vary"), "Cookie", "", divergences=("QP021",), target="/cart"),
        difference(("status",), 200, 500, divergences=(), target="/cart"),
    )
    failure = next(checked(written("junit", result(*found))).iter("failure"))
    lines = (failure.text or "").splitlines()

    assert failure.get("type") == "QP021"
    assert lines[:3] == ["header.vary: QP021, and 1 more", "GET /cart", "  header.vary"]
    assert lines.count("GET /cart") == 1
    assert "    cause      the port itself" in lines


@pytest.mark.parametrize(
    ("codes", "type_"),
    [(("QP021", "QP032"), "QP021"), ((), "port"), (None, "unknown")],
    ids=["known", "the port's own", "not found out"],
)
def test_a_failure_is_of_the_type_of_its_cause(codes: tuple[str, ...] | None, type_: str) -> None:
    """What causes a difference can be filtered for."""
    root = checked(written("junit", result(difference(divergences=codes))))

    assert next(root.iter("failure")).get("type") == type_


def test_what_is_accepted_is_output() -> None:
    """A scenario with nothing but accepted differences passes, and names them with the reason."""
    root = checked(written("junit", result(difference(accepted="we know"), notes=("a note",))))
    output = case(root, "walk").findtext("system-out") or ""

    assert (root.get("failures"), root.get("tests")) == ("0", "1")
    assert "accepted: we know" in output
    assert "a note" in output


def test_the_suite_names_both_sides() -> None:
    """Its properties are the targets; its output is the closing line and what nothing covers."""
    report = run_of(result())
    report.stale = ["header.x"]
    root = checked(written("junit", result(), report=report))

    assert {one.get("name"): one.get("value") for one in root.iter("property")} == {
        "reference": "shop_flask",
        "candidate": "shop_quart",
    }
    output = root.findtext("testsuite/system-out") or ""
    assert "1 scenario, 3 exchanges, 0 differences" in output
    assert "accept 'header.x' covers nothing any more" in output


def test_a_view_is_named_by_its_file_in_the_project(tmp_path: Path) -> None:
    """The port's view, relative to the folder; one outside of it is not named."""
    inside = difference(views=(None, f"{tmp_path}/shop/cart.py:7"))
    outside = difference(views=(None, "/usr/lib/cart.py:7"))
    root = checked(
        written(
            "junit",
            result(outside, inside, scenario="a"),
            result(outside, scenario="b"),
            manner=Manner(folder=tmp_path),
        )
    )

    assert (case(root, "a").get("file"), case(root, "a").get("line")) == ("shop/cart.py", "7")
    assert case(root, "b").get("file") is None


def test_a_name_that_comes_twice_is_numbered() -> None:
    """GitLab ignores all but the first test case of a name."""
    root = checked(written("junit", *(result(scenario="a") for _ in range(3))))

    assert [one.get("name") for one in root.iter("testcase")] == ["a", "a #2", "a #3"]


@pytest.mark.parametrize(
    ("failures", "message"),
    [((), "Nothing was compared."), ((Failure("", 0, "no such module"),), "no such module")],
    ids=["nothing", "no start"],
)
def test_a_run_that_compared_nothing_is_in_error(
    failures: tuple[Failure, ...], message: str
) -> None:
    """No test case at all would be shown as a success."""
    report = Report("shop_flask", "shop_quart", failures=list(failures))
    (error,) = checked(written("junit", report=report)).iter("error")

    assert error.get("message") == message


def test_of_many_differences_of_a_scenario_some_are_told() -> None:
    """One scenario with very many fills no disk; their number is true."""
    root = checked(written("junit", result(*(difference(("body", n)) for n in range(5_000)))))
    failure = next(root.iter("failure"))

    assert failure.get("message") == "body[0]: cause unknown, and 4999 more"
    assert (failure.text or "").endswith("… and 4900 more differences")


HOSTILE = "\x00\x1b]]>&<!--\"'\ud800\ufffe\x85</failure><testcase/>[[ATTACHMENT|/etc/passwd]]"


def hostile_differences(text: str) -> Iterator[Difference]:
    yield difference(("body", text), text, text + "x", target=text, method=text, route=text)
    yield difference(ours={text: [text]}, logs=(text, text), places=(text, text))
    yield difference(("raised",), accepted=text, views=(text, text))


@pytest.mark.parametrize("text", [HOSTILE, HOSTILE * 100], ids=["short", "long"])
def test_hostile_text_is_text(text: str) -> None:
    """No field of an application ends an element, begins one, or makes the file unreadable."""
    found = result(*hostile_differences(text), scenario=text, notes=(text,))
    failed = result(scenario="other", failures=(Failure(text, 0, text),))
    report = run_of(found, failed)
    report.reference = report.candidate = report.unexplained = text
    report.stale = report.notes = [text]
    file = written("junit", found, failed, report=report)
    root = checked(file)

    assert len(list(root.iter("testcase"))) == 2
    assert r"\x00\x1b]]>&<!--" in (root.findtext(".//failure") or "")
    assert r"\ud800\ufffe\x85" in (root.findtext(".//failure") or "")
    assert "[[ATTACHMENT" not in file


@given(st.text(st.characters()))
def test_any_text_can_be_read_again(text: str) -> None:
    """Whatever characters an application sends, the file is well-formed."""
    found = result(*hostile_differences(text), scenario=text)

    assert len(list(checked(written("junit", found)).iter("testcase"))) == 1
