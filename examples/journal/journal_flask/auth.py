"""Accounts: made, entered and left."""

import sqlite3
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from flask import (
    Blueprint,
    current_app,
    flash,
    g,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from werkzeug.security import check_password_hash, generate_password_hash

from .db import connection

P = ParamSpec("P")
View = Callable[P, ResponseReturnValue]

blueprint = Blueprint("auth", __name__, url_prefix="/auth")


@blueprint.before_app_request
def load_writer() -> None:
    """Put the account that the session names into ``g.writer``, or None for a reader."""
    g.writer = None
    if "writer_id" in session:
        query = "SELECT * FROM writers WHERE id = ?"
        g.writer = connection().execute(query, (session["writer_id"],)).fetchone()


def login_required(view: View[P]) -> View[P]:
    """Send readers to the login page."""

    @wraps(view)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        if g.writer is None:
            return redirect(url_for("auth.login"))
        return view(*args, **kwargs)

    return wrapped


@blueprint.route("/register", methods=["GET", "POST"])
def register() -> ResponseReturnValue:
    """Make an account."""
    if request.method != "POST":
        return render_template("auth/register.html", form={})
    form = request.form
    error = registration_error(form.get("name", ""), form.get("password", ""))
    if error is not None:
        flash(error)
        return render_template("auth/register.html", form=form), 400
    flash("You are registered. Log in to write.")
    return redirect(url_for(".login"))


def registration_error(name: str, password: str) -> str | None:
    """What keeps the account from being made, or None once it is."""
    if not name.strip():
        return "A name is needed."
    if not password:
        return "A password is needed."
    hashed = generate_password_hash(password, current_app.config["PASSWORD_METHOD"])
    try:
        with connection() as db:
            db.execute("INSERT INTO writers (name, password_hash) VALUES (?, ?)", (name, hashed))
    except sqlite3.IntegrityError:
        return f"The name {name} is taken."
    return None


@blueprint.route("/login", methods=["GET", "POST"])
def login() -> ResponseReturnValue:
    """Enter an account, with a new session."""
    if request.method != "POST":
        return render_template("auth/login.html", form={})
    form = request.form
    query = "SELECT * FROM writers WHERE name = ?"
    writer = connection().execute(query, (form.get("name", ""),)).fetchone()
    if writer is None:
        flash("There is no account of this name.")
    elif not check_password_hash(writer["password_hash"], form.get("password", "")):
        flash("The password is wrong.")
    else:
        session.clear()
        session["writer_id"] = writer["id"]
        return redirect(url_for("entries.index"))
    return render_template("auth/login.html", form=form), 400


@blueprint.post("/logout")
def logout() -> ResponseReturnValue:
    """Leave the account."""
    session.clear()
    return redirect(url_for("entries.index"))
