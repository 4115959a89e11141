"""Accounts: made, entered and left."""

import pytest
from flask import g, session
from journal_flask.db import connection


def test_register(client, app):
    """Who registers is sent to log in, and the password is stored as a hash."""
    page = client.get("/auth/register")
    response = client.post("/auth/register", data={"name": "crane", "password": "on one leg"})

    assert page.status_code == 200
    assert response.headers["Location"] == "/auth/login"
    with app.app_context():
        row = connection().execute("SELECT * FROM writers WHERE name = 'crane'").fetchone()
        assert row["password_hash"].startswith("pbkdf2:")


@pytest.mark.parametrize(
    ("name", "password", "message"),
    [
        ("", "", "A name is needed."),
        ("  ", "on one leg", "A name is needed."),
        ("crane", "", "A password is needed."),
        ("heron", "on one leg", "The name heron is taken."),
        ("<b>", "", "A password is needed."),
    ],
    ids=["nothing", "blank name", "no password", "taken", "markup"],
)
def test_register_refuses(client, app, name, password, message):
    """Nothing is stored of bad input, and the page says what is wrong."""
    response = client.post("/auth/register", data={"name": name, "password": password})

    assert response.status_code == 400
    assert message in response.text
    assert "<b>" not in response.text
    with app.app_context():
        assert connection().execute("SELECT count(*) FROM writers").fetchone()[0] == 2


def test_register_then_log_in(client, auth):
    """A new account can be entered at once, and what was said at registering is said once."""
    form = {"name": "crane", "password": "on one leg"}
    response = client.post("/auth/register", data=form, follow_redirects=True)
    again = client.get("/auth/login")

    assert response.request.path == "/auth/login"
    assert "You are registered." in response.text
    assert "You are registered." not in again.text
    assert auth.log_in("crane", "on one leg").headers["Location"] == "/"


def test_log_in(client, auth):
    """Who logs in is sent to the journal, and known there by the session."""
    page = client.get("/auth/login")
    response = auth.log_in()

    assert page.status_code == 200
    assert response.headers["Location"] == "/"
    with client:
        client.get("/")
        assert session["writer_id"] == 1
        assert g.writer["name"] == "heron"


@pytest.mark.parametrize(
    ("name", "password", "message"),
    [
        ("crane", "between the reeds", "There is no account of this name."),
        ("heron", "under the bridge", "The password is wrong."),
        ("", "", "There is no account of this name."),
    ],
    ids=["unknown", "other password", "nothing"],
)
def test_log_in_refuses(client, auth, name, password, message):
    """A wrong name or password leaves a reader a reader."""
    response = auth.log_in(name, password)

    assert response.status_code == 400
    assert message in response.text
    with client:
        client.get("/")
        assert g.writer is None


def test_log_in_begins_a_new_session(client, auth):
    """Nothing that was in the session before goes over to the account."""
    with client.session_transaction() as before:
        before["draft"] = "of somebody else"
    auth.log_in()

    with client.session_transaction() as after:
        assert dict(after) == {"writer_id": 1}


def test_session_names_the_account(client):
    """The session alone says who is asking."""
    with client.session_transaction() as stored:
        stored["writer_id"] = 2

    assert "Log out otter" in client.get("/").text


def test_account_that_is_gone(client):
    """A session of an account that is there no more is a reader's."""
    with client.session_transaction() as stored:
        stored["writer_id"] = 99

    assert "Log in" in client.get("/").text


def test_log_out(client, auth):
    """Who logs out takes nothing along."""
    auth.log_in()

    with client:
        response = auth.log_out()
        assert "writer_id" not in session
    assert response.headers["Location"] == "/"
    assert client.get_cookie("session") is None
