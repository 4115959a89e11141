"""Who is asking: by the session, by the cookie that outlives it, or by a bearer token."""

from collections.abc import Awaitable, Callable
from functools import wraps
from hashlib import sha256
from typing import ParamSpec

from itsdangerous import BadSignature, URLSafeTimedSerializer
from quart import abort, current_app, flash, g, redirect, request, session, url_for
from quart.typing import ResponseReturnValue
from werkzeug.sansio.response import Response

from .csrf import bears_token
from .database import change, now, select_one

P = ParamSpec("P")
View = Callable[P, Awaitable[ResponseReturnValue]]

REMEMBERED = 14 * 24 * 3600
"""Seconds for which a customer who wishes so stays signed in."""


async def load_user() -> None:
    """Put the one who is asking into ``g.user``, or None for a visitor."""
    g.user = None
    if request.endpoint == "static":
        return
    if bears_token():
        g.user = user_of_token()
    elif "user_id" in session:
        g.user = select_one("SELECT * FROM users WHERE id = ?", session["user_id"])
    elif "remember" in request.cookies:
        g.user = remembered_user()
        if g.user is not None:
            session["user_id"] = g.user["id"]


def user_of_token() -> object:
    token = request.authorization.token if request.authorization else None
    return select_one(
        "SELECT users.* FROM users JOIN tokens ON tokens.user_id = users.id WHERE digest = ?",
        digest(token or ""),
    )


def remembered_user() -> object:
    """The customer whom the signed cookie names, while it is not too old."""
    try:
        user_id = signer().loads(request.cookies["remember"], max_age=REMEMBERED)
    except BadSignature:
        return None
    return select_one("SELECT * FROM users WHERE id = ?", user_id)


def remember(response: Response, user_id: int) -> None:
    """Let the browser keep a signed cookie by which the customer is known again."""
    response.set_cookie(
        "remember", signer().dumps(user_id), max_age=REMEMBERED, httponly=True, samesite="Lax"
    )


def signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="remember")


def digest(token: str) -> str:
    """What is stored of a bearer token."""
    return sha256(token.encode()).hexdigest()


def login_required(view: View[P]) -> View[P]:
    """Send visitors to the login page, which brings them back."""

    @wraps(view)
    async def wrapped(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        if g.user is None:
            await flash("Sign in first.", "warning")
            return redirect(url_for("auth.login", next=request.full_path.rstrip("?")))
        return await view(*args, **kwargs)

    return wrapped


def admin_required(view: View[P]) -> View[P]:
    """Refuse everybody but the store's own account."""

    @wraps(view)
    async def wrapped(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        if not g.user["is_admin"]:
            abort(403)
        return await view(*args, **kwargs)

    return login_required(wrapped)


def token_required(view: View[P]) -> View[P]:
    """Refuse API clients that are not known, as RFC 6750 has it."""

    @wraps(view)
    async def wrapped(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        if g.user is None:
            refusal = {"WWW-Authenticate": 'Bearer realm="shop"'}
            return {"error": "Unauthorized", "status": 401}, 401, refusal
        return await view(*args, **kwargs)

    return wrapped


def record(what: str) -> None:
    """Write down what somebody did, for the store's own eyes."""
    who = g.user["name"] if g.user is not None else "visitor"
    change("INSERT INTO events (who, what, at) VALUES (?, ?, ?)", who, what, now())
