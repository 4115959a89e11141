"""One ``Set-Cookie`` field as a user agent reads it (RFC 6265bis, 5.1.1 and 5.6)."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quart_parity.cookies import SetCookie, default_path, parse_date, parse_set_cookie

PARSED = {
    "plain": ("a=b", "a", "b", {}),
    "spaces and tabs around": (" a\t= b ; Path = /x ", "a", "b", {"path": "/x"}),
    "equals signs in the value": ("a=b=c==", "a", "b=c==", {}),
    "quotes belong to the value": ('a="b c"', "a", '"b c"', {}),
    "no value": ("a=", "a", "", {}),
    "no name": ("=b", "", "b", {}),
    "neither name nor equals sign": ("b", "", "b", {}),
    "a tab inside": ("a=b\tc", "a", "b\tc", {}),
    "names of attributes in any case": (
        "a=b; PATH=/; hTTPoNLY",
        "a",
        "b",
        {"path": "/", "httponly": ""},
    ),
    "the last of two attributes": ("a=b; Path=/1; path=/2", "a", "b", {"path": "/2"}),
    "attributes without a name": ("a=b;; =x; ;", "a", "b", {}),
    "unknown attributes": ("a=b; Colour=red", "a", "b", {"colour": "red"}),
    "bytes above ASCII": ("a=\xe9\xff", "a", "\xe9\xff", {}),
    "a pair of 4096 bytes": ("a=" + "b" * 4095, "a", "b" * 4095, {}),
    "an attribute of 1024 bytes": (
        "a=b; Path=/" + "p" * 1023,
        "a",
        "b",
        {"path": "/" + "p" * 1023},
    ),
    "an attribute of 1025 bytes": ("a=b; Path=/" + "p" * 1024, "a", "b", {}),
}
REFUSED = {
    "empty": "",
    "an equals sign": " = ",
    "attributes only": "; Path=/",
    "a null in the value": "a=b\0c",
    "a line break in an attribute": "a=b; Path=/\n",
    "a delete in the name": "a\x7f=b",
    "a pair of 4097 bytes": "a=" + "b" * 4096,
}
NOVEMBER = 784_111_777
DATES = {
    "RFC 9110": ("Sun, 06 Nov 1994 08:49:37 GMT", NOVEMBER),
    "RFC 850": ("Sunday, 06-Nov-94 08:49:37 GMT", NOVEMBER),
    "asctime": ("Sun Nov  6 08:49:37 1994", NOVEMBER),
    "the year first": ("1994 nov 06 08:49:37", NOVEMBER),
    "one digit": ("6 Nov 1994 8:49:37", NOVEMBER),
    "a long month and a time with a tail": ("06 Novembre 1994 08:49:37pm", NOVEMBER),
    "a zone that is not looked at": ("06 Nov 1994 08:49:37 +0900", NOVEMBER),
    "the year 70 is 1970": ("01 Jan 70 00:00:00", 0),
    "the year 69 is 2069": ("01 Jan 69 00:00:00", 3_124_224_000),
    "a leap day": ("29 Feb 2020 00:00:00", 1_582_934_400),
    "the last date that there is": ("Fri, 31 Dec 9999 23:59:59 GMT", 253_402_300_799),
    "the last second of a year": ("31 Dec 1969 23:59:59", -1),
    "the first year": ("01 Jan 1601 00:00:00", -11_644_473_600),
}
NO_DATES = {
    "empty": "",
    "no time": "06 Nov 1994",
    "no day": "Nov 1994 08:49:37",
    "no month": "06 1994 08:49:37",
    "no year": "06 Nov 08:49:37",
    "day 0": "00 Jan 2020 00:00:00",
    "day 32": "32 Jan 2020 00:00:00",
    "the 31st of a shorter month": "31 Feb 2020 00:00:00",
    "no leap year": "29 Feb 2021 00:00:00",
    "hour 24": "01 Jan 2020 24:00:00",
    "minute 60": "01 Jan 2020 00:60:00",
    "second 60": "01 Jan 2020 00:00:60",
    "before 1601": "31 Dec 1600 23:59:59",
}


@pytest.mark.parametrize(("text", "name", "value", "attributes"), PARSED.values(), ids=PARSED)
def test_a_field_is_parsed_as_user_agents_parse_it(
    text: str, name: str, value: str, attributes: dict[str, str]
) -> None:
    """Name, value and attributes are taken apart as section 5.6 says."""
    cookie = parse_set_cookie(text)

    assert cookie is not None
    assert (cookie.name, cookie.value, cookie.attributes) == (name, value, attributes)


def test_an_attribute_that_is_written_twice_is_kept_twice() -> None:
    """What a user agent ignores is still what the application sent."""
    cookie = parse_set_cookie("a=b; Path=/1; path=/2")

    assert cookie is not None
    assert cookie.pairs == (("path", "/1"), ("path", "/2"))


@pytest.mark.parametrize("text", REFUSED.values(), ids=REFUSED)
def test_a_field_that_user_agents_drop_is_none(text: str) -> None:
    """A field that no user agent stores is read as nothing at all."""
    assert parse_set_cookie(text) is None


@pytest.mark.parametrize(("text", "seconds"), DATES.values(), ids=DATES)
def test_a_cookie_date_is_read_however_it_is_written(text: str, seconds: int) -> None:
    """The sloppy forms of section 5.1.1 all give the moment that they mean."""
    assert parse_date(text) == seconds


@pytest.mark.parametrize("text", NO_DATES.values(), ids=NO_DATES)
def test_what_is_no_date_gives_none(text: str) -> None:
    """A date that lacks a part, or that no calendar has, is ignored."""
    assert parse_date(text) is None


@pytest.mark.parametrize(
    ("path", "directory"),
    [
        ("/", "/"),
        ("/a", "/"),
        ("/a/", "/a"),
        ("/a/b", "/a"),
        ("/a/b/", "/a/b"),
        ("", "/"),
        ("*", "/"),
    ],
)
def test_the_default_path_is_the_directory(path: str, directory: str) -> None:
    """A cookie without a path goes to the directory of the request that set it."""
    assert default_path(path) == directory


def written(cookie: SetCookie) -> str:
    """A field that says what the parsed cookie says."""
    attributes = [f"; {name}={value}" for name, value in cookie.pairs]
    return f"{cookie.name}={cookie.value}{''.join(attributes)}"


@given(st.text(st.characters(max_codepoint=255)) | st.text("ab=; \tPath/\x00é"))
def test_parsing_never_raises_and_is_stable(text: str) -> None:
    """Whatever the field, what is read from it is read again from what it says."""
    cookie = parse_set_cookie(text)

    assert cookie is None or parse_set_cookie(written(cookie)) == cookie


@given(st.datetimes(datetime(1601, 1, 1), datetime.max))
def test_every_moment_survives_being_written_as_a_date(moment: datetime) -> None:
    """A date as RFC 9110 writes it is read back to the second."""
    moment = moment.replace(microsecond=0, tzinfo=UTC)
    text = f"{moment:%a, %d %b} {moment.year:04} {moment:%H:%M:%S} GMT"

    assert parse_date(text) == int(moment.timestamp())


@given(st.text())
def test_reading_a_date_never_raises(text: str) -> None:
    """Text that is no date is no error either."""
    assert parse_date(text) is None or isinstance(parse_date(text), int)
