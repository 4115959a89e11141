"""Forms: what is parsed is what Flask parses, however the network has cut it."""

import asyncio
from io import BytesIO
from typing import Any

import pytest
from werkzeug.formparser import FormDataParser as WerkzeugFormDataParser

from quart_parity.compat.forms import BLOCK, FormDataParser
from quart_parity.compat.request_bodies import Body
from tests.compat.sides import COMPAT, FLASK, Side, cases, steps
from tests.compat.uploading import END, MULTIPART, URLENCODED, in_pieces, part, post

FIELD = part(b"a", b"hello")
FILE = part(b'f; filename="name.txt"\r\nContent-Type: text/plain', b"\r\nwor\rld\n")
FORM = FIELD + FILE + END
OPTIONS = {"boundary": "b"}


def in_memory(*args: Any, **kwargs: Any) -> BytesIO:
    """Where an upload is stored, with nothing to be closed."""
    return BytesIO()


async def parse(*chunks: bytes) -> Any:
    """What compat's parser makes of a body of which it gets each piece by itself."""
    body = Body(None, None)
    parser = FormDataParser(stream_factory=in_memory)
    parsing = asyncio.ensure_future(parser.parse(body, "multipart/form-data", None, OPTIONS))
    for chunk in chunks:
        body.append(chunk)
        for _ in range(5):
            await asyncio.sleep(0)
    body.set_complete()
    return contents(*await parsing)


def parse_whole(body: bytes) -> Any:
    """What Werkzeug's parser makes of it."""
    parser = WerkzeugFormDataParser(stream_factory=in_memory)
    return contents(*parser.parse(BytesIO(body), "multipart/form-data", None, OPTIONS)[1:])


def contents(fields: Any, files: Any) -> Any:
    uploads = [(name, file.filename, file.read()) for name, file in files.items(multi=True)]
    return list(fields.items(multi=True)), uploads


async def test_form_is_the_same_however_it_is_cut() -> None:
    """Two pieces, cut anywhere, give the same fields and files as one."""
    whole = parse_whole(FORM)
    found = [await parse(FORM[:at], FORM[at:]) for at in range(1, len(FORM))]

    assert whole[0] == [("a", "hello")]
    assert found == [whole] * (len(FORM) - 1)


async def test_form_that_ends_too_early_is_empty() -> None:
    """Wherever a body ends before its closing boundary, there is nothing in the form."""
    ends = range(len(FORM) - 4)
    found = [await parse(FIELD + END[:-4])] + [await parse(FORM[:at]) for at in ends]

    assert found == [([], [])] * (len(ends) + 1)
    assert [parse_whole(FORM[:at]) for at in ends] == [([], [])] * len(ends)


@pytest.mark.parametrize("around", [BLOCK, 2 * BLOCK, 3 * BLOCK])
async def test_last_dashes_stay_together(around: int) -> None:
    """A closing boundary at the edge of a block adds nothing to the last field."""
    for length in range(around - 8, around + 8):
        content = b"x" * (length - len(part(b"a", b"")))
        fields, _ = await parse(part(b"a", content) + END)

        assert fields == [("a", content.decode())], length


async def test_upload_is_handed_on_before_its_end() -> None:
    """A file that is larger than two blocks is not held in memory until all of it is there."""
    written = []

    class Storing(BytesIO):
        def write(self, data: Any) -> int:
            written.append(len(data))
            return super().write(data)

    body = Body(None, None)
    parser = FormDataParser(stream_factory=lambda *args, **kwargs: Storing())
    parsing = asyncio.ensure_future(parser.parse(body, "multipart/form-data", None, OPTIONS))
    body.append(b'--b\r\nContent-Disposition: form-data; name=f; filename="n"\r\n\r\n')
    for _ in range(8):
        body.append(b"x" * BLOCK)
        for _ in range(5):
            await asyncio.sleep(0)
    before = sum(written)
    body.append(b"\r\n" + END)
    body.set_complete()
    await parsing

    assert before >= 5 * BLOCK
    assert sum(written) == 8 * BLOCK
    assert max(written) <= 2 * BLOCK


@steps
def fields(side: Side) -> Any:
    return list((yield side.request.form).items(multi=True))


@steps
def names(side: Side) -> Any:
    files = yield side.request.files
    return [[name, file.filename] for name, file in files.items(multi=True)]


BODIES = {
    "spaces": b"a=+%20%2B",
    "invalid": b"a=caf%E9&%FF%41=%C3",
    "repeated": b"a=%E9&a=%E8",
    "replacement": b"a=%EF%BF%BD",
    "replacement-raw": "a=\ufffd&b=%E9".encode(),
    "surrogate": b"a=%ED%A0%80",
    "raw": b"a=\xff",
    "blank": b"a=&b&=c&&",
    "mixed": "é=%C3%A9".encode(),
}


@pytest.mark.parametrize("body", cases(BODIES))
def test_urlencoded_form_is_as_in_flask(body: bytes) -> None:
    """Bytes that are no UTF-8 stay percent-encoded; all else is as Quart has it."""
    assert post(COMPAT, fields, [body], URLENCODED) == post(FLASK, fields, [body], URLENCODED)


X = b"x" * 2000
LIMITED = {
    "header": part(b"a\r\nX: " + X, b"1") + END,
    "before": X + b"\r\n" + FIELD + END,
    "after": FIELD + END + X,
    "field": part(b"a", X) + END,
    "file": part(b'f; filename="n"', X) + END,
    "many": FIELD * 25 + END,
    "short": FIELD + END,
}


@pytest.mark.parametrize("size", [60, 100, 1000, 5000, None])
@pytest.mark.parametrize("body", cases(LIMITED))
def test_memory_that_a_form_takes_is_limited_as_in_flask(body: bytes, size: int | None) -> None:
    """MAX_FORM_MEMORY_SIZE holds for all that is held at once, in whatever pieces it comes."""
    config = {"MAX_FORM_MEMORY_SIZE": size}
    answers = [
        post(COMPAT, fields, in_pieces(body, piece), MULTIPART, declared=declared, config=config)
        for piece in (50, 5000)
        for declared in (True, False)
    ]

    assert answers == [post(FLASK, fields, [body], MULTIPART, config=config)] * 4


@pytest.mark.parametrize("more", [-1, 0, 1, 20])
def test_limit_of_one_block_is_as_in_flask(more: int) -> None:
    """A body about as long as a block, and a limit of just that, agree, too."""
    config = {"MAX_FORM_MEMORY_SIZE": BLOCK}
    head = len(part(b'f; filename="n"', b"") + END)
    body = part(b'f; filename="n"', b"x" * (BLOCK + more - head)) + END

    assert post(COMPAT, names, [body], MULTIPART, config=config) == post(
        FLASK, names, [body], MULTIPART, config=config
    )


@pytest.mark.parametrize("parts", [3, 4])
def test_number_of_parts_is_limited_as_in_flask(parts: int) -> None:
    """MAX_FORM_PARTS holds as before."""
    body, config = FIELD * parts + END, {"MAX_FORM_PARTS": 3}

    assert post(COMPAT, fields, [body], MULTIPART, config=config) == post(
        FLASK, fields, [body], MULTIPART, config=config
    )
