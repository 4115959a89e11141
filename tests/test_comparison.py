"""The one generic diff."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quart_parity.comparison import Found, diff
from quart_parity.paths import Label, Path
from quart_parity.values import MISSING, Missing, Variants

NAN = float("nan")
DIFFERENT: dict[str, tuple[Any, Any, list[Found]]] = {
    "numbers of two kinds": (1, 1.0, [(("v",), 1, 1.0)]),
    "a truth and a number": (True, 1, [(("v",), True, 1)]),
    "a tuple and a list": ((1,), [1], [(("v",), (1,), [1])]),
    "text and bytes": ("a", b"a", [(("v",), "a", b"a")]),
    "null and nothing": (None, MISSING, [(("v",), None, MISSING)]),
    "an empty list and nothing": ([], MISSING, [(("v",), [], MISSING)]),
    "a dict and a list": ({}, [], [(("v",), {}, [])]),
    "a longer list": ([1], [1, 2, 3], [(("v", 1), MISSING, 2), (("v", 2), MISSING, 3)]),
    "a shorter tuple": ((1, 2), (1,), [(("v", 1), 2, MISSING)]),
    "keys in order": (
        {"b": 1, "a": 2, "c": 0},
        {"d": 3, "c": 0},
        [(("v", "b"), 1, MISSING), (("v", "a"), 2, MISSING), (("v", "d"), MISSING, 3)],
    ),
    "deep down": ({"a": [{"b": 1}]}, {"a": [{"b": 2}]}, [(("v", "a", 0, "b"), 1, 2)]),
    "numbers that are none": (NAN, 1.0, [(("v",), NAN, 1.0)]),
    "one variant each": (Variants({"x": 1}), Variants({"y": 2}), [(("v",), 1, 2)]),
    "one variant and none": (Variants({"x": 1}), MISSING, [(("v",), 1, MISSING)]),
    "two variants": (
        Variants({"x": 1, "y": 2}),
        Variants({"x": 1, "y": 3}),
        [(("v", Label("y")), 2, 3)],
    ),
    "two variants and one": (
        Variants({"x": 1, "y": 2}),
        Variants({"y": 2}),
        [(("v", Label("x")), 1, MISSING)],
    ),
    "two variants and none": (
        MISSING,
        Variants({"x": 1, "y": 2}),
        [(("v", Label("x")), MISSING, 1), (("v", Label("y")), MISSING, 2)],
    ),
}


@pytest.mark.parametrize(("ours", "theirs", "found"), DIFFERENT.values(), ids=DIFFERENT)
def test_each_difference_is_found_once_in_order(ours: Any, theirs: Any, found: list[Found]) -> None:
    """Values are walked depth first, and types count as values do."""
    assert repr(list(diff(ours, theirs, ("v",)))) == repr(found)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (NAN, float("nan")),
        (Variants({"x": 1}), Variants({"y": 1})),
        (Variants(), MISSING),
        ({}, {}),
    ],
    ids=["not a number", "one variant each", "no variant", "empty"],
)
def test_what_is_the_same_is_not_found(ours: Any, theirs: Any) -> None:
    """Not a number is itself here; a single variant needs no label; no variants are nothing."""
    assert list(diff(ours, theirs, ("v",))) == []


def nested(levels: int, inner: Any) -> Any:
    for _ in range(levels):
        inner = [inner]
    return inner


def test_depth_is_no_limit() -> None:
    """Values nested beyond the interpreter's stack are walked all the same."""
    (path, *values), *others = diff(nested(5_000, 1), nested(5_000, 2), ("v",))

    assert (len(path), values, others) == (5_001, [1, 2], [])


LEAVES = (
    st.none()
    | st.booleans()
    | st.integers(-2, 2)
    | st.floats()
    | st.text("ab")
    | st.binary(max_size=2)
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(st.text("ab"), inner, max_size=3)
    ),
    max_leaves=12,
)
VARIANTS = st.dictionaries(st.text("ab"), st.dictionaries(st.text("ab"), LEAVES)).map(Variants)
# Variants stand where the other side has variants too, as cookies do.
NAMED = st.dictionaries(st.text("ab"), VARIANTS, max_size=3)


@given(VALUES | NAMED)
def test_nothing_differs_from_itself(value: Any) -> None:
    """A value compared with itself gives no difference, whatever it holds."""
    assert list(diff(value, value, ("v",))) == []


@given(st.tuples(VALUES, VALUES) | st.tuples(NAMED, NAMED))
def test_comparison_is_symmetric(pair: tuple[Any, Any]) -> None:
    """With the sides exchanged the same paths differ, with their values exchanged."""
    one, other = pair
    ours = {(path, repr(a), repr(b)) for path, a, b in diff(one, other, ("v",))}
    theirs = {(path, repr(b), repr(a)) for path, a, b in diff(other, one, ("v",))}

    assert ours == theirs


def at(value: Any, path: Path) -> Any:
    """What stands at *path*, or `MISSING`."""
    for part in path:
        try:
            value = value[part]
        except (LookupError, TypeError):
            return MISSING
    return value


JSON_VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("ab"), inner, max_size=3),
    max_leaves=12,
)


@given(JSON_VALUES, JSON_VALUES)
def test_the_values_are_those_at_the_path(one: Any, other: Any) -> None:
    """Each difference holds what stands at its path on either side, and never the same."""
    for path, ours, theirs in diff({"v": one}, {"v": other}, ()):
        assert at({"v": one}, path) is ours or isinstance(ours, Missing)
        assert at({"v": other}, path) is theirs or isinstance(theirs, Missing)
        assert repr(ours) != repr(theirs)


@given(JSON_VALUES, JSON_VALUES)
def test_values_that_are_written_unlike_differ(one: Any, other: Any) -> None:
    """Equal is what is written alike, but for the order of keys."""
    same = sorted_text(one) == sorted_text(other)

    assert (list(diff(one, other, ("v",))) == []) is same


def sorted_text(value: Any) -> str:
    """A text that equal values share; 0.0 and -0.0 are equal."""
    if isinstance(value, dict):
        return repr([(key, sorted_text(value[key])) for key in sorted(value)]) + "dict"
    if isinstance(value, list):
        return repr([sorted_text(inner) for inner in value])
    return repr(value + 0.0) if isinstance(value, float) else repr(value)
