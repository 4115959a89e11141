"""What customers say of a product."""

from helpers import csrf_token
from shop_flask.database import change, count, select_one


def test_review(customer, app):
    """A review is stored for its author, and shown on the product's page."""
    form = {"csrf_token": csrf_token(customer), "stars": "4", "text": " Grassy, as promised. "}
    response = customer.post("/products/1/reviews", data=form)

    assert response.status_code == 303
    assert response.location == "/products/1#reviews"
    with app.app_context():
        found = select_one("SELECT * FROM reviews")
    assert (found["user_id"], found["stars"]) == (1, 4)
    page = customer.get("/products/1").text
    assert "Thank you for your review." in page
    assert "<p>Grassy, as promised.</p>" in page


def test_reviews_are_shown(client, app):
    """Reviews stand in the order they were written, with their authors."""
    with app.app_context():
        for user, text in ((2, "The first."), (1, "The second.")):
            change("INSERT INTO reviews VALUES (NULL, 5, ?, 3, ?, '2024-03-08')", user, text)
    page = client.get("/products/5").text

    assert "3 of 5, second, 2024-03-08" in page
    assert page.index("The first.") < page.index("The second.")
    assert "None yet." not in page


def test_review_validates(customer, app):
    """A review has stars, not too many, and words."""
    token = csrf_token(customer)
    for form in ({"stars": "6", "text": "Too good."}, {"stars": "5", "text": " "}, {"text": "?"}):
        response = customer.post("/products/1/reviews", data={"csrf_token": token, **form})

        assert response.status_code == 400
        assert "one to five stars" in response.text
    with app.app_context():
        assert count("SELECT count(*) FROM reviews") == 0


def test_visitors_do_not_review(client):
    """A visitor has no form for it, and is sent to sign in."""
    assert "/products/1/reviews" not in client.get("/products/1").text
    form = {"csrf_token": csrf_token(client), "stars": "1", "text": "Bad."}
    response = client.post("/products/1/reviews", data=form)

    assert response.status_code == 302
    assert response.location.startswith("/auth/login?next=")
