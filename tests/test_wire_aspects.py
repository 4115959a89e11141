"""What counts over a wire: all that the application answers, nothing that its server adds."""

from dataclasses import replace
from typing import Any

import pytest

from quart_parity.comparison import are_same
from quart_parity.exchange import Exchange, Raised
from quart_parity.values import MISSING
from tests.builders import answer, found, no_answer
from tests.wires import on_wire

SERVERS = [
    "Alt-Svc", "Connection", "Date", "Keep-Alive", "Proxy-Connection", "Server", "Trailer",
    "Transfer-Encoding", "Upgrade", "Via",
]  # fmt: skip
EARLY = (103, (("Link", "</a.css>; rel=preload"),))


@pytest.mark.parametrize("name", SERVERS)
def test_a_field_of_the_server_is_not_compared(name: str) -> None:
    """What the server adds or changes is not the application's."""
    ours, theirs = on_wire(answer(headers=[(name, "a")])), on_wire(answer())

    assert found(ours, theirs) == {}
    assert found(ours, on_wire(answer(headers=[(name.lower(), "b")]))) == {}
    assert are_same(ours, theirs)


@pytest.mark.parametrize("name", SERVERS)
def test_in_process_the_same_field_is_the_applications(name: str) -> None:
    """Without a server nobody else can have set a field."""
    assert found(answer(headers=[(name, "a")]), answer()) == {
        f"header.{name.lower()}": ("a", MISSING)
    }


@pytest.mark.parametrize("name", SERVERS)
def test_a_field_that_only_one_side_could_keep_is_not_compared(name: str) -> None:
    """In process it is the application's, on the other side its server has overwritten it."""
    ours, theirs = answer(headers=[(name, "a")]), on_wire(answer(headers=[(name, "b")]))

    assert found(ours, theirs) == {}
    assert found(theirs, replace(ours, raised=Raised("KeyError", None, None))) == {}


@pytest.mark.parametrize("name", ["Content-Length", "Content-Type", "Vary", "Age", "X-Date", "TE"])
def test_every_other_field_is_compared(name: str) -> None:
    """A wire hides no field of the application."""
    ours, theirs = on_wire(answer(headers=[(name, "1")])), on_wire(answer(headers=[(name, "2")]))

    assert found(ours, theirs) == {f"header.{name.lower()}": ("1", "2")}
    assert not are_same(ours, theirs)


DIFFERENT: dict[str, tuple[Exchange, Exchange, dict[str, tuple[Any, Any]]]] = {
    "an interim response": (
        on_wire(answer(), [EARLY]),
        on_wire(answer()),
        {"interim": ([{"status": 103, "header": {"link": "</a.css>; rel=preload"}}], MISSING)},
    ),
    "another interim status": (
        on_wire(answer(), [(102, ())]),
        on_wire(answer(), [(103, ())]),
        {"interim[0].status": (102, 103)},
    ),
    "an interim field": (
        on_wire(answer(), [(103, (("Link", "a"), ("Set-Cookie", "a=1"), ("Via", "p")))]),
        on_wire(answer(), [(103, (("Link", "b"),))]),
        {"interim[0].header.link": ("a", "b"), "interim[0].header.set-cookie": ("a=1", MISSING)},
    ),
    "one interim response more": (
        on_wire(answer(), [EARLY, EARLY]),
        on_wire(answer(), [EARLY]),
        {
            "interim[1]": (
                {"status": 103, "header": {"link": "</a.css>; rel=preload"}},
                MISSING,
            )
        },
    ),
    "a trailer": (
        on_wire(answer(), trailers=(("Checksum", "1"),)),
        on_wire(answer()),
        {"trailer": ({"checksum": "1"}, MISSING)},
    ),
    "another trailer": (
        on_wire(answer(), trailers=(("Checksum", "1"), ("A", "x"))),
        on_wire(answer(), trailers=(("checksum", "2"), ("A", "x"))),
        {"trailer.checksum": ("1", "2")},
    ),
}


@pytest.mark.parametrize(("ours", "theirs", "paths"), DIFFERENT.values(), ids=DIFFERENT)
def test_what_goes_around_a_response_is_compared(
    ours: Exchange, theirs: Exchange, paths: dict[str, tuple[Any, Any]]
) -> None:
    """Interim responses and trailers are the application's, and seen over a wire only."""
    assert found(ours, theirs) == paths
    assert found(theirs, ours) == {path: (b, a) for path, (a, b) in paths.items()}


EQUAL: dict[str, tuple[Exchange, Exchange]] = {
    "100 Continue": (on_wire(answer(), [(100, (("X", "1"),))]), on_wire(answer())),
    "names in two cases": (
        on_wire(answer(), [(103, (("Link", "a"),))]),
        on_wire(answer(), [(103, (("link", "a"),))]),
    ),
    "interim responses that cannot be seen in process": (answer(), on_wire(answer(), [EARLY])),
    "trailers that cannot be seen in process": (
        answer(),
        on_wire(answer(), trailers=(("Checksum", "1"),)),
    ),
    "an exception that only the side in process tells": (
        answer(500, raised=Raised("KeyError", "'a'", "shop.py:1")),
        on_wire(answer(500)),
    ),
}


@pytest.mark.parametrize(("ours", "theirs"), EQUAL.values(), ids=EQUAL)
def test_what_one_side_cannot_tell_is_no_difference(ours: Exchange, theirs: Exchange) -> None:
    """Only what both sides show is compared, and only what is their applications'."""
    assert found(ours, theirs) == {}
    assert found(theirs, ours) == {}


def test_exceptions_of_two_served_applications_are_compared() -> None:
    """Where both sides tell what was raised, it counts as in process."""
    ours = on_wire(answer(500, raised=Raised("KeyError", "'a'", None)))

    assert found(ours, on_wire(answer(500, raised=Raised("OSError", "'a'", None)))) == {
        "raised.type": ("KeyError", "OSError")
    }
    assert found(ours, on_wire(answer(500))).keys() == {"raised"}


def test_no_answer_over_a_wire_is_a_difference() -> None:
    """Two sides that nobody has seen answer do not agree."""
    ours = no_answer(broken="the connection was closed before an answer")

    assert found(ours, ours).keys() == {"broken"}
    assert found(ours, on_wire(answer())).keys() == {"broken", "status"}
