"""Sessions: what they hold, and what they do not believe."""

import tempfile
import unittest
from pathlib import Path

from flask import get_flashed_messages, request, session
from helpers import AuthActions, csrf_token
from shop_flask import create_app


class SessionTest(unittest.TestCase):
    """The session of one visitor, in the older style."""

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.app = create_app(
            {
                "TESTING": True,
                "SECRET_KEY": "for tests only",
                "DATABASE": str(Path(folder.name) / "shop.sqlite"),
                "UPLOADS": folder.name,
                "PASSWORD_METHOD": "pbkdf2:sha256:1",
            }
        )

    def setUp(self):
        self.client = self.app.test_client()

    def test_token_is_made_once(self):
        """The token stays the same from page to page."""
        assert csrf_token(self.client) == csrf_token(self.client, "/auth/login")

    def test_token_is_in_the_session(self):
        """The token of the forms is the session's."""
        with self.client:
            page = self.client.get("/auth/login").text
            token = session["csrf_token"]

        assert f'value="{token}"' in page
        response = self.client.post("/cart/clear", data={"csrf_token": token})
        assert response.status_code == 303

    def test_no_session_without_need(self):
        """Who only reads about the store gets no cookie."""
        self.client.get("/about")

        assert self.client.get_cookie("session") is None


def test_signed_in_by_the_session(client):
    """The number in the session says who is asking."""
    with client.session_transaction() as session:
        session["user_id"] = 2

    assert "<h1>second</h1>" in client.get("/account/").text


def test_forged_cookie(client):
    """A cookie that the store did not sign is not believed."""
    client.set_cookie("session", "eyJ1c2VyX2lkIjozfQ.Zx.forged")

    assert client.get("/admin/").status_code == 302


def test_cookie_of_another_key(app, client):
    """A cookie that was signed with another key is not believed."""
    other = create_app({**app.config, "SECRET_KEY": "another"}).test_client()
    with other.session_transaction() as session:
        session["user_id"] = 3
    assert other.get("/admin/").status_code == 200
    client.set_cookie("session", other.get_cookie("session").value)

    assert client.get("/admin/").status_code == 302


def test_messages_are_shown_once(client):
    """A message waits in the session for the next page."""
    client.post("/cart/update", data={"csrf_token": csrf_token(client)})
    with client.session_transaction() as session:
        assert session["_flashes"] == [("message", "Your cart is updated.")]

    assert "Your cart is updated." in client.get("/cart/").text
    assert "Your cart is updated." not in client.get("/cart/").text


def test_messages_of_a_request(client):
    """A message is there as soon as the request is over."""
    with client:
        client.get("/orders/?status=placed")
        assert request.args["status"] == "placed"
        assert get_flashed_messages(with_categories=True) == [("warning", "Sign in first.")]


def test_two_browsers(app):
    """A customer who signs out in one browser stays signed in in the other."""
    home, work = app.test_client(), app.test_client()
    for browser in (home, work):
        AuthActions(browser).login()
    AuthActions(home).logout()

    assert home.get("/account/").status_code == 302
    assert work.get("/account/").status_code == 200
