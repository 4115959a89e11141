"""Two texts side by side, with what each side made up for itself in them."""

import pytest

from quart_parity.weaving import runs, woven

ONE, OTHER = "1f0e9d8c7b6a5948", "a0b1c2d3e4f50617"


def matched(ours: str, theirs: str) -> tuple[bool, str]:
    """With one pair that corresponds, and nothing known from before."""

    def match(one: str, other: str, before: str, after: str) -> bool:
        return (one, other) == (ONE, OTHER)

    (run,) = runs(ours, theirs)
    return woven(run, ours, theirs, match, lambda value: None)


@pytest.mark.parametrize("text", ["{}", "a {} b", "{}\n", '<i value="{}">', "{0} and {0}"])
def test_texts_that_part_in_a_pair_alone_fit(text: str) -> None:
    """Wherever it stands; the candidate's text is then the reference's."""
    assert matched(text.format(ONE), text.format(OTHER)) == (True, text.format(ONE))


PARTING = {
    "in the last separator": ("a,b\r\nc,1\r\n", "a,b\nc,1\n"),
    "in the only separator": ("a\n", "a"),
    "in the first separator": (" a", "a"),
    "in a word": ("a {}", "b {}"),
    "in a separator beside a pair": ("{}, a", "{}; a"),
    "in a separator behind a pair": ("{}\r\n", "{}\n"),
    "in a word more": ("{} a", "{} a b"),
    "in a word less": ("a {}", "{}"),
    "in a pair the other way round": (f"{OTHER}", f"{ONE}"),
}


@pytest.mark.parametrize(("ours", "theirs"), PARTING.values(), ids=PARTING)
def test_texts_that_part_elsewhere_do_not_fit(ours: str, theirs: str) -> None:
    """Also not where only what stands between words is another."""
    assert not matched(ours.format(ONE), theirs.format(OTHER))[0]
