"""Form parsers and uploads of an application's own, and saving uploads."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import quart
from quart.datastructures import FileStorage as QuartFileStorage
from quart.formparser import FormDataParser as QuartFormDataParser
from werkzeug.datastructures import ImmutableMultiDict, MultiDict
from werkzeug.formparser import default_stream_factory

from quart_parity.compat.forms import FileStorage
from tests.compat.sides import COMPAT, FLASK, STOCK, Side, steps
from tests.compat.uploading import END, MULTIPART, part, post, send

FIELD = part(b"a", b"hello")
FORM = FIELD + part(b'f; filename="name.txt"\r\nContent-Type: text/plain', b"\r\nwor\rld\n") + END


@steps
def fields(side: Side) -> Any:
    return list((yield side.request.form).items(multi=True))


async def own_parse(parser: Any, body: Any, mimetype: str, length: Any, options: Any) -> Any:
    data = await body
    return parser.cls([("own", data.decode())]), parser.cls()


class OwnStorage(QuartFileStorage):
    """Somebody's upload."""

    own = True


class OwnParser(QuartFormDataParser):
    """Somebody's parser: another type, a type of Quart's replaced, and uploads of its own."""

    file_storage_class = OwnStorage
    parse_functions = {  # noqa: RUF012  # as in Quart
        **QuartFormDataParser.parse_functions,
        "text/own": own_parse,
        "application/x-www-form-urlencoded": own_parse,
    }


class OwnRequest(quart.Request):
    """Somebody's request."""

    form_data_parser_class = OwnParser
    parameter_storage_class: Any = MultiDict


@pytest.mark.parametrize("content_type", ["text/own", "application/x-www-form-urlencoded"])
def test_functions_of_a_parser_of_the_application_are_kept(content_type: str) -> None:
    """What an application's parser parses itself is left to it."""
    app = COMPAT.app(fields)
    app.request_class = OwnRequest
    answer = send(COMPAT, app, [b"x=%E9"], [("Content-Type", content_type)])

    assert answer == (200, b'[["own","x=%E9"]]\n')


def test_parser_of_the_application_has_the_other_functions_of_compat() -> None:
    """For multipart forms it is mended like Quart's, and its uploads are its own."""

    async def view(side: Side) -> Any:
        upload = (await side.request.files).get("f")
        form = await side.request.form
        known = isinstance(upload, OwnStorage) and isinstance(upload, FileStorage)
        return [
            dict(form),
            isinstance(form, ImmutableMultiDict),
            known,
            getattr(upload, "own", None),
        ]

    app = COMPAT.app(view)
    app.request_class = OwnRequest
    whole = send(COMPAT, app, [FORM[:-3], FORM[-3:]], MULTIPART)
    cut = send(COMPAT, app, [FIELD], MULTIPART)

    assert whole == (200, b'[{"a":"hello"},false,true,true]\n')
    assert cut == (200, b"[{},false,false,null]\n")


@steps
def saved(side: Side) -> Any:
    destination = BytesIO()
    yield (yield side.request.files)["f"].save(destination)
    return destination.getvalue()


def test_upload_is_saved_into_an_open_file() -> None:
    """`save` takes a file as well as a path."""
    answers = [post(side, saved, [FORM], MULTIPART) for side in (COMPAT, FLASK)]

    assert answers == [(200, b"\r\nwor\rld\n")] * 2
    assert post(STOCK, saved, [FORM], MULTIPART)[0] == 500


async def test_upload_is_saved_to_a_path(tmp_path: Path) -> None:
    """A path is written as by Quart."""
    stream = default_stream_factory(None, None, None)
    stream.write(b"text")
    stream.seek(0)
    upload = FileStorage(stream)
    await upload.save(tmp_path / "saved")
    upload.close()

    assert (tmp_path / "saved").read_bytes() == b"text"
