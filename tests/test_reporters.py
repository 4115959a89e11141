"""What holds for every reporter: hostile values, secrets; and the status that a report gives."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quart_parity import Difference, Failure, Report
from quart_parity.reporters import REPORTERS
from quart_parity.values import MISSING
from tests.reports import as_json, difference, report, shown

HOSTILE = "\x1bc\x1b[31m\x9b31m\x7f\x00\x08\r\u202e\u2028\ud800"
"""What resets or recolours a terminal, erases, turns text around, or cannot be encoded."""

EVERYWHERE: dict[str, Difference] = {
    "a value": difference(ours=HOSTILE),
    "a long text": difference(ours=HOSTILE * 50, theirs="x"),
    "a key": difference(ours={HOSTILE: {HOSTILE: 1}}),
    "a path": difference(("body", HOSTILE)),
    "a path without brackets": difference(("body", "\x1bc")),
    "a scenario": difference(scenario=HOSTILE),
    "a reason": difference(accepted=HOSTILE),
    "a place": difference(("raised",), places=(HOSTILE, HOSTILE)),
    "an exception": difference(("raised", "text"), HOSTILE, "x"),
    "a target": difference(target="/" + HOSTILE),
    "a log": difference(logs=(HOSTILE, f"{HOSTILE}\n\u0085{HOSTILE}")),
}


@pytest.mark.parametrize("given", EVERYWHERE.values(), ids=EVERYWHERE)
def test_no_control_character_reaches_the_terminal(given: Difference) -> None:
    """Whatever an application sends, a terminal gets text and line breaks only."""
    made = report(given, failures=(Failure(HOSTILE, 0, HOSTILE),))
    made.reference = made.candidate = HOSTILE
    made.stale = made.notes = [HOSTILE]
    text = shown(made)

    assert not set(text) & (set(HOSTILE) - set("c[31m"))


@pytest.mark.parametrize("given", EVERYWHERE.values(), ids=EVERYWHERE)
def test_a_json_report_can_always_be_written(given: Difference) -> None:
    """Text that no encoding holds is in the report all the same."""
    assert as_json(report(given))["summary"]["exchanges"] == 3


LEAVES = st.none() | st.integers() | st.floats() | st.text() | st.binary() | st.just(MISSING)
VALUES = st.recursive(LEAVES, lambda i: st.lists(i) | st.dictionaries(st.text(), i), max_leaves=8)


@given(VALUES, VALUES, st.text())
def test_every_value_can_be_shown_in_every_format(ours: Any, theirs: Any, key: str) -> None:
    """No value breaks a reporter."""
    made = report(difference(("body", key), ours, theirs))

    assert "1 difference" in shown(made)
    assert len(as_json(made)["differences"]) == 1


def made_of_secrets() -> Report:
    made = report(
        difference(("session", "password"), "hunter2", "hunter3", target="/?a=1&token=hunter4"),
        difference(("cookie", "session", "value"), "hunter5", MISSING),
        difference(("body",), {"secret": "hunter6"}, "x"),
        difference(("status",), 500, 200, logs=("Set-Cookie: a=hunter8", "password = 'hunter9'")),
        failures=(Failure("walk", 0, "'/?token=hunter7' is bad"),),
    )
    made.notes = ["see http://a:hunter10@b.example"]
    return made


@pytest.mark.parametrize("format_", list(REPORTERS))
def test_secrets_are_masked_in_every_format(format_: str) -> None:
    """Values, targets and messages of the whole report pass the masker."""
    assert "hunter" not in shown(made_of_secrets(), format_)


@pytest.mark.parametrize("format_", ["text", "json", "markdown"])
def test_secrets_of_the_whole_report_are_shown_on_demand(format_: str) -> None:
    """Formats that list the report's differences have all of their values then."""
    text = shown(made_of_secrets(), format_, show_secrets=True)

    assert all(f"hunter{n}" in text for n in range(2, 11))


@pytest.mark.parametrize(
    ("made", "strict", "status"),
    [
        (report(), False, 0),
        (report(difference()), False, 1),
        (report(difference(accepted="why")), False, 0),
        (report(failures=(Failure("walk", 0, ""),)), False, 2),
        (report(difference(), failures=(Failure("walk", 0, ""),)), False, 2),
    ],
    ids=["parity", "difference", "accepted", "error", "both"],
)
def test_the_exit_status_is_the_highest_that_applies(
    made: Report, strict: bool, status: int
) -> None:
    """Parity is 0, a difference 1, a scenario that cannot be played 2."""
    assert made.exit_status(strict) == status
    assert made.ok is (status == 0)


def test_a_stale_accept_fails_when_strict() -> None:
    """What is accepted in vain is a note, and a failure on demand."""
    made = report()
    made.stale = ["header.x"]

    assert (made.exit_status(), made.exit_status(strict=True)) == (0, 1)
