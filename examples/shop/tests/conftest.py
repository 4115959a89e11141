"""Fixtures: the store with a database of its own for each test, and its visitors."""

from hashlib import sha256

import pytest
from helpers import ADMIN, AuthActions, open_store
from shop_flask import create_app
from shop_flask.database import change


@pytest.fixture(scope="session")
def database(tmp_path_factory):
    """A database as the store begins with; to copy it is faster than to make one."""
    path = tmp_path_factory.mktemp("database") / "shop.sqlite"
    create_app({"DATABASE": str(path), "PASSWORD_METHOD": "pbkdf2:sha256:1"})
    return path


@pytest.fixture
def app(tmp_path, database):
    """The store, newly opened; to hash passwords costs nothing here."""
    return open_store(tmp_path, database)


@pytest.fixture
def client(app):
    """A visitor."""
    return app.test_client()


@pytest.fixture
def runner(app):
    return app.test_cli_runner()


@pytest.fixture
def auth(client):
    """The visitor's way in and out of an account."""
    return AuthActions(client)


@pytest.fixture
def customer(client, auth):
    """A customer who is signed in."""
    auth.login()
    return client


@pytest.fixture
def admin(app):
    """The store's own account, signed in with a browser of its own."""
    client = app.test_client()
    AuthActions(client).login(*ADMIN)
    return client


@pytest.fixture
def bearer(app):
    """The header of an API client that holds a token of the first customer."""
    with app.app_context():
        change(
            "INSERT INTO tokens (user_id, name, digest, issued_at) VALUES (1, 'tests', ?, ?)",
            sha256(b"a token for tests").hexdigest(),
            "2024-03-07T08:00:00+00:00",
        )
    return {"Authorization": "Bearer a token for tests"}
