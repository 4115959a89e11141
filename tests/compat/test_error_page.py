"""Errors under TESTING and DEBUG: they go on to the server, as from Flask, and are no page."""

from typing import Any

import pytest

from tests.compat.sides import COMPAT, FLASK, STOCK, CompatQuart, Side, cases

SECRET = "<b>hunter2</b>"


def fail(side: Side) -> Any:
    """A view with a secret in a local variable and markup in its error."""
    secret = SECRET
    raise ValueError(secret)


SHOWN: dict[str, dict[str, Any]] = {
    "testing": {"TESTING": True},
    "debug": {"DEBUG": True},
    "both": {"TESTING": True, "DEBUG": True},
}

NOT_SHOWN: dict[str, dict[str, Any]] = {
    "plain": {},
    "propagated": {"PROPAGATE_EXCEPTIONS": True},
    "testing-not-propagated": {"TESTING": True, "PROPAGATE_EXCEPTIONS": False},
}


@pytest.mark.parametrize("config", cases({**SHOWN, **NOT_SHOWN}))
def test_errors_go_where_flasks_go(config: dict[str, Any]) -> None:
    """The server gets the error, or the client a 500, under the settings of Flask."""
    expected = FLASK.get(fail, config=config)

    assert expected.status == (None if expected.raised else 500)
    assert COMPAT.get(fail, config=config) == expected


@pytest.mark.parametrize("config", cases(SHOWN))
def test_stock_quart_still_shows_the_page(config: dict[str, Any]) -> None:
    """Without compat, or without this piece of it, the client reads local variables as markup."""
    off = {**config, "FLASK_COMPAT": {"QP037": False}}

    for answer in (STOCK.get(fail, config=config), COMPAT.get(fail, config=off)):
        assert (answer.status, answer.raised) == (500, None)
        assert SECRET.encode() in answer.body


async def test_test_client_raises_what_the_view_raised() -> None:
    """Quart's test client hands the error to the test, as Flask's does."""
    app = CompatQuart(__name__)
    app.testing = True

    async def view() -> Any:
        return fail(COMPAT)

    app.add_url_rule("/", "root", view)

    with pytest.raises(ValueError, match="hunter2"):
        await app.test_client().get("/")
