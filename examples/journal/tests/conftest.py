"""A journal of its own for each test: two writers, and one entry, which the first wrote."""

from pathlib import Path

import pytest
from journal_flask import create_app
from journal_flask.db import connection, create_tables

PASSWORDS = {"heron": "between the reeds", "otter": "under the bridge"}
DATA = Path(__file__).with_name("data.sql").read_text("utf-8")


@pytest.fixture
def app(tmp_path):
    """The application on a temporary database."""
    app = create_app(
        {
            "TESTING": True,
            "DATABASE": str(tmp_path / "journal.sqlite"),
            "PASSWORD_METHOD": "pbkdf2:sha256:1",
        }
    )
    with app.app_context():
        create_tables()
        connection().executescript(DATA)
    return app


@pytest.fixture
def client(app):
    """A browser that has not been here."""
    return app.test_client()


@pytest.fixture
def runner(app):
    """What runs the application's commands."""
    return app.test_cli_runner()


class Account:
    """Enters and leaves an account with the test's client."""

    def __init__(self, client):
        self._client = client

    def log_in(self, name="heron", password=None):
        password = PASSWORDS[name] if password is None else password
        return self._client.post("/auth/login", data={"name": name, "password": password})

    def log_out(self):
        return self._client.post("/auth/logout")


@pytest.fixture
def auth(client):
    """An account to enter: the first writer's, where a test names no other."""
    return Account(client)
