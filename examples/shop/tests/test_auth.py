"""Accounts: made, entered and left."""

import pytest
from flask import g, session
from helpers import CUSTOMER, AuthActions, add_to_cart, csrf_token
from shop_flask.database import select, select_one
from werkzeug.security import check_password_hash

NEWCOMER = {"name": "newcomer", "email": "new@mail.example", "password": "long enough"}


def test_register(client, app):
    """A new account is stored, entered and welcomed."""
    form = NEWCOMER | {"csrf_token": csrf_token(client, "/auth/register")}
    with client:
        response = client.post("/auth/register", data=form)
        assert response.location == "/account/"
        assert session["user_id"] == 4

    assert "Welcome, newcomer." in client.get("/account/").text
    assert "The coupon WELCOME is for your first order." in client.get("/account/messages").text
    with app.app_context():
        stored = select_one("SELECT * FROM users WHERE id = 4")["password_hash"]
    assert check_password_hash(stored, "long enough")


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("name", "two words", "Letters, digits and underscores"),
        ("name", "customer", "This name is taken."),
        ("password", "short", "At least 8 characters."),
    ],
)
def test_register_validates(client, app, field, value, message):
    """What is wrong is said beside its field, and no account is made."""
    form = NEWCOMER | {"csrf_token": csrf_token(client, "/auth/register"), field: value}
    response = client.post("/auth/register", data=form)

    assert response.status_code == 422
    assert message in response.text
    with app.app_context():
        assert len(select("SELECT * FROM users")) == 3


def test_login(client, auth):
    """Who knows the password enters, and is greeted."""
    assert client.get("/auth/login").status_code == 200
    response = auth.login()

    assert response.status_code == 303
    assert response.location == "/account/"
    with client:
        page = client.get("/account/").text
        assert session["user_id"] == 1
        assert g.user["name"] == "customer"
    assert "You are signed in." in page


@pytest.mark.parametrize(("name", "password"), [("customer", "wrong"), ("nobody", "leaf and bean")])
def test_login_validates(auth, app, name, password):
    """The page does not say what was wrong, keeps the name, and the store takes note."""
    response = auth.login(name, password)

    assert response.status_code == 401
    assert "Name or password is wrong." in response.text
    assert f'name="name" value="{name}"' in response.text
    with app.app_context():
        assert select_one("SELECT * FROM events")["what"] == f"failed to sign in as {name}"


def test_login_begins_a_new_session(client, auth):
    """Only the cart is taken along; the old token is worth nothing."""
    with client.session_transaction() as session:
        session["something"] = "else"
    add_to_cart(client, 1)
    old = csrf_token(client)
    auth.login()

    with client.session_transaction() as session:
        assert session["cart"] == {"1": 1}
        assert "something" not in session
        assert session.get("csrf_token") != old
    assert client.post("/cart/clear", data={"csrf_token": old}).status_code == 400


def test_login_leads_back(client, auth):
    """A visitor who needed to sign in first comes to the page that was wanted."""
    response = client.get("/orders/?status=placed")
    assert response.status_code == 302
    assert response.location == "/auth/login?next=/orders/?status%3Dplaced"
    assert "Sign in first." in client.get(response.location).text

    response = client.post(
        response.location,
        data={"csrf_token": csrf_token(client), "name": CUSTOMER[0], "password": CUSTOMER[1]},
        follow_redirects=True,
    )
    assert response.request.full_path == "/orders/?status=placed"


def test_login_leads_nowhere_else(auth):
    """Addresses outside of the store are not gone to."""
    for to in ("http://evil.example/", "//evil.example", "/\\evil", "orders"):
        assert auth.login(to=to).location == "/account/"


def test_logout(client, auth):
    """Nothing is left in the session but the message."""
    auth.login()
    with client:
        response = auth.logout()
        assert response.location == "/"
        assert list(session) == ["_flashes"]

    assert "You are signed out." in client.get("/").text
    assert client.get("/account/").status_code == 302


def test_remember(client, auth):
    """A customer who wishes so is known again without the session."""
    auth.login(remember="yes")
    assert client.get_cookie("remember").max_age == 14 * 24 * 3600
    client.delete_cookie("session")

    with client:
        assert client.get("/account/").status_code == 200
        assert session["user_id"] == 1


def test_forged_remember_cookie(client):
    """A cookie that the store did not sign is nobody's."""
    client.set_cookie("remember", "MQ.Zx.forged")

    with client:
        assert client.get("/account/").status_code == 302
        assert g.user is None


def test_logout_forgets(client, auth):
    """Signing out takes the cookie away by which the customer was known."""
    auth.login(remember="yes")
    auth.logout()

    assert client.get_cookie("remember") is None
    assert client.get("/account/").status_code == 302


def test_change_password(app, client, auth):
    """The new password is good from now on, and the old one is not."""
    auth.login()
    token = csrf_token(client, "/auth/password")
    form = {"csrf_token": token, "password": CUSTOMER[1], "new_password": "tea is better"}
    response = client.post("/auth/password", data=form, follow_redirects=True)

    assert "Your password is changed." in response.text
    other = AuthActions(app.test_client())
    assert other.login().status_code == 401
    assert other.login(password="tea is better").status_code == 303


def test_change_password_validates(customer):
    """Who does not know the old password, or chooses a short one, keeps it."""
    form = {"csrf_token": csrf_token(customer), "password": "wrong", "new_password": "x"}
    response = customer.post("/auth/password", data=form)

    assert response.status_code == 422
    assert "This is not your password." in response.text
    assert "At least 8 characters." in response.text
