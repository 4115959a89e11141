"""What a report keeps of long values."""

from typing import Any

import pytest

from quart_parity.values import LONGEST, MISSING, around_parting


@pytest.mark.parametrize(
    "pair", [("a", "b"), (b"a", b""), (1, MISSING), ([1] * LONGEST * 2, None), ("x" * LONGEST, "")]
)
def test_what_is_not_long_stays_as_it_is(pair: tuple[Any, Any]) -> None:
    """Only texts and bytes over the limit are cut."""
    assert around_parting(*pair) == pair


@pytest.mark.parametrize("at", [0, 1, 1023, 1024, 5_000_000, 9_999_999])
@pytest.mark.parametrize("kind", [str, bytes])
def test_the_place_where_two_long_texts_part_is_kept(kind: type[Any], at: int) -> None:
    """The first difference is in what is kept, with a little of what is before it."""
    ours, theirs = "x" * 10_000_000, "x" * at + "y" + "x" * (9_999_999 - at)
    if kind is bytes:
        kept = [value.decode() for value in around_parting(ours.encode(), theirs.encode())]
    else:
        kept = list(around_parting(ours, theirs))

    before = f"[{at - 1024} more] " if at > 1024 else ""
    assert all(text.startswith(before + "x" * min(at, 1024)) for text in kept)
    assert kept[1][len(before) + min(at, 1024)] == "y"
    assert max(map(len, kept)) < LONGEST + 50


def test_a_long_text_that_is_missing_elsewhere_is_kept_from_its_beginning() -> None:
    """Its end is counted."""
    ours, theirs = around_parting("x" * (LONGEST + 7), MISSING)

    assert ours == "x" * LONGEST + " [7 more]"
    assert theirs is MISSING


def test_a_long_text_keeps_the_end_that_a_shorter_one_lacks() -> None:
    """The shorter one stays whole."""
    short = "x" * 10
    ours, theirs = around_parting(short, "x" * LONGEST * 2)

    assert ours == short
    assert theirs == "x" * LONGEST + f" [{LONGEST} more]"
