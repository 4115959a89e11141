"""The session, serialised by `app.json`."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import flask
import quart
from flask import Flask
from flask.json.provider import DefaultJSONProvider
from quart import Quart

from ..scenario import Request
from .divergence import Divergence


@dataclass(frozen=True, slots=True)
class Money:
    """What only the application's own JSON knows."""

    cents: int


class OwnJSON(DefaultJSONProvider):
    @staticmethod
    def default(o: Any) -> Any:
        return o.cents if isinstance(o, Money) else DefaultJSONProvider.default(o)

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        return super().loads(s, parse_float=Decimal, **kwargs)


def original() -> Flask:
    app = Flask("original")
    app.config.from_mapping({"SECRET_KEY": "a key"})
    app.json = OwnJSON(app)

    @app.get("/rates")
    def rates() -> Any:
        flask.session["rates"] = (0.25, 0.5)
        return "saved"

    @app.get("/read")
    def read() -> Any:
        return repr(flask.session["rates"])

    @app.get("/own-type")
    def own_type() -> Any:
        flask.session["price"] = Money(995)
        return "saved"

    @app.get("/mixed-keys")
    def mixed_keys() -> Any:
        flask.session["amounts"] = {1: 2, "tea": 3}
        return "saved"

    return app


def port() -> Quart:
    app = Quart("port")
    app.config.from_mapping({"SECRET_KEY": "a key"})
    own: Any = OwnJSON(app)
    app.json = own

    @app.get("/rates")
    async def rates() -> Any:
        quart.session["rates"] = (0.25, 0.5)
        return "saved"

    @app.get("/read")
    async def read() -> Any:
        return repr(quart.session["rates"])

    @app.get("/own-type")
    async def own_type() -> Any:
        quart.session["price"] = Money(995)
        return "saved"

    @app.get("/mixed-keys")
    async def mixed_keys() -> Any:
        quart.session["amounts"] = {1: 2, "tea": 3}
        return "saved"

    return app


DIVERGENCE = Divergence(
    code="QP022",
    title="The session is not serialised by `app.json`",
    area="sessions",
    severity="crash",
    flask="""`app.json` writes and reads the session: types that it knows are saved, and keys are \
sorted, so that equal sessions have equal cookies. Where it sorts, keys of several types are a \
`TypeError`.""",
    quart="""A provider of the application's own is never asked: its types are a `TypeError`, and \
so a 500, and what it would read otherwise is read as Python does. Keys go out as they were \
inserted, also those that Flask cannot sort.""",
    cause="""`quart.sessions.SecureCookieSessionInterface.serializer` is Flask's, whose \
`flask.json.tag.TaggedJSONSerializer.dumps` calls `flask.json.dumps`, which finds no current \
application of Flask's and uses Python's JSON.""",
    affects={"quart": ">=0.19"},
    by_hand="""Store plain values: `session["price"] = price.cents`. Or give `session_interface` \
a `serializer` whose `dumps` and `loads` call those of `quart.json`.""",
    by_compat="The serializer of its session interface calls `app.json`.",
    original=original,
    port=port,
    requests=tuple(Request(path=path) for path in ("/rates", "/read", "/own-type", "/mixed-keys")),
    shows=("status", "body.**", "header.*", "cookie.**", "session.**", "raised.**"),
)
