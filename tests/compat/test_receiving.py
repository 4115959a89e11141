"""Fields of a request, and which pieces of compat a request has to do with."""

from typing import Any

import pytest

from quart_parity.compat.switches import override
from quart_parity.trials import Pieces
from tests.compat.sides import COMPAT, FLASK, STOCK, Side, cases, steps
from tests.compat.uploading import END, JSON, MULTIPART, URLENCODED, part, post, send

OURS = {f"QP{number:03}" for number in (*range(27, 36), 45, 46)}


def told(side: Side) -> Any:
    """What a view can know of the fields."""
    request = side.request
    return {
        "fields": {name: value for name, value in request.headers if name != "Remote-Addr"},
        "route": list(request.access_route),
        "address": request.remote_addr,
        "types": [str(request.accept_mimetypes), request.mimetype],
        "tags": sorted(request.if_none_match.as_set(include_weak=True)),
        "cookies": request.cookies.to_dict(flat=False),
        "length": request.content_length,
    }


FIELDS = {
    "single": [("X-Tag", "a"), ("Accept", "text/html;q=0.5, a/b")],
    "spoofed": [("X-Forwarded-For", "203.0.113.9"), ("X-Forwarded-For", "198.51.100.1")],
    "cases": [("X-TAG", "a"), ("x-tag", "b"), ("X-Tag", "")],
    "negotiated": [("Accept", "text/html"), ("Accept", "a/b"), ("If-None-Match", '"a"')],
    "tags": [("If-None-Match", '"a"'), ("If-None-Match", 'W/"b", "c"')],
    "cookies": [("Cookie", "a=1"), ("Cookie", 'b="2, 3"; c=4'), ("Cookie", "a=5")],
    "bytes": [("X-Tag", "caf\xe9"), ("X-Tag", "\xff")],
}


@pytest.mark.parametrize("headers", cases(FIELDS))
def test_fields_are_known_as_in_flask(headers: Any) -> None:
    """A field that is sent again is joined to the first, and read as Flask reads it."""
    assert post(COMPAT, told, [], headers) == post(FLASK, told, [], headers)


def test_address_of_the_client_is_not_what_it_says() -> None:
    """A `Remote-Addr` that the client sends is not taken for its address, nor joined to it."""

    def view(side: Side) -> Any:
        return [side.request.remote_addr, side.request.headers["Remote-Addr"]]

    headers = [("Remote-Addr", "203.0.113.9"), ("X-Tag", "a"), ("X-Tag", "b")]

    assert post(COMPAT, view, [], headers) == (200, b'["127.0.0.1","203.0.113.9"]\n')


def test_joining_can_be_switched_off() -> None:
    """Without the piece the first field is read, as by Quart."""
    config = {"FLASK_COMPAT": {"QP028": False}}
    headers = FIELDS["spoofed"]

    assert post(COMPAT, told, [], headers, config=config) == post(STOCK, told, [], headers)


@steps
def fields(side: Side) -> Any:
    return dict((yield side.request.form))


@steps
def parsed(side: Side) -> Any:
    return [(yield side.request.get_json()), (yield side.request.get_data(as_text=True))]


PLAIN = part(b"a", b"1") + END
ASKED: dict[str, Any] = {
    "nothing": (told, [], [], set()),
    "json": (parsed, [b'{"a": 1}'], JSON, set()),
    "broken": (parsed, [b"{"], JSON, set()),
    "json-bytes": (parsed, [b'"\xff"'], JSON, {"QP032"}),
    "json-type": (parsed, [b"{}"], [], {"QP032"}),
    "urlencoded": (fields, [b"a=%C3%A9"], URLENCODED, set()),
    "urlencoded-bytes": (fields, [b"a=%E9"], URLENCODED, {"QP031"}),
    "multipart": (fields, [PLAIN], MULTIPART, {"QP029"}),
    "large": (fields, [part(b'a; filename=""', b"x" * 600_000) + END], MULTIPART, ["45", "29"]),
    "repeated": (told, [], FIELDS["spoofed"], {"QP028"}),
    "over": (fields, [b"x" * 3_000_000], URLENCODED, {"QP027"}),
}


@pytest.mark.parametrize("case", cases(ASKED))
def test_piece_is_asked_for_only_where_it_matters(case: Any) -> None:
    """A request has to do with the pieces that change something about it, and no others."""
    view, chunks, headers, asked = case
    app = COMPAT.app(view, MAX_CONTENT_LENGTH=2_000_000)
    pieces = Pieces.but()
    override(app, pieces)
    send(COMPAT, app, chunks, headers)

    assert pieces.asked[-1] & OURS == {f"QP0{code[-2:]}" for code in asked}
