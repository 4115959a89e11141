"""What a customer sees and changes of the account."""

import re

from helpers import ADDRESS, csrf_token
from shop_flask.database import change, count, select, select_one


def test_login_is_required(client):
    """Visitors are sent to sign in, and back afterwards."""
    for path in ("/account/", "/account/avatar", "/account/data.json"):
        response = client.get(path)

        assert response.status_code == 302
        assert response.location == f"/auth/login?next={path}"


def test_profile(customer, app):
    """Address and words are stored, and stand in the form the next time."""
    form = {
        "csrf_token": csrf_token(customer),
        "email": "c@mail.example",
        "about": "Likes <i>tea</i>",
    }
    response = customer.post("/account/profile", data=form, follow_redirects=True)

    assert "Your profile is saved." in response.text
    assert "Likes &lt;i&gt;tea&lt;/i&gt;" in response.text
    with app.app_context():
        assert select_one("SELECT email FROM users WHERE id = 1")["email"] == "c@mail.example"


def test_profile_validates(customer):
    """What cannot be stored is shown again, with the reasons."""
    form = {"csrf_token": csrf_token(customer), "email": "nowhere", "about": "x" * 201}
    response = customer.post("/account/profile", data=form)

    assert response.status_code == 422
    assert "This is no address." in response.text
    assert "At most 200 characters." in response.text
    assert 'value="nowhere"' in response.text


def test_messages(client, app, auth):
    """A customer reads the own mails only, latest first."""
    with app.app_context():
        for user, subject in ((1, "The older"), (1, "The newer"), (2, "The other")):
            change(
                "INSERT INTO messages (user_id, subject, body, sent_at) VALUES (?, ?, '', '2024')",
                *(user, subject),
            )
    auth.login()
    page = client.get("/account/messages").text

    assert page.index("The newer") < page.index("The older")
    assert "The other" not in page


def test_addresses(customer, app):
    """An address is added, listed and removed."""
    token = csrf_token(customer)
    response = customer.post(
        "/account/addresses", data={"csrf_token": token, **ADDRESS}, follow_redirects=True
    )
    assert "1 Mill Lane, 10001 Riverside" in response.text

    path = re.search(r'action="(/account/addresses/\d+/delete)"', response.text)[1]
    response = customer.post(path, data={"csrf_token": token}, follow_redirects=True)
    assert "1 Mill Lane" not in response.text
    with app.app_context():
        assert count("SELECT count(*) FROM addresses") == 0


def test_addresses_are_complete(customer):
    """An address has all of its parts."""
    form = {"csrf_token": csrf_token(customer), **ADDRESS, "postcode": ""}

    assert customer.post("/account/addresses", data=form).status_code == 400


def test_addresses_of_others(customer, app, admin):
    """Nobody removes an address of somebody else's."""
    form = {"csrf_token": csrf_token(customer), **ADDRESS}
    customer.post("/account/addresses", data=form)
    admin.post("/account/addresses/1/delete", data={"csrf_token": csrf_token(admin)})

    with app.app_context():
        assert count("SELECT count(*) FROM addresses") == 1


def test_tokens(customer, app):
    """A new token is shown once, opens the API, and is worthless once revoked."""
    form = {"csrf_token": csrf_token(customer), "name": "a script"}
    response = customer.post("/account/tokens", data=form)
    assert response.status_code == 201
    token = re.search(r'<code id="token">(\w+)</code>', response.text)[1]
    page = customer.get("/account/tokens").text
    assert "a script" in page
    assert token not in page

    other, headers = app.test_client(), {"Authorization": f"Bearer {token}"}
    assert other.get("/api/v1/me", headers=headers).json["name"] == "customer"
    response = customer.post("/account/tokens/1/revoke", data=form, follow_redirects=True)
    assert "The token is revoked." in response.text
    assert other.get("/api/v1/me", headers=headers).status_code == 401


def test_data(client, app, auth):
    """A customer may take everything along, and gets nothing of others."""
    with app.app_context():
        for user in (1, 2):
            change("INSERT INTO reviews VALUES (NULL, 3, ?, 5, 'Young buds!', '2024-03-08')", user)
    auth.login()
    response = client.get("/account/data.json")

    assert "filename=data.json" in response.headers["Content-Disposition"]
    assert response.cache_control.private
    assert response.json["profile"]["email"] == "customer@shop.example"
    assert [review["product_id"] for review in response.json["reviews"]] == [3]
    assert response.json["orders"] == []


def test_close(client, app, auth):
    """A closed account is gone with all that was its own."""
    with app.app_context():
        change("INSERT INTO reviews VALUES (NULL, 3, 1, 5, 'Young buds!', '2024-03-08')")
    auth.login(remember="yes")
    form = {"csrf_token": csrf_token(client), "name": "customer"}
    response = client.post("/account/close", data=form)

    assert response.location == "/"
    assert client.get_cookie("remember") is None
    assert client.get_cookie("session") is None
    with app.app_context():
        assert [row["name"] for row in select("SELECT name FROM users ORDER BY id")] == [
            "second",
            "admin",
        ]
        assert count("SELECT count(*) FROM reviews") == 0
    assert auth.login().status_code == 401


def test_close_is_meant(customer):
    """The account's name must be written to close it."""
    form = {"csrf_token": csrf_token(customer), "name": "second"}

    assert customer.post("/account/close", data=form).status_code == 400
    assert customer.get("/account/").status_code == 200
