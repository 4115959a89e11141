"""Cookies, attribute by attribute: each one dropped, changed, missing, or one of several."""

from typing import Any

import pytest

from quart_parity.exchange import Exchange
from quart_parity.values import MISSING
from tests.builders import cookies, found

FULL = (
    "a=1; Domain=shop.example; Path=/x; Max-Age=60; Expires=Thu, 01 Jan 2026 00:00:00 GMT"
    "; Secure; HttpOnly; SameSite=Lax; Partitioned"
)
ATTRIBUTES = [part.partition("=")[::2] for part in FULL.split("; ")[1:]]


@pytest.mark.parametrize(("name", "value"), ATTRIBUTES, ids=[name for name, _ in ATTRIBUTES])
def test_a_dropped_attribute_is_found(name: str, value: str) -> None:
    """Every attribute of a cookie is compared: one that is missing is named."""
    dropped = "; ".join(p for p in FULL.split("; ") if p.partition("=")[0] != name)

    assert found(cookies(FULL), cookies(dropped)) == {f"cookie.a.{name.lower()}": (value, MISSING)}


@pytest.mark.parametrize(("name", "value"), ATTRIBUTES, ids=[name for name, _ in ATTRIBUTES])
def test_a_changed_attribute_is_found(name: str, value: str) -> None:
    """An attribute with another value is named, with both values."""
    parts = [f"{name}=other" if p.partition("=")[0] == name else p for p in FULL.split("; ")]

    assert found(cookies(FULL), cookies("; ".join(parts))) == {
        f"cookie.a.{name.lower()}": (value, "other")
    }


COOKIES: dict[str, tuple[Exchange, Exchange, dict[str, tuple[Any, Any]]]] = {
    "another value": (cookies("a=1"), cookies("a=2"), {"cookie.a.value": ("1", "2")}),
    "another case in the value": (cookies("a=x"), cookies("a=X"), {"cookie.a.value": ("x", "X")}),
    "another case in the name": (
        cookies("a=1"),
        cookies("A=1"),
        {"cookie.a": ({"value": "1"}, MISSING), "cookie.A": (MISSING, {"value": "1"})},
    ),
    "a cookie missing": (
        cookies("a=1; Path=/", "b=2"),
        cookies("b=2"),
        {"cookie.a": ({"value": "1", "path": "/"}, MISSING)},
    ),
    "quotes": (cookies('a="1"'), cookies("a=1"), {"cookie.a.value": ('"1"', "1")}),
    "one of two of a name missing": (
        cookies("a=1; Path=/x", "a=1; Path=/y"),
        cookies("a=1; Path=/x"),
        {"cookie.a{path=/y}": ({"value": "1", "path": "/y"}, MISSING)},
    ),
    "an attribute of one of two": (
        cookies("a=1; Path=/x; Secure", "a=1; Path=/y"),
        cookies("a=1; Path=/x", "a=1; Path=/y"),
        {"cookie.a{path=/x}.secure": ("", MISSING)},
    ),
    "two of a name, by their domains": (
        cookies("a=1; Domain=x.example; Path=/", "a=2"),
        cookies("a=1; Domain=x.example; Path=/", "a=3"),
        {"cookie.a{}.value": ("2", "3")},
    ),
    "the same cookie twice, the other way around": (
        cookies("a=1", "a=2"),
        cookies("a=2", "a=1"),
        {"cookie.a{}.value": ("1", "2"), "cookie.a{#2}.value": ("2", "1")},
    ),
    "an attribute written twice": (
        cookies("a=1; Path=/x; Path=/y"),
        cookies("a=1; Path=/y"),
        {"cookie.a.path": (["/x", "/y"], "/y")},
    ),
    "a field that no user agent takes": (
        cookies("a=1"),
        cookies("a=1\x01"),
        {"cookie.a": ({"value": "1"}, MISSING), 'cookie.""': (MISSING, {"field": "a=1\x01"})},
    ),
}


@pytest.mark.parametrize(("ours", "theirs", "paths"), COOKIES.values(), ids=COOKIES)
def test_cookies_are_told_apart_by_name_domain_and_path(
    ours: Exchange, theirs: Exchange, paths: dict[str, tuple[Any, Any]]
) -> None:
    """A cookie that is missing or other than its twin is found, also among some of its name."""
    assert found(ours, theirs) == paths
    assert found(theirs, ours) == {path: (b, a) for path, (a, b) in paths.items()}
