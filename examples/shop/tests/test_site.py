"""Pages about the store, and how a visitor likes to see it."""

from helpers import csrf_token
from shop_flask.database import select


def test_about(client):
    """The page about the store leads to the downloads."""
    response = client.get("/about")

    assert response.status_code == 200
    assert "/files/manuals/moka-pot.txt" in response.text
    assert response.cache_control.max_age == 3600


def test_legal(client):
    """Each of the three legal pages says its own, and there is no other."""
    assert "What is ordered is paid for." in client.get("/legal/terms").text
    assert "The store keeps what it needs." in client.get("/legal/privacy").text
    assert "Within two days" in client.get("/legal/shipping").text
    assert client.get("/legal/imprint").status_code == 404


def test_robots(client):
    """Crawlers are kept out of the cart and shown the sitemap."""
    response = client.get("/robots.txt")

    assert response.mimetype == "text/plain"
    assert response.text.splitlines() == [
        "User-agent: *",
        "Disallow: /cart/",
        "Sitemap: http://localhost/sitemap.xml",
    ]


def test_sitemap(client):
    """Every product is listed with its whole address."""
    response = client.get("/sitemap.xml", base_url="https://shop.example")

    assert response.mimetype == "application/xml"
    assert response.text.count("<url>") == 12
    assert "<loc>https://shop.example/products/7</loc>" in response.text


def test_health(client):
    """The check for monitors counts the products."""
    response = client.get("/health")

    assert response.json == {"status": "ok", "products": 12}
    assert response.cache_control.no_store


def test_static(client):
    """The style sheet is there."""
    with client.get("/static/shop.css") as response:
        assert response.mimetype == "text/css"
        assert b"{" in response.data


def test_contact(client, app):
    """A question is stored, and the visitor is thanked on the next page."""
    form = {"email": "me@mail.example", "subject": "product", "text": "Is it <b>good</b>?"}
    form["csrf_token"] = csrf_token(client)
    response = client.post("/contact", data=form, follow_redirects=True)

    assert response.request.path == "/contact"
    assert "We answer within two days." in response.text
    with app.app_context():
        (row,) = select("SELECT * FROM enquiries")
    assert (row["email"], row["text"]) == ("me@mail.example", "Is it <b>good</b>?")


def test_contact_validates(client, app):
    """What is wrong is said beside its field, and nothing is stored."""
    form = {"csrf_token": csrf_token(client), "email": "</b>", "subject": "weather", "text": " "}
    response = client.post("/contact", data=form)

    assert response.status_code == 422
    assert "An address to answer to is needed." in response.text
    assert "Choose one of the subjects." in response.text
    assert "What would you like to know?" in response.text
    assert 'value="&lt;/b&gt;"' in response.text
    with app.app_context():
        assert select("SELECT * FROM enquiries") == []


def test_preferences(client):
    """Theme and currency are kept in cookies, and every page follows them."""
    form = {"csrf_token": csrf_token(client), "theme": "dark", "currency": "USD"}
    response = client.post("/preferences", data=form, follow_redirects=True)

    assert "Your preferences are saved." in response.text
    assert 'data-theme="dark"' in response.text
    assert '<option value="USD" selected>' in response.text
    assert client.get_cookie("theme").value == "dark"
    assert client.get_cookie("currency").http_only


def test_preferences_are_forgotten(client):
    """A reset takes both cookies away."""
    client.set_cookie("theme", "dark")
    client.set_cookie("currency", "GBP")
    client.post("/preferences/reset", data={"csrf_token": csrf_token(client)})

    assert client.get_cookie("theme") is None
    assert client.get_cookie("currency") is None
    assert 'data-theme="light"' in client.get("/preferences").text
