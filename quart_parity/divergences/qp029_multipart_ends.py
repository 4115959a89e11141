"""The end of a multipart form."""

from __future__ import annotations

from typing import Any

from flask import Flask, request
from quart import Quart
from quart import request as quart_request

from ..exchange import RawRequest
from .divergence import Divergence
from .uploads import answers, upload


def original() -> Flask:
    app = Flask("original")

    @app.post("/")
    def sent() -> Any:
        return dict(request.form)

    return app


def port() -> Quart:
    app = Quart("port")

    @app.post("/")
    async def sent() -> Any:
        return dict(await quart_request.form)

    return app


def _field(name: str, value: str) -> bytes:
    head = f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'
    return f"{head}{value}\r\n".encode()


def _form(*pieces: bytes) -> RawRequest:
    length = str(sum(map(len, pieces)))
    headers = (("Content-Type", "multipart/form-data; boundary=b"), ("Content-Length", length))
    return upload("/", headers, *pieces)


_UPLOADS = [
    _form(_field("a", "hello") + b"--b-", b"-\r\n"),
    _form(_field("a", "hello"), _field("b", "world")[:-8]),
]


def observe(app: Any) -> Any:
    """What a form is whose end is split, and one whose end never comes."""
    return answers(app, *_UPLOADS)


DIVERGENCE = Divergence(
    code="QP029",
    title="The end of a multipart form is misread, and need not be there",
    area="requests",
    severity="data loss",
    flask=(
        "A form is the same however the network cuts it, but for one place in 65,536: Werkzeug's"
        " decoder is handed blocks of that size. One that ends before its closing boundary is"
        " empty."
    ),
    quart=(
        "Where a packet ends between the last two dashes of the body, the last field or file ends"
        " with an additional carriage return. A form that ends before its closing boundary is taken"
        " for whole, without the part that was cut."
    ),
    cause=(
        "`quart.formparser.MultiPartParser.parse` hands each piece that is received to"
        " `werkzeug.sansio.multipart.MultipartDecoder`, which holds back too little of a boundary,"
        " and never hands it None, which stands for the end."
    ),
    affects={"quart": ">=0.19"},
    by_hand=(
        "Read the body first, and parse it with Werkzeug:"
        " `werkzeug.formparser.FormDataParser().parse(BytesIO(await request.get_data()),"
        " request.mimetype, request.content_length, request.mimetype_params)`; that needs the"
        " memory for all of it."
    ),
    by_compat=(
        "The parser hands over blocks of 64 KiB, the last of which is a full one, and tells of the"
        " end. It is right in Werkzeug's one place of 65,536, too."
    ),
    original=original,
    port=port,
    observe=observe,
)
