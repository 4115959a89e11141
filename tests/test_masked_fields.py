"""Header fields and bodies are masked where their own syntax puts names."""

from json import dumps, loads
from typing import Any

import pytest

from quart_parity.masks import Masker

SIGNED = "eyJhIjoxfQ.aSHz_Q.0123456789abcdefghijklmnopq"
ONE, TWO = "<masked 1>", "<masked 2>"

FIELDS: dict[str, tuple[str, str, str]] = {
    "cookies": ("Cookie", "a=1; session=x; csrf_token=y", f"a=1; session={ONE}; csrf_token={TWO}"),
    "a signed cookie": ("cookie", f"basket={SIGNED};b=2", f"basket={ONE};b=2"),
    "a cookie without a name": ("Cookie", "x", ONE),
    "a cookie set": ("Set-Cookie", "session=x; Path=/; Secure", f"session={ONE}; Path=/; Secure"),
    "an open cookie set": ("Set-Cookie", "theme=dark; Path=/", "theme=dark; Path=/"),
    "credentials": ("Authorization", "Bearer x.y", f"Bearer {ONE}"),
    "to a proxy": ("proxy-authorization", "Basic eDp5", f"Basic {ONE}"),
    "credentials without a scheme": ("Authorization", "x", ONE),
    "a key": ("X-Api-Key", "x", ONE),
    "a URL": ("Location", "/a?b=1&token=x#c", f"/a?b=1&token={ONE}#c"),
    "a URL with a user": ("Referer", "https://u:p@shop.example/", f"https://u:{ONE}@shop.example/"),
    "a URL in a URL": (
        "Location",
        "/login?next=%2Fa%3Ftoken%3Dx%26b%3D1",
        f"/login?next=%2Fa%3Ftoken%3D{ONE}%26b%3D1",
    ),
    "JSON in a URL": (
        "Location",
        "/?q=%7B%22pin%22%3A%22x%22%7D",
        f"/?q=%7B%22pin%22%3A%22{ONE}%22%7D",
    ),
    "nothing secret": ("Accept", "text/html", "text/html"),
    "nothing": ("Authorization", "", ""),
}


@pytest.mark.parametrize(("name", "value", "shown"), FIELDS.values(), ids=FIELDS)
def test_a_field_is_masked_by_its_rules(name: str, value: str, shown: str) -> None:
    """Cookies pair by pair, credentials behind their scheme, URLs by the names in them."""
    assert Masker().field(name, value) == shown
    assert Masker(show_secrets=True).field(name, value) == value


FORM, JSON = "application/x-www-form-urlencoded", "application/json; charset=utf-8"
PARTS = "multipart/form-data; boundary=xx"
PART = '--xx\r\nContent-Disposition: form-data; name="{}"{}\r\n\r\n{}\r\n'
BODIES: dict[str, tuple[str, str, str]] = {
    "a form": (FORM, "a=1&password=x+y%21&b=", f"a=1&password={ONE}&b="),
    "an encoded name": (FORM, "user%5Bpass%77ord%5D=x", f"user%5Bpass%77ord%5D={ONE}"),
    "JSON in a form": (FORM, "q=%7B%22pin%22%3A%22x%22%7D", f"q=%7B%22pin%22%3A%22{ONE}%22%7D"),
    "JSON": (
        JSON,
        '{"a": [{"token" : "x\\n"}],  "b":1.50}',
        f'{{"a": [{{"token" : "{ONE}"}}],  "b":1.50}}',
    ),
    "a structure": (JSON, '{"secret": {"a": [1, 2]}, "a": 1}', f'{{"secret": "{ONE}", "a": 1}}'),
    "a number": (
        JSON,
        '{"pin": 1234, "sid": null, "jwt": true, "otp": ""}',
        f'{{"pin": "{ONE}", "sid": null, "jwt": true, "otp": ""}}',
    ),
    "a text in JSON": (JSON, '["see /?token=x"]', f'["see /?token={ONE}"]'),
    "JSON in JSON": (JSON, dumps({"a": dumps({"pin": "x y"})}), dumps({"a": dumps({"pin": ONE})})),
    "an escaped name": (JSON, r'{"p\u0069n": "x"}', rf'{{"p\u0069n": "{ONE}"}}'),
    "what is no JSON": (JSON, '{"pin": "x y", ', f'{{"pin": "{ONE}", '),
    "a kind of JSON": ("application/problem+json", '{"pin":"x"}', f'{{"pin":"{ONE}"}}'),
    "parts": (
        PARTS,
        PART.format("pin", "", "x") + PART.format("a", "", "y") + "--xx--",
        PART.format("pin", "", ONE) + PART.format("a", "", "y") + "--xx--",
    ),
    "a file": (
        PARTS,
        PART.format("token", '; filename="a"', "x\r\ny") + "--xx--",
        PART.format("token", '; filename="a"', ONE) + "--xx--",
    ),
    "JSON in a part": (
        PARTS,
        PART.format("a", "\r\nContent-Type: application/json", '{"pin":1}'),
        PART.format("a", "\r\nContent-Type: application/json", f'{{"pin":"{ONE}"}}'),
    ),
    "a page": (
        "text/html",
        "<meta name=csrf-token content='x y'>",
        f"<meta name=csrf-token content='{ONE}'>",
    ),
    "plain text": ("text/plain", "password: x\n", f"password: {ONE}\n"),
    "no type": ("", '{"pin": "x y"}', f'{{"pin": "{ONE}"}}'),
}


