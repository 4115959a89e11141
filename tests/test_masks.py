"""What looks secret by its name is masked, and nothing else."""

from time import perf_counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quart_parity.masks import Masker, looks_secret
from quart_parity.paths import Path
from quart_parity.values import MISSING

SECRET = [
    "password", "PASSWD", "user_password", "secret", "client_secret", "SECRET_KEY", "token",
    "access_token", "csrf", "csrf_token", "X-CSRFToken", "xsrf", "Authorization", "auth", "x-auth",
    "api_key", "apikey", "X-API-Key", "private_key", "session_id", "sessionid", "sid", "bearer",
    "signature", "credentials", "pin", "Set-Cookie",
]  # fmt: skip
OPEN = [
    "name", "author", "authority", "keyboard", "monkey", "page", "spinner", "pinned", "side",
    "www-authenticate", "session", "location", "etag", "id", "",
]  # fmt: skip


@pytest.mark.parametrize("name", SECRET)
def test_a_secret_name_is_seen(name: str) -> None:
    """Names of keys, tokens and passwords are secret, however they are spelled."""
    assert looks_secret(name)


@pytest.mark.parametrize("name", OPEN)
def test_an_open_name_is_left_alone(name: str) -> None:
    """A name that only holds such letters is not secret."""
    assert not looks_secret(name)


MASK = "<masked 1>"
VALUES: dict[str, tuple[Path, Any, Any]] = {
    "by its own name": (("session", "password"), "x", MASK),
    "by a name above it": (("body", "tokens", 0, "value"), "x", MASK),
    "a header": (("header", "x-api-key"), "x", MASK),
    "a captured value": (("capture", "csrf"), "x", MASK),
    "a whole mapping": (("body", "secret"), {"a": 1}, MASK),
    "inside a mapping": (
        ("body",),
        {"a": [{"token": "x", "b": 1}]},
        {"a": [{"token": MASK, "b": 1}]},
    ),
    "inside a tuple": (("session", "a"), ({"token": "x"},), ({"token": MASK},)),
    "in the query of a URL": (("header", "location"), "/a?b=1&token=x#c", f"/a?b=1&token={MASK}#c"),
    "in the query of a URL in a list": (("header", "link"), ["</?sid=x>"], [f"</?sid={MASK}>"]),
    "a raw session": (("cookie", "session", "value"), "x.y.z", MASK),
    "a raw session in its cookie": (
        ("cookie", "session"),
        {"value": "x", "path": "/"},
        {"value": MASK, "path": "/"},
    ),
    "a decoded session": (("cookie", "session", "readable", "candidate"), True, True),
    "a session's attribute": (("cookie", "session", "samesite"), "Lax", "Lax"),
    "when a session was signed": (("cookie", "session", "signed"), 1_800_000_000, 1_800_000_000),
    "a cookie set early": (("interim", 0, "header", "set-cookie"), "a=1", MASK),
    "an open value": (("session", "name"), "x", "x"),
    "an open number": (("body", "a"), 1, 1),
    "nothing": (("session", "password"), MISSING, MISSING),
    "null": (("session", "password"), None, None),
    "an empty secret": (("session", "password"), "", ""),
    "the name of an aspect": (("session",), {"a": "x"}, {"a": "x"}),
}


@pytest.mark.parametrize(("path", "value", "shown"), VALUES.values(), ids=VALUES)
def test_a_value_is_masked_by_its_name(path: Path, value: Any, shown: Any) -> None:
    """Names along the path and inside the value decide; that there is no value is no secret."""
    assert Masker().value(path, value) == shown


@pytest.mark.parametrize(("path", "value", "shown"), VALUES.values(), ids=VALUES)
def test_masks_are_lifted_on_demand(path: Path, value: Any, shown: Any) -> None:
    """Whoever asks to see secrets sees everything as it is."""
    assert Masker(show_secrets=True).value(path, value) == value


def test_equal_values_have_equal_masks() -> None:
    """A mask tells whether two secrets are the same, also in two places and in text."""
    masker = Masker()
    one, other, again = (masker.value(("session", "token"), value) for value in ("x", "y", "x"))

    assert one == again != other
    assert masker.text("/?a=1&token=y") == f"/?a=1&token={other}"


def test_values_of_two_types_have_two_masks() -> None:
    """A secret that is text on one side and bytes on the other still differs."""
    masker = Masker()

    assert masker.value(("session", "token"), "1") != masker.value(("session", "token"), b"1")


