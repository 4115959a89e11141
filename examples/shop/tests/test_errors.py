"""What goes wrong, and how it is answered."""

import sqlite3

import pytest
from helpers import csrf_token
from shop_flask.database import change


def test_not_found(client):
    """What there is not is said on a page of the store."""
    response = client.get("/nowhere")

    assert response.status_code == 404
    assert "<h1>404: Not Found</h1>" in response.text
    assert "Back to the store" in response.text


def test_not_found_below_the_api(client):
    """Clients of the API get JSON, for addresses that no view has too."""
    response = client.get("/api/v1/nowhere")

    assert response.status_code == 404
    assert response.json["error"] == "Not Found"


def test_method_not_allowed(client):
    """The answer names what is allowed."""
    for response, allowed in (
        (client.delete("/about"), {"GET", "HEAD", "OPTIONS"}),
        (client.get("/cart/add"), {"POST", "OPTIONS"}),
        (client.post("/api/v1/wishes/1"), {"PUT", "DELETE", "OPTIONS"}),
    ):
        assert response.status_code == 405
        assert set(response.allow) == allowed


def test_options(client):
    """A client may ask what is allowed."""
    response = client.options("/account/avatar")

    assert {"GET", "HEAD", "OPTIONS", "POST"} == set(response.allow)


def test_security_headers(client):
    """Every answer forbids what no page of the store needs."""
    for path in ("/", "/static/shop.css", "/nowhere", "/api/v1/products"):
        with client.get(path) as response:
            assert response.headers["X-Frame-Options"] == "DENY"
            assert response.headers["X-Content-Type-Options"] == "nosniff"
            assert response.headers["Content-Security-Policy"] == "default-src 'self'"


def test_forms_expire(client):
    """A form without the session's token is refused."""
    client.get("/contact")
    for token in ("", "invented", "ünknown"):
        response = client.post("/cart/clear", data={"csrf_token": token})

        assert response.status_code == 400
        assert "The form has expired." in response.text


def test_broken_database(client, app):
    """An error that nobody expected is answered with a page, and no details."""
    with app.app_context():
        change("DROP TABLE enquiries")
    app.testing = False
    form = {"email": "me@mail.example", "subject": "other", "text": "Hello?"}
    response = client.post("/contact", data=form | {"csrf_token": csrf_token(client)})

    assert response.status_code == 500
    assert "Internal Server Error" in response.text
    assert "enquiries" not in response.text


def test_broken_database_in_tests(client, app):
    """While testing, an error that nobody expected is raised."""
    with app.app_context():
        change("DROP TABLE coupons")
    token = csrf_token(client)

    with pytest.raises(sqlite3.OperationalError, match="no such table: coupons"):
        client.post("/cart/coupon", data={"csrf_token": token, "code": "WELCOME"})
