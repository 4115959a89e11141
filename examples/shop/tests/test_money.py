"""Prices in the visitor's currency."""

from shop_flask.money import money


def test_money(app):
    """Cents of the euro are converted at the currency's rate; strange ones are euros."""
    for currency, shown in (("shells", "8.50 EUR"), ("GBP", "7.22 GBP"), ("USD", "9.35 USD")):
        with app.test_request_context(headers={"Cookie": f"currency={currency}"}):
            assert money(850) == shown


def test_currency_on_pages(client):
    """All prices of a page change with the cookie, and back without it."""
    client.set_cookie("currency", "USD")
    dollars = client.get("/products/1").text
    client.delete_cookie("currency")
    euros = client.get("/products/1").text

    assert "9.35 USD" in dollars
    assert "EUR" not in dollars
    assert "8.50 EUR" in euros
