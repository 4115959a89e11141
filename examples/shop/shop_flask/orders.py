"""Orders: made from the cart, shown, cancelled, repeated and exported."""

import csv
import io
from collections.abc import Iterator, Mapping
from sqlite3 import Row
from uuid import UUID, uuid4

from flask import (
    Blueprint,
    Response,
    abort,
    flash,
    g,
    redirect,
    render_template,
    request,
    send_file,
    session,
    stream_with_context,
    url_for,
)
from flask.typing import ResponseReturnValue

from .cart import Cart, put, read_cart
from .database import change, now, select, select_one
from .errors import ShopError
from .mail import send_mail
from .users import login_required, record

blueprint = Blueprint("orders", __name__, url_prefix="/orders")

PAYMENTS = ("invoice", "card", "transfer")
ADDRESS = ("street", "postcode", "city")


@blueprint.get("/")
@login_required
def index() -> ResponseReturnValue:
    """The customer's orders, latest first; ``?status=`` shows some of them."""
    status = request.args.get("status")
    sql = "SELECT * FROM orders WHERE user_id = ? AND status = coalesce(?, status)"
    orders = select(sql + " ORDER BY id DESC", g.user["id"], status)
    return render_template("orders.html", orders=orders, status=status)


@blueprint.route("/checkout", methods=["GET", "POST"])
@login_required
def checkout() -> ResponseReturnValue:
    """Say where the cart is to be sent, and order it."""
    cart = read_cart()
    if not cart.lines:
        flash("Your cart is empty.", "warning")
        return redirect(url_for("cart.index"))
    if request.method != "POST":
        return checkout_page(cart, last_address(), {})
    form = request.form
    errors = {field: "This is needed." for field in ADDRESS if not form.get(field, "").strip()}
    if form.get("payment") not in PAYMENTS:
        errors["payment"] = "Choose how to pay."
    if errors:
        return checkout_page(cart, form, errors), 422
    reference = place(cart, form)
    session.pop("cart")
    session.pop("coupon", None)
    flash("Thank you for your order.", "success")
    return redirect(url_for(".order", reference=reference), 303)


def checkout_page(cart: Cart, form: object, errors: dict[str, str]) -> str:
    return render_template("checkout.html", cart=cart, form=form, errors=errors, payments=PAYMENTS)


def last_address() -> object:
    """The address that the customer entered last, or none."""
    sql = "SELECT * FROM addresses WHERE user_id = ? ORDER BY id DESC"
    return select_one(sql, g.user["id"]) or {}


def place(cart: Cart, form: Mapping[str, str]) -> str:
    """Store the order, take its products from stock and confirm it; returns its reference."""
    reference = str(uuid4())
    address = [form[field] for field in ADDRESS]
    order_id = change(
        "INSERT INTO orders (reference, user_id, payment, street, postcode, city, total, placed_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        *(reference, g.user["id"], form["payment"], *address, cart.total, now()),
    )
    for line in cart.lines:
        change(
            "INSERT INTO order_lines VALUES (?, ?, ?, ?, ?)",
            *(order_id, line.product["id"], line.product["name"]),
            *(line.quantity, line.product["price"]),
        )
        sold = "UPDATE products SET stock = stock - ? WHERE id = ?"
        change(sold, line.quantity, line.product["id"])
    send_mail(g.user["id"], "Your order", "order", name=g.user["name"], cart=cart)
    return reference


def find_order(reference: UUID) -> Row:
    """The order, where it is the customer's own."""
    sql = "SELECT * FROM orders WHERE reference = ? AND user_id = ?"
    found = select_one(sql, str(reference), g.user["id"])
    if found is None:
        abort(404, "You have no such order.")
    return found


def lines_of(order: Row) -> list[Row]:
    return select("SELECT * FROM order_lines WHERE order_id = ? ORDER BY rowid", order["id"])


@blueprint.get("/<uuid:reference>")
@login_required
def order(reference: UUID) -> ResponseReturnValue:
    """One order."""
    found = find_order(reference)
    return render_template("order.html", order=found, lines=lines_of(found))


@blueprint.post("/<uuid:reference>/cancel")
@login_required
def cancel(reference: UUID) -> ResponseReturnValue:
    """Take an order back, until it is sent."""
    found = find_order(reference)
    if found["status"] != "placed":
        page = render_template("order.html", order=found, lines=lines_of(found), late=True)
        abort(Response(page, 409))
    change("UPDATE orders SET status = 'cancelled' WHERE id = ?", found["id"])
    for line in lines_of(found):
        returned = "UPDATE products SET stock = stock + ? WHERE id = ?"
        change(returned, line["quantity"], line["product_id"])
    record("cancelled an order")
    flash("Your order is cancelled.")
    return redirect(url_for(".order", reference=reference), 303)


@blueprint.post("/<uuid:reference>/again")
@login_required
def again(reference: UUID) -> ResponseReturnValue:
    """Put what was ordered into the cart once more."""
    for line in lines_of(find_order(reference)):
        put(line["product_id"], line["quantity"])
    flash("The same is in your cart again.", "success")
    return redirect(url_for("cart.index"), 303)


@blueprint.get("/<uuid:reference>/invoice.txt")
@login_required
def invoice(reference: UUID) -> ResponseReturnValue:
    """The invoice as a file to keep."""
    found = find_order(reference)
    if found["status"] == "cancelled":
        raise ShopError("There is nothing to pay for a cancelled order.")
    text = render_template("invoice.txt", order=found, lines=lines_of(found))
    return send_file(
        io.BytesIO(text.encode()),
        mimetype="text/plain",
        as_attachment=True,
        download_name=f"invoice-{found['id']}.txt",
        max_age=0,
    )


@blueprint.get("/export.csv")
@login_required
def export() -> ResponseReturnValue:
    """All lines of the customer's orders, sent as they are read."""
    sql = (
        "SELECT placed_at, status, name, quantity, price FROM orders"
        " JOIN order_lines ON order_id = orders.id WHERE user_id = ? ORDER BY order_lines.rowid"
    )

    def generate() -> Iterator[str]:
        yield csv_line("placed at", "status", "product", "quantity", "price")
        for line in select(sql, g.user["id"]):
            yield csv_line(*line)

    headers = {"Content-Disposition": "attachment; filename=orders.csv"}
    return Response(stream_with_context(generate()), mimetype="text/csv", headers=headers)


def csv_line(*values: object) -> str:
    """One line as RFC 4180 has it."""
    line = io.StringIO()
    csv.writer(line).writerow(values)
    return line.getvalue()
