"""The JSON API: reviews, read and written."""

import pytest
from shop_flask.database import change, count, select_one

REVIEW = "/api/v1/reviews/1"


@pytest.fixture
def written(app):
    """A review by the first customer and one by the second."""
    with app.app_context():
        for user, text in ((1, "Own."), (2, "Of another.")):
            change("INSERT INTO reviews VALUES (NULL, 4, ?, 3, ?, '2024-03-08')", user, text)


def test_reviews(client, written):
    """A product's reviews are a list, which may be empty."""
    assert client.get("/api/v1/products/1/reviews").json == []
    found = client.get("/api/v1/products/4/reviews").json

    assert [review["text"] for review in found] == ["Own.", "Of another."]


def test_review(client, written):
    """Anybody may read a review."""
    assert client.get(REVIEW).json == {
        "id": 1,
        "product_id": 4,
        "stars": 3,
        "text": "Own.",
        "written_at": "2024-03-08",
    }


def test_create(client, app, bearer):
    """A new review is answered with its address, where it is found."""
    review = {"stars": 5, "text": "Zwischen Grün und Schwarz ☕"}
    response = client.post("/api/v1/products/4/reviews", json=review, headers=bearer)

    assert response.status_code == 201
    assert response.location == REVIEW
    assert client.get(response.location).json["text"] == review["text"]
    with app.app_context():
        assert select_one("SELECT * FROM reviews")["user_id"] == 1


def test_create_validates(client, app, bearer):
    """All that is wrong is said at once, by field."""
    for review, errors in (
        ({}, {"stars": "a whole number from 1 to 5", "text": "some words"}),
        ({"stars": 5, "text": "x", "by": "me"}, {"by": "unknown"}),
        ("five", {"": "an object is expected"}),
    ):
        response = client.post("/api/v1/products/4/reviews", json=review, headers=bearer)

        assert response.status_code == 422
        assert response.json["errors"] == errors
    with app.app_context():
        assert count("SELECT count(*) FROM reviews") == 0


def test_broken_json(client, bearer):
    """What is no JSON is refused, in JSON."""
    response = client.post(
        "/api/v1/products/4/reviews",
        data='{"stars": ',
        content_type="application/json",
        headers=bearer,
    )

    assert response.status_code == 400
    assert response.json["error"] == "Bad Request"


def test_replace(client, bearer, written):
    """PUT replaces the whole review."""
    response = client.put(REVIEW, json={"stars": 1, "text": "No more."}, headers=bearer)

    assert response.json["stars"] == 1
    assert client.get(REVIEW).json["text"] == "No more."


def test_change(client, bearer, written):
    """PATCH changes what is given and keeps the rest."""
    response = client.patch(REVIEW, json={"stars": 4}, headers=bearer)

    assert response.status_code == 200
    assert (response.json["stars"], response.json["text"]) == (4, "Own.")


def test_delete(client, bearer, written):
    """A review that was taken back is gone."""
    response = client.delete(REVIEW, headers=bearer)

    assert response.status_code == 204
    assert response.data == b""
    assert client.get(REVIEW).status_code == 404


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_reviews_of_others(client, app, bearer, written, method):
    """Nobody changes a review of somebody else's."""
    response = client.open(
        "/api/v1/reviews/2", method=method, json={"stars": 1, "text": "!"}, headers=bearer
    )

    assert response.status_code == 403
    assert response.json["message"] == "This review is somebody else's."
    with app.app_context():
        assert select_one("SELECT text FROM reviews WHERE id = 2")["text"] == "Of another."
