"""The comparison notices when the port or the mixin is broken; here for a few of all breakages."""

from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.breakages.breakage import Breakage, OutOfDateError
from tests.breakages.catching import Outcome, outcomes
from tests.breakages.listed import every
from tests.breakages.modules import Module
from tests.breakages.systematic import UNSEEN, pieces, views

SAMPLE = 45
"""One breakage of so many is tried here, all of them by ``python -m tests.breakages``."""


def uncaught(found: Iterable[Outcome]) -> list[str]:
    return [str(outcome) for outcome in found if outcome.caught is None]


def hit(modules: Iterable[Module]) -> set[tuple[str, str | None]]:
    """The functions that breakages change, each with its file."""
    by_file = {module.file: module for module in modules}
    return {
        (breakage.file, by_file[breakage.file].function_at(breakage.changes_at()))
        for breakage in every()
        if breakage.file in by_file
    }


def test_unbroken() -> None:
    """The comparison finds no difference in the port as it is."""
    (outcome,) = outcomes([None])

    assert outcome == Outcome(None)


def test_sample() -> None:
    """The comparison finds a difference for every breakage of the sample."""
    sample = every()[::SAMPLE]

    assert len(sample) >= 10
    assert uncaught(outcomes(sample)) == []


def test_one_outcome_for_each() -> None:
    """There are at least a hundred breakages, and no two of one name."""
    names = [str(breakage) for breakage in every()]

    assert len(names) >= 100
    assert sorted(names) == sorted(set(names))


def test_every_view_is_broken() -> None:
    """Every view of the port is changed by some breakage."""
    found = list(views())
    missing = {(module.file, name) for module, name, _ in found} - hit(one for one, _, _ in found)

    assert missing == set()


def test_every_piece_of_the_mixin_is_broken() -> None:
    """Every function of the mixin is changed by some breakage, or no answer depends on it."""
    found = [(module, name) for module, name, _ in pieces()]
    functions = {name for _, name in found}
    broken = {name for _, name in hit(module for module, _ in found)}

    assert functions - broken <= UNSEEN <= functions


def test_every_breakage_fits() -> None:
    """Every breakage finds its piece of source once, and changes it."""
    unchanged = [str(one) for one in every() if one.source() == one.path.read_text("utf-8")]

    assert unchanged == []


@pytest.mark.parametrize(("source", "count"), [("two", 0), ("one, one", 2)])
def test_out_of_date(source: str, count: int, tmp_path: Path) -> None:
    """A piece that does not occur exactly once is an error that says how often it does."""
    path = tmp_path / "module.py"
    path.write_text(source, "utf-8")
    breakage = Breakage(str(path), "breaks nothing", "one", "another")

    with pytest.raises(OutOfDateError, match=f"breaks nothing: .*'one' occurs {count} times"):
        breakage.source()


@pytest.mark.parametrize(
    ("new", "error"),
    [
        ('Blueprint("cookies", ', "SyntaxError"),
        ('Blueprint("a.b", __name__)', "ValueError"),
        ('Blueprint("sessions", __name__)', "ValueError"),
    ],
    ids=["syntax", "import", "factory"],
)
def test_not_started(new: str, error: str) -> None:
    """A port that cannot be imported or made is an error, and not a breakage that is caught."""
    old = 'Blueprint("cookies", __name__)'
    (outcome,) = outcomes([Breakage("quart_app/cookies.py", "does not start", old, new)])

    assert outcome.caught is None
    assert outcome.error is not None
    assert error in outcome.error


def test_survivor() -> None:
    """A change that no answer shows survives."""
    old, new = "Read ``true``, ``1``, ``false`` or ``0``.", "Read a word."
    (outcome,) = outcomes([Breakage("quart_app/cookies.py", "changes words", old, new)])

    assert outcome.caught is None
    assert outcome.error is None
