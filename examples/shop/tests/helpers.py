"""What several of the store's tests do."""

import re
import shutil

from shop_flask import create_app

CUSTOMER = ("customer", "leaf and bean")
SECOND = ("second", "cup and saucer")
ADMIN = ("admin", "keys to the store")
ADDRESS = {"street": "1 Mill Lane", "postcode": "10001", "city": "Riverside"}

TOKEN_FIELD = re.compile(r'name="csrf_token" value="([^"]+)"')


def open_store(folder, database):
    """The store with its data in *folder*, on a copy of *database*."""
    return create_app(
        {
            "TESTING": True,
            "SECRET_KEY": "for tests only",
            "DATABASE": str(shutil.copy(database, folder)),
            "UPLOADS": str(folder / "uploads"),
            "PASSWORD_METHOD": "pbkdf2:sha256:1",
        }
    )


def csrf_token(client, page="/contact"):
    """The token that the forms of the client's pages hold."""
    return TOKEN_FIELD.search(client.get(page).text)[1]


def add_to_cart(client, product, quantity=1):
    form = {"csrf_token": csrf_token(client), "product": product, "quantity": quantity}
    return client.post("/cart/add", data=form)


def place_order(client, **fields):
    """Order what is in the cart; the path of the order."""
    form = {"csrf_token": csrf_token(client), "payment": "invoice", **ADDRESS, **fields}
    return client.post("/orders/checkout", data=form).location


class AuthActions:
    """Signing in and out through a client."""

    def __init__(self, client):
        self._client = client

    def login(self, name=CUSTOMER[0], password=CUSTOMER[1], to=None, **options):
        form = {"csrf_token": csrf_token(self._client), "name": name, "password": password}
        query = {"next": to} if to else None
        return self._client.post("/auth/login", query_string=query, data=form | options)

    def logout(self):
        return self._client.post("/auth/logout", data={"csrf_token": csrf_token(self._client)})