@given(
    st.recursive(
        st.text(), lambda i: st.lists(i) | st.dictionaries(st.sampled_from(["a", "pin"]), i)
    )
)
def test_masking_keeps_what_is_equal_equal(value: Any) -> None:
    """Masked or not, the same value is shown the same way twice."""
    masker = Masker()

    assert masker.value(("body",), value) == masker.value(("body",), value)


def test_an_attribute_of_a_secret_cookie_is_shown() -> None:
    """The secret of a cookie is its value: what differs in its attributes can be read."""
    masker = Masker()

    assert masker.value(("cookie", "csrf_token", "samesite"), "Lax") == "Lax"
    assert masker.value(("cookie", "csrf_token", "value"), "x") == MASK


SIGNED = "eyJhIjoxfQ.aSHz_Q.0123456789abcdefghijklmnopq"
"""A session as Flask writes it."""


@pytest.mark.parametrize("value", [SIGNED, {"value": SIGNED}])
def test_a_session_is_masked_whatever_its_cookie_is_called(value: Any) -> None:
    """A name of the application's own hides nothing from whoever would use its session."""
    parts = ("cookie", "basket", "value") if isinstance(value, str) else ("cookie", "basket")
    shown = Masker().value(parts, value)

    assert MASK in str(shown)
    assert SIGNED not in str(shown)


def test_a_refused_cookie_field_shows_no_session() -> None:
    """A field that no user agent takes may hold a session all the same."""
    shown = Masker().value(("cookie", "", "field"), "session=x.y.z\x01; Path=/")

    assert "x.y.z" not in shown


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("/a?token=x&b=1", "/a?token=<masked 1>&b=1"),
        ('<input type=hidden name="csrf_token" value="x">', 'name="csrf_token" value="<masked 1>"'),
        ("<input value='x' name='csrf_token'>", "value='<masked 1>' name="),
        ('<meta name="csrf-token" content="x">', 'content="<masked 1>"'),
        ('config = {"api_key": "x", "b": "y"}', '{"api_key": "<masked 1>", "b": "y"}'),
        ('<input name="title" value="token">', '<input name="title" value="token">'),
    ],
)
def test_secrets_in_pages_are_masked(text: str, masked: str) -> None:
    """What has a secret name in the text of a page is no more shown than in JSON."""
    shown = Masker().value(("body",), text)

    assert masked in shown
    assert Masker(show_secrets=True).value(("body",), text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("password=x&n=1", "password=<masked 1>&n=1"),
        ("login failed: api_key: x", "login failed: api_key: <masked 1>"),
        ("header X-Api-Key: 'x' has no bytes", "header X-Api-Key: '<masked 1>' has no bytes"),
        ("https://user:x@shop.example/", "https://user:<masked 1>@shop.example/"),
        ("monkey=1&author=2&key=3&passing=4", "monkey=1&author=2&key=3&passing=4"),
    ],
)
def test_secrets_in_any_text_are_masked(text: str, shown: str) -> None:
    """Forms, logs, messages and URLs show no more than JSON does."""
    assert Masker().text(text) == shown


@pytest.mark.parametrize("name", ["access_key", "signing-key", "jwt", "otp", "pass", "PHPSESSID"])
def test_names_of_keys_and_sessions_are_secret(name: str) -> None:
    """The usual names of credentials are known."""
    assert looks_secret(name)


def test_a_long_row_of_secret_names_takes_no_time() -> None:
    """The time that masking takes grows with the text, and not with its square."""
    text = "token" * 20_000
    began = perf_counter()
    shown = Masker().text(f"{text} and {text}=x")

    assert shown == f"{text} and {text}={MASK}"
    assert perf_counter() - began < 5


KEYS = ["a key of the shop", "a key of the shop, once more", "short"]


@pytest.mark.parametrize("show", [True, False])
def test_application_keys_are_never_shown(show: bool) -> None:
    """Not even where secrets are asked for; what is too short to be a key stays."""
    masker = Masker(show, KEYS)
    text = "signed with 'a key of the shop, once more' or 'a key of the shop', not short"

    shown = "signed with '<application key>' or '<application key>', not short"
    assert masker.text(text) == shown
    assert masker.value(("raised", "text"), text) == shown
    assert masker.value(("body",), {"debug": [text]}) == {"debug": [shown]}
