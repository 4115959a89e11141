"""Orders, from the cart to the invoice."""

import csv
import io

import pytest
from flask import session
from helpers import ADDRESS, SECOND, add_to_cart, csrf_token, place_order
from shop_flask.database import change, select, select_one

REFERENCE = "5d7b2c1e-9f0a-4c3d-8e2b-1a6f4d9c7b30"


@pytest.fixture
def placed(app):
    """An order of the first customer's, of two teapots, older than the test; its path."""
    with app.app_context():
        order = change(
            "INSERT INTO orders (reference, user_id, payment, street, postcode, city, total,"
            " placed_at) VALUES (?, 1, 'card', '2 Hill Road', '20002', 'Highfield', 9800,"
            " '2024-03-09T10:00:00+00:00')",
            REFERENCE,
        )
        change("INSERT INTO order_lines VALUES (?, 8, 'Teapot', 2, 4900)", order)
    return f"/orders/{REFERENCE}"


def test_checkout_needs_a_cart(customer):
    """Who has nothing in the cart is sent back to it."""
    response = customer.get("/orders/checkout", follow_redirects=True)

    assert response.request.path == "/cart/"
    assert "Your cart is empty." in response.text


def test_checkout_knows_the_last_address(client, app, auth):
    """The address that was entered last is in the form."""
    with app.app_context():
        for street in ("1 Old Street", "2 New Street"):
            change(
                "INSERT INTO addresses (user_id, street, postcode, city) VALUES (1, ?, '1', 'A')",
                street,
            )
    auth.login()
    add_to_cart(client, 1)

    assert 'name="street" value="2 New Street"' in client.get("/orders/checkout").text


def test_order(customer, app):
    """An order is stored with its lines, its products leave the stock, the cart is empty."""
    add_to_cart(customer, 1, 2)
    add_to_cart(customer, 9)
    with customer:
        path = place_order(customer, payment="transfer")
        assert "cart" not in session

    page = customer.get(path).text
    assert "Thank you for your order." in page
    assert "2 &times; Green tea, 17.00 EUR" in page
    assert "Total 44.50 EUR, by transfer" in page
    with app.app_context():
        assert select_one("SELECT * FROM orders")["city"] == "Riverside"
        stock = select("SELECT stock FROM products WHERE id IN (1, 9) ORDER BY id")
    assert [row["stock"] for row in stock] == [38, 7]


def test_order_with_a_coupon(customer):
    """A coupon is good for one order."""
    add_to_cart(customer, 5, 2)
    customer.post("/cart/coupon", data={"csrf_token": csrf_token(customer), "code": "WELCOME"})

    assert "Total 19.80 EUR" in customer.get(place_order(customer)).text
    with customer.session_transaction() as session:
        assert "coupon" not in session


@pytest.mark.parametrize("field", ["city", "payment"])
def test_checkout_validates(customer, app, field):
    """Every field is needed; nothing is ordered without, and the cart is kept."""
    add_to_cart(customer, 1)
    form = {"csrf_token": csrf_token(customer), "payment": "card", **ADDRESS, field: " "}
    response = customer.post("/orders/checkout", data=form)

    assert response.status_code == 422
    assert response.text.count('class="error"') == 1
    with app.app_context():
        assert select("SELECT * FROM orders") == []
    assert customer.get("/cart/summary").json["count"] == 1


def test_order_is_confirmed(customer, monkeypatch):
    """The customer gets one mail, which knows the cart."""
    sent = []

    def send_mail(*args, **values):
        sent.append((*args, values["cart"].total))

    monkeypatch.setattr("shop_flask.orders.send_mail", send_mail)
    add_to_cart(customer, 5)
    place_order(customer)

    assert sent == [(1, "Your order", "order", 1100)]


def test_confirmation_is_in_the_mailbox(customer):
    """The mail of an order is among the messages."""
    add_to_cart(customer, 10, 2)
    place_order(customer)
    page = customer.get("/account/messages").text

    assert "Your order" in page
    assert "2 x Café au lait bowl" in page
    assert "It comes to 32.00 EUR." in page


def test_orders(client, auth, placed):
    """All orders are listed, or those of one status."""
    auth.login()

    assert placed in client.get("/orders/").text
    assert placed in client.get("/orders/?status=placed").text
    assert placed not in client.get("/orders/?status=cancelled").text


def test_order_page(client, auth, placed):
    """An order shows where it goes and what is in it."""
    auth.login()
    page = client.get(placed).text

    assert "placed, 2024-03-09T10:00:00+00:00, to 2 Hill Road, 20002 Highfield" in page
    assert "2 &times; Teapot, 98.00 EUR" in page


def test_orders_of_others(client, auth, placed):
    """Nobody else sees an order, or that there is one."""
    auth.login(*SECOND)
    response = client.get(placed)

    assert response.status_code == 404
    assert "You have no such order." in response.text
    assert placed not in client.get("/orders/").text


def test_cancel(client, auth, app, placed):
    """A cancelled order gives its products back, once, and has no invoice."""
    auth.login()
    form = {"csrf_token": csrf_token(client)}
    response = client.post(f"{placed}/cancel", data=form, follow_redirects=True)

    assert "Your order is cancelled." in response.text
    with app.app_context():
        assert select_one("SELECT stock FROM products WHERE id = 8")["stock"] == 7
        assert select_one("SELECT what FROM events")["what"] == "cancelled an order"
    again = client.post(f"{placed}/cancel", data=form)
    assert again.status_code == 409
    assert "It is too late to cancel this order." in again.text
    assert client.get(f"{placed}/invoice.txt").status_code == 400


def test_again(client, auth, placed):
    """What was ordered is in the cart again."""
    auth.login()
    form = {"csrf_token": csrf_token(client)}
    response = client.post(f"{placed}/again", data=form, follow_redirects=True)

    assert response.request.path == "/cart/"
    assert "The same is in your cart again." in response.text
    assert 'name="quantity-8" value="2"' in response.text


def test_invoice(client, auth, placed):
    """The invoice is a text file to keep."""
    auth.login()
    with client.get(f"{placed}/invoice.txt") as response:
        assert response.mimetype == "text/plain"
        assert "attachment; filename=invoice-1.txt" in response.headers["Content-Disposition"]
        assert response.text.startswith("Invoice 1\n2 Hill Road, 20002 Highfield\n")
        assert response.text.endswith("Total 98.00 EUR")


def test_export(client, auth, app, placed):
    """The export is a table with a head, and a line for each line of each order."""
    with app.app_context():
        change("""UPDATE order_lines SET name = 'Pot, "large"'""")
    auth.login()
    response = client.get("/orders/export.csv", buffered=True)

    assert response.mimetype == "text/csv"
    head, line = csv.reader(io.StringIO(response.text))
    assert head == ["placed at", "status", "product", "quantity", "price"]
    assert line == ["2024-03-09T10:00:00+00:00", "placed", 'Pot, "large"', "2", "4900"]


def test_export_is_streamed(client, auth, placed):
    """The export comes line by line, while the request is still there."""
    auth.login()
    with client.get("/orders/export.csv") as response:
        assert response.is_streamed
        assert [chunk.count(b"\r\n") for chunk in response.iter_encoded()] == [1, 1]
