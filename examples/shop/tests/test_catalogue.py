"""Lists and pages of products."""

import re

import pytest
from flask import g, request, session
from helpers import open_store


@pytest.fixture(scope="module")
def app(tmp_path_factory, database):
    """One store for all of these tests: they only read."""
    return open_store(tmp_path_factory.mktemp("store"), database)


def test_index(client):
    """The front page shows the first five products and leads to the next."""
    response = client.get("/")

    assert response.status_code == 200
    assert response.text.count("<li>") == 5
    assert "Page 1 of 3" in response.text
    assert 'rel="next"' in response.text
    assert 'rel="next"' not in client.get("/?page=3").text
    assert client.get("/?page=4").status_code == 404


def test_search(client):
    """Searching finds parts of names, in small and capital letters."""
    response = client.get("/", query_string={"q": " TEA "})

    for name in ("Green tea", "Black tea", "White tea", "Teapot", "Tea towel"):
        assert name in response.text
    assert "Espresso" not in response.text
    assert 'value="TEA"' in response.text


@pytest.mark.parametrize(
    ("sort", "names"),
    [
        ("price", ["Strainer &amp; stand", "Black tea", "Green tea"]),
        ("newest", ["Strainer &amp; stand", "Tea towel", "Moka pot"]),
    ],
)
def test_sorting(client, sort, names):
    """Products come in the order that was asked for."""
    page = client.get(f"/?sort={sort}").text

    assert re.findall(r'<li><a href="/products/\d+">([^<]+)', page)[:3] == names
    assert f"<option selected>{sort}</option>" in page


def test_unknown_order(client):
    """The answer to an order that there is not names those that there are."""
    response = client.get("/?sort=colour")

    assert response.status_code == 400
    assert "name, price, newest" in response.text


def test_first_page_has_one_address(client):
    """The address with the page's number leads to the one without."""
    response = client.get("/products/page/1")

    assert response.status_code == 308
    assert response.location == "http://localhost/products/"


def test_slash_is_added(client):
    """The list is found without the slash at its end."""
    response = client.get("/products", follow_redirects=True)

    assert response.request.path == "/products/"
    assert len(response.history) == 1


def test_view_is_kept(client):
    """The view that was chosen is kept for the lists, and for nothing else."""
    assert '<section class="list">' in client.get("/products/").text
    assert '<section class="grid">' in client.get("/products/?view=grid").text

    assert client.get_cookie("view", path="/products/").value == "grid"
    assert '<section class="grid">' in client.get("/products/page/2").text
    assert '<section class="list">' in client.get("/recent").text


def test_view_is_known_to_the_request(client):
    """The page knows the view before the browser does."""
    with client:
        client.get("/products/?view=grid")
        assert g.view == "grid"
        assert request.endpoint == "catalogue.products"
        assert request.view_args == {"page": 1}


def test_category(client):
    """A category shows its own products only; nobody sells hats here."""
    coffee = client.get("/category/coffee/").text

    assert "Espresso" in coffee
    assert "Teapot" not in coffee
    assert "Strainer &amp; stand" in client.get("/category/ware/").text
    assert client.get("/category/hats/").status_code == 404


def test_under(client):
    """Only products below the price are shown, the cheapest first."""
    page = client.get("/products/under/8.5").text

    assert "Products under 8.5 EUR" in page
    assert page.index("Strainer") < page.index("Black tea")
    assert "Green tea" not in page


def test_no_such_product(client):
    """A product that there is not is not found, and the page says so."""
    response = client.get("/products/99")

    assert response.status_code == 404
    assert "There is no such product." in response.text


def test_seen_products(client):
    """The session keeps the last four products, latest first and each once."""
    with client:
        for id in (1, 2, 3, 4, 5, 3):
            client.get(f"/products/{id}")
        assert session["seen"] == [3, 5, 4, 2]

    page = client.get("/recent").text
    assert page.index("White tea") < page.index("Espresso") < page.index("Black tea")
    assert "Green tea" not in page


def test_nothing_seen(client):
    """A new visitor has seen nothing, and a product that is gone is left out."""
    assert "<li>" not in client.get("/recent").text
    with client.session_transaction() as session:
        session["seen"] = [99, 1]

    assert client.get("/recent").text.count("<li>") == 1


def test_slug(client):
    """A product's short name leads to its page for good; others are not found."""
    response = client.get("/p/moka-pot")

    assert response.status_code == 301
    assert response.location == "/products/9"
    assert "There is nothing called samovar." in client.get("/p/samovar").text
    assert client.get("/p/Moka-Pot").status_code == 404


def test_old_addresses(client):
    """What the old store called a page is searched for in this one."""
    response = client.get("/old/shop/en/oolong", follow_redirects=True)

    assert [step.status_code for step in response.history] == [308]
    assert response.request.args["q"] == "oolong"
    assert response.text.count("<li>") == 1


def test_compare(client):
    """Two products stand side by side, and it takes two."""
    page = client.get("/compare?id=1&id=5").text

    assert "<th>Green tea</th><th>Espresso</th>" in page
    assert "<td>8.50 EUR</td><td>11.00 EUR</td>" in page
    response = client.get("/compare?id=1&id=two")
    assert response.status_code == 400
    assert "It takes two products to compare." in response.text
