"""The jar: what is stored, what is sent, and for how long (RFC 6265bis, 5.7 and 5.8)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quart_parity.cookies import MAX_AGE_LIMIT, Jar
from quart_parity.exchange import parse_base

NOW = 1_700_000_000
PAST = "Expires=Tue, 14 Nov 2023 22:13:19 GMT"
"""One second before `NOW`."""
SHOP = "http://shop.example"
TLS = "https://shop.example"

Fields = list[tuple[str, str]]
"""Where each ``Set-Cookie`` field comes from, and the field."""


def filled(fields: Fields) -> Jar:
    jar = Jar()
    for url, field in fields:
        base, path = split(url)
        jar.store(parse_base(base), path, field, NOW)
    return jar


def split(url: str) -> tuple[str, str]:
    """Base and path; ``http://a.example/b/c`` is served at the root."""
    scheme, host, path = url.partition("://")[0], *url.partition("://")[2].partition("/")[::2]
    return f"{scheme}://{host}", f"/{path}"


def sent(jar: Jar, url: str, at: float = NOW) -> str:
    base, path = split(url)
    return jar.header(parse_base(base), path, at)


PLACES: dict[str, tuple[str, str, str, bool]] = {
    "the host itself": (SHOP, "a=1", SHOP, True),
    "another port": (SHOP + ":8000", "a=1", SHOP + ":9000", True),
    "below a host without Domain": (SHOP, "a=1", "http://www.shop.example", False),
    "an empty Domain": (SHOP, "a=1; Domain=", "http://www.shop.example", False),
    "below a Domain": (SHOP, "a=1; Domain=shop.example", "http://www.shop.example", True),
    "beside, with the Domain above": (
        "http://www.shop.example",
        "a=1; Domain=shop.example",
        "http://api.shop.example",
        True,
    ),
    "a Domain with a dot and capitals": (SHOP, "a=1; Domain=.Shop.EXAMPLE", SHOP, True),
    "a foreign Domain": (SHOP, "a=1; Domain=other.example", "http://other.example", False),
    "a Domain below the host": (
        SHOP,
        "a=1; Domain=www.shop.example",
        "http://www.shop.example",
        False,
    ),
    "a host that only ends alike": (
        SHOP,
        "a=1; Domain=shop.example",
        "http://ashop.example",
        False,
    ),
    "set by a host that only ends alike": (
        "http://ashop.example",
        "a=1; Domain=shop.example",
        SHOP,
        False,
    ),
    "a part of an address": ("http://10.0.0.1", "a=1; Domain=0.0.1", "http://10.0.0.1", False),
    "an address": ("http://10.0.0.1", "a=1; Domain=10.0.0.1", "http://10.0.0.1", True),
    "the Path itself": (SHOP, "a=1; Path=/a", SHOP + "/a", True),
    "below the Path": (SHOP, "a=1; Path=/a", SHOP + "/a/b", True),
    "a path that only begins alike": (SHOP, "a=1; Path=/a", SHOP + "/ab", False),
    "above the Path": (SHOP, "a=1; Path=/a/b", SHOP + "/a", False),
    "without the Path's last slash": (SHOP, "a=1; Path=/a/", SHOP + "/a", False),
    "below a Path with a slash": (SHOP, "a=1; Path=/a/", SHOP + "/a/b", True),
    "beside, without a Path": (SHOP + "/a/b", "a=1", SHOP + "/a/c", True),
    "above, without a Path": (SHOP + "/a/b", "a=1", SHOP + "/", False),
    "a Path without a slash is none": (SHOP + "/a/b", "a=1; Path=c", SHOP + "/a/c", True),
    "Secure over plain HTTP": (SHOP, "a=1; Secure", SHOP, False),
    "Secure over TLS": (TLS, "a=1; Secure", TLS, True),
    "Secure, then plain HTTP": (TLS, "a=1; Secure", SHOP, False),
    "not Secure, from TLS to plain HTTP": (TLS, "a=1", SHOP, True),
    "Secure on localhost": ("http://localhost", "a=1; Secure", "http://localhost", True),
    "Secure on a loopback address": ("http://127.0.0.1", "a=1; Secure", "http://127.0.0.1", True),
    "__Secure- and Secure": (TLS, "__Secure-a=1; Secure", TLS, True),
    "__Secure- without Secure": (TLS, "__Secure-a=1", TLS, False),
    "__secure- without Secure": (TLS, "__secure-a=1", TLS, False),
    "__Host- as it must be": (TLS, "__Host-a=1; Secure; Path=/", TLS, True),
    "__Host- without Secure": (TLS, "__Host-a=1; Path=/", TLS, False),
    "__Host- without Path": (TLS, "__Host-a=1; Secure", TLS, False),
    "__Host- with another Path": (TLS, "__Host-a=1; Secure; Path=/a", TLS + "/a", False),
    "__Host- with a Domain": (TLS, "__Host-a=1; Secure; Path=/; Domain=shop.example", TLS, False),
    "__HOST- with a Domain": (TLS, "__HOST-a=1; Secure; Path=/; Domain=shop.example", TLS, False),
    "a nameless cookie that looks like a prefix": (TLS, "=__Host-a=1; Secure; Path=/", TLS, False),
    "SameSite=None and Secure": (TLS, "a=1; SameSite=None; Secure", TLS, True),
    "SameSite=None without Secure": (TLS, "a=1; SameSite=None", TLS, False),
    "SameSite=NONE without Secure": (SHOP, "a=1; samesite=NONE", SHOP, False),
    "SameSite=None before another": (TLS, "a=1; SameSite=None; SameSite=Lax", TLS, True),
    "SameSite=None before an unknown one": (TLS, "a=1; SameSite=None; SameSite=Loose", TLS, True),
    "an unknown SameSite": (SHOP, "a=1; SameSite=Loose", SHOP, True),
    "a control character": (SHOP, "a=1\x01", SHOP, False),
    "a pair that is too long": (SHOP, "a=" + "1" * 4096, SHOP, False),
}


