"""The grammar of paths, in reports and in ``accept``."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quart_parity.paths import Label, Part, Path, Star, format_path, matches, parse_pattern

SPELLED: dict[str, Path] = {
    "header.vary": ("header", "vary"),
    "body.items[2].price": ("body", "items", 2, "price"),
    "body[0][1]": ("body", 0, 1),
    'session."a.b"': ("session", "a.b"),
    'session."a b"': ("session", "a b"),
    'session."*"': ("session", "*"),
    'session.""': ("session", ""),
    r'session."a\"b"': ("session", 'a"b'),
    r'session."a\\b[0]"': ("session", "a\\b[0]"),
    "session.2": ("session", "2"),
    "session.naïve": ("session", "naïve"),
    "cookie.theme{path=/shop}.samesite": ("cookie", "theme", Label("path=/shop"), "samesite"),
    "cookie.theme{}.value": ("cookie", "theme", Label(""), "value"),
    r'cookie.theme{"path=/{\"a\"}"}': ("cookie", "theme", Label('path=/{"a"}')),
}
WRONG = {
    "empty": "",
    "a dot first": ".a",
    "a dot last": "a.",
    "two dots": "a..b",
    "no dot after a bracket": "a[0]b",
    "a dot before a bracket": "a.[0]",
    "an open bracket": "a[0",
    "a word in brackets": "a[b]",
    "an open quote": 'a."b',
    "something after a quote": 'a."b"c',
    "an escape that JSON lacks": r'a."\x"',
    "an open brace": "a{b",
    "three stars": "a.***",
}
MATCHES: list[tuple[str, Path, bool]] = [
    ("header.vary", ("header", "vary"), True),
    ("header.vary", ("header", "Vary"), False),
    ("header", ("header", "vary"), False),
    ("header.vary.x", ("header", "vary"), False),
    ("header.*", ("header", "vary"), True),
    ("header.*", ("header",), False),
    ("header.*", ("header", "a", "b"), False),
    ("*.vary", ("header", "vary"), True),
    ('header."*"', ("header", "vary"), False),
    ('header."*"', ("header", "*"), True),
    ("body.**", ("body",), True),
    ("body.**", ("body", "a", 0, "b"), True),
    ("**", ("body", "a", 0, "b"), True),
    ("body.**.b", ("body", "a", 0, "b"), True),
    ("body.**.b", ("body", "b"), True),
    ("body.**.b", ("body", "b", "c"), False),
    ("body.**.a.**.c", ("body", "a", "a", "b", "c"), True),
    ("body[*].id", ("body", 3, "id"), True),
    ("body[*]", ("body", "3"), False),
    ("body.*", ("body", 3), True),
    ("body[3]", ("body", 3), True),
    ("body[3]", ("body", "3"), False),
    ("body.3", ("body", 3), False),
    ("cookie.a.value", ("cookie", "a", Label("path=/x"), "value"), True),
    ("cookie.a{path=/x}.value", ("cookie", "a", Label("path=/x"), "value"), True),
    ("cookie.a{path=/y}.value", ("cookie", "a", Label("path=/x"), "value"), False),
    ("cookie.a{path=/x}.value", ("cookie", "a", "value"), False),
    ("cookie.a", ("cookie", "a", Label("path=/x")), True),
    ("cookie.*.value", ("cookie", "a", Label("path=/x"), "value"), True),
]


@pytest.mark.parametrize(("text", "path"), SPELLED.items(), ids=SPELLED)
def test_a_path_has_one_spelling(text: str, path: Path) -> None:
    """A path is written in the one way that reads back as itself."""
    assert format_path(path) == text
    assert parse_pattern(text) == path


def test_stars_are_read_as_such() -> None:
    """A bare star is a wildcard, for a part, a position, or any number of parts."""
    assert parse_pattern("a.*[*].**") == ("a", Star("*"), Star("[*]"), Star("**"))


@pytest.mark.parametrize("text", WRONG.values(), ids=WRONG)
def test_what_is_no_path_is_refused(text: str) -> None:
    """Text outside the grammar raises, and says so."""
    with pytest.raises(ValueError, match=r"is no path at position \d|is empty|escape"):
        parse_pattern(text)


def test_the_error_says_where() -> None:
    """The position of the first character that fits nowhere is told."""
    with pytest.raises(ValueError, match=r"'body\.a\.\.b' is no path at position 6"):
        parse_pattern("body.a..b")


@pytest.mark.parametrize(
    ("pattern", "path", "covered"), MATCHES, ids=[f"{p} {format_path(a)}" for p, a, _ in MATCHES]
)
def test_a_pattern_covers_what_it_says_and_no_more(pattern: str, path: Path, covered: bool) -> None:
    """Names, positions, labels and stars match part by part, from end to end."""
    assert matches(parse_pattern(pattern), path) is covered


PARTS: st.SearchStrategy[Part] = (
    st.text()
    | st.text('.[]"*{}\\ \n\x00a0')
    | st.integers(min_value=0)
    | st.builds(Label, st.text() | st.text('{}"\\ =/,'))
)
# A path begins with the name of an aspect.
PATHS = st.builds(lambda parts: ("body", *parts), st.lists(PARTS, max_size=5))


@given(PATHS)
def test_every_path_is_read_back_as_a_pattern_that_covers_it(path: Path) -> None:
    """Whatever names an application gives, its path can be copied into ``accept``."""
    assert parse_pattern(format_path(path)) == path
    assert matches(parse_pattern(format_path(path)), path)


@given(PATHS, PATHS)
def test_a_written_path_covers_no_other(one: Path, other: Path) -> None:
    """Two paths that are not equal are written unlike."""
    assert (format_path(one) == format_path(other)) is (one == other)
