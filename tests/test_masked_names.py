"""Names that are to be masked, or shown, whatever they look like."""

from typing import Any

import pytest

from quart_parity.masks import Masker
from quart_parity.masks.secret_names import Names
from quart_parity.paths import Path

MASK = "<masked 1>"


@pytest.mark.parametrize(
    ("pattern", "name", "is_one"),
    [
        ("ssn", "ssn", True),
        ("ssn", "SSN", True),
        ("SSN", "ssn", True),
        ("ssn", "my_ssn", False),
        ("*ssn", "my_ssn", True),
        ("ssn*", "ssn", True),
        ("x-*-id", "X-Internal-Id", True),
        ("x-*-id", "x-id", False),
        ("a*a", "a", False),
        ("a*a", "aa", True),
        ("*b*d*", "abcde", True),
        ("*d*b*", "abcde", False),
        ("*", "", True),
        ("a.b", "axb", False),
        ("ssn", "user[ssn]", True),
        ("ssn", "user.ssn", True),
        ("user[ssn]", "user[ssn]", True),
        ("a\nb", "a\nb", True),
    ],
)
def test_a_name_is_matched_whole(pattern: str, name: str, is_one: bool) -> None:
    """Case does not count, a star is anything, and a part of a structured name has a name."""
    assert Names([pattern]).is_secret(name) is is_one


def test_what_is_asked_comes_before_looks() -> None:
    """To mask comes first, to show second, and looks decide the rest."""
    names = Names(["token_a", "plain"], ["token_*", "pin", "plain"])

    assert [names.is_secret(name) for name in ("token_a", "token_b", "pin", "plain", "token")] == [
        True,
        False,
        False,
        True,
        True,
    ]


ASKED: dict[str, tuple[Path, Any, Any]] = {
    "a value": (("session", "ssn"), "1", MASK),
    "an inner value": (("body",), {"a": [{"ssn": "1"}]}, {"a": [{"ssn": MASK}]}),
    "a header": (("header", "ssn"), "1", MASK),
    "a cookie": (("cookie", "ssn", "value"), "1", MASK),
    "a cookie's attribute": (("cookie", "ssn", "path"), "/", "/"),
    "text": (("body",), "?ssn=1&b=2", f"?ssn={MASK}&b=2"),
    "a field of a form": (
        ("body",),
        '<input name="ssn" value="1">',
        f'<input name="ssn" value="{MASK}">',
    ),
    "not a token": (("session", "token"), "1", "1"),
    "not an inner token": (
        ("body",),
        {"token": "a", "b": "token=c"},
        {"token": "a", "b": "token=c"},
    ),
    "not a token's text": (("body",), "token=1; pin=2", f"token=1; pin={MASK}"),
    "not a session": (("cookie", "session", "value"), "eJa.b.c", "eJa.b.c"),
    "the aspect itself": (("session",), {"a": "x"}, {"a": "x"}),
}


@pytest.mark.parametrize(("path", "value", "shown"), ASKED.values(), ids=ASKED)
def test_names_are_asked_for_everywhere(path: Path, value: Any, shown: Any) -> None:
    """What is to be masked is, and what is to be shown is, in values and in text."""
    masker = Masker(mask=["ssn"], unmask=["token", "session"])

    assert masker.value(path, value) == shown


def test_keys_are_masked_whatever_is_asked() -> None:
    """Nobody can ask for an application's key."""
    masker = Masker(True, ["a key of the shop"], unmask=["secret", "*"])

    shown = masker.value(("session", "secret"), {"secret": "a key of the shop"})
    assert shown == {"secret": "<application key>"}
    assert masker.field("X-Secret", "a key of the shop") == "<application key>"
    assert masker.field("Cookie", "secret=a key of the shop") == "secret=<application key>"


@pytest.mark.parametrize(
    "spelled",
    [
        'it\'s "a" key/é',
        "it%27s%20%22a%22%20key%2F%C3%A9",
        "it%27s+%22a%22+key%2F%C3%A9",
        'it\'s \\"a\\" key/\\u00e9',
        "it&#39;s &quot;a&quot; key/é",
        'it\\\'s "a" key/é',
        "it%27s%20%22a%22%20key%2f%c3%a9",
        "it's%20%22a%22%20key%2F%C3%A9",
        'it\\u0027s \\"a\\" key\\/\\u00E9',
        'it\'s "a" key/\\xc3\\xa9',
        "aXQncyAiYSIga2V5L8Op",
        "69742773202261222 06b65792fc3a9".replace(" ", ""),
        "69742773202261222 06B65792FC3A9".replace(" ", ""),
    ],
)
def test_keys_are_masked_however_they_are_spelled(spelled: str) -> None:
    """In URLs, in JSON, in pages and in what Python prints a key is the same key."""
    shown = Masker(True, ['it\'s "a" key/é']).text(f"<{spelled}>")

    assert shown == "<<application key>>"


@pytest.mark.parametrize("spelled", ["ab>?ab>?a", "ab\\u003e?ab\\u003e?a", "ab&gt;?ab&gt;?a"])
def test_keys_are_masked_in_scripts_of_pages(spelled: str) -> None:
    """What the tojson filter writes is the key that it was given."""
    assert Masker(keys=["ab>?ab>?a"]).text(spelled) == "<application key>"


@pytest.mark.parametrize(
    "spelled",
    ["YWI+P2FiPj9h", "YWI-P2FiPj9h", "YWI%2BP2FiPj9h", "YWI%2bP2FiPj9hYg", "YWI+P2FiPj9hYg=="],
)
def test_keys_are_masked_in_base64(spelled: str) -> None:
    """With the alphabet of files or of URLs, padded or not."""
    shown = Masker(keys=["ab>?ab>?a", "ab>?ab>?ab"]).text(spelled)

    assert shown.rstrip("=") == "<application key>"
