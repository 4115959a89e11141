"""Pages that are about the store, and how a visitor likes to see it."""

from collections.abc import Mapping
from datetime import UTC, datetime

from quart import (
    Blueprint,
    flash,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from quart.typing import ResponseReturnValue

from quart_parity.compat import Response

from .database import change, select
from .money import RATES

blueprint = Blueprint("site", __name__)

THEMES = ("light", "dark")
YEAR = 365 * 24 * 3600
MONTH = 30 * 24 * 3600
SUBJECTS = ("order", "product", "other")
WRITTEN_AT = datetime(2024, 3, 1, 8, tzinfo=UTC)
"""When the texts about the store were written."""


@blueprint.get("/about")
async def about() -> ResponseReturnValue:
    """What the store is; the same for everybody, so it may be stored and asked for again."""
    response = Response(await render_template("about.html"))
    response.headers["Cache-Control"] = "public, max-age=3600"
    response.last_modified = WRITTEN_AT
    await response.add_etag()
    return await response.make_conditional(request)


@blueprint.get("/legal/<any(terms, privacy, shipping):page>")
async def legal(page: str) -> ResponseReturnValue:
    """What a store has to say."""
    return await render_template("legal.html", page=page)


@blueprint.get("/robots.txt")
async def robots() -> ResponseReturnValue:
    """Where crawlers may go."""
    text = f"User-agent: *\nDisallow: /cart/\nSitemap: {url_for('.sitemap', _external=True)}\n"
    return Response(text, mimetype="text/plain")


@blueprint.get("/sitemap.xml")
async def sitemap() -> ResponseReturnValue:
    """All products, for search engines."""
    products = select("SELECT * FROM products ORDER BY id")
    body = await render_template("sitemap.xml", products=products)
    return Response(body, mimetype="application/xml")


@blueprint.get("/health")
async def health() -> ResponseReturnValue:
    """Whether the database answers."""
    products = select("SELECT id FROM products")
    return jsonify(status="ok", products=len(products)), {"Cache-Control": "no-store"}


@blueprint.route("/contact", methods=["GET", "POST"])
async def contact() -> ResponseReturnValue:
    """Ask the store something."""
    if request.method != "POST":
        return await render_template("contact.html", subjects=SUBJECTS, form={}, errors={})
    form = await request.form
    errors = contact_errors(form)
    if errors:
        page = await render_template("contact.html", subjects=SUBJECTS, form=form, errors=errors)
        return page, 422
    change(
        "INSERT INTO enquiries (email, subject, text) VALUES (?, ?, ?)",
        form["email"],
        form["subject"],
        form["text"],
    )
    await flash("Thank you. We answer within two days.", "success")
    return redirect(url_for(".contact"), 303)


def contact_errors(form: Mapping[str, str]) -> dict[str, str]:
    errors = {}
    if "@" not in form.get("email", ""):
        errors["email"] = "An address to answer to is needed."
    if form.get("subject") not in SUBJECTS:
        errors["subject"] = "Choose one of the subjects."
    if not form.get("text", "").strip():
        errors["text"] = "What would you like to know?"
    return errors


@blueprint.route("/preferences", methods=["GET", "POST"])
async def preferences() -> ResponseReturnValue:
    """Choose a theme, which scripts may read, and a currency, which they need not."""
    if request.method != "POST":
        return await render_template("preferences.html", themes=THEMES, currencies=sorted(RATES))
    form = await request.form
    response = await make_response(redirect(url_for(".preferences"), 303))
    if form.get("theme") in THEMES:
        response.set_cookie("theme", form["theme"], max_age=YEAR, samesite="Lax")
    if form.get("currency") in RATES:
        response.set_cookie(
            "currency", form["currency"], max_age=MONTH, httponly=True, samesite="Strict"
        )
    await flash("Your preferences are saved.", "success")
    return response


@blueprint.post("/preferences/reset")
async def reset_preferences() -> ResponseReturnValue:
    """Forget theme and currency."""
    response = await make_response(redirect(url_for(".preferences"), 303))
    response.delete_cookie("theme", samesite="Lax")
    response.delete_cookie("currency", httponly=True, samesite="Strict")
    return response
