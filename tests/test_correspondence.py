"""Values that each side makes up correspond, wherever an answer may hold them."""

import json
from base64 import b64encode, urlsafe_b64encode
from dataclasses import replace
from hashlib import sha1
from typing import Any
from urllib.parse import quote
from uuid import UUID

import pytest
from flask import Flask
from itsdangerous import URLSafeSerializer

from quart_parity.correspondence import is_same_file
from quart_parity.exchange import Exchange
from quart_parity.judging import judge
from quart_parity.sessions import sessions_of
from tests.builders import no_answer, signed
from tests.issuing import Making, differences, judged, page, part, value
from tests.shops import walk

OURS, THEIRS = Making("reference"), Making("candidate")
R, C = OURS.hex(), THEIRS.hex()
FORM = '<form><input name="csrf_token" value="{}"><p>{}</p></form>'


@pytest.mark.parametrize(
    "make",
    [
        lambda side: side.hex(8),
        lambda side: side.hex(20),
        lambda side: side.hex().upper(),
        lambda side: side.uuid(),
        lambda side: side.uuid(1),
        lambda side: b64encode(side.bytes(24)).decode().translate(str.maketrans("+/", "-_")),
        lambda side: b64encode(side.bytes(32)).decode(),
        lambda side: b64encode(side.bytes(16)).decode().rstrip("="),
    ],
    ids=["hex16", "hex40", "HEX", "uuid4", "uuid1", "base64url", "base64", "unpadded"],
)
@pytest.mark.parametrize(
    "answer_with",
    [
        lambda token: value({"id": token}),
        lambda token: value({token: {"n": 1}, "other": 2}),
        lambda token: value([{"note": f"see {token}, please"}]),
        lambda token: page(FORM.format(token, "hello")),
        lambda token: page(f"<a href='/orders/{quote(token, safe='')}/items?page=2'>order</a>"),
        lambda token: page("", ("Location", f"http://localhost/orders/{quote(token, safe='')}")),
        lambda token: page("", ("Set-Cookie", f"visitor={token}; Path=/")),
        lambda token: page("", ("X-Request-Id", token)),
    ],
    ids=["leaf", "key", "inside", "form", "link", "location", "cookie", "header"],
)
def test_a_value_of_its_own_is_no_difference(make: Any, answer_with: Any) -> None:
    """Whatever form it has and wherever it stands, and as often as each side shows its own."""
    for seed in range(8):
        ours, theirs = (make(Making(f"{side}{seed}")) for side in "rc")
        clients = [answer_with(ours), answer_with(ours)], [answer_with(theirs), answer_with(theirs)]

        assert differences(clients) == []


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        # Both have their slash at the same place.
        ("Mp+oWcKI+frFE+XkniQAQS0JuP7S/O4kTPgB", "yTz6hoVTFFmqNm3Vi4Rkvj9nw23b/zuxAkaE"),
        ("i/D75Lcbutju8E9bLIb1yA==", "X/EaUeGMfFbV9q221Mfigz=="),
        # Quoted, pieces of the two have one length.
        ("g/Mb3niOaguPEyVo1o/TQWFBw/Dh", "00hHZHbo+EYM73XVS7ldewUUT/tq"),
        # One is text once decoded, by accident.
        ("qk07IIIBMsWUfWZVwxcvtA==", "PzF0dDUvN1xRUEpxKXZPTg=="),
        ("2544a043466fc9a9", "78aacddca44a8db0"),
    ],
    ids=["slash", "slash at an edge", "pieces", "text", "text of hexadecimal"],
)
def test_what_random_values_have_by_accident_is_no_difference(ours: str, theirs: str) -> None:
    """Rare as each of these is: of a thousand tokens one is such."""
    for answer_with in (
        lambda token: value({"id": token}),
        lambda token: page(f"<a href='/orders/{quote(token, safe='')}/items'>order</a>"),
    ):
        assert differences(([answer_with(ours)], [answer_with(theirs)])) == []


