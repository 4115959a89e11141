"""What looks made up, and what does not."""

import string
from base64 import b32encode, b64encode, urlsafe_b64encode
from collections.abc import Callable
from json import dumps
from random import Random
from uuid import UUID
from zlib import compress

import pytest
from flask.json.tag import TaggedJSONSerializer
from itsdangerous import URLSafeSerializer, URLSafeTimedSerializer

from quart_parity.generated import Form, content, form, form_of_both, parts_of_signed, payload

COUNT = 2_000
RANDOM = Random("generated")  # noqa: S311 - it guards nothing
ALNUM = string.ascii_letters + string.digits


def unpadded(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().strip("=")


MAKERS: dict[str, tuple[Callable[[], str], float]] = {
    "uuid4": (lambda: str(UUID(bytes=RANDOM.randbytes(16), version=4)), 0),
    "uuid hex": (lambda: UUID(bytes=RANDOM.randbytes(16), version=4).hex, 0),
    "token_hex(8)": (lambda: RANDOM.randbytes(8).hex(), 0.005),
    "sha1": (lambda: RANDOM.randbytes(20).hex(), 0),
    "token_urlsafe(12)": (lambda: urlsafe_b64encode(RANDOM.randbytes(12)).decode(), 0.005),
    "token_urlsafe(16)": (lambda: unpadded(RANDOM.randbytes(16)), 0.001),
    "token_urlsafe(32)": (lambda: unpadded(RANDOM.randbytes(32)), 0),
    "base64": (lambda: b64encode(RANDOM.randbytes(32)).decode(), 0),
    "base32": (lambda: b32encode(RANDOM.randbytes(20)).decode(), 0.02),
    "letters, digits": (lambda: "".join(RANDOM.choices(ALNUM, k=24)), 0.001),
}  # fmt: skip


@pytest.mark.parametrize(("make", "most"), MAKERS.values(), ids=MAKERS)
def test_two_random_values_share_a_form(make: Callable[[], str], most: float) -> None:
    """But for so few that by chance look like something else."""
    missed = sum(form_of_both(make(), make()) is None for _ in range(COUNT))

    assert missed <= most * COUNT


@pytest.mark.parametrize(
    "text",
    [
        "internationalization",
        "Some-Kebab-Title-Case",
        "HelloWorldFooBarBaz",
        "version2-release-candidate1",
        "product_image_large_2",
        "1234567890123456",
        "20240101T000000Z",
        "20240101T000000123456",
        "0000000000000000000000000000001a",
        "DE89370400440532013000",
        "GB29NWBK60161331926819",
        "aaaaaaaaaaaaaaaa1111111111111111",
        "00000000-0000-4000-8000-000000000001",
        "c87ee674-4ddc-3efe-a74e-dfe25da5d7b3",
        "3f2504e0-4f89-41d3-9a0c",
        "3f2504e04f8941d",
        "",
    ],
)
def test_words_and_numbers_are_not_made_up(text: str) -> None:
    """Neither are dates, counters, account numbers, digests of names, or what is short."""
    assert form(text) is None


def test_the_way_it_is_written_is_part_of_it() -> None:
    """Length, alphabet, case and a UUID's version tell two forms apart."""
    text = "3f2504e0-4f89-41d3-9a0c-0305e82c3301"
    forms = [
        form(t) for t in (text, text.upper(), text.replace("-", ""), text.replace("41d3", "11d3"))
    ]

    assert None not in forms
    assert len(set(forms)) == 4


def test_two_kinds_of_base64_are_two_forms() -> None:
    """A value without signs of its own may be of either; its length is that of the other."""
    plain, url, standard = (form(f"kJ8sQw2{sign}rT5yUiOp1aS") for sign in "E-+")
    assert plain is not None
    assert url is not None
    assert standard is not None

    assert plain.joined(url) == url == url.joined(plain)
    assert plain.joined(standard) == standard
    assert url.joined(standard) is None
    assert form_of_both("kJ8sQw2ErT5yUiOp1aS", "kJ8sQw2-rT5yUiOp1aSd") is None


def test_a_known_form_fits_what_alone_would_not_look_it() -> None:
    """Sixteen digits can be a number, and can be hexadecimal."""
    assert form("1234567890123456") is None
    numbers = "1234567890123456", "6543210987654321"
    plain = form("kJ8sQw2ErT5yUiOp1aSd")
    url, standard = "kJ8sQw2-rT5yUiOp1aSd", "Zx8+Qw2ErT5yUiOp1aSd"
    assert plain is not None

    assert Form("hex", 16).of_both(*numbers) == Form("hex", 16)
    assert Form("hex", 16).of_both(numbers[0], "123456789012345z") is None
    assert Form("hex", 16).of_both(numbers[0], numbers[1] + "7") is None
    assert plain.of_both(url, url) == form(url)
    assert plain.of_both(standard, standard) == form(standard)
    assert plain.of_both(url, standard) is None


@pytest.mark.parametrize(
    "text",
    [
        b64encode(b'{"user": 1, "role": "admin"}').decode(),
        urlsafe_b64encode("grüße an alle".encode()).decode().strip("="),
        b"role=admin;id=17".hex(),
    ],
)
def test_encoded_text_is_no_random_value(text: str) -> None:
    """What says something once decoded is told by that."""
    assert content(text) is not None
    assert content(text[:8]) is None


def test_random_values_say_nothing() -> None:
    """Bytes that nobody chose are no text."""
    made = [RANDOM.randbytes(16) for _ in range(COUNT)]

    assert not any(content(b64encode(one).decode()) or content(one.hex()) for one in made)


def test_what_is_signed_is_found_in_its_first_part() -> None:
    """Of what itsdangerous signs, with or without a time, compressed or not, and of JWTs."""
    data = {"user": 1}
    plain = URLSafeSerializer("key").dumps(data)
    timed = URLSafeTimedSerializer("key", serializer=TaggedJSONSerializer()).dumps({"a": "b" * 200})
    packed = "." + urlsafe_b64encode(compress(dumps(data).encode())).decode().strip("=")
    jwt = f"{urlsafe_b64encode(dumps(data).encode()).decode()}.e30.{'aB3' * 10}"

    assert [len(parts_of_signed(text) or ()) for text in (plain, timed, jwt)] == [2, 3, 3]
    assert payload(packed) == dumps(data)
    assert timed.startswith(".")
    assert parts_of_signed(f"report.final.{'aB3' * 10}") is None
    assert parts_of_signed("www.example.com") is None
