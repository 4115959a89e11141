"""What goes through the pipe, from and to what the library has."""

from __future__ import annotations

from typing import Any

from .. import errors
from ..errors import QuartParityError, StartError
from ..exchange import Exchange, Raised, RawRequest, Response, Unawaited
from ..serving.keys import Keys

Fields = dict[str, Any]


def request_fields(request: RawRequest) -> Fields:
    """A request, whose body is behind them."""
    base = request.base
    return {
        "do": "request",
        "method": request.method,
        "target": request.target,
        "headers": request.headers,
        "sizes": [len(chunk) for chunk in request.chunks],
        "base": (base.scheme, base.host, base.port, base.root),
    }


def exchange_of(request: RawRequest, reply: Fields, body: bytes, log: str | None) -> Exchange:
    """What came of the request, with what was logged meanwhile."""
    response = None
    if "response" in reply:
        status, reason, headers = reply["response"]
        response = Response(status, reason, tuple((name, value) for name, value in headers), body)
    raised = Raised(*reply["raised"]) if "raised" in reply else None
    found = tuple(Unawaited(*one) for one in reply.get("unawaited", ()))
    return Exchange(request, response, raised, reply.get("broken"), unawaited=found, log=log)


def keys_of(fields: Fields | None) -> Keys | None:
    """How sessions are read; None where they are to be compared raw."""
    if fields is None:
        return None
    secrets = [bytes.fromhex(secret) for secret in fields["secrets"]]
    salt = bytes.fromhex(fields["salt"])
    return Keys(fields["name"], secrets, salt, fields["derivation"], fields["digest"])


def error_of(kind: str, text: str) -> QuartParityError:
    """What the other process refused, as it would be raised here."""
    found = getattr(errors, kind, StartError)
    return found(text) if issubclass(found, QuartParityError) else StartError(text)
