"""What a port could get wrong with the values that it makes up is a difference all the same."""

from base64 import b64encode, urlsafe_b64encode
from dataclasses import replace
from hashlib import sha256
from typing import Any
from urllib.parse import quote
from uuid import NAMESPACE_URL, UUID, uuid5

import pytest

from quart_parity.exchange import Exchange
from quart_parity.pairing import REMEMBERED, Known
from quart_parity.report import Pair
from tests.builders import raw_request
from tests.issuing import Making, differences, judged, page, value

OURS, THEIRS = Making("reference"), Making("candidate")
R, R2, R3 = OURS.hex(), OURS.hex(), OURS.hex()
C, C2, C3 = THEIRS.hex(), THEIRS.hex(), THEIRS.hex()


def pages(*tokens: str) -> list[Exchange]:
    return [page(f'<input name="csrf" value="{token}">') for token in tokens]


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [((R, R), (C, C2)), ((R, R2), (C, C)), ((R, R2, R), (C, C2, C3)), ((R, R2, R), (C, C2, C2))],
    ids=["renewed", "kept", "renewed later", "another one"],
)
def test_a_value_is_kept_as_the_reference_keeps_it(
    ours: tuple[str, ...], theirs: tuple[str, ...]
) -> None:
    """A token that is made anew where the reference keeps its own, or the other way round."""
    assert differences((pages(*ours), pages(*theirs))) == [(len(ours) - 1, "body")]


def test_two_clients_do_not_get_one_token() -> None:
    """One that is the same for every client guards nobody."""
    assert differences((pages(R), pages(C)), (pages(R2), pages(C))) == [(0, "body")]
    assert differences((pages(R), pages(C)), (pages(R), pages(C2))) == [(0, "body")]
    elsewhere = [value({"t": R2})], [value({"t": C})]
    assert differences((pages(R), pages(C)), elsewhere) == [(0, "body.t")]
    assert differences((pages(R), pages(C)), (pages(R2), pages(C2))) == []


def test_an_id_is_one_for_all_clients() -> None:
    """What one client was given, another one is shown as well."""
    assert differences((pages(R), pages(C)), (pages(R), pages(C))) == []


UUIDS = OURS.uuid(), THEIRS.uuid()
SIGN = b"\xfb\xef"
"""What base64 writes with the signs of its alphabet."""
LONG = OURS.bytes(33), THEIRS.bytes(33)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (UUIDS[0], UUID(UUIDS[1]).hex),
        (UUIDS[0], UUIDS[1].upper()),
        (UUIDS[0], f"urn:uuid:{UUIDS[1]}"),
        (UUIDS[0], THEIRS.uuid(1)),
        (R, C[:-2]),
        (R, C.upper()),
        (R, repr(C.encode())),
        (R, "0" * 31 + "1"),
        (R, "3" * 32),
        (R, "undefined"),
        (R, ""),
        (R, b64encode(C.encode()).decode()),
        (R, urlsafe_b64encode(LONG[1][:24]).decode()),
        ("order-" + R, "ordre-" + C),
        (b64encode(SIGN + LONG[0]).decode(), urlsafe_b64encode(SIGN + LONG[1]).decode()),
        (quote(b64encode(SIGN + LONG[0]), safe=""), b64encode(SIGN + LONG[1]).decode()),
        (b64encode(LONG[0][:16]).decode(), b64encode(LONG[1][:16]).decode().rstrip("=")),
        (f"a%2B{R}", f"a%252B{C}"),
        (f"&lt;{R}&gt;", f"<{C}>"),
        ("SGVsbG8sIEFsaWNlIQ" + "==", "SGVsbG8sIEJyaWFuIQ" + "=="),
        (b64encode(b"user=1;role=admin!").decode(), b64encode(LONG[1][:18]).decode()),
        (b"role=admin;id=17".hex(), b"role=guest;id=18".hex()),
    ],
    ids=[
        "dashes", "case", "prefix", "version", "shorter", "upper", "repr", "counter", "constant",
        "word", "nothing", "encoded", "alphabet", "label", "other base64", "not quoted", "padding",
        "quoted twice", "unescaped", "base64 text", "text or random", "hex text",
    ],
)  # fmt: skip
def test_a_value_is_written_as_the_reference_writes_it(ours: str, theirs: str) -> None:
    """Another form, or something that is said and not made up, is a difference."""
    assert differences((pages(ours), pages(theirs))) == [(0, "body")]


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("1999-12-31T23:59:59Z", "1999-12-31T23:59:58Z"),
        ("20240101T101500000123", "20240101T101500000124"),
        ("1712345678901234567", "1712345678901234568"),
        ("internationalization", "internationalisation"),
        ("DatabaseConnectionError", "DatabaseConnectionFault"),
        ("/Catalogue/Page12ab/Item1", "/Catalogue/Page21ba/Item2"),
        ("/Reports/Q12bAx/Sales9Zed", "/Reports/Q34cBx/Sales8Yed"),
        ("DE89370400440532013000", "DE89370400440532013009"),
        ("a-long-slug-of-product-12", "a-long-slug-of-product-21"),
        (str(uuid5(NAMESPACE_URL, "a")), str(uuid5(NAMESPACE_URL, "b"))),
    ],
    ids=[
        "date",
        "stamp",
        "number",
        "word",
        "camel",
        "path",
        "odd path",
        "iban",
        "slug",
        "named uuid",
    ],
)
def test_what_is_not_made_up_never_corresponds(ours: str, theirs: str) -> None:
    """Dates, numbers and words mean what they say."""
    assert differences(([value({"is": ours})], [value({"is": theirs})])) == [(0, "body.is")]


