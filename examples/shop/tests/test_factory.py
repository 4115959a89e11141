"""The application factory and the command line."""

import sqlite3
from contextlib import closing

import pytest
from shop_flask import create_app
from shop_flask.database import ACCOUNTS, change, connection, count


def test_given_config_wins(app):
    """What the factory is given takes the place of the defaults."""
    assert app.testing
    assert app.config["SECRET_KEY"] == "for tests only"
    assert app.config["SESSION_COOKIE_SAMESITE"] == "Lax"


def test_environment_configures(app, monkeypatch):
    """Variables that begin with SHOP_ are read, and numbers become numbers."""
    monkeypatch.setenv("SHOP_MAX_CONTENT_LENGTH", "1024")
    app = create_app({"DATABASE": app.config["DATABASE"]})
    response = app.test_client().post("/contact", data={"text": "x" * 2000})

    assert app.config["MAX_CONTENT_LENGTH"] == 1024
    assert response.status_code == 413


def test_new_database_is_filled(tmp_path):
    """Where there is no database, the factory makes one with products, coupons and accounts."""
    app = create_app({"DATABASE": str(tmp_path / "folder" / "new.sqlite")})

    with app.app_context():
        assert count("SELECT count(*) FROM products") == 12
        assert count("SELECT count(*) FROM coupons") == 2
        assert count("SELECT count(*) FROM users") == len(ACCOUNTS)


def test_existing_database_is_kept(app):
    """A second application on the same file finds what the first one wrote."""
    with app.app_context():
        change("UPDATE products SET name = 'Sencha' WHERE slug = 'green-tea'")
    again = create_app(app.config)

    assert "Sencha" in again.test_client().get("/products/1").text


def test_connection_is_closed(app):
    """One connection serves a context, and is closed with it."""
    with app.app_context():
        opened = connection()
        assert opened is connection()

    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        opened.execute("SELECT 1")


def test_init_db_command(app, runner):
    """The command empties the database and fills it as at first."""
    with app.app_context():
        change("DELETE FROM products")
    result = runner.invoke(args=["init-db"])

    assert result.exit_code == 0
    with closing(sqlite3.connect(app.config["DATABASE"])) as database:
        assert database.execute("SELECT sum(stock) FROM products").fetchone() == (299,)


def test_init_db_command_calls(app, runner, monkeypatch):
    """The command is for the application it is registered with."""
    called = []
    monkeypatch.setattr("shop_flask.create_database", called.append)
    runner.invoke(args=["init-db"])

    assert called == [app]
