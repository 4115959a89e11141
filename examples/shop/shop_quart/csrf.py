"""A token in the session that every writing request must send back."""

import secrets

from quart import abort, request, session

SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
EXEMPT = ("api.quote",)
"""Endpoints that change nothing, and so may be asked from anywhere."""


def csrf_token() -> str:
    """The session's token, made when first asked for."""
    if "csrf_token" not in session:
        session["csrf_token"] = secrets.token_urlsafe(16)
    return str(session["csrf_token"])


async def protect() -> None:
    """Refuse a writing request without the token, in a field or in ``X-CSRF-Token``.

    Requests with a bearer token need none: no browser sends that by itself.
    """
    unguarded = request.endpoint is None or request.endpoint in EXEMPT
    if request.method in SAFE_METHODS or unguarded or bears_token():
        return
    sent = request.headers.get("X-CSRF-Token")
    if sent is None:
        sent = (await request.form).get("csrf_token", "")
    known = session.get("csrf_token", "")
    if not known or not secrets.compare_digest(sent.encode(), known.encode()):
        abort(400, "The form has expired. Go back, reload the page and send it again.")


def bears_token() -> bool:
    return request.authorization is not None and request.authorization.type == "bearer"
