"""The cart, which lives in the session."""

import pytest
from flask import session
from helpers import add_to_cart, csrf_token
from shop_flask.database import change


def test_empty_cart(client):
    """A new visitor's cart is empty."""
    response = client.get("/cart/")

    assert "It is empty." in response.text
    assert '<span id="cart-count">0</span>' in response.text
    assert client.get("/cart/summary").json == {"count": 0, "total": 0, "shown": "0.00 EUR"}


def test_add(client):
    """What is added is in the session, and the visitor is told."""
    form = {"csrf_token": csrf_token(client), "product": 1, "quantity": 2}
    with client:
        response = client.post("/cart/add", data=form)
        assert response.location == "/products/1"
        assert session["cart"] == {"1": 2}

    page = client.get("/products/1").text
    assert "Green tea is in your cart." in page
    assert '<span id="cart-count">2</span>' in page


def test_add_more(client):
    """Adding a product again adds to its quantity."""
    add_to_cart(client, 1, 2)
    add_to_cart(client, 5)
    add_to_cart(client, 1)

    assert client.get("/cart/summary").json == {"count": 4, "total": 3650, "shown": "36.50 EUR"}


@pytest.mark.parametrize(
    ("product", "quantity", "status", "message"),
    [
        (8, 6, 409, "There are not 6 pieces of Teapot."),
        (1, 0, 400, "How many pieces is it to be?"),
        (99, 1, 404, "There is no such product."),
    ],
)
def test_add_is_refused(client, product, quantity, status, message):
    """More than there is, nothing, or what there is not cannot be added."""
    response = add_to_cart(client, product, quantity)

    assert response.status_code == status
    assert message in response.text
    with client.session_transaction() as session:
        assert "cart" not in session


def test_cart_page(client):
    """Each line shows its quantity and sum, and the cart what all comes to."""
    with client.session_transaction() as session:
        session["cart"] = {"1": 2, "11": 1}
    page = client.get("/cart/").text

    assert 'name="quantity-1" value="2"' in page
    assert "<td>17.00 EUR</td>" in page
    assert "Strainer &amp; stand" in page
    assert "Sum 23.40 EUR, discount 0.00 EUR, total <strong>23.40 EUR</strong>" in page


def test_product_of_the_database(client, app):
    """What was written into the database is shown, letters of all kinds included."""
    with app.app_context():
        change("UPDATE products SET name = ?, price = 99900 WHERE id = 3", "白茶 & more")
    page = client.get("/products/3").text

    assert "白茶 &amp; more" in page
    assert "999.00 EUR" in page


def test_product_that_is_gone(client, app):
    """What the store does not have any more is left out of the cart."""
    with app.app_context():
        change("DELETE FROM products WHERE id = 2")
    with client.session_transaction() as session:
        session["cart"] = {"1": 1, "2": 3}

    assert client.get("/cart/summary").json["count"] == 1


def test_update(client):
    """Quantities are set, none takes a line out, and other fields are ignored."""
    with client.session_transaction() as session:
        session.update(cart={"1": 1, "5": 2, "6": 1}, csrf_token="known")
    form = {"csrf_token": "known", "quantity-1": "3", "quantity-5": "0", "quantity-6": "many"}
    response = client.post("/cart/update", data=form, follow_redirects=True)

    assert "Your cart is updated." in response.text
    with client.session_transaction() as session:
        assert session["cart"] == {"1": 3, "6": 1}


def test_remove(client):
    """One product is taken out, the others stay."""
    add_to_cart(client, 1)
    add_to_cart(client, 5)
    form = {"csrf_token": csrf_token(client)}
    response = client.post("/cart/remove/1", data=form, follow_redirects=True)

    assert "Green tea is gone from your cart." in response.text
    assert "Remove Espresso" in response.text
    assert "Remove Green tea" not in response.text


def test_clear(client):
    """Emptying the cart leaves nothing of it in the session."""
    with client.session_transaction() as session:
        session.update(cart={"1": 1}, coupon="WELCOME", csrf_token="known")
    client.post("/cart/clear", data={"csrf_token": "known"})

    with client.session_transaction() as session:
        assert "cart" not in session
        assert "coupon" not in session


def test_carts_are_apart(app):
    """Two visitors have two carts."""
    one, other = app.test_client(), app.test_client()
    add_to_cart(one, 1, 2)
    add_to_cart(other, 5)

    assert one.get("/cart/summary").json["total"] == 1700
    assert other.get("/cart/summary").json["total"] == 1100


class TestCoupons:
    """What a coupon takes off."""

    def enter(self, client, code):
        form = {"csrf_token": csrf_token(client), "code": code}
        return client.post("/cart/coupon", data=form, follow_redirects=True)

    def test_discount(self, client):
        """A coupon is found in small letters too, and its share is taken off."""
        add_to_cart(client, 1, 2)
        response = self.enter(client, " welcome ")

        assert "10 % are taken off." in response.text
        assert "Sum 17.00 EUR, discount 1.70 EUR" in response.text
        assert client.get("/cart/summary").json["total"] == 1530

    def test_unknown(self, client):
        """A code that there is not is said to be none."""
        response = self.enter(client, "gratis")

        assert response.status_code == 422
        assert "There is no coupon &#39;GRATIS&#39;." in response.text

    def test_minimum_is_lost(self, client):
        """Nothing is taken off once the cart is smaller than the coupon needs."""
        add_to_cart(client, 8, 3)
        self.enter(client, "BULK")
        assert client.get("/cart/summary").json["total"] == 11760

        form = {"csrf_token": csrf_token(client), "quantity-8": "1"}
        client.post("/cart/update", data=form)
        assert client.get("/cart/summary").json["total"] == 4900
