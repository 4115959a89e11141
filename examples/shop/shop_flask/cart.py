"""The cart, which lives in the session."""

from dataclasses import dataclass
from sqlite3 import Row

from flask import (
    Blueprint,
    flash,
    jsonify,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue

from .catalogue import find_product
from .database import select_one
from .errors import CouponError, OutOfStockError, ShopError
from .money import money

blueprint = Blueprint("cart", __name__, url_prefix="/cart")

MOST = 20
"""Pieces of one product that a cart holds."""


@dataclass(frozen=True)
class Line:
    """So many pieces of one product."""

    product: Row
    quantity: int

    @property
    def total(self) -> int:
        """In cents."""
        return int(self.product["price"]) * self.quantity


@dataclass(frozen=True)
class Cart:
    """All lines, and the coupon that was entered."""

    lines: list[Line]
    coupon: Row | None

    @property
    def subtotal(self) -> int:
        return sum(line.total for line in self.lines)

    @property
    def discount(self) -> int:
        """In cents; nothing below the coupon's minimum."""
        if self.coupon is None or self.subtotal < self.coupon["minimum"]:
            return 0
        return self.subtotal * int(self.coupon["percent"]) // 100

    @property
    def total(self) -> int:
        return self.subtotal - self.discount

    @property
    def count(self) -> int:
        return sum(line.quantity for line in self.lines)


def read_cart() -> Cart:
    """The session's cart, without what the store does not have any more."""
    lines = []
    for id, quantity in session.get("cart", {}).items():
        product = select_one("SELECT * FROM products WHERE id = ?", int(id))
        if product is not None:
            lines.append(Line(product, quantity))
    code = session.get("coupon")
    return Cart(lines, select_one("SELECT * FROM coupons WHERE code = ?", code) if code else None)


def cart_count() -> int:
    """How many pieces there are, whether the store still has them or not."""
    return sum(session.get("cart", {}).values())


def shown_everywhere() -> dict[str, int]:
    """What the frame of every page shows."""
    return {"cart_count": cart_count()}


def put(id: int, quantity: int) -> None:
    """Have so many pieces of a product in the cart; none takes it out."""
    product = find_product(id)
    if quantity > min(product["stock"], MOST):
        raise OutOfStockError(f"There are not {quantity} pieces of {product['name']}.")
    cart = session.get("cart", {})
    if quantity > 0:
        cart[str(id)] = quantity
    else:
        cart.pop(str(id), None)
    session["cart"] = cart


@blueprint.get("/")
def index() -> ResponseReturnValue:
    """What is in the cart, and what it comes to."""
    return render_template("cart.html", cart=read_cart())


@blueprint.get("/summary")
def summary() -> ResponseReturnValue:
    """The same in short, for scripts."""
    cart = read_cart()
    return jsonify(count=cart.count, total=cart.total, shown=money(cart.total))


@blueprint.post("/add")
def add() -> ResponseReturnValue:
    """Put more of a product into the cart, and go on where the visitor was."""
    form = request.form
    id, quantity = form.get("product", 0, type=int), form.get("quantity", 1, type=int)
    if quantity < 1:
        raise ShopError("How many pieces is it to be?")
    put(id, session.get("cart", {}).get(str(id), 0) + quantity)
    flash(f"{find_product(id)['name']} is in your cart.", "success")
    return redirect(url_for("catalogue.product", id=id))


@blueprint.post("/update")
def update() -> ResponseReturnValue:
    """Set the quantities of all lines: a field ``quantity-<id>`` for each."""
    for name, text in request.form.items():
        if name.startswith("quantity-") and name[9:].isdecimal() and text.isdecimal():
            put(int(name[9:]), int(text))
    flash("Your cart is updated.")
    return redirect(url_for(".index"), 303)


@blueprint.post("/remove/<int:id>")
def remove(id: int) -> ResponseReturnValue:
    """Take a product out of the cart."""
    put(id, 0)
    flash(f"{find_product(id)['name']} is gone from your cart.")
    return redirect(url_for(".index"), 303)


@blueprint.post("/clear")
def clear() -> ResponseReturnValue:
    """Empty the cart."""
    session.pop("cart", None)
    session.pop("coupon", None)
    return redirect(url_for(".index"), 303)


@blueprint.post("/coupon")
def coupon() -> ResponseReturnValue:
    """Enter a coupon's code."""
    code = request.form.get("code", "").strip().upper()
    found = select_one("SELECT * FROM coupons WHERE code = ?", code)
    if found is None:
        raise CouponError(f"There is no coupon {code!r}.")
    if read_cart().subtotal < found["minimum"]:
        raise CouponError(f"This coupon is for orders of {money(found['minimum'])} and more.")
    session["coupon"] = code
    flash(f"{found['percent']} % are taken off.", "success")
    return redirect(url_for(".index"), 303)
