"""Header fields beyond ASCII."""

from __future__ import annotations

from typing import Any

import flask
import quart
from flask import Flask
from quart import Quart

from ..report import Difference
from .divergence import Divergence


def original() -> Flask:
    app = Flask("original")

    @app.get("/")
    def greeting() -> Any:
        response = flask.make_response("text", {"X-Name": "é"})
        response.set_cookie("schlüssel", "é")
        return response

    return app


def port() -> Quart:
    app = Quart("port")

    @app.get("/")
    async def greeting() -> Any:
        response: Any = await quart.make_response("text", {"X-Name": "é"})
        response.set_cookie("schlüssel", "é")
        return response

    return app


def recognise(difference: Difference) -> bool:
    """Whether the candidate's bytes are the reference's text in UTF-8."""
    one, other = difference.reference, difference.candidate
    is_text = difference.parts[0] == "header" and isinstance(one, str) and isinstance(other, str)
    return is_text and one != other and other == one.encode().decode("latin-1")


DIVERGENCE = Divergence(
    code="QP015",
    title="Header fields beyond ASCII go out in other bytes",
    area="responses",
    severity="visible",
    flask=(
        "Text of a header field stands for Latin-1 (PEP 3333): `é` is the byte `E9`, and the name"
        " of a cookie, which Werkzeug has turned into UTF-8 already, goes out as that. The server"
        " refuses what is not Latin-1."
    ),
    quart=(
        "Fields are encoded as UTF-8: `é` is `C3 A9`, and the names of cookies are encoded twice,"
        " so that a cookie set by one framework is unknown to the other. What is not Latin-1 goes"
        " out, too."
    ),
    cause="`quart.utils.encode_headers` calls `str.encode` without an encoding.",
    affects={"quart": ">=0.19"},
    by_hand=(
        "Keep to ASCII: percent-encode with `urllib.parse.quote`, and name cookies (and"
        " `SESSION_COOKIE_NAME`) in ASCII."
    ),
    by_compat=(
        "Fields are sent as Latin-1; what is not raises `UnicodeEncodeError`, and so is a 500 of"
        " the server's. Quart's test client takes fields for UTF-8, and so cannot read some."
    ),
    original=original,
    port=port,
    shows=("header.x-name", "cookie.*"),
    recognise=recognise,
)
