"""Differences by what causes them, in the order in which somebody mends them."""

from quart_parity.divergences import DIVERGENCES, SEVERITIES
from quart_parity.report import PORT
from quart_parity.reporters.groups import groups, route_of
from tests.reports import difference


def test_the_worst_cause_comes_first() -> None:
    """Known divergences by severity, then the port's own, then what nobody could find out."""
    codes = [None, (), ("QP001",), ("QP021",), ("QP025",), ("QP038",)]
    found = groups(difference(divergences=one) for one in codes)

    assert [group.code for group in found] == ["QP021", "QP038", "QP001", "QP025", PORT, None]
    ranks = [SEVERITIES.index(DIVERGENCES[str(group.code)].severity) for group in found[:4]]
    assert ranks == sorted(ranks)


def test_a_group_says_what_it_is_about() -> None:
    """Title and severity are the catalogue's; the other two groups have a sentence of their own."""
    known, own, unknown = groups(difference(divergences=one) for one in [("QP021",), (), None])

    assert (known.title, known.severity) == (DIVERGENCES["QP021"].title, "security")
    assert "the port's own" in own.title
    assert "not found out" in unknown.title
    assert own.severity == unknown.severity == ""


def test_what_several_cause_stands_with_the_worst() -> None:
    """A difference is in one group only, whatever the order of its codes."""
    (group,) = groups([difference(divergences=("QP001", "QP021"))])

    assert group.code == "QP021"
    assert len(group.differences) == 1


def test_what_is_accepted_is_in_no_group() -> None:
    """Nobody has to mend what someone lives with."""
    assert groups([difference(accepted="known", divergences=("QP021",))]) == []


def test_a_group_names_each_route_once() -> None:
    """Routes stand in the order in which they were met, with their method."""
    given = [("GET", "/b"), ("GET", "/a"), ("GET", "/b"), ("POST", "/b")]
    (group,) = groups(difference(method=method, route=rule) for method, rule in given)

    assert group.routes == ("GET /b", "GET /a", "POST /b")


def test_without_a_rule_the_target_names_the_route() -> None:
    """Numbers and ids do not make many routes of one; to a URL map nothing was sent."""
    assert route_of(difference(target="/item/12?page=2")) == "GET /item/…"
    assert route_of(difference(method="", route="/item/<int:id>")) == "/item/<int:id>"