@pytest.mark.parametrize(("content_type", "body", "shown"), BODIES.values(), ids=BODIES)
def test_a_body_is_masked_by_its_type(content_type: str, body: str, shown: str) -> None:
    """Names stand where the media type puts them, and all else stays as it was written."""
    assert Masker().body(body.encode(), content_type).decode() == shown
    assert Masker(show_secrets=True).body(body.encode(), content_type) == body.encode()


@pytest.mark.parametrize("content_type", ["", FORM, JSON, PARTS, "text/html; charset=nonsense"])
def test_a_body_of_any_bytes_can_be_masked(content_type: str) -> None:
    """What is no text loses nothing but what is secret in it."""
    body = bytes(range(256)) + b"&token=x\xff"
    shown = Masker().body(body, content_type)

    assert shown in (body[:256] + b"&token=<masked 1>", body[:256] + b"&token=<masked 1>\xff")


@pytest.mark.parametrize(
    "charset", ["latin-1", "utf-16", "windows-1252", "utf-16-le", "utf-32-be", "cp037"]
)
def test_a_body_keeps_its_charset(charset: str) -> None:
    """A page is masked in the encoding that it says it has."""
    body = "token=x é".encode(charset)
    shown = Masker().body(body, f"text/html; charset={charset}")

    assert shown.decode(charset) == f"token={ONE} é"


