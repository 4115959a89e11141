"""What a report keeps where there is more than it lists."""

from collections import Counter

from quart_parity.report import LISTED, PORT
from tests.reports import difference, report

KNOWN = [difference(divergences=("QP021",), request=n) for n in range(3 * LISTED)]
OWN = [difference(divergences=(), request=n) for n in range(20)]


def test_a_frequent_cause_does_not_hide_a_rare_one() -> None:
    """Of what comes when the list is full the rare is kept, and the frequent gives way."""
    made = report(*KNOWN, *OWN)
    kept = Counter(one.divergences for one in made.differences)

    assert made.causes == {"QP021": 3 * LISTED, PORT: 20}
    assert kept == {("QP021",): LISTED - 20, (): 20}
    assert [one.request for one in made.differences if not one.divergences] == [*range(20)]


def test_causes_share_the_list() -> None:
    """Two that are both too many have the half each, from their beginnings."""
    other = [difference(divergences=None, request=n) for n in range(2 * LISTED)]
    made = report(*KNOWN, *other)
    kept = Counter(one.divergences for one in made.differences)

    assert kept == {("QP021",): LISTED // 2, None: LISTED // 2}
    assert made.differences[0].request == 0
    assert [one.request for one in made.differences if one.divergences is None] == [
        *range(LISTED // 2)
    ]
