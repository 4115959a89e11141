"""The store's own side."""

import pytest
from helpers import SECOND, AuthActions, add_to_cart, csrf_token, place_order
from shop_flask.database import change, select_one

SAMOVAR = {
    "slug": "samovar",
    "name": "Samovar",
    "category": "ware",
    "description": "Brass, 3 litres.",
    "price": "15900",
    "stock": "2",
}
PAGES = ("/", "/products/new", "/products/1/edit", "/export/customers.csv", "/report")


def test_customers_have_no_access(app, customer):
    """Customers are refused, and a visitor is asked to sign in."""
    for path in PAGES:
        assert customer.get(f"/admin{path}").status_code == 403
    assert app.test_client().get("/admin/").status_code == 302


def test_index(admin):
    """Every product is listed, with a link to change it."""
    page = admin.get("/admin/").text

    assert page.count("/edit") == 12
    assert "/admin/report" in page


def test_new_product(admin, client):
    """A new product is for sale at once."""
    form = SAMOVAR | {"csrf_token": csrf_token(admin, "/admin/products/new")}
    response = admin.post("/admin/products/new", data=form, follow_redirects=True)

    assert response.request.path == "/products/13"
    assert "The product is offered." in response.text
    assert "159.00 EUR, 2 in stock" in client.get("/p/samovar", follow_redirects=True).text


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("slug", "teapot", "There is a product of this name."),
        ("price", "9.99", "A whole number is needed."),
        ("category", "hats", "Choose one of the categories."),
    ],
)
def test_new_product_validates(admin, app, field, value, message):
    """What cannot be sold is not stored."""
    form = SAMOVAR | {"csrf_token": csrf_token(admin), field: value}
    response = admin.post("/admin/products/new", data=form)

    assert response.status_code == 422
    assert message in response.text
    with app.app_context():
        assert select_one("SELECT * FROM products WHERE name = 'Samovar'") is None


def test_edit_product(admin, app):
    """A product's page changes with it; its short name does not."""
    assert 'value="green-tea"' in admin.get("/admin/products/1/edit").text
    form = SAMOVAR | {"csrf_token": csrf_token(admin), "name": "Sencha"}
    response = admin.post("/admin/products/1/edit", data=form, follow_redirects=True)

    assert "<h1>Sencha</h1>" in response.text
    assert "The product is changed." in response.text
    with app.app_context():
        assert select_one("SELECT slug FROM products WHERE id = 1")["slug"] == "green-tea"
        assert select_one("SELECT * FROM events")["what"] == "changed product 1"


def test_delete_product(admin, client):
    """A product that was deleted is nowhere to be found."""
    form = {"csrf_token": csrf_token(admin)}
    response = admin.post("/admin/products/7/delete", data=form, follow_redirects=True)

    assert "The product is gone." in response.text
    assert client.get("/products/7").status_code == 404
    assert client.get("/health").json["products"] == 11


def test_ship(admin, customer):
    """A customer hears that the order is on its way, and cannot cancel it any more."""
    add_to_cart(customer, 1)
    path = place_order(customer)
    assert f"/admin{path}/ship" in admin.get("/admin/").text
    form = {"csrf_token": csrf_token(admin)}
    response = admin.post(f"/admin{path}/ship", data=form, follow_redirects=True)

    assert "The order is on its way." in response.text
    assert "shipped" in customer.get(path).text
    assert "is on its way to Riverside." in customer.get("/account/messages").text
    form = {"csrf_token": csrf_token(customer)}
    assert customer.post(f"{path}/cancel", data=form).status_code == 409


def test_export_products(admin):
    """The table of products is streamed, with a line for each, quoted where it must be."""
    with admin.get("/admin/export/products.csv") as response:
        lines = list(response.iter_encoded())

    assert len(lines) == 12
    assert lines[0] == b"1,green-tea,Green tea,tea,850,40\r\n"
    assert "Café".encode() in lines[9]


def test_export_customers(admin):
    """Customers are exported without the store's own account."""
    response = admin.get("/admin/export/customers.csv", buffered=True)

    assert "attachment; filename=customers.csv" in response.headers["Content-Disposition"]
    assert [line.partition(",")[0] for line in response.text.splitlines()] == ["customer", "second"]


def test_export_orders(admin, app):
    """An order of a customer is in the export of the orders."""
    client = app.test_client()
    AuthActions(client).login(*SECOND)
    add_to_cart(client, 12, 2)
    place_order(client, city='Upper "Town", East')

    assert (
        'placed,invoice,"Upper ""Town"", East",1960,' in admin.get("/admin/export/orders.csv").text
    )


def test_report(app, client, auth):
    """The report says what happened, and for whom it is."""
    with app.app_context():
        change("INSERT INTO events (who, what, at) VALUES ('visitor', 'tried <b>', '2024-03-09')")
    auth.login("admin", "wrong")
    auth.login("admin", "keys to the store")
    page = client.get("/admin/report").text

    assert "What happened, for admin" in page
    assert "<li>2024-03-09 visitor: tried &lt;b&gt;</li>" in page
    assert "failed to sign in as admin" in page
