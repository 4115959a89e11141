"""Prices: whole cents of the euro, shown in the visitor's currency."""

from flask import request

RATES = {"EUR": 1.0, "GBP": 0.85, "USD": 1.1}
"""Of each currency, how much of it one euro buys."""


def currency() -> str:
    """The visitor's currency, from the cookie of that name."""
    chosen = request.cookies.get("currency", "EUR")
    return chosen if chosen in RATES else "EUR"


def money(cents: int) -> str:
    """A price as text, such as ``8.50 EUR``."""
    return f"{round(cents * RATES[currency()]) / 100:.2f} {currency()}"
