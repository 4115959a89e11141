"""The database: its connections and its command."""

import sqlite3

import pytest
from journal_flask.db import connection


def test_connection_is_shared(app):
    """Within a context there is one connection."""
    with app.app_context():
        first, second = connection(), connection()

        assert first is second


def test_connection_is_closed(app):
    """A connection is of no use after its context."""
    with app.app_context():
        kept = connection()

    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        kept.execute("SELECT 1")


def test_init_db_creates_the_tables(runner, monkeypatch):
    """The command calls what makes the tables, and says so."""
    called = []
    monkeypatch.setattr("journal_flask.db.create_tables", lambda: called.append(True))
    result = runner.invoke(args=["init-db"])

    assert called == [True]
    assert result.output == "The journal is empty.\n"


def test_init_db_empties_the_journal(app, runner, client):
    """After the command nothing of what was written is left."""
    runner.invoke(args=["init-db"])

    assert "Nothing is written yet." in client.get("/").text
    with app.app_context():
        assert connection().execute("SELECT count(*) FROM writers").fetchone()[0] == 0
