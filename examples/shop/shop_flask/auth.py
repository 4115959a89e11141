"""Accounts: made, entered, left, and their passwords changed."""

from flask import (
    Blueprint,
    current_app,
    flash,
    g,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from werkzeug.security import check_password_hash, generate_password_hash

from .database import change, now, select_one
from .mail import send_mail
from .users import login_required, record, remember

blueprint = Blueprint("auth", __name__, url_prefix="/auth")

SHORTEST = 8
"""Characters of a password."""
OTHER = "This is not your password."


@blueprint.route("/register", methods=["GET", "POST"])
def register() -> ResponseReturnValue:
    """Make an account and enter it."""
    if request.method != "POST":
        return render_template("register.html", form={}, errors={})
    form = request.form
    name = form.get("name", "").strip()
    errors = registration_errors(name, form.get("email", ""), form.get("password", ""))
    if errors:
        return render_template("register.html", form=form, errors=errors), 422
    user_id = change(
        "INSERT INTO users (name, email, password_hash, joined_at) VALUES (?, ?, ?, ?)",
        name,
        form["email"],
        hashed(form["password"]),
        now(),
    )
    send_mail(user_id, "Welcome", "welcome", name=name)
    sign_in(user_id)
    flash(f"Welcome, {name}.", "success")
    return redirect(url_for("account.index"), 303)


def registration_errors(name: str, email: str, password: str) -> dict[str, str]:
    errors = {}
    if not name.isidentifier() or len(name) > 30:
        errors["name"] = "Letters, digits and underscores, at most 30, beginning with a letter."
    elif select_one("SELECT id FROM users WHERE name = ?", name) is not None:
        errors["name"] = "This name is taken."
    if "@" not in email:
        errors["email"] = "This is no address."
    if len(password) < SHORTEST:
        errors["password"] = f"At least {SHORTEST} characters."
    return errors


@blueprint.route("/login", methods=["GET", "POST"])
def login() -> ResponseReturnValue:
    """Enter an account, and go on to ``?next=`` where that is a page of the store."""
    if request.method != "POST":
        return render_template("login.html", form={}, error=None)
    form = request.form
    user = select_one("SELECT * FROM users WHERE name = ?", form.get("name", ""))
    if user is None or not check_password_hash(user["password_hash"], form.get("password", "")):
        record(f"failed to sign in as {form.get('name', '')}")
        error = "Name or password is wrong."
        return render_template("login.html", form=form, error=error), 401
    response = make_response(redirect(local_path(request.args.get("next")), 303))
    sign_in(user["id"])
    if "remember" in form:
        session.permanent = True
        remember(response, user["id"])
    flash("You are signed in.", "success")
    return response


def sign_in(user_id: int) -> None:
    """Begin a new session, which keeps the cart of the old one."""
    cart = session.get("cart", {})
    session.clear()
    session["user_id"] = user_id
    if cart:
        session["cart"] = cart


def local_path(wanted: str | None) -> str:
    """*wanted* where it leads to a page of the store, else the account's."""
    if wanted and wanted.startswith("/") and not wanted.startswith(("//", "/\\")):
        return wanted
    return url_for("account.index")


def hashed(password: str) -> str:
    return generate_password_hash(password, current_app.config["PASSWORD_METHOD"])


@blueprint.post("/logout")
def logout() -> ResponseReturnValue:
    """Leave the account; the browser forgets who it was."""
    session.clear()
    flash("You are signed out.")
    response = make_response(redirect(url_for("catalogue.index")))
    response.delete_cookie("remember", httponly=True, samesite="Lax")
    return response


@blueprint.route("/password", methods=["GET", "POST"])
@login_required
def password() -> ResponseReturnValue:
    """Change the password; who knows the old one may."""
    if request.method != "POST":
        return render_template("password.html", errors={})
    form = request.form
    errors = {}
    if not check_password_hash(g.user["password_hash"], form.get("password", "")):
        errors["password"] = OTHER
    if len(form.get("new_password", "")) < SHORTEST:
        errors["new_password"] = f"At least {SHORTEST} characters."
    if errors:
        return render_template("password.html", errors=errors), 422
    hash_ = hashed(form["new_password"])
    change("UPDATE users SET password_hash = ? WHERE id = ?", hash_, g.user["id"])
    record("changed the password")
    flash("Your password is changed.", "success")
    return redirect(url_for("account.index"), 303)
