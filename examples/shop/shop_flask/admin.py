"""What only the store itself sees: products, orders and exports."""

from collections.abc import Iterator, Mapping
from hashlib import sha256
from uuid import UUID

from flask import (
    Blueprint,
    Response,
    abort,
    flash,
    redirect,
    render_template,
    request,
    stream_template,
    stream_with_context,
    url_for,
)
from flask.typing import ResponseReturnValue

from .account import picture, suffix, uploads
from .catalogue import find_product
from .database import change, now, select, select_one
from .mail import send_mail
from .orders import csv_line
from .users import admin_required, record

blueprint = Blueprint("admin", __name__, url_prefix="/admin")

CATEGORIES = ("tea", "coffee", "ware")
EXPORTS = {
    "products": "SELECT id, slug, name, category, price, stock FROM products ORDER BY id",
    "orders": "SELECT status, payment, city, total, placed_at FROM orders ORDER BY id",
    "customers": "SELECT name, email, joined_at FROM users WHERE NOT is_admin ORDER BY id",
}


@blueprint.get("/")
@admin_required
def index() -> ResponseReturnValue:
    """All products and all orders."""
    products = select("SELECT * FROM products ORDER BY id")
    orders = select("SELECT * FROM orders ORDER BY id")
    return render_template("admin/index.html", products=products, orders=orders)


@blueprint.route("/products/new", methods=["GET", "POST"])
@admin_required
def new_product() -> ResponseReturnValue:
    """Offer a new product."""
    if request.method != "POST":
        return product_page({}, {})
    form = request.form
    errors = product_errors(form)
    if select_one("SELECT id FROM products WHERE slug = ?", form.get("slug")):
        errors["slug"] = "There is a product of this name."
    if errors:
        return product_page(form, errors), 422
    columns = ("slug", "name", "category", "description", "price", "stock")
    sql = (
        "INSERT INTO products (slug, name, category, description, price, stock, updated_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)"
    )
    id = change(sql, *(form[name] for name in columns), now())
    flash("The product is offered.", "success")
    return redirect(url_for("catalogue.product", id=id), 303)


def product_page(form: object, errors: dict[str, str]) -> str:
    return render_template("admin/product.html", form=form, errors=errors, categories=CATEGORIES)


def product_errors(form: Mapping[str, str]) -> dict[str, str]:
    names = ("slug", "name", "description")
    errors = {name: "This is needed." for name in names if not form.get(name, "").strip()}
    numbers = [name for name in ("price", "stock") if not form.get(name, "").isdecimal()]
    errors |= dict.fromkeys(numbers, "A whole number is needed.")
    if form.get("category") not in CATEGORIES:
        errors["category"] = "Choose one of the categories."
    return errors


@blueprint.route("/products/<int:id>/edit", methods=["GET", "POST"])
@admin_required
def edit_product(id: int) -> ResponseReturnValue:
    """Change a product."""
    product = find_product(id)
    if request.method != "POST":
        return product_page(product, {})
    form = request.form
    errors = product_errors(form)
    if errors:
        return product_page(form, errors), 422
    columns = ("name", "category", "description", "price", "stock")
    sql = (
        "UPDATE products SET name = ?, category = ?, description = ?, price = ?, stock = ?,"
        " updated_at = ? WHERE id = ?"
    )
    change(sql, *(form[name] for name in columns), now(), id)
    record(f"changed product {id}")
    flash("The product is changed.", "success")
    return redirect(url_for("catalogue.product", id=id), 303)


@blueprint.post("/products/<int:id>/picture")
@admin_required
def upload_picture(id: int) -> ResponseReturnValue:
    """Take a picture of a product, named after what it holds."""
    find_product(id)
    file = picture(request.files.get("picture"))
    content = file.read()
    name = sha256(content).hexdigest()[:20] + suffix(file)
    (uploads() / name).write_bytes(content)
    change("UPDATE products SET picture = ?, updated_at = ? WHERE id = ?", name, now(), id)
    flash("The picture is saved.", "success")
    return redirect(url_for("catalogue.product", id=id), 303)


@blueprint.post("/products/<int:id>/delete")
@admin_required
def delete_product(id: int) -> ResponseReturnValue:
    """Offer a product no longer."""
    change("DELETE FROM products WHERE id = ?", find_product(id)["id"])
    flash("The product is gone.")
    return redirect(url_for(".index"), 303)


@blueprint.post("/orders/<uuid:reference>/ship")
@admin_required
def ship(reference: UUID) -> ResponseReturnValue:
    """Say that an order is on its way."""
    order = select_one("SELECT * FROM orders WHERE reference = ?", str(reference))
    if order is None:
        abort(404)
    change("UPDATE orders SET status = 'shipped' WHERE id = ?", order["id"])
    send_mail(order["user_id"], "On its way", "shipped", order=order)
    flash("The order is on its way.", "success")
    return redirect(url_for(".index"), 303)


@blueprint.get("/export/<any(products, orders, customers):what>.csv")
@admin_required
def export(what: str) -> ResponseReturnValue:
    """A table as CSV, sent as it is read."""

    def generate() -> Iterator[str]:
        for row in select(EXPORTS[what]):
            yield csv_line(*row)

    headers = {"Content-Disposition": f"attachment; filename={what}.csv"}
    return Response(stream_with_context(generate()), mimetype="text/csv", headers=headers)


@blueprint.get("/report")
@admin_required
def report() -> ResponseReturnValue:
    """What happened in the store, sent as it is made."""
    events = select("SELECT * FROM events ORDER BY id")
    return Response(stream_template("admin/report.html", events=events))