DIGESTS = sha256(b"a").hexdigest(), sha256(b"b").hexdigest()


@pytest.mark.parametrize(
    "answer_with",
    [
        lambda digest: value({"sha256": digest}),
        lambda digest: value({"file": {"checksum": digest}}),
        lambda digest: page("", ("ETag", f'"{digest}"')),
        lambda digest: page("", ("Content-MD5", digest)),
        lambda digest: page("", ("Repr-Digest", f"sha-256=:{digest}:")),
        lambda digest: page(f'<a href="/f?signature={digest}">'),
        lambda digest: page(f'<script integrity="sha256-{digest}">'),
        lambda digest: page(f'<link href="/static/site.{digest}.css">'),
        lambda digest: page(f'<img src="/a.png?v={digest}">'),
    ],
    ids=["sha256", "checksum", "etag", "md5", "digest", "signature", "integrity", "asset", "v"],
)  # fmt: skip
def test_a_digest_never_corresponds(answer_with: Any) -> None:
    """What is computed of a content differs where the content does."""
    ours, theirs = map(answer_with, DIGESTS)

    assert len(differences(([ours], [theirs]))) == 1


def test_what_the_client_sent_is_given_back() -> None:
    """A side that answers with something else than what it was sent makes nothing up there."""

    def asked(token: str) -> Exchange:
        request = raw_request("POST", f"/?id={R}", chunks=[b"x"])
        return replace(value({"id": token}), request=request)

    assert differences(([asked(R)], [asked(C)])) == [(0, "body.id")]


def test_a_value_of_both_sides_is_no_side_s_own() -> None:
    """What stands on both sides somewhere is not made up by one of them somewhere else."""
    shared = page(f"<p>{R}</p>")

    assert differences(([shared, *pages(R)], [shared, *pages(C)])) == [(1, "body")]
    assert differences(([*pages(R), shared], [*pages(C), shared])) == [(0, "body")]


def test_what_is_foretold_is_no_secret() -> None:
    """Tokens that resemble the one before are no match for random ones."""
    counted = [C[:-4] + f"{number:04x}" for number in (16, 17)]

    assert differences((pages(R, R2), pages(*counted))) == [(1, "body")]
    assert differences((pages(R[:-4] + "0010", R[:-4] + "0011"), pages(*counted))) == []


def test_the_attributes_of_a_cookie_are_nobody_s_own() -> None:
    """Only a cookie's value is made up."""

    def cookie(token: str) -> list[Exchange]:
        return [page("", ("Set-Cookie", f"a=b; Path=/{token}"))]

    assert len(differences((cookie(R), cookie(C)))) == 1


def test_a_list_has_an_order() -> None:
    """Ids that stand at each other's places are no parity."""
    ours, theirs = [
        [{"id": i, "n": n} for i, n in zip(ids, (1, 2), strict=True)] for ids in ((R, R2), (C, C2))
    ]
    again = [theirs[1], theirs[0]]

    assert differences(([value(ours), value(ours)], [value(theirs), value(theirs)])) == []
    found = differences(([value(ours), value(ours)], [value(theirs), value(again)]))
    assert {path for _, path in found} == {
        f"body[{at}].{name}" for at in (0, 1) for name in ("id", "n")
    }


def test_a_run_remembers_so_much_and_no_more() -> None:
    """A run of any length holds a bounded number of pairs."""
    known = Known()
    known.add(Pair("body", f"r{number}", f"c{number}") for number in range(REMEMBERED + 10))

    assert len(known.forward) == len(known.backward) == REMEMBERED
    assert f"r{REMEMBERED + 9}" in known.forward


def test_a_result_tells_what_corresponded() -> None:
    """Each place once for each value, so that a report can name and count them."""
    known = Known()
    ours, theirs = pages(R, R, R2), pages(C, C, C2)

    assert [one.place for one in judged(ours, theirs, known).pairs] == ["body of GET /"] * 2
    assert known.forward == {R: C, R2: C2}


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("shippingAddressLine1", "shippingAddressLine2"),
        ("Black-Friday-Sale-2025", "Black-Friday-Sale-2024"),
        ("PaymentRequiredError402", "PaymentRejectedError403"),
        ("getUserByIDFromCache", "getUserByIDFromStore"),
        ("ShippingAddressLine1", "BillingAddressLine10"),
        ("22Nov2026T191600", "22Nov2026T181600"),
        ("/files/Annual-Report-2024.pdf", "/files/Annual-Report-2023.pdf"),
    ],
)
def test_what_somebody_wrote_is_not_made_up(ours: str, theirs: str) -> None:
    """Names and titles may have letters of both cases and digits, and be as long as tokens."""
    assert differences(([value({"x": ours})], [value({"x": theirs})])) == [(0, "body.x")]


@pytest.mark.parametrize(
    ("ours", "theirs", "size"),
    [
        ("4111111111111111", "5500005555555559", 8),
        ("responsibilities", "misunderstanding", 12),
    ],
)
def test_beside_a_token_other_text_is_none(ours: str, theirs: str, size: int) -> None:
    """That a page has issued one does not make every text of its length another."""

    def shown(making: Making, text: str) -> Exchange:
        token = making.hex(size) if size == 8 else urlsafe_b64encode(making.bytes(size)).decode()
        return page(f'<meta content="{token}"><p>{text}</p>')

    assert differences(([shown(OURS, ours)], [shown(THEIRS, theirs)])) == [(0, "body")]
