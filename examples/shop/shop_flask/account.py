"""What a customer sees and changes of the account."""

import secrets
from datetime import datetime
from pathlib import Path

from flask import (
    Blueprint,
    abort,
    current_app,
    flash,
    g,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    send_from_directory,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from .database import change, now, select
from .errors import ShopError
from .orders import ADDRESS
from .users import digest, login_required, record

blueprint = Blueprint("account", __name__, url_prefix="/account")

PICTURES = (".gif", ".jpg", ".png")
LONGEST_ABOUT = 200


@blueprint.get("/")
@login_required
def index() -> ResponseReturnValue:
    """Where everything about the account is to be found."""
    return render_template("account.html")


@blueprint.route("/profile", methods=["GET", "POST"])
@login_required
def profile() -> ResponseReturnValue:
    """Change the address and the words about oneself."""
    if request.method != "POST":
        return render_template("profile.html", form=g.user, errors={})
    form = request.form
    errors = {}
    if "@" not in form.get("email", ""):
        errors["email"] = "This is no address."
    if len(form.get("about", "")) > LONGEST_ABOUT:
        errors["about"] = f"At most {LONGEST_ABOUT} characters."
    if errors:
        return render_template("profile.html", form=form, errors=errors), 422
    sql = "UPDATE users SET email = ?, about = ? WHERE id = ?"
    change(sql, form["email"], form.get("about", ""), g.user["id"])
    flash("Your profile is saved.", "success")
    return redirect(url_for(".profile"), 303)


@blueprint.get("/messages")
@login_required
def messages() -> ResponseReturnValue:
    """The mails of the store to this customer."""
    found = select("SELECT * FROM messages WHERE user_id = ? ORDER BY id DESC", g.user["id"])
    return render_template("messages.html", messages=found)


@blueprint.route("/avatar", methods=["POST"])
@login_required
def upload_avatar() -> ResponseReturnValue:
    """Take a picture of the customer; there is one, and the next takes its place."""
    file = picture(request.files.get("avatar"))
    path = uploads() / f"customer-{g.user['id']}{suffix(file)}"
    file.save(path)
    sql = "UPDATE users SET avatar = ?, avatar_at = ? WHERE id = ?"
    change(sql, path.name, now(), g.user["id"])
    flash(f"Your picture is saved ({path.stat().st_size} bytes).", "success")
    return redirect(url_for(".profile"), 303)


def picture(file: FileStorage | None) -> FileStorage:
    """The file, where there is one that can be a picture."""
    if file is None or suffix(file) not in PICTURES:
        raise ShopError(f"A picture is a file that ends in {', '.join(PICTURES)}.")
    return file


def suffix(file: FileStorage) -> str:
    return Path(file.filename or "").suffix.lower()


def uploads() -> Path:
    """The folder of what customers and the store sent."""
    folder = Path(current_app.config["UPLOADS"])
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@blueprint.get("/avatar")
@login_required
def avatar() -> ResponseReturnValue:
    """The customer's picture."""
    if g.user["avatar"] is None:
        abort(404, "You have no picture yet.")
    saved = datetime.fromisoformat(g.user["avatar_at"])
    etag = f"{g.user['id']}-{saved:%Y%m%d%H%M%S}"
    return send_from_directory(uploads(), g.user["avatar"], etag=etag, last_modified=saved)


@blueprint.post("/avatar/delete")
@login_required
def delete_avatar() -> ResponseReturnValue:
    """Take the picture away."""
    change("UPDATE users SET avatar = NULL, avatar_at = NULL WHERE id = ?", g.user["id"])
    return redirect(url_for(".profile"), 303)


@blueprint.route("/addresses", methods=["GET", "POST"])
@login_required
def addresses() -> ResponseReturnValue:
    """The addresses that orders may go to."""
    if request.method != "POST":
        sql = "SELECT * FROM addresses WHERE user_id = ? ORDER BY id"
        return render_template("addresses.html", addresses=select(sql, g.user["id"]))
    form = request.form
    if not all(form.get(field, "").strip() for field in ADDRESS):
        raise ShopError("An address has a street, a postcode and a city.")
    sql = "INSERT INTO addresses (street, postcode, city, user_id) VALUES (?, ?, ?, ?)"
    change(sql, *(form[field] for field in ADDRESS), g.user["id"])
    return redirect(url_for(".addresses"), 303)


@blueprint.post("/addresses/<int:id>/delete")
@login_required
def delete_address(id: int) -> ResponseReturnValue:
    """Forget an address."""
    change("DELETE FROM addresses WHERE id = ? AND user_id = ?", id, g.user["id"])
    return redirect(url_for(".addresses"), 303)


@blueprint.route("/tokens", methods=["GET", "POST"])
@login_required
def tokens() -> ResponseReturnValue:
    """Tokens for the API; a new one is shown once and never again."""
    new = None
    if request.method == "POST":
        name = request.form.get("name", "").strip()
        if not name:
            raise ShopError("What is the token for?")
        new = secrets.token_hex(20)
        sql = "INSERT INTO tokens (user_id, name, digest, issued_at) VALUES (?, ?, ?, ?)"
        change(sql, g.user["id"], name, digest(new), now())
        record("issued a token")
    found = select("SELECT * FROM tokens WHERE user_id = ? ORDER BY id", g.user["id"])
    return render_template("tokens.html", tokens=found, new=new), 201 if new else 200


@blueprint.post("/tokens/<int:id>/revoke")
@login_required
def revoke_token(id: int) -> ResponseReturnValue:
    """Make a token worthless."""
    change("DELETE FROM tokens WHERE id = ? AND user_id = ?", id, g.user["id"])
    flash("The token is revoked.")
    return redirect(url_for(".tokens"), 303)


@blueprint.get("/data.json")
@login_required
def data() -> ResponseReturnValue:
    """All that the store knows of the customer, to take along."""
    kept = ("name", "email", "about", "joined_at")
    answer = jsonify(
        profile={field: g.user[field] for field in kept},
        addresses=owned("SELECT street, postcode, city FROM addresses"),
        reviews=owned("SELECT product_id, stars, text, written_at FROM reviews"),
        orders=owned("SELECT status, payment, total, placed_at FROM orders"),
    )
    answer.headers["Content-Disposition"] = "attachment; filename=data.json"
    return answer


def owned(sql: str) -> list[dict[str, object]]:
    """The rows of the query that are the customer's, oldest first."""
    return [dict(row) for row in select(f"{sql} WHERE user_id = ? ORDER BY id", g.user["id"])]


@blueprint.post("/close")
@login_required
def close() -> ResponseReturnValue:
    """Close the account for good: who writes the account's name below it means it."""
    if request.form.get("name") != g.user["name"]:
        raise ShopError("Write the name of the account to close it.")
    if g.user["is_admin"]:
        abort(403)
    change("DELETE FROM users WHERE id = ?", g.user["id"])
    session.clear()
    response = make_response(redirect(url_for("catalogue.index"), 303))
    response.delete_cookie("remember", httponly=True, samesite="Lax")
    return response