def test_paths_that_part_in_a_folder_are_a_difference() -> None:
    """What stands between slashes is no part of a value where it is a word."""
    for ours, theirs in [("orders", "things"), ("a", "b"), ("Orders2", "Things2"), ("10", "12")]:
        answers = [
            [page(f"<a href='/{folder}/{token}'>order</a>")]
            for folder, token in ((ours, "Mp8oWcKIfrFE1XkniQAQ"), (theirs, "yTz6hoVTFFmqNm3Vi4Rk"))
        ]
        assert differences((answers[0], answers[1])) == [(0, "body")]


def test_a_form_is_known_again_though_it_shows_more() -> None:
    """Two base64 values without a character that tells which base64 it is, and two that look like
    words but for one."""
    known = ("kJ8sQw2ErT5yUiOp1aSdQ7", "wQ3kLm9ZxC7vBn4mAsD2x4")
    weak = ("Eieq96_FsoCytijznfoJzg", "cgeQpuSimLMfjwqIKcoSkg")
    clients = [
        [value({"id": one}), value({"id": other})] for one, other in zip(known, weak, strict=True)
    ]

    assert differences((clients[0], clients[1])) == []


def test_a_session_holds_what_the_form_sends() -> None:
    """A value is the same one in a signed cookie and in a page, and is named for both."""
    app = Flask("shop")
    app.secret_key = "key"

    def answers(token: str) -> list[Exchange]:
        cookie = f"session={signed(app, {'csrf': token, 'user': 1})}; Path=/"
        return [page(FORM.format(token, "a"), ("Set-Cookie", cookie))]

    result = judged(answers(R), answers(C), sessions=sessions_of(app))

    assert result.differences == ()
    assert [one.place for one in result.pairs] == ["body of GET /", "session.csrf"]


def test_differences_beside_a_value_are_shown_without_it() -> None:
    """In a page the candidate's values are shown as the reference's, so what differs stands out."""
    ours = [page(FORM.format(R, "a")), page(FORM.format(R, "a") + R)]
    theirs = [page(FORM.format(C, "b")), page(FORM.format(C, "a<hr>") + C)]
    found = judged(ours, theirs).differences

    assert [one.candidate for one in found] == [FORM.format(R, "b"), FORM.format(R, "a<hr>") + R]


def test_a_value_between_two_differences_is_shown_as_the_reference_s() -> None:
    """What is known of a value tells it also where the texts do not match."""
    texts = [f"<b>x</b>{R}<i>y</i>", f"<b>x</b>, {C}; <i>y</i>"]
    found = judged([page(R), page(texts[0])], [page(C), page(texts[1])]).differences

    assert [one.candidate for one in found] == [f"<b>x</b>, {R}; <i>y</i>"]


def test_what_stands_under_a_value_is_compared() -> None:
    """Two keys that correspond hide nothing of what they lead to."""
    ours, theirs = value({R: {"n": 1, "m": 1}, "a": 1}), value({C: {"n": 2, "m": 1}, "a": 1})
    [found] = judged([ours], [theirs]).differences

    assert (found.path, found.reference, found.candidate) == (f"body.{R}.n", 1, 2)


def test_parity_looks_at_nothing() -> None:
    """Where the bytes are the same no pair is looked for."""
    result = judged([page(R)], [page(R)])

    assert (result.differences, result.pairs) == ((), ())


def test_it_can_be_switched_off() -> None:
    """Without the pairs of a run every value counts as it stands."""
    result = judge(walk("/"), {}, part([page(R)]), part([page(C)]))

    assert [one.path for one in result.differences] == ["body"]


def linked(token: str, length: int | None = None, tag: str | None = None) -> list[Exchange]:
    body = f"<a href='?t={quote(token, safe='')}'>"
    fields = {
        "Content-Length": str(len(body) if length is None else length),
        "ETag": f'"{tag or sha1(body.encode(), usedforsecurity=False).hexdigest()}"',
    }
    return [page(body, *fields.items())]


