"""Pictures that customers and the store send."""

import io
from pathlib import Path

from helpers import csrf_token
from shop_flask.database import select_one

GIF = (
    b"GIF89a\x01\x00\x01\x00\x80\x00\x00\xff\xff\xff\x00\x00\x00,"
    b"\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"
)


def upload(client, name="me.gif", content=GIF):
    """Send a picture of the customer."""
    data = {"csrf_token": csrf_token(client), "avatar": (io.BytesIO(content), name)}
    return client.post("/account/avatar", data=data, follow_redirects=True)


def test_avatar(customer, app):
    """A picture is saved as it was sent, and shown on the profile."""
    response = upload(customer)

    assert f"Your picture is saved ({len(GIF)} bytes)." in response.text
    assert '<img src="/account/avatar" alt="">' in response.text
    assert Path(app.config["UPLOADS"], "customer-1.gif").read_bytes() == GIF
    with customer.get("/account/avatar") as response:
        assert response.mimetype == "image/gif"
        assert response.data == GIF


def test_avatar_is_replaced(customer, app):
    """The next picture takes the place of the first."""
    upload(customer)
    upload(customer, "Portrait.PNG", b"\x89PNG and so on")

    with customer.get("/account/avatar") as response:
        assert response.mimetype == "image/png"
        assert response.data == b"\x89PNG and so on"
    with app.app_context():
        assert select_one("SELECT avatar FROM users")["avatar"] == "customer-1.png"


def test_avatar_is_deleted(customer):
    """Without a picture the profile shows none, and there is none to get."""
    upload(customer)
    customer.post("/account/avatar/delete", data={"csrf_token": csrf_token(customer)})

    assert "<img" not in customer.get("/account/profile").text
    assert customer.get("/account/avatar").status_code == 404


def test_avatar_is_a_picture(customer):
    """Other files are refused by the ends of their names, and so is none."""
    for name in ("me.exe", "gif", "me.gif.txt"):
        response = upload(customer, name)

        assert response.status_code == 400
        assert ".gif, .jpg, .png" in response.text
    form = {"csrf_token": csrf_token(customer)}
    assert customer.post("/account/avatar", data=form).status_code == 400


def test_avatar_is_small(customer):
    """What is too large is not read to its end."""
    assert upload(customer, content=bytes(300_000)).status_code == 413


def test_picture_of_a_product(admin, client):
    """The store's picture of a product is shown to everybody."""
    data = {"csrf_token": csrf_token(admin), "picture": (io.BytesIO(GIF), "pot.gif", "image/gif")}
    response = admin.post("/admin/products/8/picture", data=data, follow_redirects=True)

    assert "The picture is saved." in response.text
    assert 'src="/products/8/picture"' in client.get("/products/8").text
    with client.get("/products/8/picture") as response:
        assert response.data == GIF
        assert response.cache_control.max_age == 3600


def test_no_picture_of_a_product(client):
    """A product without a picture says so."""
    response = client.get("/products/1/picture")

    assert response.status_code == 404
    assert "There is no picture of it yet." in response.text
