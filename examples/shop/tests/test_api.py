"""The JSON API: products, wishes, quotes, and who may ask."""

import pytest
from shop_flask.database import count


def test_products(client):
    """Products come five at once, as plain values."""
    response = client.get("/api/v1/products")

    assert response.is_json
    assert len(response.json["items"]) == 5
    assert response.json["total"] == 12
    assert response.json["items"][0]["slug"] == "green-tea"
    assert response.json["items"][0]["price"] == 850


def test_pages_are_linked(client):
    """Each page but the first and the last leads to both of its neighbours."""
    response = client.get("/api/v1/products", query_string={"page": 2, "per_page": 4})

    assert response.headers["X-Total-Count"] == "12"
    assert response.headers.getlist("Link") == [
        '<http://localhost/api/v1/products?page=1&per_page=4>; rel="prev"',
        '<http://localhost/api/v1/products?page=3&per_page=4>; rel="next"',
    ]


def test_pages_have_limits(client):
    """A page that there cannot be is refused, with the limits."""
    for query in ("page=0", "per_page=0", "per_page=51"):
        response = client.get(f"/api/v1/products?{query}")

        assert response.status_code == 422
        assert response.json["errors"]["per_page"] == "from 1 to 50"


def test_product(client):
    """One product has all of its fields."""
    assert client.get("/api/v1/products/9").get_json() == {
        "id": 9,
        "slug": "moka-pot",
        "name": "Moka pot",
        "category": "ware",
        "description": "Three cups, for every stove but induction.",
        "price": 2750,
        "stock": 8,
        "updated_at": "2024-03-05T08:00:00+00:00",
    }


def test_product_is_not_sent_twice(client):
    """A client that knows the product is told that it has not changed."""
    response = client.get("/api/v1/products/9")
    assert response.cache_control.public
    again = client.get("/api/v1/products/9", headers={"If-None-Match": response.headers["ETag"]})

    assert again.status_code == 304


def test_head(client):
    """HEAD gives the length of what GET would."""
    response = client.head("/api/v1/products/9")

    assert response.data == b""
    assert response.content_length == len(client.get("/api/v1/products/9").data)


def test_token_is_required(client):
    """Who is not known is asked for a token."""
    headers = {"Authorization": "Bearer invented"}
    for response in (
        client.get("/api/v1/me"),
        client.put("/api/v1/wishes/1", headers=headers),
        client.post("/api/v1/products/1/reviews", headers=headers, json={}),
    ):
        assert response.status_code == 401
        assert response.json == {"error": "Unauthorized", "status": 401}
        assert response.www_authenticate.type == "bearer"


def test_me(client, bearer):
    """The token says who the client is, and the answer what it depends on."""
    response = client.get("/api/v1/me", headers=bearer)

    assert response.json == {
        "name": "customer",
        "email": "customer@shop.example",
        "admin": False,
    }
    assert response.headers["X-API-Version"] == "1"
    assert "Authorization" in response.vary


def test_scripts_send_the_token(customer):
    """In the browser the API is written to with the session's token."""
    token = customer.get("/api/v1/session").json["csrf_token"]

    assert customer.put("/api/v1/wishes/3").status_code == 400
    response = customer.put("/api/v1/wishes/3", headers={"X-CSRF-Token": token})
    assert response.status_code == 204


def test_wishes(client, bearer):
    """A wish is made once, however often it is asked for, and taken back."""
    assert client.get("/api/v1/wishes", headers=bearer).json == {"items": []}
    for id in (9, 4, 9):
        response = client.put(f"/api/v1/wishes/{id}", headers=bearer)
        assert (response.status_code, response.data) == (204, b"")

    items = client.get("/api/v1/wishes", headers=bearer).json["items"]
    assert [item["name"] for item in items] == ["Oolong", "Moka pot"]
    assert client.delete("/api/v1/wishes/9", headers=bearer).status_code == 204
    assert len(client.get("/api/v1/wishes", headers=bearer).json["items"]) == 1


def test_quote(client):
    """Anybody may ask what it would cost; from 50 EUR it is delivered for nothing."""
    few, more = [{"id": 1, "quantity": 2}], [{"id": 8, "quantity": 1}, {"id": 11, "quantity": 2}]

    response = client.post("/api/v1/quotes", json={"items": few})
    assert response.json == {"goods": 1700, "delivery": 490, "total": 2190}
    response = client.post("/api/v1/quotes", json={"items": more})
    assert response.json == {"goods": 6180, "delivery": 0, "total": 6180}


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        ({"items": []}, {"items": "a list with something in it"}),
        (
            {"items": [{"id": 1, "quantity": 1}, {"id": True}, "tea"]},
            {"items.1": "id and quantity", "items.2": "id and quantity"},
        ),
    ],
)
def test_quote_validates(client, body, errors):
    """Each item that makes no sense is named."""
    response = client.post("/api/v1/quotes", json=body)

    assert response.status_code == 422
    assert response.json == {"errors": errors}


def test_forms_are_no_json(client, app, bearer):
    """The API reads JSON only."""
    response = client.post("/api/v1/products/1/reviews", data={"stars": 5}, headers=bearer)

    assert response.status_code == 415
    assert response.json["status"] == 415
    with app.app_context():
        assert count("SELECT count(*) FROM reviews") == 0