@pytest.mark.parametrize(("origin", "field", "url", "goes"), PLACES.values(), ids=PLACES)
def test_a_cookie_goes_where_its_domain_path_and_security_let_it(
    origin: str, field: str, url: str, goes: bool
) -> None:
    """A cookie set at one URL is sent to another just when section 5.8.3 says so."""
    assert bool(sent(filled([(origin, field)]), url)) is goes


LIVES: dict[str, tuple[str, float, bool]] = {
    "no expiry": ("a=1", 10 * MAX_AGE_LIMIT, True),
    "before Max-Age": ("a=1; Max-Age=60", 59, True),
    "at Max-Age": ("a=1; Max-Age=60", 60, False),
    "Max-Age 0": ("a=1; Max-Age=0", 0, False),
    "Max-Age below 0": ("a=1; Max-Age=-1", 0, False),
    "Max-Age before Expires": (f"a=1; Max-Age=60; {PAST}", 0, True),
    "Max-Age 0 before Expires": ("a=1; Max-Age=0; Expires=Sat, 01 Jan 2050 00:00:00 GMT", 0, False),
    "Max-Age that is no number": ("a=1; Max-Age=1.5", MAX_AGE_LIMIT + 1, True),
    "Max-Age with a plus": ("a=1; Max-Age=+5", 6, True),
    "before the cap": ("a=1; Max-Age=99999999999999999999", MAX_AGE_LIMIT - 1, True),
    "at the cap": ("a=1; Max-Age=99999999999999999999", MAX_AGE_LIMIT, False),
    "Expires in the past": (f"a=1; {PAST}", 0, False),
    "the last Expires there is": ("a=1; Expires=Fri, 31 Dec 9999 23:59:59 GMT", 60, True),
    "Max-Age with zeros before it": ("a=1; Max-Age=000000000000060", 60, False),
    "Max-Age of many zeros": ("a=1; Max-Age=000000000000000", 0, False),
    "a Max-Age that is none after one that is": ("a=1; Max-Age=60; Max-Age=x", 60, False),
    "a Max-Age after another": ("a=1; Max-Age=60; Max-Age=90", 60, True),
    "an Expires that is none after one that is": (f"a=1; {PAST}; Expires=soon", 0, False),
    "before Expires": ("a=1; Expires=Tue, 14 Nov 2023 22:14:20 GMT", 59, True),
    "at Expires": ("a=1; Expires=Tue, 14 Nov 2023 22:14:20 GMT", 60, False),
    "Expires beyond the cap": ("a=1; Expires=Sat, 01 Jan 2050 00:00:00 GMT", MAX_AGE_LIMIT, False),
    "Expires that is no date": ("a=1; Expires=soon", MAX_AGE_LIMIT + 1, True),
}