@pytest.mark.parametrize("content_type", ["", "application/json", "text/html; charset=utf-16"])
@pytest.mark.parametrize("charset", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-16"])
def test_a_charset_is_seen(charset: str, content_type: str) -> None:
    """What a body does not say, or says without its byte order, its zeros tell."""
    shown = Masker().body('{"pin": "xé"}'.encode(charset), content_type)

    assert shown.decode(charset) == f'{{"pin": "{ONE}"}}'


@pytest.mark.parametrize(
    "charset", ["hex", "rot13", "idna", "unicode_escape", "undefined", "a\0", "utf-16", "utf-16-be"]
)
def test_no_charset_hides_a_secret(charset: str) -> None:
    """A body in another charset than it says, or in none there is, is read as UTF-8."""
    body = b"\\q password=hunter2"
    shown = [Masker().body(zeros + body, f"a/b; charset={charset}") for zeros in (b"", b"\0a")]

    assert b"hunter2" not in b"".join(shown)


def test_one_secret_has_one_mask() -> None:
    """In a header, a cookie, a form, JSON, a session, a page, a log and a URL it is the same."""
    secret = 'a+b "c"/d'
    encoded = "a%2Bb%20%22c%22%2Fd"
    masker = Masker()
    shown = [
        masker.field("X-Token", secret),
        masker.field("Authorization", f"Bearer {secret}"),
        masker.field("Cookie", f"session={secret}"),
        masker.field("Set-Cookie", f"sid={secret}; Path=/"),
        masker.field("Location", f"/?token={encoded}"),
        masker.body(f"pin={encoded}".encode(), FORM),
        masker.body(b"pin=a%2Bb+%22c%22%2Fd", FORM),
        masker.body(dumps({"a": {"pin": secret}}).encode(), JSON),
        masker.value(("session", "token"), secret),
        masker.value(("cookie", "session"), {"value": secret}),
        masker.text(f"{{'token': '{secret}'}}"),
        masker.text(f"log: {dumps(dumps({'token': secret}))}"),
        masker.text('<input name=pin value="a+b &quot;c&quot;/d">'),
        masker.text(f"http://u:{encoded}@h/?next=%2F%3Fpin%3D{encoded.replace('%', '%25')}"),
    ]

    assert all(ONE in str(one) and TWO not in str(one) for one in shown)


LEAKS: dict[str, str] = {
    "credentials in a log": "Authorization: Bearer hunter2\n",
    "credentials of Python": "{'Authorization': 'Basic hunter2'}",
    "a session in a log": "Cookie: a=1; session=hunter2",
    "a session of an environ": "'HTTP_COOKIE': 'a=1; session=hunter2', 'b': 1",
    "a comparison": "assert token == 'hunter2'",
    "words": '"password": "two words of hunter2"',
    "a quote": '"password": "a \\" hunter2"',
    "escaped JSON": '{\\"password\\": \\"a hunter2\\"}',
    "HTML in JSON": '{&quot;password&quot;: &quot;a hunter2&quot;}',
    "a structure": "'secret': {'a': 'hunter2'}",
    "a list": '"tokens": ["a", "hunter2"]',
    "a token of no name": f"see {SIGNED}".replace("0123", "hunter2"),
    "an arrow": "password => hunter2",
    "an attribute": "<input value='a>hunter2' name=password>",
    "an attribute of its own": '<div data-csrf="hunter2">',
    "an unclosed tag": '<input name=password value="a hunter2',
    "a stray quote": "<p title=it's> <input name=password value=hunter2> it's",
    "after another name": "error: password=hunter2",
    "a list of names": "reason: field: password: hunter2",
    "a user": "postgres://u:hunter2@db/x",
    "bytes": "b'token=hunter2'",
    "an element": "<a><password>hunter2</password></a>",
    "an element of a namespace": '<ns:user-token x="y">a &amp; hunter2</ns:user-token >',
    "an element's raw text": "<token>\n<![CDATA[a<b>]]]hunter2]]></token>",
    "a field that hides what is typed": '<input value="hunter2" name="a" type=Password>',
    "an encoded name, twice": "/login?next=%252Fa%253Fpassword%253Dhunter2",
    "digest credentials": 'Authorization: Digest username="a", response="hunter2", nc=1',
}  # fmt: skip


@pytest.mark.parametrize("text", LEAKS.values(), ids=LEAKS)
def test_nothing_of_a_secret_is_left(text: str) -> None:
    """A secret is masked to its end, wherever text has it."""
    assert "hunter2" not in Masker().text(text)
    assert Masker(show_secrets=True).text(text) == text


@pytest.mark.parametrize("text", LEAKS.values(), ids=LEAKS)
def test_what_is_masked_stays_as_it_is(text: str) -> None:
    """A text that passes twice has the masks of its first time."""
    masker = Masker()
    once = masker.text(text)

    assert masker.text(once) == once


@pytest.mark.parametrize(
    "text",
    [
        "see https://shop.example/a?b=1&author=2 or //x, at 12:30: fine",
        "<a href='/keys?monkey=1' title=\"Token\">Token</a> token",
        "Cookie: theme=dark; n=1",
        "eJunk and eyJ.a.b",
        "<p>use <token> as a <pin></p><pin> </pin><title>x</title><token/>",
        '<input type="password" name="a"><input type="text" value="b">',
        "/search?q=a%3Db&next=%2Fa%3Fb%3Dc",
    ],
)
def test_what_is_open_stays_as_it_is(text: str) -> None:
    """Words without a value, and names that are not secret, are left alone."""
    assert Masker().text(text) == text


def test_a_mapping_shows_no_secret_in_its_keys() -> None:
    """The name of a value is text as well."""
    shown: Any = Masker(keys=["a key of the shop"]).value(
        ("body",), {"/?token=x": 1, "a key of the shop": 2, 3: b"token=y\xff"}
    )

    assert shown == {f"/?token={ONE}": TWO, "<application key>": 2, 3: b"token=<masked 3>"}


def test_json_that_is_masked_is_json() -> None:
    """Whoever reads a report's body can still parse it."""
    body = dumps({"pin": {"a": 'x"'}, "b": ["/?token=é", {"c": "\u2028"}]})
    shown = loads(Masker().body(body.encode(), JSON))

    assert shown == {"pin": ONE, "b": [f"/?token={TWO}", {"c": "\u2028"}]}