def test_what_is_computed_of_a_page_follows_its_values() -> None:
    """A length, or a tag, that is right for each side's own page is no difference; others are."""
    tokens = [b64encode(Making(f"{n}").bytes(33)).decode() for n in range(6)]
    ours, *_, theirs = sorted(tokens, key=lambda token: len(quote(token, safe="")))

    assert len(quote(ours, safe="")) < len(quote(theirs, safe=""))
    assert differences((linked(ours), linked(theirs))) == []
    assert differences((linked(ours), linked(theirs, 7))) == [(0, "header.content-length")]
    assert differences((linked(ours, tag=R), linked(theirs, tag=C))) == [(0, "header.etag")]


def test_a_token_signs_the_same() -> None:
    """Of a signed value what is signed corresponds; the signature then is another one."""

    def answers(key: str, token: str, user: int = 1) -> list[Exchange]:
        made = URLSafeSerializer(key).dumps({"csrf": token, "user": user})
        return [value({"csrf": token}), page(FORM.format(made, "a"))]

    assert differences((answers("k", R), answers("k", C))) == []
    assert differences((answers("k", R), answers("k", C, 2))) == [(1, "body")]
    assert differences((answers("one", R), answers("other", R))) == []


def test_one_key_signs_one_value_alike() -> None:
    """Where both sides have the same key, another signature of the same is another salt."""
    app = Flask("shop")
    app.secret_key = "key"
    ours, theirs = ([page(URLSafeSerializer("key", salt).dumps([1, "a"]))] for salt in ("a", "b"))

    assert judged(ours, theirs).differences == ()
    assert len(judged(ours, theirs, sessions=sessions_of(app)).differences) == 1


def jwt(issued: int, user: int, key: str) -> str:
    parts = {"alg": "HS256"}, {"sub": user, "iat": issued, "exp": issued + 60}
    texts = [urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts]
    return ".".join([*texts, urlsafe_b64encode(Making(key).bytes(32)).decode().rstrip("=")])


def test_a_token_of_its_time_is_issued_in_its_exchange() -> None:
    """Times in a token are read as all times are: relative to the exchange, where clocks pass."""

    def exchange(issued: int, now: float, user: int = 1) -> list[Exchange]:
        made = value({"token": jwt(issued, user, f"{issued}")})
        return [replace(made, window=(now, now + 0.1))]

    ours = exchange(1_000_000, 1_000_000.5)

    assert differences((ours, exchange(1_000_007, 1_000_007.2))) == []
    assert differences((ours, exchange(1_000_001, 1_000_007.2))) == [(0, "body.token")]
    assert differences((ours, exchange(1_000_007, 1_000_007.2, 2))) == [(0, "body.token")]


def test_a_session_may_hold_the_id_itself() -> None:
    """An id that a session keeps with its type is one value with its text in a page."""
    app = Flask("shop")
    app.secret_key = "key"

    def answers(text: str, held: str) -> list[Exchange]:
        cookie = f"session={signed(app, {'order': UUID(held)})}; Path=/"
        return [page(text), page("", ("Set-Cookie", cookie))]

    one, other, third = OURS.uuid(), THEIRS.uuid(), THEIRS.uuid()
    sessions = sessions_of(app)

    assert judged(answers(one, one), answers(other, other), sessions=sessions).differences == ()
    found = judged(answers(one, one), answers(other, third), sessions=sessions).differences
    assert [one.path for one in found] == ["session.order"]


def test_no_answer_issues_nothing() -> None:
    """A side that does not answer has no values, and the difference stays as it is."""
    assert differences(([no_answer()], [page(C)])) == [(0, "status")]


TAG = '"1764000000.5-12-3456789"'


@pytest.mark.parametrize(
    ("tag", "is_same"),
    [
        ('"1764000000.5-12-6789012"', True),
        ('"1764000001.5-12-3456789"', False),
        ('"1764000000.5-13-3456789"', False),
        ('W/"1764000000.5-12-6789012"', False),
        ('"1764000000.5-12-7"', False),
        (["1764000000.5-12-3456789"], False),
    ],
)
def test_a_file_in_another_folder_is_the_same(tag: Any, is_same: bool) -> None:
    """Its time and its size say so, and its path, whose checksum is in the tag, does not."""
    assert is_same_file((("header", "etag"), TAG, tag)) == is_same
    assert is_same_file((("header", "etag"), tag, TAG)) == is_same
    assert not is_same_file((("body",), TAG, tag))