@pytest.mark.parametrize(("field", "later", "alive"), LIVES.values(), ids=LIVES)
def test_a_cookie_lives_as_long_as_it_says(field: str, later: float, alive: bool) -> None:
    """Max-Age comes before Expires, and neither gives more than 400 days."""
    assert bool(sent(filled([(SHOP, field)]), SHOP, NOW + later)) is alive


HISTORIES: dict[str, tuple[Fields, str, str]] = {
    "older ones first": ([(SHOP, "b=1"), (SHOP, "a=2")], SHOP, "b=1; a=2"),
    "longer paths first": (
        [(SHOP, "a=1; Path=/"), (SHOP, "a=2; Path=/x")],
        SHOP + "/x",
        "a=2; a=1",
    ),
    "one replaced keeps its place": (
        [(SHOP, "a=1"), (SHOP, "b=2"), (SHOP, "a=3")],
        SHOP,
        "a=3; b=2",
    ),
    "one removed loses its place": (
        [(SHOP, "a=1"), (SHOP, "b=2"), (SHOP, "a=; Max-Age=0"), (SHOP, "a=3")],
        SHOP,
        "b=2; a=3",
    ),
    "removing needs the same path": (
        [(SHOP, "a=1; Path=/x"), (SHOP, f"a=; {PAST}")],
        SHOP + "/x",
        "a=1",
    ),
    "removing needs the same domain": (
        [(SHOP, "a=1; Domain=shop.example"), (SHOP, f"a=; {PAST}")],
        SHOP,
        "a=1",
    ),
    "names in two cases are two": ([(SHOP, "a=1"), (SHOP, "A=2")], SHOP, "a=1; A=2"),
    "a nameless one is its value": ([(SHOP, "alone")], SHOP, "alone"),
    "an empty value": ([(SHOP, "a=")], SHOP, "a="),
    "nothing laid over a secure one": ([(TLS, "a=1; Secure"), (SHOP, "a=2")], TLS, "a=1"),
    "nothing laid over a secure one from below": (
        [(TLS, "a=1; Secure; Domain=shop.example"), ("http://www.shop.example", "a=2")],
        "https://www.shop.example",
        "a=1",
    ),
    "a secure one on a longer path is not laid over": (
        [(TLS, "a=1; Secure; Path=/login"), (SHOP, "a=2; Path=/")],
        TLS + "/login",
        "a=1; a=2",
    ),
    "TLS may lay over a secure one": ([(TLS, "a=1; Secure"), (TLS, "a=2")], TLS, "a=2"),
}


@pytest.mark.parametrize(("fields", "url", "header"), HISTORIES.values(), ids=HISTORIES)
def test_what_was_set_one_after_the_other_is_sent_in_order(
    fields: Fields, url: str, header: str
) -> None:
    """Replacing, removing and ordering follow sections 5.7 and 5.8.3."""
    assert sent(filled(fields), url) == header


def test_a_cookie_that_is_put_goes_to_the_whole_host() -> None:
    """What a scenario puts into the jar is sent everywhere on the host, and replaces."""
    jar = filled([(SHOP, "a=1; Path=/")])
    jar.put(parse_base(SHOP), "a", "2")

    assert sent(jar, SHOP + "/deep/down") == "a=2"
    assert sent(jar, "http://www.shop.example") == ""


ATTRIBUTES = st.sampled_from(["Path", "Domain", "Max-Age", "Expires", "Secure", "SameSite", ""])
VALUES = st.text(max_size=20) | st.sampled_from(
    ["/", "shop.example", "0", "-1", "9" * 30, PAST[8:]]
)


@given(st.text(max_size=20), st.lists(st.tuples(ATTRIBUTES, VALUES), max_size=4))
def test_storing_never_raises(pair: str, attributes: list[tuple[str, str]]) -> None:
    """Whatever an application sets, the jar has an answer."""
    field = pair + "".join(f"; {name}={value}" for name, value in attributes)

    assert isinstance(sent(filled([(TLS, field)]), TLS), str)
